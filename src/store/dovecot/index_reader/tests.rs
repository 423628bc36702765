//! Indexes and logs made by hand.

use super::super::index::FLAG_DELETED;
use super::super::log::tests::{log, push};
use super::*;

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// An index with id 7, the extension `map` of 4 bytes with a header of 4, and the messages 1 and 3.
fn base(sequence: u32, offset: u32) -> Vec<u8> {
    let mut base = words(&[120 << 16 | 7, 152, 12, 1, 7, 0, 99, 4, 2, 0, 0, 0, 0, 0, 0, sequence, offset, offset]);
    base.resize(120, 0);
    base.extend(words(&[4, 5, 8 | 4 << 16, 4 | 3 << 16]));
    base.extend(b"map\0\0\0\0\0");
    base.extend(words(&[42, 0]));
    base.extend(words(&[1, 0x0c, 100, 3, 0, 300]));
    base
}

fn found(index: &MailIndex) -> Vec<(u32, u8, u32)> {
    let column = index.column("map").unwrap();
    index.rows().map(|row| (row.uid, row.flags, column.u32(row, 0))).collect()
}

#[test]
fn an_index_without_a_log_is_read() {
    let index = MailIndex::read(Some(&base(2, 500)), &[], &["map"]);
    assert_eq!(found(&index), [(1, FLAG_DELETED | 8, 100), (3, 0, 300)]);
    assert_eq!((index.uid_validity(), index.next_uid(), index.damages.as_slice()), (99, 4, &[][..]));
    assert_eq!(index.extension_u32("map", 0), Some(42));
    assert_eq!(index.column("ref").map(|_| ()), None);
}

#[test]
fn the_log_is_replayed_from_the_offset_of_the_index() {
    let mut log = log(2, 1, 300);
    push(&mut log, 0x1000_cd91, &words(&[1, 3]));
    let offset = log.len() as u32;
    push(&mut log, 2, &words(&[4, 1]));
    push(&mut log, 0x40, &words(&[0, 5, 4, 4 | 4 << 16, 0]));
    push(&mut log, 0x200, &words(&[4, 400]));
    let read = |base: &[u8]| MailIndex::read(Some(base), &[&log], &["map"]);
    let all = [(1, 12, 100), (3, 0, 300), (4, 1, 400)];
    assert_eq!((found(&read(&base(2, offset))), read(&base(2, offset)).damages.as_slice()), (all.to_vec(), &[][..]));
    // The file was written after the log was read.
    let index = read(&base(2, 5000));
    assert_eq!((found(&index), index.damages.as_slice()), (all[..2].to_vec(), &[][..]));
    let index = read(&base(3, 40));
    assert_eq!((found(&index), index.damages.as_slice()), (all[..2].to_vec(), &[][..]));
    // The index covers the previous log to its end.
    let index = read(&base(1, 300));
    assert_eq!((found(&index), index.damages.as_slice()), (all[2..].to_vec(), &[][..]));
    assert_eq!(read(&base(1, 299)).damages.as_slice(), [IndexDamage::LostLog(1)]);
}

/// Found by the fuzzer: a UID out of order, and a next UID that is in use.
#[test]
fn uids_out_of_order_are_damage() {
    let mut disordered = base(2, 500);
    disordered.extend(words(&[2, 0, 200]));
    disordered[32] = 3;
    let index = MailIndex::read(Some(&disordered), &[], &["map"]);
    assert_eq!((found(&index).len(), index.damages.as_slice()), (2, &[IndexDamage::Broken][..]));
    let mut log = log(2, 1, 300);
    let offset = log.len() as u32;
    push(&mut log, 2, &words(&[2, 0]));
    let mut low = base(2, offset);
    low[28] = 2;
    let index = MailIndex::read(Some(&low), &[&log], &["map"]);
    assert_eq!((found(&index).len(), index.damages.as_slice()), (2, &[IndexDamage::Record(offset as usize)][..]));
}

/// A cut log is valid up to the cut, which is not damage: its writer may be active.
#[test]
fn the_offset_of_a_cut_log_is_reported() {
    let mut log = log(2, 1, 300);
    push(&mut log, 2, &words(&[4, 1]));
    let whole = log.len();
    push(&mut log, 2, &words(&[5, 1]));
    let read = |log: &[u8]| MailIndex::read(Some(&base(2, 40)), &[log], &["map"]);
    assert_eq!((read(&log).cut, read(&log[..whole]).cut), (None, None));
    let index = read(&log[..log.len() - 3]);
    assert_eq!((index.cut, found(&index).len(), index.damages.as_slice()), (Some(whole), 3, &[][..]));
}

