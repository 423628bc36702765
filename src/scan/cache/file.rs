//! The cache file of one store.
//!
//! ```text
//! mailrunway tables 3\n
//! number of scans (64 bit)
//! for each unit: its record, its tables of messages
//! index: program version, store, root, and for each unit its key, extent, and the record's checksum
//! end: start and length of the index (64 bit), its checksum (32 bit)
//! ```
//! Numbers without a width are LEB128; the others are little-endian. The file is replaced by a rename, so it is always
//! complete. Parts with a wrong checksum are ignored, and so is the whole file if another version of the program wrote it,
//! whose readers may understand the same names differently. If nothing changed, only the number of scans is rewritten, which
//! decides when the next audit is.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crc32fast::hash as checksum;
use rustix::fs::OFlags;
use tempfile::NamedTempFile;

use crate::model::directory::Directory;
use crate::model::error::{Error, Result};
use crate::model::temporary;
use crate::model::varint::{self, VarintReader};
use crate::scan::cache::unit_record::UnitRecord;

/// The first line, with the version of the format.
const MAGIC: &[u8] = b"mailrunway tables 3\n";

const END_BYTES: u64 = 8 + 8 + 4;

const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// Identifies the store of a cache file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoreKey {
    /// The store's name.
    pub name: String,
    pub root: PathBuf,
}

/// The path of a store's file in the cache directory.
pub(crate) fn path(directory: &Path, store: &str) -> PathBuf {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let plain: String = store.chars().take(64).map(|c| if is_plain(c) { c } else { '-' }).collect();
    directory.join(format!("{plain}-{:08x}.tables", checksum(store.as_bytes())))
}

/// Removes the file of a store that is scanned no more, if there is one.
///
/// # Errors
/// If it cannot be removed.
pub(crate) fn remove(directory: &Path, store: &str) -> Result<()> {
    let path = path(directory, store);
    match fs::remove_file(&path) {
        Err(e) if !matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Err(Error::io("cannot remove the cache of the store", path, e).hint("remove it by hand; nothing needs it"))
        }
        _ => Ok(()),
    }
}

/// The position of a unit in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Extent {
    start: u64,
    record_length: u64,
    record_check: u32,
    tables_length: u64,
}

/// The cache of an earlier scan.
#[derive(Debug)]
pub(crate) struct CacheFile {
    file: File,
    length: u64,
    extents: HashMap<Box<[u8]>, Extent>,
    /// Scans since the cache was begun.
    pub scans: u64,
}

/// A unit in the cache. Its tables of messages are read when they are needed.
#[derive(Debug)]
pub(crate) struct StoredUnit<'a> {
    pub record: UnitRecord,
    file: &'a CacheFile,
    extent: Extent,
    tables: OnceCell<Option<Vec<u8>>>,
}

impl CacheFile {
    /// `None` if the store has no valid cache.
    pub(crate) fn open(directory: &Path, store: &StoreKey) -> Option<CacheFile> {
        // A pipe in its place is not waited for, and a link not followed.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        let file =
            File::options().read(true).custom_flags(flags.bits() as i32).open(path(directory, &store.name)).ok()?;
        let length = file.metadata().ok().filter(fs::Metadata::is_file)?.len();
        let mut cache = CacheFile { file, length, extents: HashMap::new(), scans: 0 };
        let end = cache.read(length.checked_sub(END_BYTES)?, END_BYTES)?;
        let (start, rest) = end.split_first_chunk()?;
        let (index_length, check) = rest.split_first_chunk()?;
        let index = cache.read(u64::from_le_bytes(*start), u64::from_le_bytes(*index_length))?;
        if checksum(&index).to_le_bytes() != check || cache.read(0, MAGIC.len() as u64)? != MAGIC {
            return None;
        }
        let mut index = VarintReader(&index);
        cache.scans = cache.read(MAGIC.len() as u64, 8)?.try_into().map(u64::from_le_bytes).ok()?;
        let fits = index.bytes()? == PROGRAM.as_bytes()
            && index.bytes()? == store.name.as_bytes()
            && index.bytes()? == store.root.as_os_str().as_bytes();
        if !fits {
            return None;
        }
        for _ in 0..index.number()? {
            let key = index.bytes()?.into();
            let (start, record_length) = (index.number()?, index.number()?);
            let record_check = u32::from_le_bytes(index.take(4)?.try_into().ok()?);
            cache.extents.insert(key, Extent { start, record_length, record_check, tables_length: index.number()? });
        }
        Some(cache)
    }

