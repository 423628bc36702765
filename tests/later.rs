//! Scans that remember the last one: whatever happened to a store in between, they tell what a scan of all of it tells.

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support {
    pub mod alike;
    pub mod calls;
    pub mod cyrus_files;
    pub mod dbox;
    pub mod finish;
    pub mod index_log;
    pub mod machine;
    pub mod maildir;
    pub mod outcome;
    pub mod samples;
    pub mod scanned;
}

mod changed {
    mod acts;
    mod always;
    mod audited;
    mod changing;
    mod damaged;
    mod links;
    mod names;
    mod remembered;
    mod restored;
    mod standing;
    mod stopped;
}
