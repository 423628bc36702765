//! A scan must say what the server says that wrote the mail: Cyrus fills a store in each of its layouts, and both are
//! asked.

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support {
    pub mod cyrus;
    pub mod finish;
    pub mod lmtp;
    pub mod machine;
    pub mod mail;
    pub mod maildir;
    pub mod outcome;
    pub mod scanned;
    pub mod server;
    pub mod upload;
}

mod spools {
    mod agreement;
    mod folders;
    mod layouts;
    mod searches;
    mod users;
}
