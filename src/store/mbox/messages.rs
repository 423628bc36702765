//! The messages of an mbox: their offsets, and their sizes as Dovecot 2.3 reports them.
//!
//! A message is between its `From ` line and the line end before the next one, which belongs to neither message, as a
//! line end at the end of the file. `Content-Length` extends a body if it leads to such a border. Dovecot hides its
//! own header lines and the CR at the end of header lines (`istream-raw-mbox.c`, `mbox-mail.c`).

use std::io::{self, BufRead, ErrorKind};

use super::from_line::{FromLine, PREFIX};
use super::headers::Headers;

/// Bytes kept of a line; the rest is only counted.
const LINE_LIMIT: usize = 64 << 10;

/// Bytes read ahead to check for a border.
const BORDER_BYTES: usize = 1 << 10;

/// A reader that can look ahead.
pub(crate) trait LookAhead: BufRead {
    /// Bytes at a distance from the current position; 0 if too far.
    ///
    /// # Errors
    ///
    /// Fails if reading fails.
    fn ahead(&mut self, distance: u64, into: &mut [u8]) -> io::Result<usize>;

    /// Skips a hole, which reads as zeros, at what looked like the end. Returns its length in bytes; 0 at the real end.
    ///
    /// # Errors
    ///
    /// Fails if the hole's end is unknown.
    fn skip_hole(&mut self) -> io::Result<u64> {
        Ok(0)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MboxMessage {
    /// Offset of its `From ` line.
    pub offset: u64,
    /// Bytes up to the next message.
    pub bytes: u64,
    /// Dovecot's `size.physical`: line ends as stored.
    pub physical: u64,
    /// Dovecot's `size.virtual`: CRLF line ends.
    pub virtual_size: u64,
    pub from: FromLine,
    /// `Date:` in unix seconds.
    pub sent: Option<i64>,
    pub is_deleted: bool,
    /// UW-IMAP's or Pine's folder data, not a message.
    pub is_pseudo: bool,
}

#[derive(Debug)]
pub(crate) struct MboxMessages<S> {
    source: S,
    position: u64,
    /// The next message.
    next: Option<(u64, FromLine)>,
    line: Vec<u8>,
    is_first: bool,
}

/// Bytes of a line end: 0 (none), 1 (LF) or 2 (CRLF).
type LineEnd = u64;

/// Sizes of the message being read.
#[derive(Debug, Default)]
struct MessageSizes {
    headers: Headers,
    in_body: bool,
    physical: u64,
    virtual_size: u64,
    /// What the last line end adds to both sizes, unless the line is the last one.
    pending: (u64, u64),
    line_end: LineEnd,
    /// `Content-Length` excludes borders before this offset.
    ends_after: u64,
}

impl<S: LookAhead> MboxMessages<S> {
    /// # Errors
    ///
    /// Fails if reading fails, or with `InvalidData` if the first line does not begin a message.
    pub(crate) fn new(source: S) -> io::Result<Self> {
        let mut messages = MboxMessages { source, position: 0, next: None, line: Vec::new(), is_first: true };
        if messages.read_line(LINE_LIMIT)?.is_some() {
            let from = FromLine::parse(&messages.line).ok_or(ErrorKind::InvalidData)?;
            messages.next = Some((0, from));
        }
        Ok(messages)
    }

    fn message(&mut self, offset: u64, from: FromLine) -> io::Result<MboxMessage> {
        let mut sum = MessageSizes::default();
        let mut is_first_line = true;
        self.next = None;
        loop {
            let start = self.position;
            let Some((length, end)) = self.read_line(if sum.in_body { PREFIX.len() } else { LINE_LIMIT })? else {
                break;
            };
            let border = start - sum.line_end;
            let is_border = !is_first_line && self.line.starts_with(PREFIX) && border >= sum.ends_after;
            if let Some(from) = FromLine::parse(&self.line).filter(|_| is_border) {
                self.next = Some((start, from));
                break;
            }
            is_first_line = false;
            if sum.line(&self.line, length, end) {
                sum.ends_after = self.stated_end(&sum.headers)?;
            }
        }
        let next = self.next.map_or(self.position, |(next, _)| next);
        let headers = sum.headers;
        let is_pseudo = headers.is_pseudo && std::mem::take(&mut self.is_first);
        self.is_first = false;
        Ok(MboxMessage {
            offset,
            bytes: next - offset,
            physical: sum.physical,
            virtual_size: sum.virtual_size,
            from,
            sent: headers.sent,
            is_deleted: headers.is_deleted,
            is_pseudo,
        })
    }

    /// The end of the body by `Content-Length`, if a message or the file ends there.
    fn stated_end(&mut self, headers: &Headers) -> io::Result<u64> {
        let Some(length) = headers.content_length.filter(|&length| length > 0) else { return Ok(0) };
        let mut there = [0; BORDER_BYTES];
        let seen = self.source.ahead(length, &mut there)?;
        let is_border = match there.get(..seen).unwrap_or(&[]) {
            b"\n" | b"\r\n" => true,
            [b'\r', b'\n', line @ ..] | [b'\n', line @ ..] => FromLine::parse(line).is_some(),
            _ => false,
        };
        Ok(if is_border { self.position.saturating_add(length) } else { 0 })
    }

    /// Reads a line and keeps at most `keep` bytes of it, more if it may be a border. Returns the length without
    /// the line end, and the line end.
    fn read_line(&mut self, keep: usize) -> io::Result<Option<(u64, LineEnd)>> {
        self.line.clear();
        let (mut length, mut last) = (0u64, 0u8);
        loop {
            let chunk = match self.source.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                let hole = self.source.skip_hole()?;
                if hole == 0 {
                    return Ok((length > 0).then_some((length, 0)));
                }
                let room = line_limit(keep, &self.line, &[0]).saturating_sub(self.line.len());
                self.line.resize(self.line.len() + usize::try_from(hole).unwrap_or(room).min(room), 0);
                (length, last) = (length.saturating_add(hole), 0);
                self.position = self.position.saturating_add(hole);
                continue;
            }
            // A vectorised byte search.
            let taken = { chunk }.skip_until(b'\n')?;
            let (part, ends) = match chunk.get(..taken).unwrap_or(chunk) {
                [part @ .., b'\n'] => (part, true),
                part => (part, false),
            };
            let limit = line_limit(keep, &self.line, part);
            let room = limit.saturating_sub(self.line.len()).min(part.len());
            self.line.extend_from_slice(part.get(..room).unwrap_or(part));
            length = length.saturating_add(part.len() as u64);
            let before = part.last().copied().unwrap_or(last);
            last = before;
            self.source.consume(taken);
            self.position = self.position.saturating_add(taken as u64);
            if ends {
                let end = if before == b'\r' && length > 0 { 2 } else { 1 };
                length -= end - 1;
                self.line.truncate(usize::try_from(length).unwrap_or(usize::MAX));
                return Ok(Some((length, end)));
            }
        }
    }
}

/// The bytes to keep of a line that continues with `part`.
fn line_limit(keep: usize, kept: &[u8], part: &[u8]) -> usize {
    if keep == LINE_LIMIT || starts_like_border(kept, part) { LINE_LIMIT } else { keep }
}

fn starts_like_border(kept: &[u8], part: &[u8]) -> bool {
    let begin = kept.iter().chain(part).take(PREFIX.len());
    begin.zip(PREFIX).all(|(a, b)| a == b)
}

impl MessageSizes {
    /// Returns true at the blank line after the header.
    fn line(&mut self, line: &[u8], length: u64, end: LineEnd) -> bool {
        let (physical, virtual_size) = std::mem::take(&mut self.pending);
        self.physical += physical;
        self.virtual_size += virtual_size;
        self.line_end = end;
        let crlf = if end > 0 { 2 } else { 0 };
        if self.in_body {
            self.pending = (end, crlf);
        } else if length == 0 {
            self.in_body = true;
            self.pending = (1, 2);
            return true;
        } else if self.headers.line(line) {
            return false;
        } else {
            // Dovecot drops the CR before LF; another CR before it makes a new CRLF.
            let has_cr = line.ends_with(b"\r") && line.len() as u64 == length;
            self.pending = (end.min(1), if has_cr { end.min(1) } else { crlf });
        }
        self.physical += length;
        self.virtual_size += length;
        false
    }
}

impl<S: LookAhead> Iterator for MboxMessages<S> {
    type Item = io::Result<MboxMessage>;

    fn next(&mut self) -> Option<Self::Item> {
        let (offset, from) = self.next?;
        Some(self.message(offset, from))
    }
}

#[cfg(test)]
mod tests;
