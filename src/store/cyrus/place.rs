//! Paths of Cyrus mailboxes on a partition, and the names in them.
//!
//! Since 3.6 a mailbox is at `uuid/<c>/<c>/<unique id>`, without its name. Older ones, and all with
//! `mailbox_legacy_dirs`, are at `[domain/[<h>/]<domain>/][<h>/]user/<name>/<folder>/...`, deleted ones at
//! `DELETED/user/...`. With `hashimapspool`, `h` is a letter: the first one of the second level, or with
//! `fulldirhash` a letter from `A` to `W` hashed from the whole level. Archive and meta partitions have the same
//! directories. Sources: <https://github.com/cyrusimap/cyrus-imapd> (`imap/mboxname.c`), and stores filled by Cyrus
//! 3.6.

use super::name::{DELETED, MailboxName, USER};

const UUID: &[u8] = b"uuid";

const DOMAIN: &[u8] = b"domain";

/// Possible names for a path, the likeliest first; empty for a unique id or a path that is not Cyrus's.
///
/// The path may begin far above the partition. A correct hash letter is stronger evidence than the word `user`, of
/// which the last is likeliest: one farther up may be a home directory.
pub(crate) fn names(path: &[&[u8]]) -> Vec<MailboxName> {
    if is_unique_id(path) {
        return Vec::new();
    }
    let ends = (0..path.len()).filter_map(|start| path.get(start..));
    let of_domains = ends.clone().filter_map(of_domain);
    let hashed = ends.clone().filter_map(|end| hashed(None, end));
    of_domains.chain(hashed).chain(ends.rev().filter_map(|end| flat(path, end))).collect()
}

/// `uuid/<c>/<c>/<unique id>`, where the letters begin the id.
pub(crate) fn is_unique_id(path: &[&[u8]]) -> bool {
    matches!(path, [.., uuid, [first], [second], id] if *uuid == UUID && id.starts_with(&[*first, *second]))
}

/// `domain/[<h>/]<domain>/` and a mailbox.
fn of_domain(path: &[&[u8]]) -> Option<MailboxName> {
    let (domain, rest) = match path {
        [word, [letter], domain, rest @ ..] if *word == DOMAIN && is_hash(*letter, domain) => (domain, rest),
        [word, domain, rest @ ..] if *word == DOMAIN && domain.len() > 1 => (domain, rest),
        _ => return None,
    };
    hashed(Some(domain), rest)
        .or_else(|| begins_well(rest).then(|| MailboxName::from_levels(Some(domain), rest)).flatten())
}

/// `<h>/` and a mailbox.
fn hashed(domain: Option<&[u8]>, path: &[&[u8]]) -> Option<MailboxName> {
    match path {
        [[letter], levels @ ..] if begins_well(levels) && is_hash(*letter, levels.get(1)?) => {
            MailboxName::from_levels(domain, levels)
        }
        _ => None,
    }
}

/// A mailbox without hash letters; `end` is the end of `path`.
fn flat(path: &[&[u8]], end: &[&[u8]]) -> Option<MailboxName> {
    if !begins_well(end) {
        return None;
    }
    let above = path.len().checked_sub(end.len())?.checked_sub(1);
    let deleted = above.and_then(|above| path.get(above..)).filter(|levels| levels.first() == Some(&DELETED));
    MailboxName::from_levels(None, deleted.unwrap_or(end))
}

/// Whether these are the levels of a user's or a deleted mailbox.
fn begins_well(levels: &[&[u8]]) -> bool {
    matches!(levels, [first, _, ..] if *first == USER || *first == DELETED)
}

/// Accepts both kinds of hash letter.
fn is_hash(letter: u8, level: &[u8]) -> bool {
    let first = level.first().map_or(b'q', u8::to_ascii_lowercase);
    let basic = if first.is_ascii_lowercase() { first } else { b'q' };
    letter == basic || letter == full_hash(level)
}

