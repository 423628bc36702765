//! What is remembered of a unit, and how far it may be trusted.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::scan::cache::file::Unit;
use crate::scan::cache::message_table;
use crate::scan::cache::message_table::Kept;
use crate::scan::cache::unit_record::{Directory, Held};
use crate::scan::io::root::Stand;

/// Directories of a unit, by part and path.
pub(crate) type Places = HashSet<(usize, PathBuf)>;

/// Of the directories that stand still, one in so many is looked at again when the memory is tested.
const AUDITED: u64 = 10;

/// What is remembered of a unit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Recall<'a> {
    /// What an earlier scan left, if it did.
    pub unit: Option<&'a Unit<'a>>,
    /// Directories in which something is known to have changed.
    pub distrusted: Option<&'a Places>,
    /// Which directories are looked at again, if the memory is tested: a number that is another each time.
    pub audit: Option<u64>,
}

/// How far a remembered directory is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// It is as it was, if it stands still.
    Whole,
    /// It is to be looked at again, and compared.
    Tested,
    /// It is to be listed, and its files are known again.
    Files,
    /// Not at all.
    None,
}

/// Finds directories of a unit, which come in the order of the record as long as none was added or removed.
#[derive(Debug, Default)]
pub(crate) struct Finder<'a> {
    next: usize,
    by_place: Option<HashMap<(usize, &'a Path), usize>>,
}

impl<'a> Recall<'a> {
    /// A directory of the unit, by its number.
    pub(crate) fn directory(&self, index: usize) -> Option<&'a Directory> {
        self.unit.and_then(|unit| unit.record.directories.get(index))
    }

    /// How far a directory is trusted.
    pub(crate) fn trust(&self, directory: &Directory) -> Trust {
        let is_changed = |places: &Places| places.contains(&(directory.part, directory.path.clone()));
        if self.distrusted.is_some_and(|places| !places.is_empty() && is_changed(places)) {
            return Trust::None;
        }
        match &directory.held {
            Held::Names(_) => Trust::Whole,
            Held::Messages { .. } if !directory.is_settled => Trust::Files,
            Held::Messages { .. } if self.audit.is_some_and(|number| is_drawn(&directory.stand, number)) => {
                Trust::Tested
            }
            Held::Messages { .. } => Trust::Whole,
        }
    }

    /// The files of a directory of messages, in the order of their inodes; `None` if the table is damaged.
    pub(crate) fn files(&self, directory: &Directory) -> Option<Vec<Kept>> {
        let Held::Messages { table, check, .. } = &directory.held else { return Some(Vec::new()) };
        self.unit?.table(table, *check).map(|bytes| message_table::files(bytes).collect())
    }

    /// How many directories of messages there are.
    pub(crate) fn directories_of_messages(&self) -> usize {
        let directories = self.unit.iter().flat_map(|unit| &unit.record.directories);
        directories.filter(|directory| matches!(directory.held, Held::Messages { .. })).count()
    }
}

impl<'a> Finder<'a> {
    /// The number of the directory of that part and path.
    pub(crate) fn find(&mut self, recall: &Recall<'a>, part: usize, path: &Path) -> Option<usize> {
        let is_here = |index: usize| recall.directory(index).is_some_and(|held| held.part == part && held.path == path);
        if !is_here(self.next) {
            let all = recall.unit.map_or(&[][..], |unit| &unit.record.directories);
            let by_place = self.by_place.get_or_insert_with(|| {
                all.iter().enumerate().map(|(index, held)| ((held.part, held.path.as_path()), index)).collect()
            });
            self.next = *by_place.get(&(part, path))?;
        }
        self.next += 1;
        Some(self.next - 1)
    }
}

/// Whether a directory is one of those that are looked at again this time.
fn is_drawn(stand: &Stand, number: u64) -> bool {
    // A mixer of which every bit of the output depends on every bit of the input (Steele, Lea and Flood, "Fast splittable
    // pseudorandom number generators", OOPSLA 2014).
    let mut mixed = stand.inode.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)).is_multiple_of(AUDITED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_is_drawn_and_another_tenth_the_next_time() {
        let stand = |inode| Stand { inode, born: (0, 0), modified: (0, 0), changed: (0, 0) };
        let drawn =
            |number: u64| (0..10_000).filter(|&inode| is_drawn(&stand(inode), number)).collect::<HashSet<u64>>();
        let (first, second) = (drawn(1), drawn(2));
        assert!((900..1_100).contains(&first.len()), "{}", first.len());
        assert!(first.intersection(&second).count() < 200);
    }
}
