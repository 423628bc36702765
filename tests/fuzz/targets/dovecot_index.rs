//! A Dovecot index and its two logs, read as those of a folder and of an mdbox map: the parser returns no more rows
//! than the input has bytes.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

use libfuzzer_sys::fuzz_target;
use parsers::dovecot::index::MailIndex;
use parsers::dovecot::map::{self, MailMap};

fuzz_target!(|input: &[u8]| {
    let Some((base, old, new)) = split(input) else { return };
    let bytes = input.len();
    for wanted in [map::OF_FOLDER, map::OF_MAP] {
        let index = MailIndex::read(base, &[old, new], wanted);
        assert!(index.rows().count() <= bytes, "a row takes at least one byte");
        let map = MailMap::from_index(&index);
        assert!(map.iter().all(|(number, _)| map.get(number).is_some()), "a listed number can be looked up");
        assert!(map::folder_messages(&index).0.len() <= bytes, "every message has a row");
        index.damages.iter().for_each(|damage| assert!(!damage.to_string().is_empty()));
    }
});

/// Splits the input: two lengths, then the index, the old log and the log. An index of length 0 is absent.
fn split(input: &[u8]) -> Option<(Option<&[u8]>, &[u8], &[u8])> {
    let (lengths, rest) = input.split_at_checked(4)?;
    let length = |at: usize| usize::from(u16::from_le_bytes([lengths[at], lengths[at + 1]]));
    let (base, rest) = rest.split_at_checked(length(0))?;
    let (old, new) = rest.split_at_checked(length(2))?;
    Some(((!base.is_empty()).then_some(base), old, new))
}
