//! Files that appear whole or not at all: write beside, fsync, rename, fsync the directory.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use rustix::fs::OFlags;

use crate::model::error::{Error, Result};
use crate::model::links;

/// The prefix of unfinished files.
pub(crate) const TEMPORARY: &str = ".mailrunway-";

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
    remove_abandoned(directory);
    let mut file = tempfile::Builder::new()
        .prefix(TEMPORARY)
        // The default of tempfile, 0600, would hide a report from its readers.
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(directory)
        .map_err(|e| failed(without_path(e)))?;
    // Held until the file has its name: no other program removes it. Some file systems have no locks.
    let _ = file.as_file().try_lock();
    // What another user put there decides nothing.
    if let Some(metadata) = present.filter(|metadata| links::is_trusted(metadata.uid())) {
        let mode = Permissions::from_mode(metadata.permissions().mode() & 0o777);
        file.as_file().set_permissions(mode).map_err(failed)?;
    }
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(|e| failed(without_path(e)))?;
    let _file = file.persist(&target).map_err(|e| failed(e.error))?;
    Ok(sync_directory(directory).err().map(|e| not_synced(path, e)))
}

/// A warning about something that is written, but not certainly on the disk.
pub(crate) fn not_synced(path: &Path, error: io::Error) -> Error {
    Error::io("it is saved, but a crash could still undo that", path, error)
        .hint("look for errors of the disk in the kernel's log")
}

/// Age from which a file that no program has locked is abandoned: its program had the time to lock it.
const LOCKED_WITHIN: Duration = Duration::from_secs(60);

/// Removes the unfinished files of this user's killed programs from a directory that may be anybody's. Failures are
/// harmless.
fn remove_abandoned(directory: &Path) {
    let Ok(entries) = directory.read_dir() else { return };
    for entry in entries.flatten().filter(|entry| is_temporary(&entry.file_name())) {
        let is_own = |m: &fs::Metadata| m.is_file() && m.uid() == rustix::process::geteuid().as_raw();
        let is_old = |m: &fs::Metadata| m.modified().is_ok_and(|at| at.elapsed().is_ok_and(|age| age > LOCKED_WITHIN));
        if entry.metadata().is_ok_and(|metadata| is_own(&metadata) && is_old(&metadata)) {
            let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32;
            let file = File::options().read(true).write(true).custom_flags(flags).open(entry.path());
            if file.is_ok_and(|file| file.try_lock().is_ok()) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
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

/// Age from which unfinished files are removed: no program still works on them.
const UNFINISHED_FOR: Duration = Duration::from_secs(7 * 86_400);

/// Removes old unfinished files and directories of killed programs from a directory. Failures are harmless.
pub(crate) fn remove_old(directory: &Path) {
    let Ok(entries) = directory.read_dir() else { return };
    for entry in entries.flatten().filter(|entry| is_temporary(&entry.file_name())) {
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.modified().is_ok_and(|time| time.elapsed().is_ok_and(|age| age > UNFINISHED_FOR)) {
            let path = entry.path();
            let _ = if metadata.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
    }
}

/// Whether this program gives such names to unfinished files.
pub(crate) fn is_temporary(name: &OsStr) -> bool {
    name.as_bytes().starts_with(TEMPORARY.as_bytes())
}

/// The system error without the name of the temporary file, which tempfile adds and which means nothing to users.
pub(crate) fn without_path(error: io::Error) -> io::Error {
    let named = error.get_ref().map(|named| named as &(dyn std::error::Error + 'static));
    // Of a temporary directory, it adds the name twice.
    let causes = std::iter::successors(named, |cause| cause.source());
    match causes.filter_map(|cause| cause.downcast_ref::<io::Error>()?.raw_os_error()).last() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => error,
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
    fn an_error_of_the_system_has_no_name_of_a_temporary_file() {
        #[derive(Debug, thiserror::Error)]
        #[error("at path /proc/self/fd/7/x")]
        struct Named(#[source] io::Error);
        let named = |error: io::Error| io::Error::new(error.kind(), Named(error));
        let full = || io::Error::from_raw_os_error(28);
        for error in [full(), named(full()), named(named(full()))] {
            assert_eq!(without_path(error).raw_os_error(), Some(28));
        }
        assert_eq!(without_path(io::Error::other("unknown")).to_string(), "unknown");
    }

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
    fn what_a_killed_program_left_is_removed_and_what_one_still_writes_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let old = std::time::SystemTime::now() - 2 * LOCKED_WITHIN;
        let files = ["left", "locked", "fresh"].map(|name| {
            let file = File::create(dir.path().join(format!("{TEMPORARY}{name}"))).unwrap();
            if name != "fresh" {
                file.set_modified(old).unwrap();
            }
            file
        });
        files[1].lock().unwrap();
        std::os::unix::fs::symlink("elsewhere", dir.path().join(".mailrunway-link")).unwrap();
        write(&dir.path().join("report"), b"text").unwrap();
        let mut names: Vec<_> = dir.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, [".mailrunway-fresh", ".mailrunway-link", ".mailrunway-locked", "report"]);
    }

    #[test]
    fn only_old_unfinished_files_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let old = std::time::SystemTime::now() - 2 * UNFINISHED_FOR;
        for (name, is_old) in [(".mailrunway-old", true), (".mailrunway-new", false), ("kept", true)] {
            let file = File::create(dir.path().join(name)).unwrap();
            if is_old {
                file.set_modified(old).unwrap();
            }
        }
        remove_old(dir.path());
        let mut left: Vec<_> = dir.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, [".mailrunway-new", "kept"]);
    }

    #[test]
    fn an_error_names_the_file_in_a_missing_directory() {
        let error = write(Path::new("/nonexistent/report.html"), b"").unwrap_err();
        assert_eq!(error.to_string(), "cannot write: /nonexistent/report.html");
    }
}
