//! The header file of a Cyrus mailbox and the name in it: the parsed values are no longer than the file.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

use libfuzzer_sys::fuzz_target;
use parsers::cyrus::header::MailboxHeader;
use parsers::cyrus::name::MailboxName;

fuzz_target!(|file: &[u8]| {
    let _ = MailboxName::parse(file);
    let Ok(header) = MailboxHeader::parse(file) else { return };
    assert!(header.kind.len() <= file.len(), "the kind is no longer than the file");
    if let Some(name) = &header.name {
        assert!(name.len() <= file.len(), "the name is no longer than the file");
        let _ = MailboxName::parse(name);
    }
});
