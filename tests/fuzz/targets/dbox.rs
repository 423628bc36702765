//! A dbox file: records lie inside the file, one behind the other.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

use libfuzzer_sys::fuzz_target;
use parsers::dovecot::dbox_file::DboxMessages;

fuzz_target!(|file: &[u8]| {
    let mut end = 0;
    for record in DboxMessages::new(file, file.len() as u64).map_while(Result::ok) {
        assert!(record.offset >= end && record.length > 0, "records do not overlap");
        end = record.offset.checked_add(record.length).expect("a record ends inside the file");
        assert!(end <= file.len() as u64, "a record ends inside the file");
    }
});
