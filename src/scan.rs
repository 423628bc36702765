//! The scan: walks mail stores without writing, and returns what it found and what it could not read.

mod discover;
pub mod io;
mod tally;

mod assemble;
mod cache;

pub(crate) mod explain;
mod measure;
pub mod progress;
mod unit;

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use rayon::prelude::*;

use crate::model::error::{Error, Result};
use crate::model::snapshot::{Snapshot, Store};
use crate::scan::cache::file::{Of, Tables, Writer};
use crate::scan::cache::lookup::{Places, Recall};
use crate::scan::io::cancel::Stop;
use crate::scan::io::rate_limit::Pace;
use crate::scan::io::root::Root;
use crate::scan::measure::estimate::Guess;
use crate::scan::tally::mailbox::Findings;
use crate::store::template::OwnerTemplate;
use measure::{Ground, Measured};
use progress::Progress;
use unit::Unit;

pub use measure::Audit;

/// What is to be scanned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The stores: name, directory, and whether the volume's own figures belong to the snapshot.
    pub stores: Vec<StoreRequest>,
    /// What the snapshot is dated.
    pub taken_at: Timestamp,
    /// How many threads measure; 0: [`default_threads`].
    pub threads: usize,
    /// The machine's name in the snapshot, if it is not this machine's.
    pub host: Option<String>,
    /// Whether sizes are taken from the names of messages, where they tell them. Nothing is remembered then.
    pub by_name: bool,
    /// At most so many operations a second on the disk.
    pub io_limit: Option<NonZeroU32>,
    /// What is remembered from scan to scan, if anything is.
    pub memory: Option<Memory>,
}

/// What is remembered from scan to scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Where it lies.
    pub directory: PathBuf,
    /// Whether it is ignored and begun anew.
    pub is_ignored: bool,
    /// It is tested every so many scans; 0: never.
    pub audit_every: u32,
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
    pub owner: Option<OwnerTemplate>,
}

/// What a scan found.
#[derive(Debug)]
pub struct Scanned {
    /// What there is.
    pub snapshot: Snapshot,
    /// How the memory did where it was tested.
    pub audit: Audit,
    /// What the next scan is to remember.
    pub memory: Learnt,
}

/// What the next scan is to remember, which is not kept yet.
#[derive(Debug, Default)]
pub struct Learnt {
    /// Of each store, with what was remembered before, and after how many scans.
    tables: Vec<(Writer, Option<Tables>, u64)>,
    /// Why something cannot be remembered.
    forgotten: Vec<Error>,
}

impl Learnt {
    /// Keeps it: when the snapshot is safe. Returns what could not be kept, which costs the next scan time and nothing
    /// else.
    pub fn keep(self) -> Vec<Error> {
        let kept = self.tables.into_iter().filter_map(|(writer, before, scans)| writer.finish(before, scans).err());
        self.forgotten.into_iter().chain(kept).collect()
    }
}

/// Rotating disks lose more by seeking to and fro than they gain by knowing what else is wanted.
const THREADS_OF_ROTATING: usize = 2;

/// As many threads as keep the disks busy: waiting for one costs no core.
pub fn default_threads(roots: &[PathBuf]) -> usize {
    let device = |root: &PathBuf| rustix::fs::stat(root).ok().map(|stat| stat.st_dev);
    if roots.iter().filter_map(device).any(io::rotational::is_rotating) {
        return THREADS_OF_ROTATING;
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (4 * cores).max(16)
}

/// Scans the stores.
///
/// # Errors
/// If a store's directory is missing, no directory, unreadable, or holds nothing at all, or if the scan was stopped. What
/// cannot be read below it is a problem in the snapshot, no error.
pub fn scan(request: &Request, progress: &Progress, stop: &Stop) -> Result<Scanned> {
    let roots = request.stores.iter().map(|store| check_root(&store.root)).collect::<Result<Vec<_>>>()?;
    let threads = if request.threads == 0 { default_threads(&roots) } else { request.threads };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|e| Error::new(format!("cannot start {threads} threads")).because(e).hint("try --threads 1"))?;
    let snapshot = Snapshot {
        taken_at: request.taken_at,
        host: request.host.clone().unwrap_or_else(io::filesystem::host),
        complete: true,
        filesystems: Vec::new(),
        stores: Vec::new(),
        problems: Vec::new(),
    };
    let mut scanned = Scanned { snapshot, audit: Audit::default(), memory: Learnt::default() };
    let pace = Pace::of(request.io_limit).until(stop.clone());
    for (store, root) in request.stores.iter().zip(&roots) {
        if store.filesystem {
            let filesystem = io::filesystem::of(root)?;
            // Asked again, a busy volume answers with other figures.
            if !scanned.snapshot.filesystems.iter().any(|held| held.mount == filesystem.mount) {
                scanned.snapshot.filesystems.push(filesystem);
            }
        }
        let root =
            Root::open(root, &pace).map_err(|e| Error::io("cannot read the store", root, e).hint(READER_HINT))?;
        let ground =
            Ground { root: &root, progress, stop, settled_by: settled_by(&root), is_noted: false, guess: None };
        let memory = request.memory.as_ref().filter(|_| !request.by_name);
        let found = pool.install(|| scan_store(store, &ground, request.by_name, memory, &mut scanned))?;
        scanned.snapshot.stores.push(found);
    }
    scanned.snapshot.complete = !scanned.snapshot.problems.iter().any(|problem| problem.kind.is_loss());
    Ok(scanned)
}

