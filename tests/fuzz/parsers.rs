//! The parsers of mail server files, compiled without the rest of the program.
#![allow(dead_code)]

#[path = "parsers/dovecot.rs"]
pub mod dovecot;
#[path = "parsers/cyrus.rs"]
pub mod cyrus;
#[path = "../../src/store/digits.rs"]
pub mod digits;
#[path = "parsers/mbox.rs"]
pub mod mbox;
