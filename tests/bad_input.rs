//! Bad input as users meet it: every refusal says what, where and what to do, and leaves everything as it was.

mod support {
    pub mod finish;
    pub mod hostile;
    pub mod machine;
    pub mod maildir;
    pub mod outcome;
}

mod refused {
    mod disk;
    mod files;
    mod history;
    mod names;
    mod scenarios;
    mod store;
    mod tables;
    mod window;
}
