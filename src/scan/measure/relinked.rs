//! Names of an inode that are remembered from when it had no other: a directory stands still while a file in it is linked
//! into another one.

use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;

use crate::scan::cache::file::Tables;
use crate::scan::cache::lookup::Places;
use crate::scan::cache::message_table;
use crate::scan::cache::unit_record::Held;
use crate::scan::discover::search::Found;
use crate::scan::measure::Audit;
use crate::scan::tally::hard_links::with_hidden_names;
use crate::scan::tally::mailbox::Findings;
use crate::scan::unit::Unit;

/// Finds the directories that remember as a single name what has others now, and measures their units again, those
/// directories being distrusted; until none is left, since what is asked for anew may have other names still.
pub(crate) fn uncover(
    found: &Found,
    findings: &mut [Findings],
    tables: &Tables,
    device: u64,
    measure: impl Fn(&Unit, Option<&Places>) -> (Findings, Audit) + Sync,
) {
    let mut distrusted: BTreeMap<usize, Places> = BTreeMap::new();
    loop {
        let linked = findings.iter().flat_map(|findings| &findings.linked);
        let hidden = with_hidden_names(found.linked.iter().chain(linked));
        if hidden.is_empty() {
            return;
        }
        let places = |(number, unit): (usize, &Unit)| {
            let mut places = places_of(unit, tables, device, &hidden);
            distrusted.get(&number).into_iter().flatten().for_each(|known| {
                places.remove(known);
            });
            (!places.is_empty()).then_some((number, places))
        };
        let new: Vec<(usize, Places)> = found.units.par_iter().enumerate().filter_map(places).collect();
        if new.is_empty() {
            return;
        }
        for (number, places) in &new {
            distrusted.entry(*number).or_default().extend(places.iter().cloned());
        }
        let again =
            new.par_iter().map(|(number, _)| (*number, measure(&found.units[*number], Some(&distrusted[number])).0));
        for (number, measured) in again.collect::<Vec<_>>() {
            findings[number] = measured;
        }
    }
}

/// The directories of a unit that remember one of the inodes with a single name.
fn places_of(unit: &Unit, tables: &Tables, device: u64, inodes: &HashSet<u64>) -> Places {
    let Some(remembered) = tables.unit(&unit.key(), device) else { return Places::new() };
    let is_hidden =
        |table: &[u8]| message_table::files(table).any(|file| file.links == 1 && inodes.contains(&file.inode));
    let directories = remembered.record.directories.iter().filter(|directory| match &directory.held {
        Held::Messages { table, check, .. } => remembered.table(table, *check).is_some_and(is_hidden),
        Held::Names(_) => false,
    });
    directories.map(|directory| (directory.part, directory.path.clone())).collect()
}
