//! A dbox file (`u.N`, `m.N`): a header line, then messages, each with its facts behind it.
//!
//! ```text
//! 2 M1e C6b04b752\n            version, M: size of a message's header, C: time of creation, in hexadecimal
//! 01 02 "N " 8 blanks " " ssssssssssssssss "\n"     a message's header; its 16 digits are the size of the body as stored
//! <body>
//! "\n" 01 03 "\n"              then a line for each fact, which starts with the fact's letter, and an empty line
//! ```
//! Letters: `Z` size before compression and with all attachments, `R` arrival, `V` size with CRLF line ends, `G` identity,
//! `B` the folder it was first saved to, `X` attachments that are kept elsewhere. Unknown ones mean nothing here.
//! Sources: the comments of `dbox-file.h` in <https://github.com/dovecot/core>, and files written by Dovecot 2.3.

use std::fmt;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// How much is read at once. Bodies are skipped, so that most messages cost one such read.
const WINDOW: usize = 4096;
/// The header line is far shorter.
const LONGEST_LINE: usize = 1024;
/// No facts of one message take as much, whatever is attached to it.
const MOST_FACTS: usize = 1 << 20;
/// Where a message's header tells its size, and where the size ends.
const SIZE: std::ops::Range<usize> = 13..29;
/// The least header that holds a size.
const LEAST_HEADER: usize = 30;

const BEFORE_BODY: &[u8] = b"\x01\x02";
const BEHIND_BODY: &[u8] = b"\n\x01\x03\n";

/// A file, or bytes in its place.
pub trait ReadAt {
    /// Reads some bytes at an offset; none at the end.
    ///
    /// # Errors
    /// If they cannot be read.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;
}

impl ReadAt for File {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        FileExt::read_at(self, buffer, offset)
    }
}

impl ReadAt for [u8] {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..)).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }
}

impl<T: ReadAt + ?Sized> ReadAt for &T {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        (**self).read_at(buffer, offset)
    }
}

/// A message in a dbox file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Where its header starts.
    pub offset: u64,
    /// What it takes in the file: header, body and facts.
    pub length: u64,
    /// The size of the body as stored.
    pub stored: u64,
    /// Its size uncompressed and with all attachments, line ends as stored.
    pub physical: u64,
    /// The same with CRLF line ends.
    pub virtual_size: Option<u64>,
    /// When it arrived, in unix seconds.
    pub received: Option<i64>,
    /// What identifies it.
    pub guid: Option<Vec<u8>>,
    /// The folder to which it was first saved; it may have been copied or moved since.
    pub mailbox: Option<Vec<u8>>,
    /// Attachments that are kept in files of their own.
    pub attachments: Vec<Attachment>,
}

/// A part of a message that is kept in a file of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Where it belongs in the message.
    pub offset: u64,
    /// What it takes in the message; in its file it may be less, as base64 is undone.
    pub bytes: u64,
    /// The name of its file below the directory of all attachments.
    pub reference: Vec<u8>,
}

/// Why a walk ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Where in the file.
    pub offset: u64,
    /// What is wrong there.
    pub kind: Kind,
}

/// What is wrong with a dbox file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It does not start with a header line of dbox.
    Header,
    /// The header line tells a version that is not known.
    Version(u8),
    /// There is no message where one has to start, or no facts where a body has to end.
    Magic,
    /// The file ends within a message.
    Truncated,
    /// The facts of a message do not end.
    Facts,
    /// It could not be read.
    Unreadable(io::ErrorKind),
}

impl fmt::Display for Damage {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Header => write!(to, "it does not start as a dbox file does"),
            Kind::Version(version) => {
                write!(to, "its version is {:?}, and only 1 and 2 are known", char::from(version))
            }
            Kind::Magic => write!(to, "at byte {} stands no message", self.offset),
            Kind::Truncated => write!(to, "it ends within the message at byte {}", self.offset),
            Kind::Facts => write!(to, "what is said of the message at byte {} does not end", self.offset),
            Kind::Unreadable(kind) => write!(to, "it cannot be read at byte {}: {kind}", self.offset),
        }
    }
}

/// Goes from message to message, and ends at the first damage. What comes behind it is not told.
pub struct Walk<R> {
    file: R,
    size: u64,
    next: u64,
    /// The size of a message's header; none before the header line was read.
    header: Option<usize>,
    is_done: bool,
    window: Vec<u8>,
    window_offset: u64,
}

impl<R: ReadAt> Walk<R> {
    /// Starts at the first message of a file of that size; what is written behind that meanwhile is not read.
    pub fn new(file: R, size: u64) -> Walk<R> {
        Walk { file, size, next: 0, header: None, is_done: false, window: Vec::new(), window_offset: 0 }
    }

