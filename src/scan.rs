//! The scan: walks mail stores without writing, and returns what it found and what it could not read.

mod cohorts;
pub mod filesystem;
mod find;
mod links;
mod measure;
pub mod progress;

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::escape;
use crate::snapshot::{Mailbox, Snapshot, Store};
use crate::store::owner::Owner;
use find::Found;
use links::Owned;
use measure::Measured;
use progress::Progress;

/// What is to be scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The stores: name, directory, and whether the volume's own figures belong to the snapshot.
    pub stores: Vec<StoreRequest>,
    /// What the snapshot is dated.
    pub taken_at: Timestamp,
    /// How many threads measure; 0: [`default_threads`].
    pub threads: usize,
    /// The machine's name in the snapshot, if it is not this machine's.
    pub host: Option<String>,
}

/// One store to scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreRequest {
    /// The store's name.
    pub name: String,
    /// The store's directory.
    pub root: PathBuf,
    /// Whether the volume's own figures are collected; not for a store that lies on a volume other than usual.
    pub filesystem: bool,
}

/// As many threads as keep a disk busy: waiting for it costs no core.
pub fn default_threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (4 * cores).max(16)
}

/// Scans the stores.
///
/// # Errors
/// If a store's directory is missing, no directory, unreadable, or holds nothing at all. What cannot be read below it
/// is a problem in the snapshot, no error.
pub fn scan(request: &Request, progress: &Progress) -> Result<Snapshot> {
    let threads = if request.threads == 0 { default_threads() } else { request.threads };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|e| Error::new(format!("cannot start {threads} threads")).because(e).hint("try --threads 1"))?;
    let mut snapshot = Snapshot {
        taken_at: request.taken_at,
        host: request.host.clone().unwrap_or_else(filesystem::host),
        complete: true,
        filesystems: Vec::new(),
        stores: Vec::new(),
        problems: Vec::new(),
    };
    for store in &request.stores {
        let root = check_root(&store.root)?;
        if store.filesystem {
            let filesystem = filesystem::of(&root)?;
            // Asked again, a busy volume answers with other figures.
            if !snapshot.filesystems.iter().any(|held| held.mount == filesystem.mount) {
                snapshot.filesystems.push(filesystem);
            }
        }
        let scanned = pool.install(|| scan_store(&store.name, &root, &mut snapshot, progress))?;
        snapshot.stores.push(scanned);
    }
    snapshot.complete = !snapshot.problems.iter().any(|problem| problem.kind.is_loss());
    Ok(snapshot)
}

const READER_HINT: &str = "check the path, or run as a user who may read the mail, often root or vmail";

/// The real path of a store's directory that can be listed.
///
/// # Errors
/// If it is missing, no directory, or unreadable.
pub fn check_root(root: &Path) -> Result<PathBuf> {
    let real = root.canonicalize().map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Error::new("there is no such store").at(root).hint("check the path"),
        _ => Error::io("cannot reach the store", root, e).hint(READER_HINT),
    })?;
    if !real.is_dir() {
        return Err(Error::new("a store is a directory, but this is a file")
            .at(root)
            .hint("give the directory that holds the mailboxes"));
    }
    std::fs::read_dir(&real).map_err(|e| Error::io("cannot read the store", root, e).hint(READER_HINT))?;
    Ok(real)
}

/// Finds the mailboxes, measures them in parallel, and sums up.
fn scan_store(name: &str, root: &Path, snapshot: &mut Snapshot, progress: &Progress) -> Result<Store> {
    let mut found = find::mailboxes(root, progress);
    progress.found(found.mailboxes.len());
    if found.mailboxes.is_empty() && found.outside.files == 0 && found.problems.is_empty() {
        return Err(Error::new("the store is empty: no mailbox and no file lies under it")
            .at(root)
            .hint("is the volume mounted, and is this the directory that holds the mailboxes?"));
    }
    let mut measured: Vec<Measured> = found
        .mailboxes
        .par_iter()
        .with_max_len(1)
        .map(|mailbox| measure::measure(&root.join(&mailbox.path), found.device, progress))
        .collect();
    charge_links(&mut found, &mut measured);
    snapshot.problems.append(&mut found.problems);
    let mut cohorts = cohorts::Gathered::default();
    let mut tally = found.outside;
    let mut mailboxes = Vec::with_capacity(measured.len());
    for (mailbox, measured) in found.mailboxes.iter().zip(measured) {
        snapshot.problems.extend(measured.problems);
        cohorts.merge(&measured.cohorts);
        let owner = Owner::guess(root, &mailbox.path);
        let mailbox = Mailbox {
            domain: owner.domain,
            user: owner.user,
            path: escape::text(mailbox.path.as_os_str().as_bytes()),
            layout: mailbox.layout.word().to_owned(),
            tally: measured.folders.iter().map(|folder| folder.tally).sum(),
            cohorts: measured.cohorts.rows(),
            folders: measured.folders,
        };
        tally += mailbox.tally;
        mailboxes.push(mailbox);
    }
    Ok(Store {
        name: name.to_owned(),
        root: escape::text(root.as_os_str().as_bytes()),
        tally,
        cohorts: cohorts.rows(),
        mailboxes,
    })
}

/// Charges the blocks of each inode that has several names to the first of them.
fn charge_links(found: &mut Found, measured: &mut [Measured]) {
    let mut linked = std::mem::take(&mut found.linked);
    for (index, measured) in measured.iter_mut().enumerate() {
        linked.extend(measured.linked.drain(..).map(|link| link.of_mailbox(index)));
    }
    for link in links::first_of_each_inode(linked) {
        let tally = match link.owner {
            Owned::Outside => &mut found.outside,
            Owned::Folder { mailbox, folder } => &mut measured[mailbox].folders[folder].tally,
        };
        tally.allocated_bytes += link.allocated;
        tally.inodes += 1;
    }
}
