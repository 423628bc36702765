//! Header fields of a message in an mbox: the server's own fields, and the ones it hides.
//!
//! Dovecot 2.3 shows neither these lines nor their sizes (`mbox_hide_headers` in `mbox-storage.c`).

use super::super::digits::decimal;
use super::date;

const HIDDEN: [&[u8]; 7] =
    [b"content-length", b"status", b"x-imap", b"x-imapbase", b"x-keywords", b"x-status", b"x-uid"];

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Headers {
    /// Bytes of the body.
    pub content_length: Option<u64>,
    /// In unix seconds.
    pub sent: Option<i64>,
    /// Flag `D` of `X-Status:`.
    pub is_deleted: bool,
    /// UW-IMAP and Pine keep folder data in place of a first message (`X-IMAP:`).
    pub is_pseudo: bool,
    has_base: bool,
    hides: bool,
}

impl Headers {
    /// Adds a line without its end; returns whether Dovecot hides it.
    pub(crate) fn line(&mut self, line: &[u8]) -> bool {
        if matches!(line.first(), Some(b' ' | b'\t')) {
            return self.hides;
        }
        let Some((name, value)) =
            line.iter().position(|&byte| byte == b':').and_then(|colon| line.split_at_checked(colon))
        else {
            self.hides = false;
            return false;
        };
        let name = name.trim_ascii_end().to_ascii_lowercase();
        self.hides = HIDDEN.contains(&name.as_slice());
        self.field(&name, value.get(1..).unwrap_or(b"").trim_ascii());
        self.hides
    }

    fn field(&mut self, name: &[u8], value: &[u8]) {
        match name {
            b"content-length" if self.content_length.is_none() => self.content_length = number(value),
            b"x-status" => self.is_deleted |= value.contains(&b'D'),
            b"x-imapbase" => self.has_base |= is_base(value),
            // Only the first field counts, under either name.
            b"x-imap" if !self.has_base => {
                self.is_pseudo = is_base(value);
                self.has_base = self.is_pseudo;
            }
            b"date" if self.sent.is_none() => self.sent = date::parse(value),
            _ => {}
        }
    }
}

/// Dovecot reads an empty value as zero.
fn number(value: &[u8]) -> Option<u64> {
    if value.is_empty() { Some(0) } else { decimal(value) }
}

/// `<validity> <last uid> [keywords]`; the validity must not be zero.
fn is_base(value: &[u8]) -> bool {
    let mut words = value.split(|&byte| byte == b' ').filter(|word| !word.is_empty());
    let validity = words.next().and_then(number);
    validity.is_some_and(|validity| validity > 0) && words.next().is_none_or(|last| number(last).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_headers_are_hidden_with_their_continuations() {
        let mut headers = Headers::default();
        let hidden =
            [b"Subject: a".as_slice(), b"STATUS: RO", b" more", b"Status", b"X-UID : 7", b"X-Status2: a", b"\tb"]
                .map(|line| headers.line(line));
        assert_eq!(hidden, [false, true, true, false, true, false, false]);
    }

    #[test]
    fn header_values_are_parsed() {
        let mut headers = Headers::default();
        for line in [
            "Content-Length: x",
            "Content-Length: 12 ",
            "Content-Length: 13",
            "X-Status: AD",
            "Date: Thu, 1 Jan 1970 00:01:00 +0000",
            "Date: Thu, 1 Jan 1970 00:02:00 +0000",
        ] {
            headers.line(line.as_bytes());
        }
        assert_eq!((headers.content_length, headers.sent), (Some(12), Some(60)));
        assert!(headers.is_deleted && !headers.is_pseudo);
        for (lines, is_pseudo) in [
            (["X-IMAP: 1735689600 0000000012", ""], true),
            (["X-IMAP: 1735689600 0000000012 Junk", ""], true),
            (["X-IMAPbase: 1 2", "X-IMAP: 1 2"], false),
            (["X-IMAP: 0 2", ""], false),
            (["X-IMAP: 1x 2", ""], false),
        ] {
            let mut headers = Headers::default();
            for line in lines {
                headers.line(line.as_bytes());
            }
            assert_eq!(headers.is_pseudo, is_pseudo, "{lines:?}");
        }
    }
}