    /// The size of a message's header, which the file's own header tells: with it, it is a file of dbox.
    ///
    /// # Errors
    /// If it is none.
    pub fn header(&mut self) -> Result<usize, Damage> {
        match self.header {
            Some(size) => Ok(size),
            None => self.header_line(),
        }
    }

    fn step(&mut self) -> Result<Option<Record>, Damage> {
        let header_size = self.header()?;
        let offset = self.next;
        if offset >= self.size {
            return Ok(None);
        }
        let header = self.bytes(offset, header_size)?;
        if header.iter().all(|&byte| byte == 0) {
            // Space that was allocated ahead, or a message whose writer has not come to its header yet.
            return Ok(None);
        }
        if !header.starts_with(BEFORE_BODY) {
            return Err(Damage { offset, kind: Kind::Magic });
        }
        if header.len() < header_size {
            return Err(Damage { offset, kind: Kind::Truncated });
        }
        let stored = header.get(SIZE).and_then(hexadecimal).filter(|_| header.last() == Some(&b'\n'));
        let stored = stored.ok_or(Damage { offset, kind: Kind::Magic })?;
        let behind = offset.checked_add(header_size as u64).and_then(|body| body.checked_add(stored));
        let behind = behind.filter(|&end| end < self.size).ok_or(Damage { offset, kind: Kind::Truncated })?;
        let mut record = Record { offset, stored, physical: stored, ..Record::default() };
        let end = self.facts(&mut record, behind)?;
        record.length = end - offset;
        self.next = end;
        Ok(Some(record))
    }

    /// Reads the header line, and gives the size of the messages' headers.
    fn header_line(&mut self) -> Result<usize, Damage> {
        let line = self.bytes(0, LONGEST_LINE)?;
        let (line, length) = match line.iter().position(|&byte| byte == b'\n') {
            Some(end) => (&line[..end], end as u64 + 1),
            None => return Err(Damage { offset: 0, kind: Kind::Header }),
        };
        let size = match line {
            [b'1' | b'2', b' ', fields @ ..] => fields
                .split(|&byte| byte == b' ')
                .find_map(|field| field.strip_prefix(b"M"))
                .and_then(hexadecimal)
                .and_then(|size| usize::try_from(size).ok())
                .filter(|size| (LEAST_HEADER..=WINDOW).contains(size))
                .ok_or(Damage { offset: 0, kind: Kind::Header })?,
            [version @ b'0'..=b'9', b' ', ..] => return Err(Damage { offset: 0, kind: Kind::Version(*version) }),
            _ => return Err(Damage { offset: 0, kind: Kind::Header }),
        };
        self.header = Some(size);
        self.next = length;
        Ok(size)
    }

    /// Reads what is said behind the body of a message, and gives where it ends.
    fn facts(&mut self, record: &mut Record, start: u64) -> Result<u64, Damage> {
        let offset = record.offset;
        let mut length = WINDOW;
        loop {
            let bytes = self.bytes(start, length)?;
            if !bytes.starts_with(BEHIND_BODY) {
                let is_cut = BEHIND_BODY.starts_with(bytes);
                let kind = if is_cut { Kind::Truncated } else { Kind::Magic };
                return Err(Damage { offset: if is_cut { offset } else { start }, kind });
            }
            if let Some(end) = end_of_facts(bytes) {
                bytes[BEHIND_BODY.len()..end].split(|&byte| byte == b'\n').for_each(|line| record.take(line));
                return Ok(start + end as u64);
            }
            if bytes.len() < length {
                return Err(Damage { offset, kind: Kind::Truncated });
            }
            if length >= MOST_FACTS {
                return Err(Damage { offset, kind: Kind::Facts });
            }
            length *= 2;
        }
    }

    /// The bytes at an offset; fewer where the file ends.
    fn bytes(&mut self, offset: u64, length: usize) -> Result<&[u8], Damage> {
        let length = self.size.saturating_sub(offset).min(length as u64) as usize;
        let has = |start: u64, window: &[u8]| {
            offset >= start && (offset - start).saturating_add(length as u64) <= window.len() as u64
        };
        if !has(self.window_offset, &self.window) {
            self.fill(offset, length.max(WINDOW))?;
        }
        let start = (offset - self.window_offset) as usize;
        let end = self.window.len().min(start + length);
        Ok(&self.window[start..end])
    }