    /// The unit with that key. The device is that of all its inodes.
    pub(crate) fn unit(&self, key: &[u8], device: u64) -> Option<StoredUnit<'_>> {
        let record = UnitRecord::from_bytes(&self.record(key)?, device)?;
        let extent = *self.extents.get(key)?;
        Some(StoredUnit { record, file: self, extent, tables: OnceCell::new() })
    }

    /// The bytes of the record with that key.
    pub(crate) fn record(&self, key: &[u8]) -> Option<Vec<u8>> {
        let extent = self.extents.get(key)?;
        self.read(extent.start, extent.record_length).filter(|bytes| checksum(bytes) == extent.record_check)
    }

    fn read(&self, start: u64, length: u64) -> Option<Vec<u8>> {
        start.checked_add(length).filter(|&end| end <= self.length)?;
        let length = usize::try_from(length).ok()?;
        let mut bytes = Vec::new();
        // A sparse file can have any length.
        bytes.try_reserve_exact(length).ok()?;
        bytes.resize(length, 0);
        self.file.read_exact_at(&mut bytes, start).ok()?;
        Some(bytes)
    }
}

impl StoredUnit<'_> {
    /// A table of messages; `None` if it is damaged.
    pub(crate) fn table(&self, table: &Range<u64>, check: u32) -> Option<&[u8]> {
        let start = self.extent.start.checked_add(self.extent.record_length)?;
        let tables = self.tables.get_or_init(|| self.file.read(start, self.extent.tables_length)).as_deref()?;
        let table = usize::try_from(table.start).ok()?..usize::try_from(table.end).ok()?;
        tables.get(table).filter(|bytes| checksum(bytes) == check)
    }
}

/// Writes the cache of a store. An error is kept until `finish`: the scan does not need the cache.
#[derive(Debug)]
pub(crate) struct CacheWriter {
    path: PathBuf,
    store: StoreKey,
    state: Mutex<WriterState>,
    /// Open until the file is closed, whose path leads through it.
    directory: Directory,
    created: CreatedDirectories,
}

/// Directories created for the cache. They are removed unless the cache is finished.
#[derive(Debug, Default)]
struct CreatedDirectories(Vec<PathBuf>);

impl Drop for CreatedDirectories {
    fn drop(&mut self) {
        for directory in self.0.drain(..) {
            // Fails if another program put a file there.
            let _ = fs::remove_dir(directory);
        }
    }
}

#[derive(Debug)]
struct WriterState {
    file: BufWriter<NamedTempFile>,
    written: u64,
    extents: HashMap<Box<[u8]>, Extent>,
    /// Units to copy from the cache so far.
    kept: BTreeSet<Box<[u8]>>,
    failed: Option<io::Error>,
}

