//! Scans mail stores without writing to them, and returns what it found and what it could not read.

mod assemble;
mod cache;
mod context;
mod discover;
pub(crate) mod explain;
pub mod io;
mod measure;
mod problem;
pub mod progress;
mod tally;
mod unit;

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use rayon::prelude::*;

use crate::model::cancel::Cancel;
use crate::model::error::{Error, Result};
use crate::model::snapshot::{Snapshot, Store};
use crate::scan::cache::{CacheFile, CacheWriter, CachedUnit, DirSet, OutsideRecord, StoreKey};
use crate::scan::context::ScanContext;
use crate::scan::discover::search::find_units;
use crate::scan::io::{RateLimit, Root};
use crate::scan::measure::estimate::{self, SizeEstimate};
use crate::scan::measure::state::{MeasureOptions, Measured};
use crate::scan::measure::{measure, relinked};
use crate::scan::progress::Progress;
use crate::scan::tally::PackedTally;
use crate::scan::unit::Unit;
use crate::store::template::OwnerTemplate;

pub use cache::CacheAudit;
pub(crate) use cache::remove_cache;

/// What to scan, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The stores.
    pub stores: Vec<StoreRequest>,
    /// The snapshot's date.
    pub taken_at: Timestamp,
    /// Threads that measure; 0: [`default_threads`].
    pub threads: usize,
    /// The host name in the snapshot; `None`: this machine's.
    pub host: Option<String>,
    /// Whether sizes are taken from the names of messages. Such a scan does not use the cache.
    pub by_name: bool,
    /// Most disk operations per second.
    pub io_limit: Option<NonZeroU32>,
    /// The cache, if there is one.
    pub cache: Option<CacheOptions>,
}

/// How a scan uses the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheOptions {
    /// The directory of the cache files.
    pub directory: PathBuf,
    /// Whether the cache is ignored and replaced.
    pub is_ignored: bool,
    /// Scans from one audit to the next; 0: no audits.
    pub audit_every: u32,
}

/// One store to scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreRequest {
    /// The store's name.
    pub name: String,
    /// The store's directory.
    pub root: PathBuf,
    /// Whether the snapshot has the figures of the store's volume.
    pub filesystem: bool,
    /// How paths name the owners of mailboxes, if the settings say.
    pub owner: Option<OwnerTemplate>,
}

/// What a scan found.
#[derive(Debug)]
pub struct Scanned {
    /// The stores and their volumes.
    pub snapshot: Snapshot,
    /// The result of the cache audit.
    pub audit: CacheAudit,
    /// The cache for the next scan.
    pub cache: PendingCache,
}

/// The cache for the next scan, which is not saved yet.
#[derive(Debug, Default)]
pub struct PendingCache {
    stores: Vec<StoreCache>,
    errors: Vec<Error>,
}

impl PendingCache {
    /// Saves the cache; call it when the snapshot is safe. An error costs the next scan time and nothing else.
    pub fn save(self) -> Vec<Error> {
        let save = |store: StoreCache| store.writer?.finish(store.before, store.scans).err();
        self.errors.into_iter().chain(self.stores.into_iter().filter_map(save)).collect()
    }
}

/// A rotating disk loses more by seeking between threads than it gains by reordering their requests.
const ROTATING_THREADS: usize = 2;

/// Enough threads to keep the disks busy; a thread that waits for a disk needs no core.
pub fn default_threads(roots: &[PathBuf]) -> usize {
    let device = |root: &PathBuf| rustix::fs::stat(root).ok().map(|stat| stat.st_dev);
    if roots.iter().filter_map(device).any(io::rotational::is_rotating) {
        return ROTATING_THREADS;
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (4 * cores).max(16)
}

/// Scans the stores.
///
/// # Errors
/// If a store's directory is missing, not a directory, unreadable or empty, or if the scan was cancelled. Anything
/// unreadable below it is a problem in the snapshot instead.
pub fn scan(request: &Request, progress: &Progress, cancel: &Cancel) -> Result<Scanned> {
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
    let mut scanned = Scanned { snapshot, audit: CacheAudit::default(), cache: PendingCache::default() };
    let rate_limit = RateLimit::new(request.io_limit, cancel);
    for (store, root) in request.stores.iter().zip(&roots) {
        if store.filesystem {
            let filesystem = io::filesystem::stat(root)?;
            // A second look at a busy volume would give other figures.
            if !scanned.snapshot.filesystems.iter().any(|known| known.mount == filesystem.mount) {
                scanned.snapshot.filesystems.push(filesystem);
            }
        }
        let root =
            Root::open(root, &rate_limit).map_err(|e| Error::io("cannot read the store", root, e).hint(READER_HINT))?;
        let context = ScanContext { root: &root, progress, cancel, settled_before: settled_before(&root) };
        let cache = request.cache.as_ref().filter(|_| !request.by_name);
        let found = pool.install(|| scan_store(store, &context, request.by_name, cache, &mut scanned))?;
        scanned.snapshot.stores.push(found);
    }
    scanned.snapshot.mark_partial();
    scanned.snapshot.complete = !scanned.snapshot.problems.iter().any(|problem| problem.kind.is_loss());
    Ok(scanned)
}

fn settled_before(root: &Root) -> (i64, u32) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let before = now.saturating_sub(root.settles_after);
    (before.as_secs() as i64, before.subsec_nanos())
}

const READER_HINT: &str = "check the path, or run as a user who may read the mail, often root or vmail";