    fn fill(&mut self, offset: u64, length: usize) -> Result<(), Damage> {
        let length = self.size.saturating_sub(offset).min(length as u64) as usize;
        self.window.clear();
        self.window.resize(length, 0);
        self.window_offset = offset;
        let mut read = 0;
        while read < length {
            match self.file.read_at(&mut self.window[read..], offset + read as u64) {
                Ok(0) => break,
                Ok(count) => read += count.min(length - read),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.window.clear();
                    return Err(Damage { offset, kind: Kind::Unreadable(error.kind()) });
                }
            }
        }
        self.window.truncate(read);
        Ok(())
    }
}

impl<R: ReadAt> Iterator for Walk<R> {
    type Item = Result<Record, Damage>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let step = self.step();
        self.is_done = !matches!(step, Ok(Some(_)));
        step.transpose()
    }
}

impl Record {
    /// Takes in one line of what is said of the message.
    fn take(&mut self, line: &[u8]) {
        let Some((letter, value)) = line.split_first() else { return };
        let size = || hexadecimal(value).filter(|&size| size <= i64::MAX as u64);
        match letter {
            b'Z' => self.physical = size().unwrap_or(self.physical),
            b'V' => self.virtual_size = size(),
            b'R' => self.received = size().map(u64::cast_signed),
            b'G' => self.guid = Some(value.to_vec()),
            b'B' => self.mailbox = Some(value.to_vec()),
            b'X' => self.attachments.extend(attachments(value)),
            _ => {}
        }
    }
}

/// Where the empty line ends that closes what is said of a message. A line that starts with a blank is one, too:
/// version 1 kept space there.
fn end_of_facts(bytes: &[u8]) -> Option<usize> {
    let mut at = BEHIND_BODY.len();
    loop {
        let length = bytes.get(at..)?.iter().position(|&byte| byte == b'\n')?;
        let is_last = length == 0 || bytes.get(at) == Some(&b' ');
        at += length + 1;
        if is_last {
            return Some(at);
        }
    }
}

/// `<offset> <bytes> <options> <reference>`, again and again.
fn attachments(value: &[u8]) -> impl Iterator<Item = Attachment> {
    let words: Vec<&[u8]> = value.split(|&byte| byte == b' ').collect();
    let each = |words: &[&[u8]]| match words {
        [offset, bytes, _, reference] => {
            Some(Attachment { offset: decimal(offset)?, bytes: decimal(bytes)?, reference: reference.to_vec() })
        }
        _ => None,
    };
    words.chunks(4).map_while(each).collect::<Vec<_>>().into_iter()
}

fn hexadecimal(digits: &[u8]) -> Option<u64> {
    number(digits, 16)
}

fn decimal(digits: &[u8]) -> Option<u64> {
    number(digits, 10)
}

fn number(digits: &[u8], radix: u32) -> Option<u64> {
    // `from_str_radix` would take a sign.
    let is_number = digits.iter().all(u8::is_ascii_hexdigit);
    let digits = std::str::from_utf8(digits).ok().filter(|_| is_number)?;
    u64::from_str_radix(digits, radix).ok()
}

/// Files made by hand.
#[cfg(test)]
pub mod tests {
    use super::*;

    /// How a file starts.
    pub const START: &[u8] = b"2 M1e C6b04b752\n";

    /// A message with what is said of it, in lines.
    pub fn message(body: &[u8], facts: &str) -> Vec<u8> {
        let head = format!("\x01\x02N          {:016X}\n", body.len());
        assert_eq!(head.len(), 30);
        [head.as_bytes(), body, BEHIND_BODY, facts.as_bytes(), b"\n"].concat()
    }

    fn walk(bytes: &[u8]) -> (Vec<Record>, Option<Damage>) {
        let mut walk = Walk::new(bytes, bytes.len() as u64);
        let mut records = Vec::new();
        let damage = walk.by_ref().find_map(|step| step.map(|record| records.push(record)).err());
        assert!(walk.next().is_none(), "it goes on behind its end");
        (records, damage)
    }

    #[test]
    fn messages_with_their_facts() {
        let guid = "G0123456789abcdef0123456789abcdef\n";
        let first = message(b"Subject: a\n\nb\n", &format!("R5f5e1000\nV11\n{guid}BEntw\u{fc}rfe\n?new\n"));
        let second = message(&[0x28; 6000], "Z2ee0\nRx\nV2f00\nX10 20 B76 aa/bb/1-2 900 33 - cc/dd/3-4 5\n");
        let (records, damage) = walk(&[START, &first, &second].concat());
        assert_eq!((records.len(), damage), (2, None));
        let [one, two] = &records[..] else { unreachable!() };
        assert_eq!((one.offset, one.length, one.stored, one.physical), (16, first.len() as u64, 14, 14));
        assert_eq!((one.received, one.virtual_size), (Some(0x5f5e_1000), Some(17)));
        assert_eq!(one.guid.as_deref(), Some(&guid.as_bytes()[1..33]));
        assert_eq!(one.mailbox.as_deref(), Some("Entw\u{fc}rfe".as_bytes()));
        assert_eq!((two.offset, two.length), (16 + one.length, second.len() as u64));
        assert_eq!((two.stored, two.physical, two.received), (6000, 12000, None));
        let attachment = |offset, bytes, name: &str| Attachment { offset, bytes, reference: name.as_bytes().to_vec() };
        assert_eq!(two.attachments, [attachment(10, 20, "aa/bb/1-2"), attachment(900, 33, "cc/dd/3-4")]);
    }

