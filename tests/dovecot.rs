//! A scan must say what the server says that wrote the mail: Dovecot fills a store, and both are asked.

mod support {
    pub mod account;
    pub mod agreement;
    pub mod clock;
    pub mod disk;
    pub mod dovecot;
    pub mod finish;
    pub mod lmtp;
    pub mod mail;
    pub mod server;
    pub mod upload;
}

mod stores {
    mod attachments;
    mod beside;
    mod bulk;
    pub mod held;
    mod life;
    mod live;
    mod maildir;
    mod mbox;
    mod mdbox;
    mod names;
    mod ruled;
    mod sdbox;
    mod trees;
}
