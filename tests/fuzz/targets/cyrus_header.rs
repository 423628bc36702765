//! A mailbox's header of Cyrus, and the name in it: nothing is told that the file does not hold.
#![no_main]

#[path = "../parsers.rs"]
mod parsers;

use libfuzzer_sys::fuzz_target;
use parsers::cyrus::header::MailboxHeader;
use parsers::cyrus::name::MailboxName;

fuzz_target!(|file: &[u8]| {
    let _ = MailboxName::parse(file);
    let Ok(header) = MailboxHeader::parse(file) else { return };
    assert!(header.kind.len() <= file.len(), "the kind lies in the file");
    if let Some(name) = &header.name {
        assert!(name.len() <= file.len(), "the name lies in the file");
        let _ = MailboxName::parse(name);
    }
});