impl CacheWriter {
    /// # Errors
    /// If the directory cannot be created or written.
    pub(crate) fn begin(directory: &Path, store: StoreKey) -> Result<CacheWriter> {
        let failed = |e| Error::io("cannot write the cache", directory, e);
        let missing = directory.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.exists());
        let created = CreatedDirectories(missing.map(Path::to_owned).collect());
        let (history, name) = (directory.parent().unwrap_or(Path::new(".")), directory.file_name());
        let name = name.and_then(|name| name.to_str()).unwrap_or_default();
        let open = Directory::create(history)?.make(name)?;
        temporary::remove_files(&open.held());
        let file = temporary::file(&open.held(), 0o600).map_err(failed)?;
        let mut file = BufWriter::with_capacity(BUFFER_BYTES, file);
        // `finish` sets the number of scans.
        file.write_all(MAGIC).and_then(|()| file.write_all(&[0; 8])).map_err(failed)?;
        let written = MAGIC.len() as u64 + 8;
        let state = WriterState { file, written, extents: HashMap::new(), kept: BTreeSet::new(), failed: None };
        Ok(CacheWriter {
            path: path(&open.held(), &store.name),
            store,
            state: Mutex::new(state),
            directory: open,
            created,
        })
    }

    /// Adds a unit, in place of an earlier one with the same key.
    pub(crate) fn add(&self, key: &[u8], record: &[u8], tables: &[u8]) {
        self.lock().add(key, checksum(record), record, tables);
    }

    /// Adds a unit as it is in the cache so far.
    pub(crate) fn keep(&self, key: &[u8]) {
        self.lock().kept.insert(key.into());
    }

    fn lock(&self) -> MutexGuard<'_, WriterState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the cache so far.
    ///
    /// # Errors
    /// If it could not be written; the cache so far remains.
    pub(crate) fn finish(mut self, before: Option<CacheFile>, scans: u64) -> Result<()> {
        self.created.0.clear();
        let failed = |e| Error::io("cannot write the cache", self.directory.shown(&self.path), e);
        let mut state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = &before {
            if state.keeps_all(before) {
                return write_scans(&self.path, scans).map_err(failed);
            }
            state.copy_kept(before);
        }
        if let Some(error) = state.failed.take() {
            return Err(failed(error));
        }
        let file = state.end(&self.store, scans).map_err(failed)?;
        file.persist(&self.path).map_err(|e| failed(e.error))?;
        self.directory.sync().map_err(failed)
    }
}

/// Large enough that the calls to the kernel cost nothing.
const BUFFER_BYTES: usize = 128 << 10;

fn write_scans(path: &Path, scans: u64) -> io::Result<()> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32;
    File::options().write(true).custom_flags(flags).open(path)?.write_all_at(&scans.to_le_bytes(), MAGIC.len() as u64)
}

impl WriterState {
    /// Whether the new cache is the same as the one so far.
    fn keeps_all(&self, before: &CacheFile) -> bool {
        self.extents.is_empty() && self.kept.len() == before.extents.len()
    }

    /// Copies the kept units in the order of the file.
    fn copy_kept(&mut self, before: &CacheFile) {
        let kept = std::mem::take(&mut self.kept);
        let units = before.extents.iter();
        let mut units: Vec<_> =
            units.filter(|(key, _)| kept.contains(*key) && !self.extents.contains_key(*key)).collect();
        units.sort_unstable_by_key(|(_, extent)| extent.start);
        for (key, extent) in units {
            let length = extent.record_length.saturating_add(extent.tables_length);
            let Some(bytes) = before.read(extent.start, length) else { continue };
            let (record, tables) = bytes.split_at(extent.record_length as usize);
            self.add(key, extent.record_check, record, tables);
        }
    }

    fn add(&mut self, key: &[u8], record_check: u32, record: &[u8], tables: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        let written = self.file.write_all(record).and_then(|()| self.file.write_all(tables));
        if let Err(error) = written {
            self.failed = Some(error);
            return;
        }
        let (record_length, tables_length) = (record.len() as u64, tables.len() as u64);
        self.extents.insert(key.into(), Extent { start: self.written, record_length, record_check, tables_length });
        self.written += record_length + tables_length;
    }

    /// Writes the index and the end, and syncs the file.
    fn end(mut self, store: &StoreKey, scans: u64) -> io::Result<NamedTempFile> {
        let index = index(store, &self.extents);
        self.file.write_all(&index)?;
        self.file.write_all(&self.written.to_le_bytes())?;
        self.file.write_all(&(index.len() as u64).to_le_bytes())?;
        self.file.write_all(&checksum(&index).to_le_bytes())?;
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().write_all_at(&scans.to_le_bytes(), MAGIC.len() as u64)?;
        file.as_file().sync_all()?;
        Ok(file)
    }
}

