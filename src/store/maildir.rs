//! Maildir: one file a message in the `cur` and `new` of a folder, with the facts in its name.
//!
//! A mailbox is its INBOX folder. Maildir++ keeps the folder `A/B` in `.A.B` beside INBOX's `cur`, Dovecot's
//! `LAYOUT=fs` in `A/B/`. Sources: <https://cr.yp.to/proto/maildir.html>,
//! <https://www.courier-mta.org/imap/README.maildirquota.html>, <https://doc.dovecot.org> (Maildir), and stores
//! filled by Dovecot 2.3.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::utf7;
use crate::escape;

/// The directories that make a folder.
pub const PARTS: [&str; 3] = ["cur", "new", "tmp"];

/// Arrivals before 1990 are numbers that are no times.
const EARLIEST_PLAUSIBLE: i64 = 631_152_000;

/// Whether a directory is a Maildir folder: it has `cur`, `new` and `tmp`.
pub fn is_folder(directory: &Path) -> bool {
    PARTS.iter().all(|part| directory.join(part).symlink_metadata().is_ok_and(|m| m.is_dir()))
}

/// What the name of a message file tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageName {
    /// When the message was saved in this store, in unix seconds.
    pub saved: Option<i64>,
    /// `S=`: the size uncompressed, line ends as stored.
    pub size: Option<u64>,
    /// `W=`: the size with CRLF line ends.
    pub virtual_size: Option<u64>,
    /// The flag `T`: deleted, and not yet removed.
    pub is_deleted: bool,
}

impl MessageName {
    /// Reads `<seconds>.<unique>.<host>[,S=<size>][,W=<size>][:2,<flags>]`; `None` for a dot file, which is no message.
    pub fn parse(name: &[u8]) -> Option<Self> {
        if name.starts_with(b".") {
            return None;
        }
        let end = name.iter().position(|&b| b == b':').unwrap_or(name.len());
        let base = &name[..end];
        let mut fields = base.split(|&b| b == b',');
        let unique = fields.next().unwrap_or(base);
        let (mut size, mut virtual_size) = (None, None);
        for field in fields {
            match field {
                [b'S', b'=', digits @ ..] => size = number(digits),
                [b'W', b'=', digits @ ..] => virtual_size = number(digits),
                _ => {}
            }
        }
        let seconds = unique.split(|&b| b == b'.').next().and_then(number).and_then(|s| i64::try_from(s).ok());
        let is_deleted = name[end..].strip_prefix(b":2,").is_some_and(|flags| flags.contains(&b'T'));
        Some(MessageName { saved: seconds.filter(|&s| s >= EARLIEST_PLAUSIBLE), size, virtual_size, is_deleted })
    }

    /// When the message arrived: the file's modification time, unless a careless restore made it later than the time
    /// in the name.
    pub fn arrival(&self, modified: i64) -> i64 {
        self.saved.map_or(modified, |saved| saved.min(modified))
    }
}

/// A plain number; one that no file can be as large as is a lie.
fn number(digits: &[u8]) -> Option<u64> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok().filter(|&number| number <= i64::MAX as u64)
}

/// The name of the folder in a directory, given by the directory's path relative to the mailbox, as a person reads it.
pub fn folder_name(relative: &Path) -> String {
    let parts: Vec<&[u8]> = relative.iter().map(OsStrExt::as_bytes).collect();
    match parts.as_slice() {
        [] => "INBOX".to_owned(),
        [[b'.', name @ ..]] => name.split(|&b| b == b'.').map(level_name).collect::<Vec<_>>().join("/"),
        levels => levels.iter().map(|level| level_name(level)).collect::<Vec<_>>().join("/"),
    }
}

/// One level of a folder's name: modified UTF-7 where the whole name is that, else text without loss.
fn level_name(bytes: &[u8]) -> String {
    let text = escape::text(bytes);
    utf7::decode(&text).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_dovecot_courier_and_postfix_write_them() {
        let name = MessageName::parse(b"1735689600.M20046P2137.mx1,S=1234,W=1260:2,RS").unwrap();
        assert_eq!((name.saved, name.size, name.virtual_size), (Some(1_735_689_600), Some(1234), Some(1260)));
        let name = MessageName::parse(b"1700000000.V801I2.host").unwrap();
        assert_eq!((name.size, name.virtual_size), (None, None));
        let name = MessageName::parse(b"msg,S=12x,W=,Z=1,S=7").unwrap();
        assert_eq!((name.saved, name.size, name.virtual_size), (None, Some(7), None));
        let name = MessageName::parse(b"1.a.b,S=18446744073709551615,W=+5:2,ST").unwrap();
        assert_eq!((name.size, name.virtual_size, name.is_deleted), (None, None, true));
        assert!(!MessageName::parse(b"1.T.b:2,S").unwrap().is_deleted);
        assert_eq!(MessageName::parse(b".nfs0001"), None);
    }

    #[test]
    fn an_arrival_is_the_earlier_of_file_and_name() {
        let name = MessageName::parse(b"1700000000.a.b").unwrap();
        assert_eq!(name.arrival(1_600_000_000), 1_600_000_000);
        assert_eq!(name.arrival(1_800_000_000), 1_700_000_000);
        assert_eq!(MessageName::parse(b"17.a.b").unwrap().arrival(1_800_000_000), 1_800_000_000);
    }

    #[test]
    fn folders_of_both_layouts() {
        for (path, name) in [
            ("", "INBOX"),
            (".Sent", "Sent"),
            (".Archive.2023", "Archive/2023"),
            (".Entw&APw-rfe", "Entwürfe"),
            ("Archive/2023", "Archive/2023"),
            ("Entw&APw-rfe/a.b", "Entwürfe/a.b"),
            (".R&D", "R&D"),
            (".R&-D", "R&D"),
        ] {
            assert_eq!(folder_name(Path::new(path)), name, "{path}");
        }
    }
}
