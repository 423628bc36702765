//! Hard links: an inode with several names takes its blocks once.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::model::class::Class;
use crate::model::snapshot::Clock;
use crate::model::snapshot::use_cohort::{MessageTotals, UseKey, UseSums};
use crate::store::reader::FileStat;

/// A name of an inode that has others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Linked {
    /// Where the name was found.
    pub owner: Owned,
    /// What the file is there for under this name.
    pub class: Class,
    /// How many of its bytes are mail that can be reclaimed, if it holds several messages.
    pub reclaimable: u64,
    /// The inode.
    pub facts: FileStat,
    /// Whether the disk was asked for it now; what is remembered of an inode may not know of its newest names.
    pub is_asked: bool,
    /// The week of the message that the file is, if it is one, and by which clock.
    pub week: Option<(Clock, i32)>,
}

/// Where a name was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owned {
    /// In a folder of a mailbox, by their indexes.
    Folder {
        /// The mailbox in the store; set when mailboxes are joined.
        mailbox: usize,
        /// The folder in the mailbox.
        folder: usize,
    },
    /// In no mailbox.
    Outside,
}

impl Linked {
    /// The same, of another owner.
    pub(crate) fn of(self, owner: Owned) -> Self {
        Linked { owner, ..self }
    }
}

/// One name of each inode: that of the first class, so that nothing counts as reclaimable which a message still
/// holds; and of the first mailbox and folder by name, so that the answer is the same whichever thread came first.
pub(crate) fn first_of_each_inode(mut linked: Vec<Linked>) -> Vec<Linked> {
    linked.sort_by_key(|link| (link.class, link.owner, link.facts.inode));
    let mut seen = HashSet::with_capacity(linked.len());
    linked.retain(|link| seen.insert(link.facts.inode));
    linked
}

/// What an inode takes, and the keys of its names.
type Names = (u64, Vec<Option<UseKey>>);

/// Adds what linked messages take on disk to the sums, of which the rest is known: of an inode a part for each of its names,
/// since it goes with the last of them.
pub(crate) fn add_shares(linked: &[Linked], key: impl Fn(&Linked) -> Option<UseKey>, sums: &mut UseSums) {
    let mut inodes: BTreeMap<(u64, u64), Names> = BTreeMap::new();
    for link in linked {
        let (allocated, names) = inodes.entry(link.facts.inode).or_default();
        *allocated = link.facts.allocated;
        names.push(key(link));
    }
    for (allocated, mut names) in inodes.into_values() {
        names.sort_unstable();
        let share = allocated / names.len() as u64;
        let mut rest = allocated - share * names.len() as u64;
        // A name that is no message keeps the inode.
        let mut inodes = u64::from(names[0].is_some());
        for key in names.into_iter().flatten() {
            *sums.entry(key).or_default() +=
                MessageTotals { allocated_bytes: share + rest, inodes, ..MessageTotals::default() };
            (rest, inodes) = (0, 0);
        }
    }
}

/// Inodes of which the disk tells more names than were found: the others may be remembered, from when there was only
/// one; or they lie outside of the store.
pub(crate) fn with_hidden_names<'a>(linked: impl Iterator<Item = &'a Linked>) -> HashSet<u64> {
    let mut names: HashMap<u64, (u64, u64)> = HashMap::new();
    for link in linked {
        let (found, told) = names.entry(link.facts.inode.1).or_default();
        *found += 1;
        if link.is_asked {
            *told = link.facts.links.max(*told);
        }
    }
    names.into_iter().filter(|(_, (found, told))| told > found).map(|(inode, _)| inode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(mailbox: usize, inode: u64) -> Linked {
        let facts = FileStat {
            inode: (1, inode),
            links: 2,
            size: 8,
            allocated: 512,
            modified: 0,
            changed: 0,
            is_regular: true,
            is_symlink: false,
        };
        Linked {
            owner: Owned::Folder { mailbox, folder: 0 },
            class: Class::Message,
            reclaimable: 0,
            facts,
            is_asked: true,
            week: None,
        }
    }

    #[test]
    fn the_first_owner_has_the_inode_whatever_the_order() {
        let outside = at(0, 7).of(Owned::Outside);
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
    fn what_an_inode_takes_is_shared_by_its_names() {
        let key = |link: &Linked| link.week.map(|(clock, week)| (None, clock, week));
        let of = |inode, week| Linked { week: Some((Clock::Saved, week)), ..at(0, inode) };
        let mut sums = UseSums::new();
        add_shares(&[of(7, 2), of(7, 1), of(7, 1), of(8, 3), at(0, 8)], key, &mut sums);
        let held = |allocated_bytes, inodes| MessageTotals { allocated_bytes, inodes, ..MessageTotals::default() };
        let week = |week| (None, Clock::Saved, week);
        assert_eq!(sums, [(week(1), held(342, 1)), (week(2), held(170, 0)), (week(3), held(256, 0))].into());
    }

    #[test]
    fn what_a_message_still_holds_is_not_reclaimable() {
        let deleted = Linked { class: Class::Reclaimable, ..at(0, 7) };
        assert_eq!(first_of_each_inode(vec![deleted, at(5, 7)]), [at(5, 7)]);
    }

    #[test]
    fn a_name_is_hidden_while_fewer_are_found_than_the_disk_tells() {
        let remembered = Linked { is_asked: false, ..at(1, 9) };
        assert_eq!(with_hidden_names([at(0, 7), at(0, 9), remembered].iter()), HashSet::from([7]));
        assert_eq!(with_hidden_names([remembered].iter()), HashSet::new(), "it may have lost its other name");
    }
}
