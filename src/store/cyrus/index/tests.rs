//! Indexes made by hand.

use super::*;

/// The header of an index with `promised` records, padded with 0xff so that no other field reads as zero.
fn head(version: u32, start: u32, length: u32, promised: u32) -> Vec<u8> {
    let fields = [7, 0, version, start, length, promised];
    let mut bytes: Vec<u8> = fields.into_iter().flat_map(u32::to_be_bytes).collect();
    bytes.resize(start.clamp(24, 4096) as usize, 0xff);
    bytes
}

/// A record of a version before 20 with 32-bit fields at these places.
fn record(length: usize, fields: &[(usize, u32)]) -> Vec<u8> {
    let mut bytes = vec![0xee; length];
    for (at, value) in fields {
        bytes[*at..*at + 4].copy_from_slice(&value.to_be_bytes());
    }
    bytes
}

fn usual(uid: u32, flags: u32) -> Vec<u8> {
    let times = [(4, 1_700_000_000), (8, 1_699_900_000), (28, 1_700_000_100), (52, 1_700_000_050)];
    record(112, &[&[(0, uid), (12, 4321), (32, flags)], times.as_slice()].concat())
}

#[test]
fn records_of_cyrus_3_6_have_all_fields() {
    let bytes = [head(17, 160, 112, 2), usual(5, 0x10), usual(9, 0xa000_0004)].concat();
    let index = CyrusIndex::read(bytes.as_slice()).unwrap();
    assert_eq!((index.damage, index.last_uid()), (None, 9));
    let (place, first) = index.find(5).unwrap();
    assert_eq!((place, first.arrival, first.sent), (0, 1_700_000_000, Some(1_699_900_000)));
    assert_eq!((first.size, first.saved), (4321, Some(1_700_000_050)));
    assert!(first.is_live() && !first.is_deleted() && !first.is_archived());
    let (place, second) = index.find(9).unwrap();
    assert_eq!(place, 1);
    assert!(second.is_archived() && second.is_deleted() && !second.is_live());
    assert_eq!(index.find(6), None);
}

#[test]
fn an_old_index_has_no_save_time_and_unsigned_dates() {
    let late = record(96, &[(0, 1), (4, 0xf000_0000), (8, 0), (12, 10), (28, 1), (32, 0x4000_0000), (52, 77)]);
    let index = CyrusIndex::read([head(12, 128, 96, 1), late].concat().as_slice()).unwrap();
    let record = index.records[0];
    assert_eq!((record.arrival, record.sent, record.saved), (0xf000_0000, None, None));
    assert!(!record.is_live());
}

#[test]
fn version_20_has_64_bit_fields() {
    let mut bytes = record(144, &[(0, 3), (36, 0x8000_0000)]);
    for (at, value) in [(8, 1_700_000_000_999_999_999_u64), (16, 1_699_900_000), (24, 1 << 33), (112, 5), (120, 0)] {
        bytes[at..at + 8].copy_from_slice(&value.to_be_bytes());
    }
    let index = CyrusIndex::read([head(20, 192, 144, 1), bytes].concat().as_slice()).unwrap();
    let record = index.records[0];
    assert_eq!((record.arrival, record.sent, record.saved), (1_700_000_000, Some(1_699_900_000), None));
    assert_eq!((record.size, record.is_live()), (1 << 33, false));
}

#[test]
fn a_truncated_index_gives_the_records_before_the_cut() {
    let bytes = [head(17, 160, 112, 3), usual(1, 0), usual(2, 0), usual(3, 0)].concat();
    for (length, found) in [(bytes.len() - 1, 2), (160 + 112, 1), (160 + 111, 0), (159, 0), (24, 0)] {
        let index = CyrusIndex::read(&bytes[..length]).unwrap();
        assert_eq!(index.records.len(), found, "{length} bytes");
        let found = found as u32;
        assert_eq!(index.damage, Some(CyrusIndexDamage::Cut { promised: 3, found }), "{length} bytes");
    }
    assert!(matches!(CyrusIndex::read(&bytes[..23]), Err(IndexError::NoHeader)));
}

#[test]
fn records_beyond_the_promised_count_are_ignored() {
    let bytes = [head(17, 160, 112, 1), usual(1, 0), usual(2, 0)].concat();
    let index = CyrusIndex::read(bytes.as_slice()).unwrap();
    assert_eq!((index.records.len(), index.damage), (1, None));
}

#[test]
fn reading_stops_at_a_record_out_of_order() {
    let bytes = [head(17, 160, 112, u32::MAX), usual(4, 0), usual(4, 0), usual(5, 0)].concat();
    let index = CyrusIndex::read(bytes.as_slice()).unwrap();
    assert_eq!((index.records.len(), index.damage), (1, Some(CyrusIndexDamage::Disorder { record: 2 })));
    // An endless hole stops at once.
    let header = head(17, 160, 112, u32::MAX);
    let hole = header.as_slice().chain(io::repeat(0));
    assert_eq!(CyrusIndex::read(hole).unwrap().damage, Some(CyrusIndexDamage::Disorder { record: 1 }));
}

#[test]
fn unknown_versions_and_impossible_sizes_are_refused() {
    for version in [0, 11, 21, u32::MAX] {
        let refusal = CyrusIndex::read(head(version, 160, 112, 0).as_slice()).unwrap_err();
        assert!(matches!(refusal, IndexError::UnknownVersion(found) if found == version), "{refusal}");
    }
    for (version, start, length) in [
        (17, 23, 112),
        (17, u32::MAX, 112),
        (17, 160, 55),
        (17, 160, 0),
        (17, 160, u32::MAX),
        (12, 128, 35),
        (20, 192, 127),
    ] {
        let refusal = CyrusIndex::read(head(version, start, length, 1).as_slice()).unwrap_err();
        assert!(matches!(refusal, IndexError::Sizes { .. }), "{version} {start} {length}: {refusal}");
    }
}
