//! Files that appear whole or not at all: write beside, fsync, rename, fsync the directory.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::error::{Error, Result};

/// Writes a file so that a reader sees the old content or the new, never a part, and so that it outlives a crash.
///
/// # Errors
/// If the directory cannot be written or the disk is full; nothing is left behind then.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed =
        |source| Error::io("cannot write", path, source).hint("is there room on the disk, and may you write there?");
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".mailrunway-")
        // tempfile's own default is 0600, which would hide a report from the people it is for.
        .permissions(std::fs::Permissions::from_mode(0o666))
        .tempfile_in(directory)
        .map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist(path).map_err(|e| failed(e.error))?;
    sync_directory(directory).map_err(failed)
}

/// Makes the names in a directory outlive a crash.
pub fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_the_whole_file_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report.html");
        write(&path, b"a long first version").unwrap();
        write(&path, b"second").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"second");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_directory_is_named() {
        let error = write(Path::new("/nonexistent/report.html"), b"").unwrap_err();
        assert_eq!(error.to_string(), "cannot write: /nonexistent/report.html");
    }
}
