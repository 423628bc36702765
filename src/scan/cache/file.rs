//! The file that holds the tables of one store.
//!
//! ```text
//! mailrunway tables 2\n
//! how many scans there were (64 bit)
//! of each unit: its record, its tables of messages
//! index: program version, store, root, and of each unit its key, where it stands, and the record's checksum
//! end: start and length of the index (64 bit), its checksum (32 bit)
//! ```
//! Numbers are LEB128 where no width is told, and little-endian where one is. The file is written beside its place and
//! renamed into it, so that it is there whole or not at all; whatever in it does not fit its checksum is as if it had never
//! been seen, and so is all of it if another version of the program wrote it, whose readers may have understood the same
//! names otherwise. Where nothing changed, the file stays, and only the number of scans is written into it, which says
//! nothing but when the memory is tested next.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, DirBuilder, File};
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, FileExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use super::checksum;
use crate::model::atomic;
use crate::model::error::{Error, Result};
use crate::model::varint;
use crate::model::varint::VarintReader;
use crate::scan::cache::unit_record::Record;

/// What the file begins with; the number is the version of the format.
const MAGIC: &[u8] = b"mailrunway tables 2\n";

/// The end of the file.
const END_BYTES: usize = 8 + 8 + 4;

/// Readers of other versions may say something else of the same names.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// Whose tables they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Of {
    /// The store's name.
    pub store: String,
    /// Its directory.
    pub root: PathBuf,
}

/// Where the tables of a store lie, in the directory of all tables.
pub(crate) fn path(directory: &Path, of: &Of) -> PathBuf {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let plain: String = of.store.chars().take(64).map(|c| if is_plain(c) { c } else { '-' }).collect();
    directory.join(format!("{plain}-{:08x}.tables", checksum(of.store.as_bytes())))
}

/// Where a unit stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    start: u64,
    record_length: u64,
    record_check: u32,
    tables_length: u64,
}

/// The tables that an earlier scan left.
#[derive(Debug)]
pub(crate) struct Tables {
    file: File,
    length: u64,
    places: HashMap<Box<[u8]>, Place>,
    /// How many scans there were since they were begun, that which wrote them included.
    pub scans: u64,
}

/// What is remembered of a unit; its tables of messages are read when they are needed.
#[derive(Debug)]
pub(crate) struct Unit<'a> {
    /// Its record.
    pub record: Record,
    file: &'a Tables,
    place: Place,
    tables: OnceCell<Option<Vec<u8>>>,
}

impl Tables {
    /// The tables of a store, if there are any that fit.
    pub(crate) fn open(directory: &Path, of: &Of) -> Option<Tables> {
        let file = File::open(path(directory, of)).ok()?;
        let mut end = [0; END_BYTES];
        let length = file.metadata().ok().filter(fs::Metadata::is_file)?.len();
        file.read_exact_at(&mut end, length.checked_sub(END_BYTES as u64)?).ok()?;
        let (start, rest) = end.split_first_chunk()?;
        let (index_length, check) = rest.split_first_chunk()?;
        let (start, index_length) = (u64::from_le_bytes(*start), u64::from_le_bytes(*index_length));
        let index = read(&file, length, start, index_length)?;
        if checksum(&index).to_le_bytes() != check || read(&file, length, 0, MAGIC.len() as u64)? != MAGIC {
            return None;
        }
        let mut index = VarintReader(&index);
        let scans = read(&file, length, MAGIC.len() as u64, 8)?.try_into().map(u64::from_le_bytes).ok()?;
        let is_of = index.bytes()? == PROGRAM.as_bytes()
            && index.bytes()? == of.store.as_bytes()
            && index.bytes()? == of.root.as_os_str().as_bytes();
        if !is_of {
            return None;
        }
        let mut places = HashMap::new();
        for _ in 0..index.number()? {
            let key = index.bytes()?.into();
            let (start, record_length) = (index.number()?, index.number()?);
            let record_check = u32::from_le_bytes(index.take(4)?.try_into().ok()?);
            places.insert(key, Place { start, record_length, record_check, tables_length: index.number()? });
        }
        Some(Tables { file, length, places, scans })
    }

    /// What is remembered of the unit of that key. Of the device are the inodes in it.
    pub(crate) fn unit(&self, key: &[u8], device: u64) -> Option<Unit<'_>> {
        let place = *self.places.get(key)?;
        let bytes = self.read(place.start, place.record_length)?;
        let record = Record::of(&bytes, device).filter(|_| checksum(&bytes) == place.record_check)?;
        Some(Unit { record, file: self, place, tables: OnceCell::new() })
    }

    fn read(&self, start: u64, length: u64) -> Option<Vec<u8>> {
        read(&self.file, self.length, start, length)
    }
}

