//! A directory held open, which only its owner can change: nobody can lead elsewhere what is written into it.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat, fstat, fsync, mkdirat, openat, statat};
use rustix::io::Errno;

use crate::model::error::{Error, Result};
use crate::model::{atomic, escape, links, temporary};

/// The mode of directories that are made: names of mailboxes and folders are private.
const PRIVATE: Mode = Mode::RWXU;

/// A directory and its path.
#[derive(Debug)]
pub(crate) struct Directory {
    descriptor: OwnedFd,
    path: PathBuf,
}

impl Directory {
    /// Opens a directory, which may be anybody's until [`Directory::check`]. `None` if there is none.
    ///
    /// # Errors
    /// If it is not a directory, cannot be reached, or is a link of another user.
    pub(crate) fn open(path: &Path) -> Result<Option<Directory>> {
        open_at(CWD, &links::follow(path)?, path.to_owned())
    }

    /// Opens a directory and checks it; creates it, and those above it, if there is none.
    ///
    /// # Errors
    /// As [`Directory::open`] and [`Directory::check`], and if it cannot be created.
    pub(crate) fn create(path: &Path) -> Result<Directory> {
        let failed = |e: io::Error| Error::io("cannot make the directory", path, e);
        let place = links::follow(path)?;
        make_above(&place).map_err(failed)?;
        make_at(CWD, &place).map_err(failed)?;
        let directory = open_at(CWD, &place, path.to_owned())?.ok_or_else(|| failed(Errno::NOENT.into()))?;
        directory.check()?;
        Ok(directory)
    }

    /// Opens a directory in this one and checks it; creates it if there is none.
    ///
    /// # Errors
    /// If it is a link or anything else, cannot be created, or others can change it.
    pub(crate) fn make(&self, name: &str) -> Result<Directory> {
        let path = self.path.join(name);
        let failed = |e: io::Error| Error::io("cannot make the directory", &path, e);
        make_at(self.descriptor.as_fd(), Path::new(name)).map_err(failed)?;
        self.below(name)?.ok_or_else(|| failed(Errno::NOENT.into()))
    }

    /// Opens a directory in this one and checks it. `None` if there is none.
    ///
    /// # Errors
    /// If it is a link or anything else, or others can change it.
    pub(crate) fn below(&self, name: &str) -> Result<Option<Directory>> {
        let directory = open_at(self.descriptor.as_fd(), Path::new(name), self.path.join(name))?;
        directory.iter().try_for_each(Directory::check)?;
        Ok(directory)
    }

    /// Checks that nobody else can change it, apart from root.
    ///
    /// # Errors
    /// If somebody can, with the way out.
    pub(crate) fn check(&self) -> Result<()> {
        let stat = fstat(&self.descriptor).map_err(|e| Error::io("cannot open", &self.path, e.into()))?;
        check_owner(&stat, &self.path)
    }

    /// Its path for calls that take one. It leads into this directory, even if another has taken its name.
    pub(crate) fn held(&self) -> PathBuf {
        let held = PathBuf::from(format!("/proc/self/fd/{}", self.descriptor.as_raw_fd()));
        if held.exists() { held } else { self.path.clone() }
    }

    /// The path that people know, of a path in [`Directory::held`].
    pub(crate) fn shown(&self, held: &Path) -> PathBuf {
        held.strip_prefix(self.held()).map_or_else(|_| held.to_owned(), |name| self.path.join(name))
    }

    /// The names in it that begin with a prefix, sorted.
    ///
    /// # Errors
    /// If it cannot be listed.
    pub(crate) fn names(&self, prefix: &str) -> io::Result<Vec<String>> {
        let mut names: Vec<String> = Vec::new();
        for entry in fs::read_dir(self.held())? {
            let name = entry?.file_name().into_string();
            names.extend(name.ok().filter(|name| name.starts_with(prefix)));
        }
        names.sort();
        Ok(names)
    }

    /// Whether it has a file of that name.
    ///
    /// # Errors
    /// If that is a link, a pipe or anything else, or others can change it.
    pub(crate) fn has_file(&self, name: &str) -> Result<bool> {
        let path = self.path.join(name);
        match statat(&self.descriptor, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => check_file(&stat, &path).map(|()| true),
            Err(Errno::NOENT) => Ok(false),
            Err(e) => Err(Error::io("cannot read", path, e.into())),
        }
    }

