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
    let parts = [&header.name, &header.unique_id, &header.quota_root];
    assert!(parts.into_iter().flatten().all(|part| part.len() <= file.len()), "a part lies in the file");
    if let Some(name) = &header.name {
        let _ = MailboxName::parse(name);
    }
});
