//! Files that appear whole or not at all: write beside, fsync, rename, fsync the directory.

use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::Path;

use crate::model::error::{Error, Result};
use crate::model::{links, temporary};

const WRITE_HINT: &str = "is there a directory of that name, may you write in it, and is there room?";

/// Writes a file so that readers see either the old or the new content, and so that it survives a crash. Removes what
/// killed programs left beside it. Returns a warning if the file is written, but a crash could still undo that.
///
/// # Errors
/// If the directory is not writable or the disk is full; then nothing is left behind.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<Option<Error>> {
    let failed = |source: io::Error| Error::io("cannot write", path, source).hint(WRITE_HINT);
    // Links are followed, and devices and pipes written instead of replaced.
    let target = links::follow(path)?;
    let present = target.metadata().ok();
    if present.as_ref().is_some_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        check_pipe(&target, path)?;
        let mut file = File::options().write(true).open(&target).map_err(failed)?;
        return file.write_all(bytes).map(|()| None).map_err(failed);
    }
    let directory = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    temporary::remove_files(directory);
    // The default of tempfile, 0600, would hide a report from its readers.
    let mut file = temporary::file(directory, 0o666).map_err(failed)?;
    // What another user put there decides nothing.
    if let Some(metadata) = present.filter(|metadata| links::is_trusted(metadata.uid())) {
        let mode = Permissions::from_mode(metadata.permissions().mode() & 0o777);
        file.as_file().set_permissions(mode).map_err(failed)?;
    }
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(|e| failed(temporary::without_path(e)))?;
    let _file = file.persist(&target).map_err(|e| failed(e.error))?;
    Ok(sync_directory(directory).err().map(|e| not_synced(path, e)))
}

/// Removes a file that [`write`] may have written. What is no regular file, such as a device or a directory, stays.
///
/// # Errors
/// If the directory is not writable.
pub(crate) fn remove(path: &Path) -> Result<()> {
    let target = links::follow(path)?;
    match target.symlink_metadata() {
        Ok(metadata) if metadata.is_file() => std::fs::remove_file(&target)
            .map_err(|e| Error::io("cannot remove the old file", path, e).hint("may you write in its directory?")),
        _ => Ok(()),
    }
}

/// A warning about something that is written, but not certainly on the disk.
pub(crate) fn not_synced(path: &Path, error: io::Error) -> Error {
    Error::io("it is saved, but a crash could still undo that", path, error)
        .hint("look for errors of the disk in the kernel's log")
}

/// Refuses a named pipe of another user, who would read what is written. Pipes without a name are links in `/proc`.
fn check_pipe(target: &Path, path: &Path) -> Result<()> {
    let pipe = target.symlink_metadata().ok().filter(|metadata| metadata.file_type().is_fifo());
    match pipe.filter(|pipe| !links::is_trusted(pipe.uid())) {
        None => Ok(()),
        Some(pipe) => Err(Error::new(format!("{} made this pipe and could read along", links::user(pipe.uid())))
            .at(path)
            .hint("name a file, or a pipe of your own")),
    }
}

/// Makes the names in a directory survive a crash.
pub(crate) fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_file_is_replaced_and_no_temporary_file_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report.html");
        write(&path, b"a long first version").unwrap();
        write(&path, b"second").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"second");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn links_modes_and_devices_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        std::fs::write(&file, "old").unwrap();
        std::fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&file).unwrap(), b"new");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        let null = dir.path().join("null");
        std::os::unix::fs::symlink("/dev/null", &null).unwrap();
        write(&null, b"gone").unwrap();
        assert!(!Path::new("/dev/null").metadata().unwrap().is_file());
    }

    #[test]
    fn only_regular_files_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link, null) = (dir.path().join("file"), dir.path().join("link"), dir.path().join("null"));
        std::fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        std::os::unix::fs::symlink("/dev/null", &null).unwrap();
        for path in [&link, &null, &dir.path().join("none"), dir.path()] {
            remove(path).unwrap();
        }
        assert!(!file.exists() && link.is_symlink() && null.is_symlink() && Path::new("/dev/null").exists());
        write(&link, b"new").unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"new");
    }

    #[test]
    fn an_error_names_the_file_in_a_missing_directory() {
        let error = write(Path::new("/nonexistent/report.html"), b"").unwrap_err();
        assert_eq!(error.to_string(), "cannot write: /nonexistent/report.html");
    }
}