    /// Reads a whole file; `None` if there is none.
    ///
    /// # Errors
    /// As [`Directory::has_file`], and if it cannot be read.
    pub(crate) fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        if !self.has_file(name)? {
            return Ok(None);
        }
        let path = self.path.join(name);
        let failed = |e: io::Error| Error::io("cannot read", &path, e);
        // A pipe that takes its place now is not waited for.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let mut file = match openat(&self.descriptor, name, flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(Errno::NOENT) => return Ok(None),
            Err(e) => return Err(failed(e.into())),
        };
        check_file(&fstat(&file).map_err(|e| failed(e.into()))?, &path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        Ok(Some(bytes))
    }

    /// Replaces a file whole, readable by its owner only, by way of another directory of the same file system. Returns a
    /// warning if it is written, but a crash could still undo that.
    ///
    /// # Errors
    /// If one of them is not writable or the disk is full; then nothing is left behind.
    pub(crate) fn write(&self, by_way_of: &Directory, name: &str, bytes: &[u8]) -> Result<Option<Error>> {
        let shown = self.path.join(name);
        let failed = |e: io::Error| Error::io("cannot write", &shown, temporary::without_path(e));
        let mut file = temporary::file(&by_way_of.held(), 0o600).map_err(failed)?;
        file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
        file.persist(self.held().join(name)).map_err(|e| failed(e.error))?;
        Ok(self.sync().err().map(|e| atomic::not_synced(&shown, e)))
    }

    /// Makes its names survive a crash.
    pub(crate) fn sync(&self) -> io::Result<()> {
        File::open(self.held())?.sync_all()
    }

    /// Waits for its lock and holds it for the lifetime of the result. `None` if the file system or the permissions allow
    /// no lock: then one of two simultaneous changes of a file is lost.
    pub(crate) fn lock(&self) -> Option<File> {
        let directory = File::open(self.held()).ok()?;
        directory.lock().ok().map(|()| directory)
    }
}

fn open_at(above: impl AsFd, name: &Path, path: PathBuf) -> Result<Option<Directory>> {
    // Opening a path needs no permission to read it.
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match openat(above, name, flags, Mode::empty()) {
        Ok(descriptor) => Ok(Some(Directory { descriptor, path })),
        Err(Errno::NOENT) => Ok(None),
        Err(Errno::NOTDIR | Errno::LOOP) => Err(Error::new("this is not a directory").at(path).hint(STRANGE_HINT)),
        Err(e) => Err(Error::io("cannot open", path, e.into())),
    }
}

/// Makes the directories above, with the usual mode.
fn make_above(place: &Path) -> io::Result<()> {
    let is_missing = |above: &&Path| !above.as_os_str().is_empty() && !above.exists();
    let missing: Vec<&Path> = place.ancestors().skip(1).take_while(is_missing).collect();
    for directory in missing.into_iter().rev() {
        fs::create_dir(directory).or_else(|e| if directory.is_dir() { Ok(()) } else { Err(e) })?;
        sync_above(CWD, directory);
    }
    Ok(())
}

fn make_at(above: impl AsFd, name: &Path) -> io::Result<()> {
    match mkdirat(&above, name, PRIVATE) {
        Ok(()) => {
            sync_above(above, name);
            Ok(())
        }
        Err(Errno::EXIST) => Ok(()),
        Err(e) => Err(e.into()),
    }
}

/// Makes a new directory survive a crash. One above that may not be read cannot be synced, which is no reason to fail.
fn sync_above(from: impl AsFd, place: &Path) {
    let above = place.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let _ = openat(from, above, flags, Mode::empty()).and_then(fsync);
}

const STRANGE_HINT: &str = "find out who put it there, then remove it; mailrunway makes its own";

fn check_file(stat: &Stat, path: &Path) -> Result<()> {
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(Error::new("this is not a regular file").at(path).hint(STRANGE_HINT));
    }
    check_owner(stat, path)
}

fn check_owner(stat: &Stat, path: &Path) -> Result<()> {
    let shown = escape::path(path);
    if !links::is_trusted(stat.st_uid) {
        let (owner, us) = (stat.st_uid, rustix::process::geteuid().as_raw());
        return Err(Error::new(format!("{} owns this and could change it meanwhile", links::user(owner)))
            .at(path)
            .hint(format!("run as its owner: `sudo -u '#{owner}' mailrunway …`; or `chown -R {us} {shown}`")));
    }
    if Mode::from_raw_mode(stat.st_mode).intersects(Mode::WGRP | Mode::WOTH) {
        return Err(Error::new("others may write here and could change it meanwhile")
            .at(path)
            .hint(format!("check what is in it, then `chmod go-w {shown}`")));
    }
    Ok(())
}
