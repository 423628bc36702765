//! Hides the names in all that is read from snapshots, if that was asked for once. No table reaches the other rooms by
//! another way, so no output can forget it.
//!
//! Settings, arguments, declared events and issued forecasts have real names: [`real`] turns a name back to compare it with
//! them, and the other functions hide one.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::OnceLock;

use super::table::ColumnTable;
use super::{History, SnapshotEntry, UNFINISHED};
use crate::model::error::{Error, Result};
use crate::model::pseudonyms::Pseudonyms;

/// The key that a history makes for itself.
pub(super) const KEY: &str = "pseudonyms.key";
/// Bytes of a key at least: 128 bits.
const SHORTEST: usize = 16;
/// Bytes of a key that is made.
const MADE: usize = 32;
/// In place of words that may have a name in them.
const WITHHELD: &str = "withheld, because it may name somebody";

static HIDDEN: OnceLock<Hidden> = OnceLock::new();

#[derive(Debug)]
struct Hidden {
    pseudonyms: Pseudonyms,
    /// Whether mailboxes are not listed at all.
    without_lists: bool,
}

/// From now on, all that is read has pseudonyms. Call it before anything is read, and once.
pub(crate) fn hide(key: &[u8]) {
    let _ = HIDDEN.set(Hidden { pseudonyms: Pseudonyms::new(key), without_lists: false });
}

/// As [`hide`], with a key that nobody knows, and mailboxes, domains and folders are not listed.
///
/// # Errors
/// If the kernel has no random bytes.
pub(crate) fn leave_out() -> Result<()> {
    let _ = HIDDEN.set(Hidden { pseudonyms: Pseudonyms::new(&random()?), without_lists: true });
    Ok(())
}

/// Whether mailboxes, domains and folders are not listed.
pub(crate) fn are_left_out() -> bool {
    HIDDEN.get().is_some_and(|hidden| hidden.without_lists)
}

/// Whether names are hidden.
pub(crate) fn are_hidden() -> bool {
    HIDDEN.get().is_some()
}

fn hidden<'n>(name: &'n str, hide: impl Fn(&Pseudonyms, &str) -> String) -> Cow<'n, str> {
    match HIDDEN.get() {
        Some(hidden) => Cow::Owned(hide(&hidden.pseudonyms, name)),
        None => Cow::Borrowed(name),
    }
}

/// A store, as what is read names it.
pub(crate) fn store(name: &str) -> Cow<'_, str> {
    hidden(name, Pseudonyms::store)
}

/// A machine, as what is read names it.
pub(crate) fn host(name: &str) -> Cow<'_, str> {
    hidden(name, Pseudonyms::host)
}

/// A mail domain, as what is read names it.
pub(crate) fn domain(name: &str) -> Cow<'_, str> {
    hidden(name, Pseudonyms::domain)
}

/// A path or mount point, as what is read names it.
pub(crate) fn path(path: &str) -> Cow<'_, str> {
    hidden(path, Pseudonyms::path)
}

/// The text with real names, as settings, arguments and files have them.
pub(crate) fn real(text: &str) -> Cow<'_, str> {
    hidden(text, Pseudonyms::real)
}

/// The series and stores of some snapshots, and others by host and name: the real name of each, and the name that is read.
pub(crate) fn of_series<'n>(
    entries: &[SnapshotEntry],
    others: impl Iterator<Item = [&'n str; 2]>,
) -> HashMap<String, String> {
    if !are_hidden() {
        return HashMap::new();
    }
    let mut all: BTreeSet<String> = BTreeSet::new();
    for entry in entries {
        let stores = entry.stores.iter().map(|store| &store.name);
        let names = entry.filesystems.iter().map(|volume| &volume.mount).chain(stores);
        all.extend(names.flat_map(|name| [name.clone(), format!("{}:{name}", entry.host)]));
    }
    all.extend(others.flat_map(|[host, name]| [name.to_owned(), format!("{host}:{name}")]));
    all.into_iter().map(|name| (real(&name).into_owned(), name)).collect()
}

/// All names that were read, by pseudonym.
pub(crate) fn known() -> Vec<(String, String)> {
    HIDDEN.get().map(|hidden| hidden.pseudonyms.known()).unwrap_or_default()
}