impl Unit<'_> {
    /// A table of messages, if it is whole.
    pub(crate) fn table(&self, table: &Range<u64>, check: u32) -> Option<&[u8]> {
        let start = self.place.start.checked_add(self.place.record_length)?;
        let tables = self.tables.get_or_init(|| self.file.read(start, self.place.tables_length)).as_deref()?;
        let table = usize::try_from(table.start).ok()?..usize::try_from(table.end).ok()?;
        tables.get(table).filter(|bytes| checksum(bytes) == check)
    }
}

/// Bytes of a file of that length.
fn read(file: &File, file_length: u64, start: u64, length: u64) -> Option<Vec<u8>> {
    start.checked_add(length).filter(|&end| end <= file_length)?;
    let length = usize::try_from(length).ok()?;
    let mut bytes = Vec::new();
    // A file with a hole can say that it is of any length.
    bytes.try_reserve_exact(length).ok()?;
    bytes.resize(length, 0);
    file.read_exact_at(&mut bytes, start).ok()?;
    Some(bytes)
}

/// Tables that are being written; what cannot be written is given up, since the scan does well without.
#[derive(Debug)]
pub(crate) struct Writer {
    path: PathBuf,
    of: Of,
    state: Mutex<State>,
    made: Made,
}

/// Directories that were made for the tables; removed again if nothing comes of them.
#[derive(Debug, Default)]
struct Made(Vec<PathBuf>);

impl Drop for Made {
    fn drop(&mut self) {
        for directory in self.0.drain(..) {
            // Somebody may have put something else there.
            let _ = fs::remove_dir(directory);
        }
    }
}

#[derive(Debug)]
struct State {
    file: BufWriter<NamedTempFile>,
    written: u64,
    places: HashMap<Box<[u8]>, Place>,
    /// Units that are as they were.
    again: BTreeSet<Box<[u8]>>,
    failed: Option<io::Error>,
}

impl Writer {
    /// Begins the tables of a store.
    ///
    /// # Errors
    /// If the directory cannot be made or written.
    pub(crate) fn begin(directory: &Path, of: Of) -> Result<Writer> {
        let failed = |e| Error::io("cannot remember what was scanned", directory, e);
        let missing = directory.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.exists());
        let made = Made(missing.map(Path::to_owned).collect());
        // They tell the names of mailboxes and folders, as the history does, in which they lie.
        if let Some(above) = directory.parent().and_then(Path::parent) {
            fs::create_dir_all(above).map_err(failed)?;
        }
        DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(failed)?;
        atomic::remove_old(directory, |name| name.as_bytes().starts_with(atomic::TEMPORARY.as_bytes()));
        let file = tempfile::Builder::new().prefix(atomic::TEMPORARY).tempfile_in(directory);
        let mut file = BufWriter::with_capacity(WRITTEN_AT_ONCE, file.map_err(|e| failed(atomic::without_path(e)))?);
        // Written when the scan is done: the number of scans.
        file.write_all(MAGIC).and_then(|()| file.write_all(&[0; 8])).map_err(failed)?;
        let written = MAGIC.len() as u64 + 8;
        let state = State { file, written, places: HashMap::new(), again: BTreeSet::new(), failed: None };
        Ok(Writer { path: path(directory, &of), of, state: Mutex::new(state), made })
    }

    /// Adds a unit; a later one of the same key takes its place.
    pub(crate) fn add(&self, key: &[u8], record: &[u8], tables: &[u8]) {
        self.lock().add(key, checksum(record), record, tables);
    }

    /// Adds a unit as it was.
    pub(crate) fn add_again(&self, key: &[u8]) {
        self.lock().again.insert(key.into());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts the tables in the place of those that were there, after so many scans.
    ///
    /// # Errors
    /// If they could not be written; those that were there still are.
    pub(crate) fn finish(mut self, before: Option<Tables>, scans: u64) -> Result<()> {
        self.made.0.clear();
        let failed = |e| Error::io("cannot remember what was scanned", &self.path, e);
        let mut state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = &before {
            if state.is_all_of(before) {
                return count(&self.path, scans).map_err(failed);
            }
            state.add_all_again(before);
        }
        if let Some(error) = state.failed.take() {
            return Err(failed(error));
        }
        let file = state.end(&self.of, scans).map_err(failed)?;
        file.persist(&self.path).map_err(|e| failed(e.error))?;
        atomic::sync_directory(self.path.parent().unwrap_or(Path::new("."))).map_err(failed)
    }
}

/// The kernel is called so seldom that it costs nothing.
const WRITTEN_AT_ONCE: usize = 128 << 10;

/// Writes the number of scans into a file that stays as it is otherwise.
fn count(path: &Path, scans: u64) -> io::Result<()> {
    File::options().write(true).open(path)?.write_all_at(&scans.to_le_bytes(), MAGIC.len() as u64)
}

impl State {
    /// Whether there is nothing but what was there before, and all of it.
    fn is_all_of(&self, before: &Tables) -> bool {
        self.places.is_empty() && self.again.len() == before.places.len()
    }

