//! A Cyrus index: the parser returns no more records than the file has room for.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

use libfuzzer_sys::fuzz_target;
use parsers::cyrus::index::CyrusIndex;

fuzz_target!(|file: &[u8]| {
    let Ok(index) = CyrusIndex::read(file) else { return };
    assert!(index.records.len() <= file.len() / 4, "a record takes at least four bytes");
    for record in &index.records {
        assert!(index.find(record.uid).is_some(), "a listed record can be found by its UID");
    }
    index.last_uid();
});
