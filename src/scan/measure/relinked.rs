//! Finds links that the cache misses: linking a file into another directory does not change the directory that has it.

use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;

use crate::scan::cache::{CacheFile, DirContent, DirSet, message_table};
use crate::scan::tally::{PackedTally, with_missing_names};
use crate::scan::{discover::found::Found, unit::Unit};

/// Measures units again whose cached directories have an inode with one link that now has several. It repeats until no
/// such directory is left, since listing one again may show further links.
pub(crate) fn recount(
    found: &Found,
    tallies: &mut [PackedTally],
    cache: &CacheFile,
    device: u64,
    measure: impl Fn(&Unit, &DirSet) -> PackedTally + Sync,
) {
    let mut stale: BTreeMap<usize, DirSet> = BTreeMap::new();
    loop {
        let linked = tallies.iter().flat_map(PackedTally::linked);
        let inodes = with_missing_names(found.linked.iter().chain(linked));
        if inodes.is_empty() {
            return;
        }
        let newly_stale = |(number, unit): (usize, &Unit)| {
            let mut directories = directories_with(unit, cache, device, &inodes);
            stale.get(&number).into_iter().flatten().for_each(|known| {
                directories.remove(known);
            });
            (!directories.is_empty()).then_some((number, directories))
        };
        let new: Vec<(usize, DirSet)> = found.units.par_iter().enumerate().filter_map(newly_stale).collect();
        if new.is_empty() {
            return;
        }
        for (number, directories) in &new {
            stale.entry(*number).or_default().extend(directories.iter().cloned());
        }
        let again = new.par_iter().map(|(number, _)| (*number, measure(&found.units[*number], &stale[number])));
        for (number, tally) in again.collect::<Vec<_>>() {
            tallies[number] = tally;
        }
    }
}

/// The cached directories of a unit in which one of the inodes has a single link.
fn directories_with(unit: &Unit, cache: &CacheFile, device: u64, inodes: &HashSet<u64>) -> DirSet {
    let Some(stored) = cache.unit(&unit.key(), device) else { return DirSet::new() };
    let has_one =
        |table: &[u8]| message_table::files(table).any(|file| file.links == 1 && inodes.contains(&file.inode));
    let directories = stored.record.directories.iter().filter(|directory| match &directory.content {
        DirContent::Messages { table, check, .. } => stored.table(table, *check).is_some_and(has_one),
        DirContent::Names(_) => false,
    });
    directories.map(|directory| (directory.part, directory.path.clone())).collect()
}