    #[test]
    fn space_that_was_allocated_ahead_is_no_message() {
        for padding in [1, 29, 30, 5000] {
            let (records, damage) = walk(&[START, &message(b"a", "R1\n"), &vec![0; padding]].concat());
            assert_eq!((records.len(), damage), (1, None), "{padding}");
        }
        assert_eq!(walk(START), (vec![], None));
    }

    #[test]
    fn a_larger_header_and_the_first_version() {
        let mut old = message(b"old", "R1\n           \n");
        old.truncate(old.len() - 1);
        old.splice(29..29, *b"more");
        let (records, damage) = walk(&[b"1 A0 M22\n".as_slice(), &old, &old].concat());
        assert_eq!((records.len(), damage), (2, None));
        assert_eq!((records[1].offset, records[1].stored), (9 + old.len() as u64, 3));
    }

    #[test]
    fn wherever_a_file_is_cut_what_comes_before_is_told() {
        let (first, second) = (message(b"one", "R1\n"), message(b"two\n", "R2\nV5\n"));
        let whole = [START, &first, &second].concat();
        let bound = START.len() + first.len();
        for cut in START.len() + 1..whole.len() {
            let (records, damage) = walk(&whole[..cut]);
            let kind = damage.map(|damage| (damage.offset as usize, damage.kind));
            let expected = match cut {
                cut if cut < bound => (0, Some((START.len(), Kind::Truncated))),
                cut if cut == bound => (1, None),
                _ => (1, Some((bound, Kind::Truncated))),
            };
            // The first byte alone is no whole magic yet.
            let one_byte = cut == START.len() + 1 || cut == bound + 1;
            let expected = match (one_byte, expected) {
                (true, (count, Some((at, _)))) => (count, Some((at, Kind::Magic))),
                (_, expected) => expected,
            };
            assert_eq!((records.len(), kind), expected, "cut at {cut}");
        }
    }

    #[test]
    fn damage_has_a_place_and_a_name() {
        let good = message(b"one", "R1\n");
        let end = (START.len() + good.len()) as u64;
        let of = |parts: &[&[u8]]| walk(&parts.concat()).1.map(|damage| (damage.offset, damage.kind));
        assert_eq!(of(&[b"3 M1e\n"]), Some((0, Kind::Version(b'3'))));
        for start in
            [&b""[..], b"\n", b"From a", b"2 C1\n", b"2 M1d\n", b"2 Mffffffffffffffffff\n", b"2 M-1e\n", &[0; 9000]]
        {
            assert_eq!(of(&[start, &good]), Some((0, Kind::Header)), "{start:?}");
        }
        assert_eq!(of(&[START, &good, b"From someone, who wrote over it\n"]), Some((end, Kind::Magic)));
        let mut odd = good.clone();
        odd[20] = b'x';
        assert_eq!(of(&[START, &good, &odd]), Some((end, Kind::Magic)));
        odd[13..29].fill(b'f');
        assert_eq!(of(&[START, &good, &odd]), Some((end, Kind::Truncated)));
        let mut odd = good.clone();
        odd[33] = b'!';
        assert_eq!(of(&[START, &good, &odd]), Some((end + 33, Kind::Magic)));
        let endless = [&good[..37], &vec![b'Q'; 3 << 20]].concat();
        assert_eq!(of(&[START, &good, &endless]), Some((end, Kind::Facts)));
    }

    #[test]
    fn bodies_are_not_read() {
        struct Counted<'a>(&'a [u8], std::cell::Cell<usize>);
        impl ReadAt for Counted<'_> {
            fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
                self.1.set(self.1.get() + buffer.len());
                self.0.read_at(buffer, offset)
            }
        }
        let file = [START, &message(&vec![b'a'; 1 << 20], "R1\n"), &message(&vec![b'b'; 1 << 20], "R2\n")].concat();
        let counted = Counted(&file, Default::default());
        assert_eq!(Walk::new(&counted as &dyn ReadAt, file.len() as u64).count(), 2);
        assert!(counted.1.get() <= 3 * WINDOW, "{} bytes were read", counted.1.get());
    }
}