/// The letter of `fulldirhash`: the bytes before the first dot, in either notation, hashed modulo 23.
fn full_hash(level: &[u8]) -> u8 {
    let mixed = level.iter().take_while(|byte| !matches!(byte, b'.' | b'^')).fold(0, |mixed: u32, &byte| {
        // The hash overflows like C's, which sign-extends each byte.
        (mixed.wrapping_shl(3) ^ mixed.wrapping_shr(5)) ^ i32::from(byte.cast_signed()).cast_unsigned()
    });
    b'A'.saturating_add((mixed % 23) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first name found in a path, as `domain user levels stamp`.
    fn described(path: &str) -> Option<String> {
        let levels: Vec<&[u8]> = path.split('/').map(str::as_bytes).collect();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let part = |bytes: &Option<Vec<u8>>| bytes.as_deref().map_or("-".to_owned(), text);
        let name = names(&levels).into_iter().next()?;
        let levels: Vec<String> = name.levels.iter().map(|level| text(level)).collect();
        let stamp = name.deletion.as_deref().map_or("-".to_owned(), text);
        Some(format!("{} {} {} {stamp}", part(&name.domain), part(&name.user), levels.join("|")))
    }

    #[test]
    fn names_are_found_in_paths_of_every_layout() {
        for (path, expected) in [
            ("a/user/ann/Sent", "- ann Sent -"),
            ("G/user/vera", "- vera  -"),
            ("domain/O/example.co.uk/F/user/x^y", "example.co.uk x.y  -"),
            ("user/tom^jones/Archive/2024", "- tom.jones Archive|2024 -"),
            ("domain/e/example.org/t/user/tina/Projects", "example.org tina Projects -"),
            ("domain/example.org/user/tina/Projects", "example.org tina Projects -"),
            ("u/DELETED/user/ulla/Sent/6B05DBE3", "- ulla Sent 6B05DBE3"),
            ("domain/e/example.org/u/DELETED/user/tina/6B05DBE3", "example.org tina  6B05DBE3"),
            ("DELETED/user/ann/Sent/6B05DBE3", "- ann Sent 6B05DBE3"),
            ("q/user/4you", "- 4you  -"),
        ] {
            assert_eq!(described(path).as_deref(), Some(expected), "{path}");
        }
    }

    #[test]
    fn directories_above_the_partition_are_ignored() {
        for (path, expected) in [
            ("/home/user/spool/a/user/ann/Sent", "- ann Sent -"),
            ("/home/user/spool/user/ann/Sent", "- ann Sent -"),
            ("/home/user/spool/DELETED/user/ann/6B05DBE3", "- ann  6B05DBE3"),
            ("/srv/domain/x/domain/e/example.org/a/user/ann", "example.org ann  -"),
            ("a/user/ann/u/user/x", "- ann u|user|x -"),
        ] {
            assert_eq!(described(path).as_deref(), Some(expected), "{path}");
        }
        for path in [
            "",
            "a/user/ann/uuid/u/v/uvs7eb7qsjxz4bh5xhctptkj",
            "user",
            "news/foo",
            "uuid/a/b/c",
            "uuid/u/v",
            "domain",
            "domain/e/example.org",
            "x/user",
        ] {
            assert_eq!(described(path), None, "{path}");
        }
    }

    #[test]
    fn both_hash_letters_match_cyrus() {
        assert!(is_hash(b'a', b"Ann") && is_hash(b'q', b"4you") && is_hash(b'q', b""));
        assert!(!is_hash(b'b', b"ann") && !is_hash(b'a', b"\xe4"));
        assert_eq!(full_hash(b"vera"), b'G');
        assert_eq!(full_hash(b"user"), b'C');
        assert_eq!(full_hash(b"ann"), b'N');
        assert_eq!(full_hash(b"tom^jones"), b'R');
        assert_eq!(full_hash(b"example.co.uk"), b'O');
        assert!(full_hash(b"\xff\xfe").is_ascii_uppercase());
    }
}
