//! Stores made by hand, without a mail server: every format, what only looks like mail, what is damaged, and whose
//! mail it is.

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support {
    pub mod cyrus_files;
    pub mod dbox;
    pub mod finish;
    pub mod hostile;
    pub mod index_log;
    pub mod machine;
    pub mod maildir;
    pub mod outcome;
    pub mod samples;
    pub mod scanned;
}

mod recognised {
    mod crowds;
    mod damaged;
    mod explained;
    mod joined;
    mod lookalikes;
    mod maintained;
    mod misleading;
    mod names;
    mod opened;
    mod owners;
    mod servers;
    mod side_by_side;
    mod special_files;
    mod templates;
    mod valid;
}
