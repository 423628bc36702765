//! A dbox file: the records are inside the file, in order, and do not overlap.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

use std::io;

use libfuzzer_sys::fuzz_target;
use parsers::dovecot::dbox_file::DboxMessages;
use parsers::dovecot::read_buffer::ReadAt;

impl ReadAt for &[u8] {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..)).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }
}

fuzz_target!(|file: &[u8]| {
    let mut end = 0;
    for record in DboxMessages::new(file, file.len() as u64).map_while(Result::ok) {
        assert!(record.offset >= end && record.length > 0, "records do not overlap");
        end = record.offset.checked_add(record.length).expect("a record ends inside the file");
        assert!(end <= file.len() as u64, "a record ends inside the file");
    }
});
