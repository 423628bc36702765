//! A report reaches its reader and can be read: by a real mail server, a real mailbox and a real browser.

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support {
    pub mod account;
    pub mod base64;
    pub mod browser;
    pub mod disk;
    pub mod dovecot;
    pub mod finish;
    pub mod hostile;
    pub mod imap;
    pub mod lmtp;
    pub mod machine;
    pub mod maildir;
    pub mod outcome;
    pub mod page;
    pub mod postfix;
    pub mod scanned;
    pub mod server;
    pub mod upload;
}

mod posted {
    mod delivered;
    mod hostile;
    mod looks;
    mod message;
}
