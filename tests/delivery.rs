//! A scan must say what the programs say that wrote the mail: Postfix, nmh, maildrop and procmail deliver, and are asked.

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support {
    pub mod agents;
    pub mod finish;
    pub mod machine;
    pub mod mail;
    pub mod maildir;
    pub mod nmh;
    pub mod outcome;
    pub mod postfix;
    pub mod scanned;
}

mod delivered {
    mod agents;
    mod folders;
    mod queue;
}
