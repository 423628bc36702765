//! The scan: walks mail stores without writing, and returns what it found and what it could not read.

mod bulk;
mod cohorts;
pub mod explain;
pub mod filesystem;
mod find;
mod findings;
mod join;
mod links;
mod measure;
pub mod progress;
mod sum;
mod unit;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::snapshot::{Snapshot, Store};
use crate::store::template::Template;
use findings::Findings;
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
    /// Whose mailbox lies where, if the settings say so.
    pub owner: Option<Template>,
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
        let scanned = pool.install(|| scan_store(store, &root, &mut snapshot, progress))?;
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
fn scan_store(store: &StoreRequest, root: &Path, snapshot: &mut Snapshot, progress: &Progress) -> Result<Store> {
    let found = find::units(root, store.owner.as_ref(), progress);
    progress.found(found.units.len());
    if found.units.is_empty() && found.outside.files == 0 && found.problems.is_empty() {
        return Err(Error::new("the store is empty: no mailbox and no file lies under it")
            .at(root)
            .hint("is the volume mounted, and is this the directory that holds the mailboxes?"));
    }
    let findings: Vec<Findings> = found
        .units
        .par_iter()
        .with_max_len(1)
        .map(|unit| measure::measure(root, unit, found.device, progress))
        .collect();
    Ok(sum::store(&store.name, root, found, findings, &mut snapshot.problems))
}
