//! An index of Cyrus: no more records than the file has room for.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

use libfuzzer_sys::fuzz_target;
use parsers::cyrus::index::CyrusIndex;

fuzz_target!(|file: &[u8]| {
    let Ok(index) = CyrusIndex::read(file) else { return };
    assert!(index.records.len() <= file.len() / 4, "a record has more than its number");
    for record in &index.records {
        assert!(index.find(record.uid).is_some(), "what is listed is found");
    }
    index.last_uid();
});
