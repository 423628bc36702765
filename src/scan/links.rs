//! Hard links: an inode with several names takes its blocks once.

use std::collections::HashSet;

/// A name of an inode that has others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The device and the inode's number.
    pub inode: (u64, u64),
    /// Where the name was found.
    pub owner: Owned,
    /// The inode's blocks in bytes.
    pub allocated: u64,
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
    /// The same, of the mailbox with this index.
    pub fn of_mailbox(self, mailbox: usize) -> Self {
        match self.owner {
            Owned::Folder { folder, .. } => Linked { owner: Owned::Folder { mailbox, folder }, ..self },
            Owned::Outside => self,
        }
    }
}

/// One name of each inode: that of the first mailbox and folder by name, so that the answer is the same whichever
/// thread came first.
pub fn first_of_each_inode(mut linked: Vec<Linked>) -> Vec<Linked> {
    linked.sort_by_key(|link| (link.owner, link.inode));
    let mut seen = HashSet::with_capacity(linked.len());
    linked.retain(|link| seen.insert(link.inode));
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_owner_has_the_inode_whatever_the_order() {
        let at =
            |mailbox, inode| Linked { inode: (1, inode), owner: Owned::Folder { mailbox, folder: 0 }, allocated: 8 };
        let outside = Linked { inode: (1, 7), owner: Owned::Outside, allocated: 8 };
        let other_device = Linked { inode: (2, 7), ..at(3, 7) };
        let links = vec![outside, at(2, 7), at(1, 7), at(1, 7), at(0, 9), other_device];
        let mut backwards = links.clone();
        backwards.reverse();
        let kept = first_of_each_inode(links);
        assert_eq!(kept, [at(0, 9), at(1, 7), other_device]);
        assert_eq!(kept, first_of_each_inode(backwards));
    }
}
