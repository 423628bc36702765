//! Exim's spool files: their names, and the content of `<id>-H`.
//!
//! An id is `tttttt-pppppp-nn`, since Exim 4.97 `tttttt-ppppppppppp-nnnn`, in base 62 (0-9, A-Z, a-z); the first part
//! is the time of arrival. `-H` has the name, user, sender, time of arrival, options and recipients, one per line, a
//! blank line, and the header fields: `<length><type> <text>`. A field of type `*` is deleted. Source: the
//! specification of Exim 4, chapter "Format of spool files", and files written by Exim 4.96.

use crate::store::digits::leading_decimal;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SpoolFile {
    /// `-D`.
    Body,
    /// `-H`.
    Header,
    /// `-J`: recipients delivered to so far.
    Journal,
    /// `-K`: a copy for transport filters.
    Copy,
}

pub(super) fn parse_file_name(name: &[u8]) -> Option<(&str, SpoolFile)> {
    let (id, part) = name.split_at_checked(name.len().checked_sub(2)?)?;
    let part = match part {
        b"-D" => SpoolFile::Body,
        b"-H" => SpoolFile::Header,
        b"-J" => SpoolFile::Journal,
        b"-K" => SpoolFile::Copy,
        _ => return None,
    };
    let lengths: Vec<usize> = id.split(|&byte| byte == b'-').map(<[u8]>::len).collect();
    let is_id = matches!(lengths.as_slice(), [6, 6, 2] | [6, 11, 4])
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    Some((std::str::from_utf8(id).ok().filter(|_| is_id)?, part))
}

/// In unix seconds.
pub(super) fn arrival_in_id(id: &str) -> Option<i64> {
    let digits = id.split('-').next()?.bytes();
    digits.take(6).try_fold(0, |time: i64, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'A'..=b'Z' => digit - b'A' + 10,
            b'a'..=b'z' => digit - b'a' + 36,
            _ => return None,
        };
        Some(time * 62 + i64::from(value))
    })
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SpoolHeader {
    /// In unix seconds.
    pub arrival: Option<i64>,
    /// Bytes of the header fields, line ends as stored.
    pub size: u64,
}

impl SpoolHeader {
    pub(super) fn parse(file: &[u8]) -> SpoolHeader {
        let times = file.split(|&byte| byte == b'\n').nth(3).unwrap_or(b"");
        let blank = file.windows(2).position(|two| two == b"\n\n").unwrap_or(file.len());
        let fields = Fields(file.get(blank.saturating_add(2)..).unwrap_or(b""));
        let kept = fields.filter(|(kind, _)| *kind != b'*');
        SpoolHeader {
            arrival: leading_decimal(times).map(|(seconds, _)| seconds).and_then(|seconds| i64::try_from(seconds).ok()),
            size: kept.fold(0, |size, (_, length)| size.saturating_add(length as u64)),
        }
    }
}

/// Type and length of each field, up to the first broken one.
struct Fields<'a>(&'a [u8]);

impl Iterator for Fields<'_> {
    type Item = (u8, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = leading_decimal(self.0)?;
        let length = usize::try_from(length).ok()?;
        let [kind, b' ', text @ ..] = rest else { return None };
        let (_, rest) = text.split_at_checked(length)?;
        self.0 = rest;
        // The length includes the line end.
        Some((*kind, length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_with_old_and_new_ids_parse() {
        assert_eq!(parse_file_name(b"1xVvuT-0001zT-1E-H"), Some(("1xVvuT-0001zT-1E", SpoolFile::Header)));
        assert_eq!(parse_file_name(b"1xVvuT-00000001zT0-1E0a-D"), Some(("1xVvuT-00000001zT0-1E0a", SpoolFile::Body)));
        for name in
            [&b"1xVvuT-0001zT-1E"[..], b"1xVvuT-0001zT-1E-X", b"1xVvuT-001zT-1E-H", b"1xV.uT-0001zT-1E-H", b"-H", b""]
        {
            assert_eq!(parse_file_name(name), None);
        }
    }

    #[test]
    fn the_arrival_is_parsed_from_the_id() {
        // Exim wrote this id and this time.
        assert_eq!(arrival_in_id("1xVvuT-0001zT-1E"), Some(1_795_547_433));
        assert_eq!((arrival_in_id("000010-000000-00"), arrival_in_id("00-010")), (Some(62), Some(0)));
        assert_eq!(arrival_in_id("a_b"), None);
    }

    #[test]
    fn header_files_of_exim_parse() {
        let fields = "012P Received: a\n009* Bcc: c@d\n011F From: d\n e\n";
        let file = format!("1xVvuT-0001zT-1E-H\nroot 0 0\n<a@b>\n1795547433 0\n-ident root\nXX\n1\nu@v\n\n{fields}");
        // "Received: a\n" and "From: d\n e\n", without the deleted field.
        assert_eq!(SpoolHeader::parse(file.as_bytes()), SpoolHeader { arrival: Some(1_795_547_433), size: 12 + 11 });
        assert_eq!(SpoolHeader::parse(b""), SpoolHeader::default());
        assert_eq!(SpoolHeader::parse(b"a\nb\nc\nd\n\n999  cut short").size, 0);
        assert_eq!(SpoolHeader::parse(b"a\nb\nc\n7 0\n\n005F F: d\n006* B: c\n1024").size, 5);
    }
}