fn index(store: &StoreKey, extents: &HashMap<Box<[u8]>, Extent>) -> Vec<u8> {
    let mut index = Vec::new();
    varint::put_bytes(&mut index, PROGRAM.as_bytes());
    varint::put_bytes(&mut index, store.name.as_bytes());
    varint::put_bytes(&mut index, store.root.as_os_str().as_bytes());
    varint::put(&mut index, extents.len() as u64);
    for (key, extent) in extents {
        varint::put_bytes(&mut index, key);
        varint::put(&mut index, extent.start);
        varint::put(&mut index, extent.record_length);
        index.extend_from_slice(&extent.record_check.to_le_bytes());
        varint::put(&mut index, extent.tables_length);
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::cache::unit_record::UnitRecord;

    fn key(name: &str, root: &str) -> StoreKey {
        StoreKey { name: name.to_owned(), root: root.into() }
    }

    fn written(directory: &Path, units: &[(&str, &[u8])]) {
        let writer = CacheWriter::begin(directory, key("a", "/a")).unwrap();
        units.iter().for_each(|(key, tables)| writer.add(key.as_bytes(), &UnitRecord::default().bytes(), tables));
        writer.finish(None, 4).unwrap();
    }

    #[test]
    fn a_unit_is_found_only_in_the_cache_of_its_store() {
        let home = tempfile::tempdir().unwrap();
        let cache = home.path().join("cache");
        written(cache.as_path(), &[("one", b"first"), ("two", b"second")]);
        let tables = CacheFile::open(cache.as_path(), &key("a", "/a")).unwrap();
        assert_eq!(tables.scans, 4);
        let unit = tables.unit(b"two", 0).unwrap();
        assert_eq!(unit.record, UnitRecord::default());
        assert_eq!(unit.table(&(1..4), checksum(b"eco")), Some(&b"eco"[..]));
        assert_eq!(unit.table(&(1..4), checksum(b"oce")), None);
        assert_eq!(unit.table(&(4..9), 0), None);
        assert!(tables.unit(b"three", 0).is_none());
        for other in [key("a", "/b"), key("b", "/a")] {
            assert!(CacheFile::open(cache.as_path(), &other).is_none(), "{other:?}");
        }
    }

    #[test]
    fn kept_units_stay_and_new_units_are_added() {
        let home = tempfile::tempdir().unwrap();
        let cache = home.path().join("cache");
        written(cache.as_path(), &[("one", b"first"), ("two", b"second")]);
        let file = path(cache.as_path(), "a");
        let before = fs::read(&file).unwrap();
        let again = |keys: &[&str], added: Option<&str>| {
            let tables = CacheFile::open(cache.as_path(), &key("a", "/a"));
            let writer = CacheWriter::begin(cache.as_path(), key("a", "/a")).unwrap();
            keys.iter().for_each(|key| writer.keep(key.as_bytes()));
            added.iter().for_each(|key| writer.add(key.as_bytes(), &UnitRecord::default().bytes(), b"third"));
            writer.finish(tables, 5).unwrap();
        };
        again(&["two", "one"], None);
        let counted = fs::read(&file).unwrap();
        let counter = MAGIC.len()..MAGIC.len() + 8;
        assert_eq!(counted[counter.clone()], 5_u64.to_le_bytes());
        assert_eq!(counted[counter.end..], before[counter.end..]);
        again(&["two"], Some("three"));
        let tables = CacheFile::open(cache.as_path(), &key("a", "/a")).unwrap();
        let stored = |key: &str, length| {
            let unit = tables.unit(key.as_bytes(), 0)?;
            unit.tables.get_or_init(|| None);
            tables.read(unit.extent.start + unit.extent.record_length, length)
        };
        assert_eq!((stored("two", 6), stored("three", 5)), (Some(b"second".to_vec()), Some(b"third".to_vec())));
        assert!(tables.unit(b"one", 0).is_none(), "not kept");
        assert_eq!(fs::read_dir(cache.as_path()).unwrap().count(), 1);
    }

    #[test]
    fn an_unfinished_cache_leaves_no_file() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("history/cache");
        let writer = CacheWriter::begin(&directory, key("a", "/a")).unwrap();
        writer.add(b"one", b"record", b"tables");
        drop(writer);
        assert!(!home.path().join("history").exists());
    }
}
