//! Logs made by hand.

use super::*;

/// A log of index 7.
pub(crate) fn log(sequence: u32, before: u32, end_of_before: u32) -> Vec<u8> {
    let mut bytes = vec![1, 2, 40, 0];
    for number in [7, sequence, before, end_of_before, 0, 0, 0, 1, 0] {
        bytes.extend(u32::to_le_bytes(number));
    }
    bytes
}

/// Appends a record.
pub(crate) fn push(log: &mut Vec<u8>, kind: u32, body: &[u8]) {
    let quarter = (body.len() as u32 + 8) / 4;
    assert_eq!(body.len() % 4, 0);
    log.extend([21, 14, 7, 0].map(|shift| (quarter >> shift & 0x7f) as u8 | 0x80));
    log.extend(kind.to_le_bytes());
    log.extend(body);
}

#[test]
fn headers_parse() {
    let bytes = log(5, 4, 1000);
    let log = TransactionLog::open(&bytes, ByteOrder::Big).unwrap();
    assert_eq!((log.order, log.index, log.sequence), (ByteOrder::Little, 7, 5));
    assert_eq!((log.before, log.end_of_before, log.start), (4, 1000, 40));
    let bad = |at: usize, value: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = value;
        TransactionLog::open(&bytes, ByteOrder::Little).unwrap_err()
    };
    assert_eq!(
        (bad(0, 2), bad(2, 41), bad(2, 23)),
        (IndexDamage::LogVersion(2), IndexDamage::LogBroken, IndexDamage::LogBroken)
    );
    assert_eq!(bad(4, 0), IndexDamage::GivenUp);
    assert_eq!(TransactionLog::open(&bytes[..19], ByteOrder::Little).unwrap_err(), IndexDamage::LogBroken);
}

#[test]
fn records_are_read_up_to_a_cut() {
    let mut bytes = log(1, 0, 0);
    push(&mut bytes, 0x1000_cd91, &[1, 0, 0, 0, 2, 0, 0, 0]);
    push(&mut bytes, 0x20, &[]);
    let end = bytes.len();
    push(&mut bytes, 2, &[0; 8]);
    let log = TransactionLog::open(&bytes[..bytes.len() - 1], ByteOrder::Little).unwrap();
    let mut records = log.records(0);
    let first = records.next().unwrap();
    assert_eq!((first.offset, first.kind, first.is_made, first.body.len()), (40, 0xcd91, true, 8));
    let second = records.next().unwrap();
    assert_eq!((second.offset, second.kind, second.is_made, second.body.len()), (56, 0x20, false, 0));
    assert_eq!((records.next(), records.at), (None, end));
    assert_eq!(log.records(56).count(), 1);
    // A size without its high bits is not written yet.
    bytes[end] = 0;
    assert_eq!(TransactionLog::open(&bytes, ByteOrder::Little).unwrap().records(0).count(), 2);
}

#[test]
fn only_complete_transactions_count() {
    let mut bytes = log(1, 0, 0);
    push(&mut bytes, BOUNDARY | EXTERNAL, &28u32.to_le_bytes());
    push(&mut bytes, 2, &[0; 8]);
    assert_eq!(TransactionLog::open(&bytes, ByteOrder::Little).unwrap().records(0).count(), 2);
    bytes[48] = 29;
    assert_eq!(TransactionLog::open(&bytes, ByteOrder::Little).unwrap().records(0).count(), 0);
}
