//! The ledger: what people declare about a store, in one small file of the history.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::READER_HINT;
use crate::model::atomic;
use crate::model::error::{Error, Result};
use crate::model::series::{EventKind, EventSource, KnownEvent, Resource};

/// The file in the history.
pub(crate) const LEDGER: &str = "ledger.json";
/// What the file says it is.
const FORMAT: &str = "mailrunway-ledger";
/// The version of the file; a reader refuses a newer one.
const VERSION: i64 = 1;

/// What a person declared: a change that was no growth, or will be none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredEvent {
    /// The number by which it is called; never given twice.
    pub id: u32,
    /// What it happened to: a store, a mount point or a series.
    pub name: String,
    /// The day, in UTC.
    pub date: Date,
    /// What happened.
    pub kind: EventKind,
    /// What it added in bytes, or removed if negative.
    pub size: i64,
    /// What it added in inodes, or removed if negative, if that is known.
    pub inodes: Option<i64>,
    /// Why, in a person's words.
    pub note: Option<String>,
}

impl DeclaredEvent {
    /// What a series of that resource knows of it; `None` where it changes nothing.
    pub fn known(&self, resource: Resource) -> Option<KnownEvent> {
        let size = match resource {
            Resource::Bytes => self.size,
            Resource::Inodes => self.inodes.unwrap_or(0),
            Resource::Messages => 0,
        };
        let (date, kind, source) = (self.date, self.kind, EventSource::Declared);
        (size != 0).then_some(KnownEvent { date, kind, size: size as f64, source })
    }

    /// Whether the other declares the same, whatever its number and note.
    fn is_same(&self, other: &DeclaredEvent) -> bool {
        let held = |event: &DeclaredEvent| (event.date, event.kind, event.size, event.inodes);
        self.name == other.name && held(self) == held(other)
    }
}

/// What became of an event that was to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It stands in the ledger now, with this number.
    New(DeclaredEvent),
    /// It stood there before, as this.
    Held(DeclaredEvent),
}

/// The file as it lies.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    schema_version: i64,
    /// The number of the next event: those of removed ones stay free.
    next_id: u32,
    events: Vec<DeclaredEvent>,
}

/// What a file of any version has.
#[derive(Deserialize)]
struct LedgerHead {
    format: String,
    schema_version: i64,
}

/// The events of a history by number; none where nobody declared any.
pub(crate) fn read(root: &Path) -> Result<Vec<DeclaredEvent>> {
    load(&root.join(LEDGER)).map(|file| file.events)
}

/// Adds an event, whose `id` is given here, unless the ledger has it.
pub(crate) fn add(root: &Path, event: DeclaredEvent) -> Result<Added> {
    let _lock = atomic::lock(root);
    let path = root.join(LEDGER);
    let mut file = load(&path)?;
    if let Some(held) = file.events.iter().find(|held| held.is_same(&event)) {
        return Ok(Added::Held(held.clone()));
    }
    let event = DeclaredEvent { id: file.next_id, ..event };
    file.next_id = file.next_id.checked_add(1).ok_or_else(|| damaged(&path))?;
    file.events.push(event.clone());
    save(&path, &file)?;
    Ok(Added::New(event))
}

/// Removes an event and returns it; `None` if there is none of that number.
pub(crate) fn remove(root: &Path, id: u32) -> Result<Option<DeclaredEvent>> {
    let _lock = atomic::lock(root);
    let path = root.join(LEDGER);
    let mut file = load(&path)?;
    let Some(index) = file.events.iter().position(|event| event.id == id) else { return Ok(None) };
    let removed = file.events.remove(index);
    save(&path, &file)?;
    Ok(Some(removed))
}