/// Hides the names in a table of a snapshot.
pub(super) fn cover(mut table: ColumnTable) -> Result<ColumnTable> {
    let Some(Hidden { pseudonyms, .. }) = HIDDEN.get() else { return Ok(table) };
    // Before the domains, which belong to the users.
    if table.has("user") {
        let covered = {
            let (users, domains) = (table.text("user")?, table.text("domain")?);
            (0..table.rows()).map(|row| Some(pseudonyms.user(domains(row), users(row)?))).collect()
        };
        table = table.with_text("user", covered);
    }
    type Cover = fn(&Pseudonyms, &str) -> String;
    let columns: [(&str, Cover); 9] = [
        ("domain", Pseudonyms::domain),
        ("folder", Pseudonyms::folder),
        ("folder_path", Pseudonyms::path),
        ("path", Pseudonyms::path),
        ("root", Pseudonyms::path),
        ("mount", Pseudonyms::path),
        ("store", Pseudonyms::store),
        ("host", Pseudonyms::host),
        ("detail", |_, _| WITHHELD.to_owned()),
    ];
    for (column, cover) in columns {
        if table.has(column) {
            let covered = {
                let cells = table.text(column)?;
                (0..table.rows()).map(|row| Some(cover(pseudonyms, cells(row)?))).collect()
            };
            table = table.with_text(column, covered);
        }
    }
    Ok(table)
}

/// Hides the names of an entry. Its own name stays: that of the directory.
pub(super) fn cover_entry(entry: &mut SnapshotEntry) {
    let Some(Hidden { pseudonyms, .. }) = HIDDEN.get() else { return };
    let cover_path = |path: &mut String| *path = pseudonyms.path(path);
    entry.host = pseudonyms.host(&entry.host);
    for filesystem in &mut entry.filesystems {
        cover_path(&mut filesystem.mount);
        filesystem.also_at.iter_mut().for_each(cover_path);
    }
    for store in &mut entry.stores {
        store.name = pseudonyms.store(&store.name);
        cover_path(&mut store.root);
    }
}

/// Reads a key from a file that only its owner may read.
///
/// # Errors
/// If it cannot be read, others may read it, or it is too short.
pub(crate) fn read_key(path: &Path) -> Result<Vec<u8>> {
    let failed = |e| Error::io("cannot read the key", path, e).hint(MAKE_HINT);
    let mut file = File::open(path).map_err(failed)?;
    let mode = file.metadata().map_err(failed)?.mode();
    if mode & 0o077 != 0 {
        return Err(Error::new("others may read the key, or change it")
            .at(path)
            .hint("`chmod 600` it; if somebody may have read it, make a new one"));
    }
    let mut key = Vec::new();
    file.read_to_end(&mut key).map_err(failed)?;
    checked(key.trim_ascii_end(), path)
}

const MAKE_HINT: &str = "make one: `(umask 077; head -c 32 /dev/urandom | base64 > FILE)`";

fn checked(key: &[u8], path: &Path) -> Result<Vec<u8>> {
    if key.len() < SHORTEST {
        return Err(Error::new(format!("the key has less than {SHORTEST} bytes and could be guessed"))
            .at(path)
            .hint(MAKE_HINT));
    }
    Ok(key.to_owned())
}

fn random() -> Result<[u8; MADE]> {
    let mut bytes = [0; MADE];
    let got = rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty());
    match got {
        Ok(MADE) => Ok(bytes),
        Ok(_) => Err(Error::new("the kernel gave too few random bytes")),
        Err(e) => Err(Error::new("the kernel gave no random bytes").because(e)),
    }
}

impl History {
    /// The key of this history, which is made at its first use.
    ///
    /// # Errors
    /// If it cannot be read or made, or others could read or change it.
    pub(crate) fn key(&self) -> Result<Vec<u8>> {
        let directory = self.directory()?;
        let _lock = directory.lock();
        if directory.has_file(KEY)? {
            return read_key(&self.root.join(KEY));
        }
        let key: String = random()?.iter().map(|byte| format!("{byte:02x}")).collect();
        let unfinished = directory.make(UNFINISHED)?;
        directory.write(&unfinished, KEY, format!("{key}\n").as_bytes())?;
        Ok(key.into_bytes())
    }
}