    /// Takes over the units that are as they were, in the order in which they stand.
    fn add_all_again(&mut self, before: &Tables) {
        let again = std::mem::take(&mut self.again);
        let mut units: Vec<(&Box<[u8]>, &Place)> =
            again.iter().filter_map(|key| before.places.get_key_value(key)).collect();
        units.sort_unstable_by_key(|(_, place)| place.start);
        for (key, place) in units.into_iter().filter(|(key, _)| !self.places.contains_key(*key)).collect::<Vec<_>>() {
            let length = place.record_length.saturating_add(place.tables_length);
            let Some(bytes) = before.read(place.start, length) else { continue };
            let (record, tables) = bytes.split_at(place.record_length as usize);
            self.add(key, place.record_check, record, tables);
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
        self.places.insert(key.into(), Place { start: self.written, record_length, record_check, tables_length });
        self.written += record_length + tables_length;
    }

    /// Writes the end, and makes all of it outlive a crash.
    fn end(mut self, of: &Of, scans: u64) -> io::Result<NamedTempFile> {
        let index = index(of, &self.places);
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

fn index(of: &Of, places: &HashMap<Box<[u8]>, Place>) -> Vec<u8> {
    let mut index = Vec::new();
    varint::put_bytes(&mut index, PROGRAM.as_bytes());
    varint::put_bytes(&mut index, of.store.as_bytes());
    varint::put_bytes(&mut index, of.root.as_os_str().as_bytes());
    varint::put(&mut index, places.len() as u64);
    for (key, place) in places {
        varint::put_bytes(&mut index, key);
        varint::put(&mut index, place.start);
        varint::put(&mut index, place.record_length);
        index.extend_from_slice(&place.record_check.to_le_bytes());
        varint::put(&mut index, place.tables_length);
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::cache::unit_record::Record;

    fn of(store: &str, root: &str) -> Of {
        Of { store: store.to_owned(), root: root.into() }
    }

    fn written(directory: &Path, units: &[(&str, &[u8])]) {
        let writer = Writer::begin(directory, of("a", "/a")).unwrap();
        units.iter().for_each(|(key, tables)| writer.add(key.as_bytes(), &Record::default().bytes(), tables));
        writer.finish(None, 4).unwrap();
    }

    #[test]
    fn a_unit_is_found_with_its_tables_and_only_by_its_own_store() {
        let home = tempfile::tempdir().unwrap();
        written(home.path(), &[("one", b"first"), ("two", b"second")]);
        let tables = Tables::open(home.path(), &of("a", "/a")).unwrap();
        assert_eq!(tables.scans, 4);
        let unit = tables.unit(b"two", 0).unwrap();
        assert_eq!(unit.record, Record::default());
        assert_eq!(unit.table(&(1..4), checksum(b"eco")), Some(&b"eco"[..]));
        assert_eq!(unit.table(&(1..4), checksum(b"oce")), None);
        assert_eq!(unit.table(&(4..9), 0), None);
        assert!(tables.unit(b"three", 0).is_none());
        for other in [of("a", "/b"), of("b", "/a")] {
            assert!(Tables::open(home.path(), &other).is_none(), "{other:?}");
        }
    }

    #[test]
    fn what_did_not_change_stays_and_what_did_is_written_anew() {
        let home = tempfile::tempdir().unwrap();
        written(home.path(), &[("one", b"first"), ("two", b"second")]);
        let file = path(home.path(), &of("a", "/a"));
        let before = fs::read(&file).unwrap();
        let again = |keys: &[&str], added: Option<&str>| {
            let tables = Tables::open(home.path(), &of("a", "/a"));
            let writer = Writer::begin(home.path(), of("a", "/a")).unwrap();
            keys.iter().for_each(|key| writer.add_again(key.as_bytes()));
            added.iter().for_each(|key| writer.add(key.as_bytes(), &Record::default().bytes(), b"third"));
            writer.finish(tables, 5).unwrap();
        };
        again(&["two", "one"], None);
        let counted = fs::read(&file).unwrap();
        let counter = MAGIC.len()..MAGIC.len() + 8;
        assert_eq!(counted[counter.clone()], 5_u64.to_le_bytes());
        assert_eq!(counted[counter.end..], before[counter.end..]);
        again(&["two"], Some("three"));
        let tables = Tables::open(home.path(), &of("a", "/a")).unwrap();
        let held = |key: &str, length| {
            let unit = tables.unit(key.as_bytes(), 0)?;
            unit.tables.get_or_init(|| None);
            tables.read(unit.place.start + unit.place.record_length, length)
        };
        assert_eq!((held("two", 6), held("three", 5)), (Some(b"second".to_vec()), Some(b"third".to_vec())));
        assert!(tables.unit(b"one", 0).is_none(), "it is gone");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[test]
    fn tables_that_are_not_finished_leave_nothing() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("history/remembered");
        let writer = Writer::begin(&directory, of("a", "/a")).unwrap();
        writer.add(b"one", b"record", b"tables");
        drop(writer);
        assert!(!home.path().join("history").exists());
    }
}