/// What was changed before that time can have changed again only with a trace.
fn settled_by(root: &Root) -> (i64, u32) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let before = now.saturating_sub(root.settles_after);
    (before.as_secs() as i64, before.subsec_nanos())
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

/// The key of what is remembered of directories outside of mailboxes; those of units have a zero in them.
const OUTSIDE: &[u8] = b"outside";

/// Finds the mailboxes, measures them in parallel, and sums up.
fn scan_store(
    store: &StoreRequest,
    ground: &Ground,
    by_name: bool,
    memory: Option<&Memory>,
    scanned: &mut Scanned,
) -> Result<Store> {
    let of = || Of { store: store.name.clone(), root: ground.root.path.clone() };
    let tables = memory.filter(|memory| !memory.is_ignored).and_then(|memory| Tables::open(&memory.directory, &of()));
    let device = ground.root.device;
    let outside = tables.as_ref().and_then(|tables| tables.unit(OUTSIDE, device));
    let mut found =
        discover::search::units(ground, store.owner.as_ref(), outside.as_ref().map(|outside| &outside.record));
    ground.progress.found(found.units.len());
    if found.units.is_empty() && found.outside.files == 0 && found.problems.is_empty() && !ground.stop.is_asked() {
        return Err(Error::new("the store is empty: no mailbox and no file lies under it")
            .at(&ground.root.path)
            .hint("is the volume mounted, and is this the directory that holds the mailboxes?"));
    }
    let writer = memory.map(|memory| Writer::begin(&memory.directory, of())).transpose();
    let writer = writer.unwrap_or_else(|error| {
        scanned.memory.forgotten.push(error);
        None
    });
    let record = std::mem::take(&mut found.record);
    if let Some(writer) = &writer {
        match outside.is_some_and(|outside| outside.record == record) {
            true => writer.add_again(OUTSIDE),
            false => writer.add(OUTSIDE, &record.bytes(), &[]),
        }
    }
    drop(record);
    let scans = tables.as_ref().map_or(1, |tables| tables.scans + 1);
    let is_due = |memory: &&Memory| memory.audit_every > 0 && scans.is_multiple_of(u64::from(memory.audit_every));
    let audit = memory.filter(is_due).map(|_| scans);
    let calibration = by_name.then(|| measure::estimate::calibrate(ground, &found.units));
    let guess = calibration.map(|calibration| Guess { calibration, device });
    let ground = &Ground { guess: guess.as_ref(), is_noted: writer.is_some(), ..*ground };
    let measure = |unit: &Unit, distrusted: Option<&Places>| {
        let key = unit.key();
        let remembered = tables.as_ref().and_then(|tables| tables.unit(&key, device));
        let recall = Recall { unit: remembered.as_ref(), distrusted, audit };
        let Measured { findings, notes, audit } = measure::measure(ground, unit, recall);
        if let Some(writer) = &writer {
            notes.write(&key, writer);
        }
        (findings, audit)
    };
    let measured = found.units.par_iter().with_max_len(1).map(|unit| measure(unit, None));
    let (mut findings, audits): (Vec<Findings>, Vec<Audit>) = measured.unzip();
    audits.into_iter().for_each(|audit| scanned.audit += audit);
    if let Some(tables) = tables.as_ref().filter(|_| !ground.stop.is_asked()) {
        measure::relinked::uncover(&found, &mut findings, tables, device, measure);
    }
    if let Some(signal) = ground.stop.asked() {
        return Err(Error::stopped(signal));
    }
    scanned.memory.tables.extend(writer.map(|writer| (writer, tables, scans)));
    let summed = assemble::store(&store.name, &ground.root.path, found, findings, &mut scanned.snapshot.problems);
    Ok(Store { calibration, ..summed })
}
