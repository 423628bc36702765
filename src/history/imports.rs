//! Series that another tool measured, imported into the history: one file for each.

mod join;

use std::fs;
use std::io;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use strum_macros::IntoStaticStr;

use super::rows::{Row, null, unknown};
use super::table::{ColumnTable, TableBuilder};
use super::{FULL_HINT, History, IMPORTS, READER_HINT, names, parquet, seal, write_hint};
use crate::model::atomic;
use crate::model::directory::Directory;
use crate::model::error::{Error, Result};
use crate::model::series::{Resource, points::Point};
use crate::model::temporary::TemporaryDirectory;

pub(super) use join::joined;

/// The prefix of the names of files.
const FINISHED: &str = "import=";

/// What an imported series belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// A volume, by its mount point.
    Volume,
    /// A store.
    Store,
}

/// The tool that measured it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Source {
    /// A table.
    Csv,
    /// Prometheus.
    Prometheus,
    /// RRDtool.
    Rrd,
    /// Zabbix.
    Zabbix,
}

/// The series that an import is the past of. There is one import of each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize)]
pub struct Target {
    /// The machine.
    pub host: String,
    /// What the name is of.
    pub kind: Kind,
    /// The mount point or the store.
    pub name: String,
    /// The resource.
    pub resource: Resource,
}

impl Target {
    /// The name of its file. A name of the target may have any characters.
    fn file(&self) -> String {
        let Target { host, kind, name, resource } = self;
        let key = [host.as_str(), (*kind).into(), name, resource.word()].join("\0");
        format!("{FINISHED}{}.parquet", seal::digits(key.as_bytes()))
    }
}

/// An imported series.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The series that it is the past of.
    pub target: Target,
    /// The tool.
    pub source: Source,
    /// When it was imported.
    pub imported_at: Timestamp,
    /// The points, by time; at least one.
    pub points: Vec<Point>,
}

impl History {
    /// All imports, by target, with names hidden as elsewhere; and one error for each damaged file.
    ///
    /// # Errors
    /// If the directory cannot be listed.
    pub fn imports(&self) -> Result<(Vec<Import>, Vec<Error>)> {
        let (mut all, mut damaged) = (Vec::new(), Vec::new());
        for (_, read) in self.import_files()? {
            match read {
                Ok(import) => all.push(cover(import)),
                Err(error) => damaged.push(error),
            }
        }
        all.sort_by(|a, b| a.target.cmp(&b.target));
        Ok((all, damaged))
    }

    /// The files of imports, by name, and what is in each.
    pub(super) fn import_files(&self) -> Result<Vec<(String, Result<Import>)>> {
        let path = self.root.join(IMPORTS);
        let failed = |e| Error::io("cannot list the imports", &path, e).hint(READER_HINT);
        let Some(directory) = self.directory()?.below(IMPORTS)? else { return Ok(Vec::new()) };
        let read = |name: String| {
            let import = read_file(&directory, &name);
            (name, import)
        };
        Ok(directory.names(FINISHED).map_err(failed)?.into_iter().map(read).collect())
    }

    /// Adds an import, in place of one of the same series. Returns a warning if a crash could still undo it.
    ///
    /// # Errors
    /// If the directory cannot be written; the history is then as it was before.
    pub fn import(&self, import: &Import) -> Result<Option<Error>> {
        let root = self.directory()?;
        let directory = root.make(IMPORTS).map_err(write_hint)?;
        let path = directory.held().join(import.target.file());
        let shown = directory.shown(&path);
        let failed = |e: io::Error| Error::io("cannot write the import", &shown, e).hint(FULL_HINT);
        let unfinished = History::unfinished(&root)?;
        let temporary = TemporaryDirectory::make(&unfinished.held()).map_err(failed)?;
        let written = temporary.path().join("import.parquet");
        let table = std::iter::once(to_table(import));
        let file = parquet::write(&written, table).map_err(|e| e.at(&shown).hint(FULL_HINT))?;
        file.sync_all().map_err(failed)?;
        fs::rename(&written, &path).map_err(failed)?;
        Ok(directory.sync().err().map(|e| atomic::not_synced(&shown, e)))
    }