/// The real path of a store's directory, which can be listed.
///
/// # Errors
/// If it is missing, not a directory, or unreadable.
pub fn check_root(root: &Path) -> Result<PathBuf> {
    let real = root.canonicalize().map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Error::new("there is no such store").at(root).hint("check the path"),
        _ => Error::io("cannot reach the store", root, e).hint(READER_HINT),
    })?;
    if !real.is_dir() {
        return Err(Error::new("a store is a directory, but this is a file")
            .at(root)
            .hint("give the directory that contains the mailboxes"));
    }
    std::fs::read_dir(&real).map_err(|e| Error::io("cannot read the store", root, e).hint(READER_HINT))?;
    Ok(real)
}

/// The cache key of the directories outside all units. The keys of units have a NUL.
const OUTSIDE: &[u8] = b"outside";

/// The cache of one store: what the last scan left, and what this one records.
#[derive(Debug)]
struct StoreCache {
    before: Option<CacheFile>,
    writer: Option<CacheWriter>,
    scans: u64,
    /// The number of this audit, if this scan is audited.
    audit: Option<u64>,
}

impl StoreCache {
    /// Without options nothing is read or recorded.
    fn open(options: Option<&CacheOptions>, key: &StoreKey) -> StoreCache {
        let used = options.filter(|options| !options.is_ignored);
        let before = used.and_then(|options| CacheFile::open(&options.directory, key));
        let scans = before.as_ref().map_or(1, |before| before.scans.wrapping_add(1));
        let is_due = |every: u32| every > 0 && scans.is_multiple_of(u64::from(every));
        let audit = options.filter(|options| is_due(options.audit_every)).map(|_| scans);
        StoreCache { before, writer: None, scans, audit }
    }

    /// Starts to record with the directories outside all units. An error leaves the next scan without a cache.
    fn record(&mut self, directory: &Path, key: StoreKey, outside: &OutsideRecord, is_unchanged: bool) -> Result<()> {
        let writer = CacheWriter::begin(directory, key)?;
        match is_unchanged {
            true => writer.keep(OUTSIDE),
            false => writer.add(OUTSIDE, outside.bytes(), &[]),
        }
        self.writer = Some(writer);
        Ok(())
    }

    /// Measures a unit with the cache, except for its stale directories, and records it.
    fn measure(
        &self,
        context: &ScanContext,
        estimate: Option<&SizeEstimate>,
        unit: &Unit,
        stale: Option<&DirSet>,
    ) -> (PackedTally, CacheAudit) {
        let key = unit.key();
        let stored = self.before.as_ref().and_then(|before| before.unit(&key, context.root.device));
        let cached = CachedUnit { stored: stored.as_ref(), stale, audit: self.audit };
        let options = MeasureOptions { is_recorded: self.writer.is_some(), estimate };
        let Measured { tally, update, audit } = measure(context, options, unit, cached);
        if let Some(writer) = &self.writer {
            update.write(&key, writer);
        }
        (PackedTally::pack(tally), audit)
    }
}

/// Finds the units of a store, measures them in parallel, and assembles the result.
fn scan_store(
    store: &StoreRequest,
    context: &ScanContext,
    by_name: bool,
    options: Option<&CacheOptions>,
    scanned: &mut Scanned,
) -> Result<Store> {
    let (root, device) = (context.root, context.root.device);
    let key = StoreKey { name: store.name.clone(), root: root.path.clone() };
    let mut cache = StoreCache::open(options, &key);
    let outside = cache.before.as_ref().and_then(|before| before.record(OUTSIDE));
    let mut found = find_units(context, store.owner.as_ref(), outside.as_deref());
    let is_unchanged = outside.is_some_and(|outside| outside == found.record.bytes());
    context.progress.found(found.units.len());
    let is_empty = found.units.is_empty() && found.outside.files == 0 && found.problems.is_empty();
    if is_empty && !context.cancel.is_requested() {
        return Err(Error::new("the store is empty: it has no mailbox and no file")
            .at(&root.path)
            .hint("is the volume mounted, and does this directory contain the mailboxes?"));
    }
    let record = std::mem::take(&mut found.record);
    if let Some(options) = options
        && let Err(error) = cache.record(&options.directory, key, &record, is_unchanged)
    {
        scanned.cache.errors.push(error);
    }
    drop(record);
    let calibration = by_name.then(|| estimate::calibrate(context, &found.units));
    let estimate = calibration.map(|calibration| SizeEstimate { calibration, device });
    let measure_unit = |unit: &Unit, stale: Option<&DirSet>| cache.measure(context, estimate.as_ref(), unit, stale);
    let measured = found.units.par_iter().with_max_len(1).map(|unit| measure_unit(unit, None));
    let (mut tallies, mut audits) = (Vec::new(), Vec::new());
    measured.unzip_into_vecs(&mut tallies, &mut audits);
    audits.into_iter().for_each(|audit| scanned.audit += audit);
    if let Some(before) = cache.before.as_ref().filter(|_| !context.cancel.is_requested()) {
        relinked::recount(&found, &mut tallies, before, device, |unit, stale| measure_unit(unit, Some(stale)).0);
    }
    if let Some(signal) = context.cancel.signal() {
        return Err(Error::stopped(signal));
    }
    scanned.cache.stores.push(cache);
    let assembled = assemble::store(&store.name, &root.path, found, tallies, &mut scanned.snapshot.problems);
    Ok(Store { calibration, ..assembled })
}
