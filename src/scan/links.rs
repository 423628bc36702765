//! Hard links: an inode with several names takes its blocks once.

use std::collections::{HashMap, HashSet};

use crate::store::class::Class;
use crate::store::reader::Facts;

/// A name of an inode that has others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linked {
    /// Where the name was found.
    pub owner: Owned,
    /// What the file is there for under this name.
    pub class: Class,
    /// How many of its bytes are mail that can be reclaimed, if it holds several messages.
    pub reclaimable: u64,
    /// The inode.
    pub facts: Facts,
    /// Whether the disk was asked for it now; what is remembered of an inode may not know of its newest names.
    pub is_asked: bool,
}

/// Where a name was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owned {
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
    pub fn of(self, owner: Owned) -> Self {
        Linked { owner, ..self }
    }
}

/// One name of each inode: that of the first class, so that nothing counts as reclaimable which a message still
/// holds; and of the first mailbox and folder by name, so that the answer is the same whichever thread came first.
pub fn first_of_each_inode(mut linked: Vec<Linked>) -> Vec<Linked> {
    linked.sort_by_key(|link| (link.class, link.owner, link.facts.inode));
    let mut seen = HashSet::with_capacity(linked.len());
    linked.retain(|link| seen.insert(link.facts.inode));
    linked
}

/// Inodes of which the disk tells more names than were found: the others may be remembered, from when there was only
/// one; or they lie outside of the store.
pub fn with_hidden_names<'a>(linked: impl Iterator<Item = &'a Linked>) -> HashSet<u64> {
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
        let facts = Facts {
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
