//! Unfinished files and directories. Their program holds a lock on each, so that the next one removes those of a killed one.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata, Permissions, TryLockError};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::OFlags;
use tempfile::{Builder, NamedTempFile, TempDir};

/// The prefix of their names.
pub(crate) const PREFIX: &str = ".mailrunway-";

/// Attempts to make a file or directory that no other program removes before it is locked.
const ATTEMPTS: usize = 1_000;

/// Age from which they are removed where there are no locks: no program works on them that long.
const UNLOCKED_FOR: Duration = Duration::from_secs(7 * 86_400);

/// Makes a file, which is removed unless it is renamed.
///
/// # Errors
/// If the directory cannot be written.
pub(crate) fn file(directory: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let make = || {
        let permissions = Permissions::from_mode(mode);
        let file = Builder::new().prefix(PREFIX).permissions(permissions).tempfile_in(directory);
        file.map_err(without_path)
    };
    let mut made = make()?;
    for _ in 1..ATTEMPTS {
        if is_held(made.as_file(), made.path()) {
            break;
        }
        made = make()?;
    }
    Ok(made)
}

/// A directory that is removed with all in it, unless it is kept.
#[derive(Debug)]
pub(crate) struct TemporaryDirectory {
    directory: TempDir,
    /// Held until its end.
    _lock: Option<File>,
}

impl TemporaryDirectory {
    /// Makes one for its owner only.
    ///
    /// # Errors
    /// If the directory above cannot be written.
    pub(crate) fn make(above: &Path) -> io::Result<TemporaryDirectory> {
        let mut attempts = 1;
        loop {
            let directory = Builder::new().prefix(PREFIX).tempdir_in(above).map_err(without_path)?;
            let lock = File::open(directory.path());
            let is_there = match &lock {
                Ok(lock) => is_held(lock, directory.path()),
                // Another program took it for one that was left behind.
                Err(e) => e.kind() != io::ErrorKind::NotFound,
            };
            if is_there || attempts == ATTEMPTS {
                return Ok(TemporaryDirectory { directory, _lock: lock.ok() });
            }
            attempts += 1;
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Leaves it where it is, as after a rename.
    pub(crate) fn keep(self) {
        let _: PathBuf = self.directory.keep();
    }
}

/// Locks it; whether it is still there. Where there are no locks, its age protects it.
fn is_held(made: &File, path: &Path) -> bool {
    match made.try_lock() {
        Err(TryLockError::WouldBlock) => false,
        _ => is_at(made, path),
    }
}

fn is_at(file: &File, path: &Path) -> bool {
    let key = |metadata: Metadata| (metadata.dev(), metadata.ino());
    file.metadata().ok().map(key) == path.symlink_metadata().ok().map(key)
}

/// Removes the files that killed programs of this user left in a directory, which may be anybody's. Failures are harmless.
pub(crate) fn remove_files(directory: &Path) {
    remove_if(directory, Metadata::is_file);
}

/// As [`remove_files`], and directories with all in them: for a directory of the history.
pub(crate) fn remove_all(directory: &Path) {
    remove_if(directory, |metadata| metadata.is_file() || metadata.is_dir());
}

fn remove_if(directory: &Path, is_meant: fn(&Metadata) -> bool) {
    let Ok(entries) = directory.read_dir() else { return };
    for entry in entries.flatten().filter(|entry| is_temporary(&entry.file_name())) {
        let Ok(metadata) = entry.metadata() else { continue };
        let is_own = metadata.uid() == rustix::process::geteuid().as_raw();
        if !is_own || !is_meant(&metadata) {
            continue;
        }
        // Held until it is removed: its program makes another one.
        if let Some(_lock) = abandoned(&entry.path(), &metadata) {
            let _ = remove(&entry.path());
        }
    }
}

/// A file or directory that no program holds.
fn abandoned(path: &Path, metadata: &Metadata) -> Option<File> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32;
    // To lock a file, NFS wants it open for writing.
    let file = File::options().read(true).write(metadata.is_file()).custom_flags(flags).open(path).ok()?;
    let is_free = match file.try_lock() {
        Ok(()) => is_at(&file, path),
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(_)) => {
            metadata.modified().is_ok_and(|at| at.elapsed().is_ok_and(|age| age > UNLOCKED_FOR))
        }
    };
    is_free.then_some(file)
}

/// Removes a file, or a directory with all in it.
///
/// # Errors
/// If something in it cannot be removed.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    if path.symlink_metadata()?.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

/// Whether this program gives such names to unfinished files.
pub(crate) fn is_temporary(name: &OsStr) -> bool {
    name.as_bytes().starts_with(PREFIX.as_bytes())
}

/// The system error without the name of the temporary file, which tempfile adds and which means nothing to users. Its own
/// error has the number of the system's in words only.
pub(crate) fn without_path(error: io::Error) -> io::Error {
    let text = error.to_string();
    let number = text.split_once("(os error ").and_then(|(_, rest)| rest.split_once(')')?.0.parse().ok());
    number.map_or(error, io::Error::from_raw_os_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_there_though_others_remove_what_is_left_behind() {
        let above = tempfile::tempdir().unwrap();
        let is_done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_done.load(std::sync::atomic::Ordering::Relaxed) {
                    remove_all(above.path());
                }
            });
            let are_there = (0..3_000).all(|_| TemporaryDirectory::make(above.path()).unwrap().path().is_dir());
            is_done.store(true, std::sync::atomic::Ordering::Relaxed);
            assert!(are_there);
        });
    }

    #[test]
    fn an_error_of_the_system_has_its_number_and_no_name_of_a_temporary_file() {
        let missing = Path::new("/nonexistent (os error 5)");
        let errors = [file(missing, 0o600).map(drop), TemporaryDirectory::make(missing).map(drop)];
        for error in errors.map(Result::unwrap_err) {
            assert_eq!(error.raw_os_error(), Some(2));
            assert!(!error.to_string().contains("nonexistent"));
        }
        assert_eq!(without_path(io::Error::other("unknown")).to_string(), "unknown");
    }

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            directory.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_a_killed_program_left_is_removed_and_what_one_still_writes_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for name in [".mailrunway-left", ".mailrunway-held", "somebodys"] {
            File::create(at(name)).unwrap();
            fs::create_dir_all(at(&format!("{name}-directory/below"))).unwrap();
        }
        std::os::unix::fs::symlink("elsewhere", at(".mailrunway-link")).unwrap();
        let held = [".mailrunway-held", ".mailrunway-held-directory"].map(|name| File::open(at(name)).unwrap());
        held.iter().for_each(|held| held.lock().unwrap());
        remove_files(dir.path());
        assert!(!at(".mailrunway-left").exists() && at(".mailrunway-left-directory").exists());
        remove_all(dir.path());
        let kept = [".mailrunway-held", ".mailrunway-held-directory", ".mailrunway-link", "somebodys"];
        assert_eq!(names(dir.path()), [&kept[..], &["somebodys-directory"]].concat());
        drop(held);
        remove_all(dir.path());
        assert_eq!(names(dir.path()), [".mailrunway-link", "somebodys", "somebodys-directory"]);
    }

    #[test]
    fn what_is_being_written_is_held() {
        let dir = tempfile::tempdir().unwrap();
        let file = file(dir.path(), 0o600).unwrap();
        let directory = TemporaryDirectory::make(dir.path()).unwrap();
        remove_all(dir.path());
        assert!(file.path().exists() && directory.path().exists());
        drop((file, directory));
        assert_eq!(names(dir.path()), [""; 0]);
    }
}