#[test]
fn the_previous_log_is_replayed_first() {
    let mut old = log(4, 3, 40);
    push(&mut old, 2, &words(&[4, 0]));
    let mut new = log(5, 4, old.len() as u32);
    push(&mut new, 2, &words(&[5, 0]));
    let uids = |index: &MailIndex| index.rows().map(|row| row.uid).collect::<Vec<_>>();
    let index = MailIndex::read(Some(&base(4, 40)), &[&old, &new], &[]);
    assert_eq!((uids(&index), index.damages.as_slice()), (vec![1, 3, 4, 5], &[][..]));
    let index = MailIndex::read(Some(&base(4, 40)), &[&old[..old.len() - 4], &new], &[]);
    assert_eq!((uids(&index), index.damages.as_slice()), (vec![1, 3, 5], &[IndexDamage::LostLog(4)][..]));
    // Without an index and without the first log, earlier messages are lost.
    let index = MailIndex::read(None, &[&old, &new], &[]);
    assert_eq!((uids(&index), index.damages.as_slice()), (vec![4, 5], &[IndexDamage::LostLog(3)][..]));
    // The log of another index is ignored.
    new[4] = 8;
    assert_eq!(uids(&MailIndex::read(Some(&base(4, 40)), &[&old, &new], &[])), [1, 3, 4]);
}

#[test]
fn a_first_log_starts_an_empty_index() {
    let mut log = log(3, 0, 0);
    push(&mut log, 2, &words(&[2, 0]));
    let uids = |sequence, offset| {
        let index = MailIndex::read(Some(&base(sequence, offset)), &[&log], &["map"]);
        assert_eq!(index.damages.as_slice(), []);
        index.rows().map(|row| row.uid).collect::<Vec<_>>()
    };
    assert_eq!((uids(2, 40), uids(3, 40)), (vec![2], vec![2]));
    assert_eq!(uids(3, log.len() as u32), [1, 3]);
}

#[test]
fn damage_is_reported() {
    let damages = |base: Option<&[u8]>, logs: &[&[u8]]| MailIndex::read(base, logs, &["map"]).damages;
    let good = base(1, 40);
    let with = |at: usize, value: u8| {
        let mut base = good.clone();
        base[at] = value;
        damages(Some(&base), &[])
    };
    assert_eq!(damages(None, &[]), [IndexDamage::Missing]);
    assert_eq!(with(0, 6), [IndexDamage::Version(6)]);
    assert_eq!(with(20, 1), [IndexDamage::GivenUp]);
    for (at, value) in [(2, 119), (4, 100), (5, 9), (8, 4), (32, 3), (152, 3), (123, 2), (128, 9), (134, 200)] {
        assert_eq!(with(at, value), [IndexDamage::Broken], "{at}");
    }
    assert_eq!(damages(Some(&good[..90]), &[]), [IndexDamage::Broken]);
    assert_eq!(damages(Some(&good), &[&[2; 40]]), [IndexDamage::LogVersion(2)]);
    assert_eq!(damages(Some(&good), &[&[1; 20]]), [IndexDamage::LogBroken]);
    assert_eq!(damages(Some(b""), &[]), [IndexDamage::Broken]);
}

#[test]
fn big_endian_indexes_are_read() {
    let mut base = vec![7, 0, 0, 120];
    for number in [120u32, 8, 0, 7, 0, 99, 6, 1] {
        base.extend(number.to_be_bytes());
    }
    base.resize(120, 0);
    base.extend([0, 0, 0, 5, 8, 0, 0, 0]);
    let index = MailIndex::read(Some(&base), &[], &[]);
    assert_eq!(index.rows().map(|row| (row.uid, row.flags)).collect::<Vec<_>>(), [(5, 8)]);
    assert_eq!((index.uid_validity(), index.next_uid(), index.damages.as_slice()), (99, 6, &[][..]));
}

#[test]
fn an_extension_header_is_replayed() {
    let mut log = log(1, 0, 0);
    let head = words(&[u32::MAX, 0, 16, 0, 9 << 16]);
    push(&mut log, 0x40, &[&head[..], b"hdr-vsize\0\0\0"].concat());
    push(&mut log, 0x100, &words(&[16 << 16, 5000, 1, 9, 2]));
    let index = MailIndex::read(None, &[&log], &["hdr-vsize"]);
    let fields = [0, 4, 8, 12].map(|at| index.extension_u32("hdr-vsize", at));
    assert_eq!((fields, index.damages.as_slice()), ([5000, 1, 9, 2].map(Some), &[][..]));
}
