//! The ledger: the events that people declare, in one small file of the history.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FULL_HINT, History, Marker, READER_HINT, seal};
use crate::model::directory::Directory;
use crate::model::error::{Error, Result};
use crate::model::schema::Day;
use crate::model::series::{EventKind, EventSource, KnownEvent, Resource};

/// The file in the history.
pub(crate) const LEDGER: &str = "ledger.json";
const FORMAT: &str = "mailrunway-ledger";
/// The version of the file; any other is refused.
const VERSION: i64 = 1;

/// A declared event: a past or future change that is not growth.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredEvent {
    /// Its number, which is never used again.
    pub id: u32,
    /// The store, mount point or series that it changed.
    pub name: String,
    /// The day, in UTC.
    #[schemars(with = "Day")]
    pub date: Date,
    /// The kind of event.
    pub kind: EventKind,
    /// Bytes added; removed if negative.
    pub size: i64,
    /// Inodes added; removed if negative. `None`: unknown.
    pub inodes: Option<i64>,
    /// The reason, in a person's words.
    pub note: Option<String>,
    /// The day of the last scan when it was declared, in UTC; `None` if that is not known.
    #[schemars(with = "Option<Day>")]
    pub last_scan: Option<Date>,
}

impl DeclaredEvent {
    /// The event of a series of that resource; `None` if it changes nothing there.
    pub fn known(&self, resource: Resource) -> Option<KnownEvent> {
        let size = match resource {
            Resource::Bytes => self.size,
            Resource::Inodes => self.inodes.unwrap_or(0),
            Resource::Messages => 0,
        };
        let (date, kind, source) = (self.date, self.kind, EventSource::Declared);
        (size != 0).then_some(KnownEvent { date, kind, size: size as f64, source })
    }

    /// The day from which on it was known: that of the last scan before it was declared, or else its own.
    pub fn known_since(&self) -> Date {
        self.last_scan.unwrap_or(self.date)
    }

    /// Whether both declare the same, regardless of number, note and when it was declared.
    fn is_same(&self, other: &DeclaredEvent) -> bool {
        let change = |event: &DeclaredEvent| (event.date, event.kind, event.size, event.inodes);
        self.name == other.name && change(self) == change(other)
    }
}

/// What is in the ledger now.
#[derive(Debug)]
pub struct Saved<T> {
    /// The change.
    pub change: T,
    /// That a crash could still undo it, if the disk did not confirm it.
    pub warning: Option<Error>,
}

/// The outcome of declaring an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It was added, with this number.
    New(DeclaredEvent),
    /// The ledger already had it.
    Existing(DeclaredEvent),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    schema_version: i64,
    /// That of the file with an empty one; see [`seal`].
    checksum: String,
    /// The number of the next event; those of removed events are not used again.
    next_id: u32,
    events: Vec<DeclaredEvent>,
}

impl History {
    /// The declared events, by number.
    ///
    /// # Errors
    /// If the ledger is damaged, or has a newer version.
    pub fn declared(&self) -> Result<Vec<DeclaredEvent>> {
        load(&self.directory()?, &self.root.join(LEDGER)).map(|file| file.events)
    }

    /// Declares an event, and sets its `id`; an event that the ledger already has is not added again.
    ///
    /// # Errors
    /// As [`History::declared`], and if the directory cannot be written; the ledger is then unchanged.
    pub fn declare(&self, event: DeclaredEvent) -> Result<Saved<Added>> {
        let directory = self.directory()?;
        let _lock = directory.lock();
        let path = self.root.join(LEDGER);
        let mut file = load(&directory, &path)?;
        if let Some(existing) = file.events.iter().find(|existing| existing.is_same(&event)) {
            return Ok(Saved { change: Added::Existing(existing.clone()), warning: None });
        }
        let event = DeclaredEvent { id: file.next_id, ..event };
        file.next_id = file.next_id.checked_add(1).ok_or_else(|| damaged(&path))?;
        file.events.push(event.clone());
        let warning = save(&directory, file)?;
        Ok(Saved { change: Added::New(event), warning })
    }

    /// Removes an event and returns it; `None` if no event has that number.
    ///
    /// # Errors
    /// As [`History::declare`].
    pub fn take_back(&self, id: u32) -> Result<Option<Saved<DeclaredEvent>>> {
        let directory = self.directory()?;
        let _lock = directory.lock();
        let mut file = load(&directory, &self.root.join(LEDGER))?;
        let Some(index) = file.events.iter().position(|event| event.id == id) else { return Ok(None) };
        let change = file.events.remove(index);
        let warning = save(&directory, file)?;
        Ok(Some(Saved { change, warning }))
    }

