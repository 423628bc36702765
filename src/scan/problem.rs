//! The problems that a scan reports instead of failing.

use std::io;
use std::path::Path;

use crate::model::escape;
use crate::model::snapshot::{Problem, ProblemKind};
use crate::store::no_links::LONGEST_PATH;

/// Another file system, or another part of this one, is mounted on a directory.
pub(super) fn other_filesystem(path: &Path) -> Problem {
    Problem {
        path: escape::path_text(path),
        kind: ProblemKind::OtherFilesystem,
        detail: "another file system is mounted here; scan it as its own store".to_owned(),
    }
}

/// `None` if the path no longer exists: files and folders of a live store vanish during a scan.
pub(super) fn read_problem(path: &Path, error: &io::Error) -> Option<Problem> {
    let (kind, detail) = match error.kind() {
        io::ErrorKind::NotFound => return None,
        io::ErrorKind::PermissionDenied => (ProblemKind::PermissionDenied, error.to_string()),
        io::ErrorKind::InvalidFilename => {
            (ProblemKind::ReadError, format!("its path is longer than {LONGEST_PATH} bytes"))
        }
        _ => (ProblemKind::ReadError, error.to_string()),
    };
    Some(Problem { path: escape::path_text(path), kind, detail })
}
