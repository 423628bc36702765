//! An mbox: its messages cover the whole file, and no message is larger than its part of the file, except for CRLF
//! line ends.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

use std::io;

use libfuzzer_sys::fuzz_target;
use parsers::mbox::messages::{LookAhead, MboxMessages};

impl LookAhead for &[u8] {
    fn ahead(&mut self, distance: u64, into: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(distance).ok().and_then(|distance| self.get(distance..)).unwrap_or(&[]);
        let length = rest.len().min(into.len());
        into.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        Ok(length)
    }
}

fuzz_target!(|file: &[u8]| {
    let Ok(messages) = MboxMessages::new(file) else { return };
    let mut end = 0;
    for message in messages {
        let message = message.expect("reading from memory does not fail");
        assert_eq!(message.offset, end, "a message begins where the previous one ends");
        assert!(message.physical <= message.bytes, "a message is inside its part of the file");
        assert!(message.virtual_size >= message.physical && message.virtual_size <= 2 * message.bytes);
        end += message.bytes;
    }
    assert_eq!(end, file.len() as u64, "the messages cover the whole file");
});
