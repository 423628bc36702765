//! The main job as a user does it: scan a store week by week, and ask when it is full.

mod support {
    pub mod finish;
    pub mod machine;
    pub mod maildir;
    pub mod outcome;
}

mod job {
    mod backtest;
    mod directory;
    mod extremes;
    mod first_use;
    mod history;
    mod ledger;
    mod mailboxes;
    mod outputs;
    mod pictures;
    mod quotas;
    mod readers;
    mod record;
    mod settings;
    mod streams;
    mod sums;
    mod tables;
    mod weeks;
    mod whatif;
    mod window;
}
