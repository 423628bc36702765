//! Hard links: the blocks of an inode with several names count once.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::model::snapshot::use_cohort::{MessageTotals, UseKey, UseSums};
use crate::model::{class::Class, snapshot::Clock};
use crate::store::reader::FileStat;

/// One name of an inode with several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HardLink {
    pub owner: LinkOwner,
    pub class: Class,
    /// Bytes of deleted mail, if the file has several messages.
    pub reclaimable: u64,
    pub facts: FileStat,
    /// Whether `facts` are from this scan: the cache may not know the newest links.
    pub is_fresh: bool,
    /// The week of the message that the file is, and its clock.
    pub week: Option<(Clock, i32)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LinkOwner {
    Folder {
        /// Index in the store, set by `assemble`.
        mailbox: usize,
        /// Index in the mailbox.
        folder: usize,
    },
    Outside,
}

impl HardLink {
    pub(crate) fn with_owner(self, owner: LinkOwner) -> Self {
        HardLink { owner, ..self }
    }

    /// Replaces the folder by its new index.
    pub(super) fn move_folder(&mut self, places: &[usize]) {
        if let LinkOwner::Folder { folder, .. } = &mut self.owner {
            *folder = places[*folder];
        }
    }
}

/// Chooses the name of each inode that is charged: the one of the first class, so that nothing counts as reclaimable that a
/// live message still uses, and then the one of the first mailbox and folder, independent of the order of threads.
pub(crate) fn first_of_each_inode(mut linked: Vec<HardLink>) -> Vec<HardLink> {
    linked.sort_by_key(|link| (link.class, link.owner, link.facts.inode));
    let mut seen = HashSet::with_capacity(linked.len());
    linked.retain(|link| seen.insert(link.facts.inode));
    linked
}

/// The blocks of an inode, and the keys of its names.
type KeyedInode = (u64, Vec<Option<UseKey>>);

/// Adds the blocks of linked messages to sums that have the rest. Each name of an inode gets an equal share, since the blocks
/// are freed with the last name.
pub(crate) fn add_shares(linked: &[HardLink], key: impl Fn(&HardLink) -> Option<UseKey>, sums: &mut UseSums) {
    let mut inodes: BTreeMap<(u64, u64), KeyedInode> = BTreeMap::new();
    for link in linked {
        let (allocated, names) = inodes.entry(link.facts.inode).or_default();
        *allocated = link.facts.allocated;
        names.push(key(link));
    }
    for (allocated, mut names) in inodes.into_values() {
        names.sort_unstable();
        let share = allocated / names.len() as u64;
        let mut rest = allocated - share * names.len() as u64;
        // A name that is not a message sorts first and keeps the inode.
        let mut inodes = u64::from(names[0].is_some());
        for key in names.into_iter().flatten() {
            *sums.entry(key).or_default() +=
                MessageTotals { allocated_bytes: share + rest, inodes, ..MessageTotals::default() };
            (rest, inodes) = (0, 0);
        }
    }
}

/// Inodes with more links than names found: the cache may have the others as single links, or they are outside the store.
pub(crate) fn with_missing_names<'a>(linked: impl Iterator<Item = &'a HardLink>) -> HashSet<u64> {
    let mut names: HashMap<u64, (u64, u64)> = HashMap::new();
    for link in linked {
        let (found, links) = names.entry(link.facts.inode.1).or_default();
        *found += 1;
        if link.is_fresh {
            *links = link.facts.links.max(*links);
        }
    }
    names.into_iter().filter(|(_, (found, links))| links > found).map(|(inode, _)| inode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(mailbox: usize, inode: u64) -> HardLink {
        let facts = FileStat { inode: (1, inode), links: 2, size: 8, allocated: 512, ..FileStat::EMPTY };
        let owner = LinkOwner::Folder { mailbox, folder: 0 };
        HardLink { owner, class: Class::Message, reclaimable: 0, facts, is_fresh: true, week: None }
    }

    #[test]
    fn the_first_owner_gets_the_inode_in_any_order() {
        let outside = at(0, 7).with_owner(LinkOwner::Outside);
        let mut other_device = at(3, 7);
        other_device.facts.inode.0 = 2;
        let links = vec![outside, at(2, 7), at(1, 7), at(1, 7), at(0, 9), other_device];
        let mut backwards = links.clone();
        backwards.reverse();
        let kept = first_of_each_inode(links);
        assert_eq!(kept, [at(0, 9), at(1, 7), other_device]);
        assert_eq!(kept, first_of_each_inode(backwards));
    }

    #[test]
    fn the_names_of_an_inode_share_its_blocks() {
        let key = |link: &HardLink| link.week.map(|(clock, week)| (None, clock, week));
        let in_week = |inode, week| HardLink { week: Some((Clock::Saved, week)), ..at(0, inode) };
        let mut sums = UseSums::new();
        add_shares(&[in_week(7, 2), in_week(7, 1), in_week(7, 1), in_week(8, 3), at(0, 8)], key, &mut sums);
        let totals = |allocated_bytes, inodes| MessageTotals { allocated_bytes, inodes, ..MessageTotals::default() };
        let week = |week| (None, Clock::Saved, week);
        assert_eq!(sums, [(week(1), totals(342, 1)), (week(2), totals(170, 0)), (week(3), totals(256, 0))].into());
    }

    #[test]
    fn blocks_that_a_live_message_uses_are_not_reclaimable() {
        let deleted = HardLink { class: Class::Reclaimable, ..at(0, 7) };
        assert_eq!(first_of_each_inode(vec![deleted, at(5, 7)]), [at(5, 7)]);
    }

    #[test]
    fn a_name_is_missing_if_the_inode_has_more_links_than_found() {
        let cached = HardLink { is_fresh: false, ..at(1, 9) };
        assert_eq!(with_missing_names([at(0, 7), at(0, 9), cached].iter()), HashSet::from([7]));
        assert_eq!(with_missing_names([cached].iter()), HashSet::new(), "it may have lost its other name");
    }
}
