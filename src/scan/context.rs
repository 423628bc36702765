//! What every step of scanning one store needs.

use crate::model::cancel::Cancel;
use crate::scan::{io::Root, progress::Progress};

#[derive(Clone, Copy, Debug)]
pub(super) struct ScanContext<'a> {
    pub root: &'a Root<'a>,
    pub progress: &'a Progress,
    pub cancel: &'a Cancel,
    /// Seconds and nanoseconds since 1970. A file or directory last changed before this time cannot have changed since
    /// without a newer timestamp.
    pub settled_before: (i64, u32),
}