fn load(path: &Path) -> Result<File> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == ErrorKind::NotFound => {
            return Ok(File { format: FORMAT.into(), schema_version: VERSION, next_id: 1, events: Vec::new() });
        }
        Err(e) if e.kind() == ErrorKind::InvalidData => return Err(damaged(path).because(e)),
        Err(e) => return Err(Error::io("cannot read the ledger", path, e).hint(READER_HINT)),
    };
    let head: LedgerHead = serde_json::from_str(&text).map_err(|e| damaged(path).because(e))?;
    if head.format != FORMAT {
        return Err(damaged(path));
    }
    if head.schema_version != VERSION {
        let version = head.schema_version;
        return Err(Error::new(format!("the ledger has the unknown version {version}"))
            .at(path)
            .hint("update mailrunway"));
    }
    let file: File = serde_json::from_str(&text).map_err(|e| damaged(path).because(e))?;
    let ids: BTreeSet<u32> = file.events.iter().map(|event| event.id).collect();
    // A number given twice would remove an event that nobody meant.
    if ids.len() != file.events.len() || ids.last().is_some_and(|&last| last >= file.next_id) {
        return Err(damaged(path));
    }
    Ok(file)
}

fn save(path: &Path, file: &File) -> Result<()> {
    let text = serde_json::to_string_pretty(file).expect("numbers, dates and strings always have a JSON form");
    atomic::write(path, format!("{text}\n").as_bytes())
}

fn damaged(path: &Path) -> Error {
    Error::new("the ledger is damaged")
        .at(path)
        .hint("restore it from a backup, or move it out of the history and declare its events again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn purge(note: &str) -> DeclaredEvent {
        DeclaredEvent {
            id: 0,
            name: "vmail".into(),
            date: date(2026, 9, 2),
            kind: EventKind::Purge,
            size: -300,
            inodes: Some(-4),
            note: Some(note.to_owned()),
        }
    }

    #[test]
    fn ids_count_up_and_are_never_reused() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        assert_eq!(read(root).unwrap(), []);
        let first = DeclaredEvent { id: 1, ..purge("old mail") };
        assert_eq!(add(root, purge("old mail")).unwrap(), Added::New(first.clone()));
        assert_eq!(add(root, purge("the same")).unwrap(), Added::Held(first.clone()));
        let other = DeclaredEvent { size: -301, ..purge("another") };
        assert_eq!(add(root, other.clone()).unwrap(), Added::New(DeclaredEvent { id: 2, ..other.clone() }));
        assert_eq!(remove(root, 2).unwrap().unwrap().size, -301);
        assert_eq!(remove(root, 2).unwrap(), None);
        assert_eq!(add(root, other.clone()).unwrap(), Added::New(DeclaredEvent { id: 3, ..other.clone() }));
        assert_eq!(read(root).unwrap(), [first, DeclaredEvent { id: 3, ..other }]);
    }

    #[test]
    fn a_damaged_ledger_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let event = |id| {
            format!(r#"{{"id":{id},"name":"a","date":"2026-09-02","kind":"step","size":1,"inodes":null,"note":null}}"#)
        };
        let file = |version: i64, events: &str| {
            format!(r#"{{"format":"mailrunway-ledger","schema_version":{version},"next_id":2,"events":[{events}]}}"#)
        };
        let load = |text: &str| {
            std::fs::write(dir.path().join(LEDGER), text).unwrap();
            read(dir.path())
        };
        assert_eq!(load(&file(1, &event(1))).unwrap().len(), 1);
        for (text, message) in [
            ("{".to_owned(), "the ledger is damaged"),
            (file(1, &event(1)).replace("ledger", "larder"), "the ledger is damaged"),
            (file(1, &event(2)), "the ledger is damaged"),
            (file(1, &format!("{},{}", event(1), event(1))), "the ledger is damaged"),
            (file(1, &event(1).replace("step", "jump")), "the ledger is damaged"),
            (file(2, r#""events of another kind""#), "the ledger has the unknown version 2"),
        ] {
            let error = load(&text).unwrap_err();
            assert!(error.to_string().starts_with(message) && error.advice().is_some(), "{error} of {text}");
        }
    }

    #[test]
    fn an_event_of_size_zero_is_ignored() {
        let event = DeclaredEvent { size: 0, ..purge("hard links") };
        assert_eq!(event.known(Resource::Bytes), None);
        assert_eq!(event.known(Resource::Inodes).unwrap().size, -4.0);
        assert_eq!(DeclaredEvent { inodes: None, ..event }.known(Resource::Inodes), None);
    }
}