    /// Gives events other names, or removes those without one. Returns a warning if the disk may not have them yet.
    ///
    /// # Errors
    /// As [`History::declare`].
    pub fn rename_events(&self, names: &BTreeMap<u32, Option<String>>) -> Result<Option<Error>> {
        if names.is_empty() {
            return Ok(None);
        }
        let directory = self.directory()?;
        let _lock = directory.lock();
        let mut file = load(&directory, &self.root.join(LEDGER))?;
        file.events.retain_mut(|event| match names.get(&event.id) {
            Some(None) => false,
            Some(Some(name)) => {
                event.name.clone_from(name);
                true
            }
            None => true,
        });
        save(&directory, file)
    }
}

fn load(directory: &Directory, path: &Path) -> Result<File> {
    let Some(text) = directory.read(LEDGER).map_err(|e| e.or_hint(READER_HINT))? else {
        let (format, checksum) = (FORMAT.into(), String::new());
        return Ok(File { format, schema_version: VERSION, checksum, next_id: 1, events: Vec::new() });
    };
    let head: Marker = serde_json::from_slice(&text).map_err(|e| damaged(path).because(e))?;
    if head.format != FORMAT {
        return Err(damaged(path));
    }
    if head.schema_version != VERSION {
        let version = head.schema_version;
        return Err(Error::new(format!("the ledger has the unknown version {version}"))
            .at(path)
            .hint("update mailrunway"));
    }
    let mut file: File = serde_json::from_slice(&text).map_err(|e| damaged(path).because(e))?;
    let written = std::mem::take(&mut file.checksum);
    if checksum(&file) != written {
        return Err(damaged(path).because(Error::new("its checksum is wrong")));
    }
    let ids: BTreeSet<u32> = file.events.iter().map(|event| event.id).collect();
    // With a number used twice, removing one event would remove another.
    if ids.len() != file.events.len() || ids.last().is_some_and(|&last| last >= file.next_id) {
        return Err(damaged(path));
    }
    Ok(file)
}

/// Saves a file without its checksum.
fn save(directory: &Directory, mut file: File) -> Result<Option<Error>> {
    file.checksum = checksum(&file);
    let text = serde_json::to_string_pretty(&file).expect("numbers, dates and strings always have a JSON form");
    let unfinished = History::unfinished(directory)?;
    directory.write(&unfinished, LEDGER, format!("{text}\n").as_bytes()).map_err(|e| e.or_hint(FULL_HINT))
}

/// The checksum of a file without it.
fn checksum(file: &File) -> String {
    seal::digits(serde_json::to_string(file).expect("numbers, dates and strings always have a JSON form").as_bytes())
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
            last_scan: Some(date(2026, 9, 7)),
        }
    }

    #[test]
    fn ids_count_up_and_are_never_reused() {
        let dir = tempfile::tempdir().unwrap();
        let history = History { root: dir.path().to_owned() };
        assert_eq!(history.declared().unwrap(), []);
        let first = DeclaredEvent { id: 1, ..purge("old mail") };
        let declare = |event: &DeclaredEvent| history.declare(event.clone()).unwrap().change;
        assert_eq!(declare(&purge("old mail")), Added::New(first.clone()));
        assert_eq!(declare(&purge("the same")), Added::Existing(first.clone()));
        let other = DeclaredEvent { size: -301, ..purge("another") };
        assert_eq!(declare(&other), Added::New(DeclaredEvent { id: 2, ..other.clone() }));
        assert_eq!(history.take_back(2).unwrap().unwrap().change.size, -301);
        assert!(history.take_back(2).unwrap().is_none());
        assert_eq!(declare(&other), Added::New(DeclaredEvent { id: 3, ..other.clone() }));
        assert_eq!(history.declared().unwrap(), [first, DeclaredEvent { id: 3, ..other }]);
    }

    #[test]
    fn a_damaged_ledger_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let event = |id| {
            format!(r#"{{"id":{id},"name":"a","date":"2026-09-02","kind":"step","size":1,"inodes":null,"note":null}}"#)
        };
        let file = |version: i64, events: &str| {
            format!(
                r#"{{"format":"mailrunway-ledger","schema_version":{version},"checksum":"","next_id":2,"events":[{events}]}}"#
            )
        };
        let file = |version, events: &str| {
            let text = file(version, events);
            let sum = serde_json::from_str::<File>(&text).map(|file| checksum(&file)).unwrap_or_default();
            text.replace(r#""checksum":"""#, &format!(r#""checksum":"{sum}""#))
        };
        let load = |text: &str| {
            std::fs::write(dir.path().join(LEDGER), text).unwrap();
            History { root: dir.path().to_owned() }.declared()
        };
        assert_eq!(load(&file(1, &event(1))).unwrap().len(), 1);
        for (text, message) in [
            ("{".to_owned(), "the ledger is damaged"),
            (file(1, &event(1)).replace("ledger", "larder"), "the ledger is damaged"),
            (file(1, &event(2)), "the ledger is damaged"),
            (file(1, &format!("{},{}", event(1), event(1))), "the ledger is damaged"),
            (file(1, &event(1).replace("step", "jump")), "the ledger is damaged"),
            (file(1, &event(1)).replace(r#""size":1"#, r#""size":3"#), "the ledger is damaged"),
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
