//! Logs made by hand, and the index after their replay.

use super::super::extensions::NO_ID;
use super::super::log::tests::{log, push};
use super::*;

const MADE: u32 = 0x1000_0000;

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn introduction(id: u32, reset: u32, header: u32, record: u16, name: &[u8]) -> Vec<u8> {
    let mut body = words(&[id, reset, header, u32::from(record) | 4 << 16, (name.len() as u32) << 16]);
    body.extend(name);
    body.resize(align(body.len(), 4), 0);
    body
}

fn append(log: &mut Vec<u8>, uids: std::ops::RangeInclusive<u32>) {
    push(log, 2 | MADE, &uids.flat_map(|uid| words(&[uid, 0])).collect::<Vec<_>>());
}

fn uids(index: &MailIndex) -> Vec<u32> {
    index.rows().map(|row| row.uid).collect()
}

fn numbers(index: &MailIndex, name: &str) -> Vec<u32> {
    let column = index.column(name).unwrap();
    index.rows().map(|row| column.u32(row, 0)).collect()
}

#[test]
fn appends_expunges_and_flags_are_replayed() {
    let mut log = log(1, 0, 0);
    append(&mut log, 1..=5);
    push(&mut log, 0xcd91, &words(&[1, 5]));
    push(&mut log, 0xcd91 | MADE, &words(&[2, 3, 9, 9]));
    push(&mut log, 0xed90 | MADE, &words(&[5, 1, 2, 3, 4]));
    push(&mut log, 4, &words(&[1, 4, 0x0018]));
    push(&mut log, 4, &words(&[4, 4, 0x0811]));
    let index = MailIndex::read(None, &[&log], &[]);
    assert_eq!(uids(&index), [1, 4]);
    assert_eq!(index.rows().map(|row| row.flags).collect::<Vec<_>>(), [0x18, 0x11]);
    assert_eq!((index.damages.as_slice(), index.next_uid()), (&[][..], 6));
}

#[test]
fn an_unguarded_expunge_and_a_used_uid_are_damage() {
    let mut log = log(1, 0, 0);
    append(&mut log, 1..=2);
    let offset = log.len();
    push(&mut log, 1 | MADE, &words(&[1, 2]));
    push(&mut log, 2, &words(&[2, 0]));
    let index = MailIndex::read(None, &[&log], &[]);
    assert_eq!(uids(&index), [1, 2]);
    assert_eq!(index.damages.as_slice(), [IndexDamage::Record(offset), IndexDamage::Record(offset + 16)]);
}

#[test]
fn extensions_are_addressed_by_name_and_by_id() {
    let mut log = log(1, 0, 0);
    push(&mut log, 0x40, &introduction(NO_ID, 0, 8, 0, b"other"));
    // The keyword takes the second id.
    push(&mut log, 0x400, &words(&[1 << 16, 0x61, 1, 1]));
    push(&mut log, 0x40, &introduction(NO_ID, 3, 8, 4, b"map"));
    append(&mut log, 1..=2);
    push(&mut log, 0x200, &words(&[1, 11, 2, 12]));
    push(&mut log, 0x40, &introduction(2, 3, 8, 4, b""));
    push(&mut log, 0x200, &words(&[2, 22]));
    push(&mut log, 0x100, &words(&[4 | 4 << 16, 77]));
    // An update by a writer that has not seen the reset to id 3.
    push(&mut log, 0x40, &introduction(2, 2, 8, 4, b""));
    push(&mut log, 0x200, &words(&[1, 99]));
    let index = MailIndex::read(None, &[&log], &["map"]);
    assert_eq!((numbers(&index, "map"), index.damages.as_slice()), (vec![11, 22], &[][..]));
    assert_eq!(index.extension_u32("map", 4), Some(77));
    assert!(index.column("other").is_none());
    push(&mut log, 0x80, &words(&[4, 0]));
    let index = MailIndex::read(None, &[&log], &["map"]);
    assert_eq!((numbers(&index, "map"), index.extension_u32("map", 4)), (vec![0, 0], Some(0)));
}

#[test]
fn extension_records_grow_and_shrink() {
    let mut log = log(1, 0, 0);
    append(&mut log, 1..=1);
    push(&mut log, 0x40, &introduction(NO_ID, 0, 0, 4, b"map"));
    push(&mut log, 0x200, &words(&[1, 5]));
    push(&mut log, 0x40, &introduction(0, 0, 0, 12, b""));
    let index = MailIndex::read(None, &[&log], &["map"]);
    let row = index.rows().next().unwrap();
    assert_eq!(index.column("map").unwrap().bytes(row), words(&[5, 0, 0]));
    push(&mut log, 0x200, &words(&[1, 6, 7, 8]));
    push(&mut log, 0x40, &introduction(0, 0, 0, 4, b""));
    push(&mut log, 0x40, &introduction(0, 0, 0, 12, b""));
    let index = MailIndex::read(None, &[&log], &["map"]);
    assert_eq!(index.column("map").unwrap().bytes(row), words(&[6, 0, 0]));
}

#[test]
fn reference_counts_do_not_overflow() {
    let mut log = log(1, 0, 0);
    append(&mut log, 1..=1);
    push(&mut log, 0x40, &introduction(NO_ID, 0, 0, 2, b"ref"));
    push(&mut log, 0x1000, &words(&[1, 2]));
    push(&mut log, 0x1000, &words(&[1, u32::MAX]));
    let offset = log.len();
    push(&mut log, 0x1000, &words(&[1, (-2i32).cast_unsigned()]));
    push(&mut log, 0x1000, &words(&[1, 0xffff]));
    push(&mut log, 0x1000, &words(&[7, 1]));
    let index = MailIndex::read(None, &[&log], &["ref"]);
    assert_eq!(numbers(&index, "ref"), [0], "a two-byte field does not read as four bytes");
    assert_eq!(index.column("ref").unwrap().u16(index.rows().next().unwrap(), 0), 1);
    assert_eq!(index.damages.as_slice(), [0, 16, 32].map(|more| IndexDamage::Record(offset + more)));
}

#[test]
fn header_updates_are_replayed_and_the_next_uid_never_falls() {
    let mut log = log(1, 0, 0);
    append(&mut log, 1..=8);
    push(&mut log, 0x20, &words(&[24 | 8 << 16, 1234, 3, 200 | 4 << 16, 0]));
    let index = MailIndex::read(None, &[&log], &[]);
    assert_eq!((index.uid_validity(), index.next_uid()), (1234, 9));
    push(&mut log, 0x2_0000 | MADE, &[0; 8]);
    assert!(MailIndex::read(None, &[&log], &[]).is_deleted);
    push(&mut log, 0x4_0000 | MADE, &[0; 8]);
    assert!(!MailIndex::read(None, &[&log], &[]).is_deleted);
}

#[test]
fn records_for_an_unknown_extension_are_damage() {
    let mut log = log(1, 0, 0);
    append(&mut log, 1..=1);
    let offset = log.len();
    push(&mut log, 0x200, &words(&[1, 5]));
    push(&mut log, 0x40, &introduction(9, 0, 0, 4, b""));
    push(&mut log, 0x200, &words(&[1, 5]));
    push(&mut log, 0x40, &introduction(NO_ID, 0, 0, 4, b""));
    push(&mut log, 0x0010_0000, &words(&[1]));
    let index = MailIndex::read(None, &[&log], &["map"]);
    assert_eq!(index.damages.as_slice(), [0, 16, 60].map(|more| IndexDamage::Record(offset + more)));
}
