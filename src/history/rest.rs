//! What is left of a snapshot without some of its stores.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::rows::Row;
use super::table::ColumnTable;
use super::{SnapshotEntry, StoreEntry, months, query};
use crate::model::error::{Error, Result};
use crate::model::snapshot::{Problem, volume_of};

impl SnapshotEntry {
    /// This snapshot without some stores and the volumes that hold no other store; `None` if no store is left.
    pub fn without(&self, stores: &BTreeSet<String>) -> Option<SnapshotEntry> {
        let volumes = empty_volumes(self, stores);
        let mut rest = self.clone();
        rest.stores.retain(|store| !stores.contains(&store.name));
        rest.filesystems.retain(|volume| !volumes.contains(volume.mount.as_str()));
        (!rest.stores.is_empty()).then_some(rest)
    }
}

/// The volumes, by mount point, that hold nothing but the stores that leave.
fn empty_volumes<'a>(entry: &'a SnapshotEntry, leaving: &BTreeSet<String>) -> BTreeSet<&'a str> {
    let volumes = |stores: Vec<&StoreEntry>| -> BTreeSet<&'a str> {
        stores.into_iter().filter_map(|store| volume_of(&entry.filesystems, &store.root)).collect()
    };
    let (left, kept) = entry.stores.iter().partition(|store| leaving.contains(&store.name));
    let kept = volumes(kept);
    volumes(left).into_iter().filter(|volume| !kept.contains(volume)).collect()
}

/// The rows that stay.
pub(super) struct Rest<'a> {
    /// The stores that leave.
    stores: &'a BTreeSet<String>,
    /// The mount points that leave.
    volumes: BTreeSet<String>,
    /// The roots of the stores that leave.
    roots: Vec<PathBuf>,
    is_complete: bool,
}

impl Rest<'_> {
    /// # Errors
    /// If the snapshot is damaged.
    pub(super) fn of<'a>(directory: &Path, stores: &'a BTreeSet<String>) -> Result<Rest<'a>> {
        let entry = query::entry(directory, "")?;
        let left = entry.stores.iter().filter(|store| stores.contains(&store.name));
        let mut rest = Rest {
            stores,
            volumes: empty_volumes(&entry, stores).into_iter().map(str::to_owned).collect(),
            roots: left.map(|store| PathBuf::from(&store.root)).collect(),
            is_complete: true,
        };
        let problems: Vec<Problem> = query::rows(directory, "problem", |row| row.problem())?;
        rest.is_complete = !problems.iter().any(|problem| problem.kind.is_loss() && !rest.is_left(&problem.path));
        Ok(rest)
    }

    /// Whether a path lies in a store that leaves.
    fn is_left(&self, path: &str) -> bool {
        self.roots.iter().any(|root| Path::new(path).starts_with(root))
    }

    /// A table of the snapshot.
    ///
    /// # Errors
    /// If it is damaged.
    pub(super) fn table(&self, directory: &Path, name: &str) -> Result<ColumnTable> {
        let table = query::whole_table(directory, name)?;
        let row = |index| Row { table: &table, index };
        let stays = |index: usize| {
            Ok(match name {
                "snapshot" => true,
                "filesystem" => !self.volumes.contains(&row(index).text("mount")?),
                "problem" => !self.is_left(&row(index).text("path")?),
                _ => !self.stores.contains(&row(index).store()?),
            })
        };
        let rows: Result<Vec<bool>> = (0..table.rows()).map(stays).collect();
        let damaged = |e: Error| query::damaged(e, &months::file(directory, name));
        let rest = table.filtered(&rows.map_err(damaged)?);
        Ok(if name == "snapshot" { rest.with_boolean("complete", self.is_complete) } else { rest })
    }
}