    /// Removes the imports of these series; one that is not there is passed over. Returns warnings of what a crash could
    /// still undo.
    ///
    /// # Errors
    /// If the directory cannot be written.
    pub fn remove_imports<'t>(&self, targets: impl IntoIterator<Item = &'t Target>) -> Result<Vec<Error>> {
        let Some(directory) = self.directory()?.below(IMPORTS)? else { return Ok(Vec::new()) };
        for target in targets {
            let path = directory.held().join(target.file());
            match fs::remove_file(&path) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::io("cannot remove the import", directory.shown(&path), e).hint(READER_HINT));
                }
                _ => {}
            }
        }
        let not_synced = |e| atomic::not_synced(&self.root.join(IMPORTS), e);
        Ok(directory.sync().err().map(not_synced).into_iter().collect())
    }
}

/// Hides the names.
fn cover(mut import: Import) -> Import {
    let Target { host, kind, name, .. } = &mut import.target;
    *host = names::host(host).into_owned();
    *name = match kind {
        Kind::Volume => names::path(name).into_owned(),
        Kind::Store => names::store(name).into_owned(),
    };
    import
}

/// The table of an import.
pub(super) fn to_table(import: &Import) -> ColumnTable {
    let Import { target, source, imported_at, points } = import;
    TableBuilder::new(points)
        .times("time", |point| Some(point.time))
        .floats("used", |point| Some(point.used))
        .floats("limit", |point| point.limit)
        .text("host", |_| &target.host)
        .text("kind", |_| target.kind.into())
        .text("name", |_| &target.name)
        .text("resource", |_| target.resource.word())
        .text("source", |_| (*source).into())
        .times("imported_at", |_| Some(*imported_at))
        .finish()
}

fn read_file(directory: &Directory, name: &str) -> Result<Import> {
    directory.has_file(name)?;
    let path = &directory.held().join(name);
    let shown = &directory.shown(path);
    let damaged = |e: Error| {
        let hint = "import it again after removing the file; the work goes on without it";
        Error::new("an imported series is damaged").at(shown).because(e).hint(hint)
    };
    parquet::read(path, None).and_then(|table| from_table(&table)).map_err(damaged)
}

fn from_table(table: &ColumnTable) -> Result<Import> {
    let (used, limit) = (table.numbers("used")?, table.numbers("limit")?);
    let point = |row: Row| {
        let used = used(row.index).ok_or_else(|| null("used"))?;
        Ok(Point { time: row.time("time")?, used, limit: limit(row.index) })
    };
    let first = Row::all(table).next().ok_or_else(|| Error::new("it has no points"))?;
    let kind = match first.text("kind")?.as_str() {
        "volume" => Kind::Volume,
        "store" => Kind::Store,
        other => return Err(unknown("kind", other)),
    };
    let source = match first.text("source")?.as_str() {
        "csv" => Source::Csv,
        "prometheus" => Source::Prometheus,
        "rrd" => Source::Rrd,
        "zabbix" => Source::Zabbix,
        other => return Err(unknown("source", other)),
    };
    Ok(Import {
        target: Target { host: first.text("host")?, kind, name: first.text("name")?, resource: first.resource()? },
        source,
        imported_at: first.time("imported_at")?,
        points: Row::all(table).map(point).collect::<Result<_>>()?,
    })
}

/// The last limit that was imported of the bytes of a store.
pub(super) fn limit(imports: &[Import], host: &str, store: &str) -> Option<u64> {
    let is_of = |target: &Target| target.kind == Kind::Store && target.host == host && target.name == store;
    let import = imports.iter().find(|import| is_of(&import.target) && import.target.resource == Resource::Bytes)?;
    import.points.iter().rev().find_map(|point| point.limit).map(|limit| limit as u64)
}
