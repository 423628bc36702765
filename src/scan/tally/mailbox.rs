//! What was found in one mailbox, summed up while its format's reader tells it.

use std::collections::HashMap;
use std::path::Path;

use jiff::Timestamp;

use super::cohorts::Gathered;
use crate::model::class::Class;
use crate::model::escape;
use crate::model::snapshot::use_cohort::UseCohorts;
use crate::model::snapshot::{ClassUsage, Classes, Cohorts, Folder, Problem, ProblemKind, Tally};
use crate::model::special_use::SpecialUse;
use crate::scan::tally::bulk_arrivals::Late;
use crate::scan::tally::directory::{Count, Sums};
use crate::scan::tally::hard_links::{Linked, Owned};
use crate::scan::tally::use_cohorts;
use crate::scan::tally::use_cohorts::{GatheredUses, OnDisk};
use crate::store::owner::Owner;
use crate::store::reader::{FileStat, FolderId, Message, Place, Sink};

/// What lies in one mailbox.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// The folders; inodes with several names are in `linked` instead.
    pub folders: Vec<Folder>,
    by_name: HashMap<String, FolderId>,
    /// What the classes take; without `linked`, as above.
    pub classes: Classes,
    /// The messages by clock, week and size; packed when all are there.
    pub cohorts: Cohorts,
    /// The same while they are gathered.
    pub gathered: Gathered,
    /// The messages by the use of their folder and week; packed when all are there.
    pub uses: UseCohorts,
    /// The same while they are gathered.
    pub gathered_uses: GatheredUses,
    /// The messages that came late.
    pub late: Late,
    /// Names of inodes that have others.
    pub linked: Vec<Linked>,
    /// How far it is: files, messages, and bytes by name.
    pub seen: Count,
    /// The inode that is watched, if one is.
    watch: Option<(u64, u64)>,
    /// Whether what is told now is of the name that is watched; the inode may have others.
    pub is_watched_name: bool,
    /// Whether what is told now is remembered, and the disk was not asked for it.
    pub is_remembered: bool,
    /// What was told of the inode that is watched.
    pub watched: Option<Watched>,
    /// The message that was told last, with its folder, until its file is.
    told: Option<(FolderId, Message)>,
    /// The message that the file is which was told last.
    pub of_file: Option<Message>,
    /// Whose it is, where the format says so inside.
    pub owner: Option<Owner>,
    /// What could not be read or understood, or was left out.
    pub problems: Vec<Problem>,
}

/// What a directory is added to, put aside meanwhile.
#[derive(Debug)]
pub(crate) struct Aside {
    folder: FolderId,
    sums: Sums,
}

/// What was told of one inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Watched {
    /// The folder that it was charged to.
    pub folder: FolderId,
    /// What it is there for.
    pub class: Class,
    /// The mail in it.
    pub holds: Holds,
}

/// The mail in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// None, or none that counts any more.
    Nothing,
    /// One message.
    Message(Message),
    /// Several, and so many bytes that can be reclaimed.
    Mail {
        /// Deleted mail that still lies in it.
        reclaimable: u64,
    },
}

impl Findings {
    /// Nothing yet, and what is told of one inode will be noted.
    pub(crate) fn watching(inode: (u64, u64)) -> Findings {
        Findings { watch: Some(inode), ..Findings::default() }
    }

    /// Counts a directory's own inode and blocks.
    pub(crate) fn directory(&mut self, place: Place, facts: &FileStat) {
        self.tell_watched(Watched { folder: place.folder, class: place.class, holds: Holds::Nothing }, facts);
        let tally = self.tally(place.folder);
        tally.directories += 1;
        tally.inodes += 1;
        tally.directory_bytes = tally.directory_bytes.saturating_add(facts.allocated);
        self.classes[place.class] +=
            ClassUsage { allocated_bytes: facts.allocated, inodes: 1, ..ClassUsage::default() };
    }

    /// Puts aside what was told of a folder, so that what is told next can be known apart.
    pub(crate) fn put_aside(&mut self, folder: FolderId) -> Aside {
        let sums = Sums {
            tally: std::mem::take(self.tally(folder)),
            classes: std::mem::take(&mut self.classes),
            linked: std::mem::take(&mut self.linked),
            seen: self.seen,
        };
        Aside { folder, sums }
    }

    /// Takes in again what was put aside, and returns what was told since.
    pub(crate) fn take_in(&mut self, Aside { folder, mut sums }: Aside) -> Sums {
        let since = Sums {
            tally: *self.tally(folder),
            classes: self.classes,
            linked: std::mem::take(&mut self.linked),
            seen: self.seen - sums.seen,
        };
        *self.tally(folder) += sums.tally;
        self.classes += sums.classes;
        self.linked = std::mem::take(&mut sums.linked);
        self.linked.extend_from_slice(&since.linked);
        since
    }

    /// Takes what was told of a directory of a folder for told again.
    pub(crate) fn repeat(&mut self, folder: FolderId, sums: &Sums) {
        *self.tally(folder) += sums.tally;
        self.classes += sums.classes;
        let owner = Owned::Folder { mailbox: 0, folder: folder.0 };
        self.linked.extend(sums.linked.iter().map(|link| link.of(owner)));
        self.seen += sums.seen;
    }

    /// Counts a message of a folder in the cohorts, of which the rest is told otherwise.
    pub(crate) fn recall(&mut self, folder: FolderId, message: &Message, on_disk: OnDisk) {
        self.gathered.add(message);
        self.late.add(message);
        self.gathered_uses.add(self.folders[folder.0].special_use, message, on_disk);
    }

    /// The message that was told last has no file of its own.
    fn settle(&mut self) {
        if let Some((folder, message)) = self.told.take() {
            self.recall(folder, &message, OnDisk::Part);
        }
    }

    /// Packs the cohorts that were gathered.
    pub(crate) fn pack(&mut self) {
        self.settle();
        self.cohorts = self.gathered.pack();
        self.uses = self.gathered_uses.pack();
    }

    /// The sums of all folders.
    pub(crate) fn total(&self) -> Tally {
        self.folders.iter().map(|folder| folder.tally).sum()
    }

    /// Takes in what was found in another part of the same mailbox.
    pub(crate) fn absorb(&mut self, other: Findings) {
        let places: Vec<usize> = other.folders.into_iter().map(|folder| self.absorb_folder(folder)).collect();
        self.classes += other.classes;
        self.absorb_cohorts(other.cohorts);
        self.uses.extend(&other.uses);
        self.late.merge(&other.late);
        self.linked.extend(other.linked.into_iter().map(|link| match link.owner {
            Owned::Folder { mailbox, folder } => link.of(Owned::Folder { mailbox, folder: places[folder] }),
            Owned::Outside => link,
        }));
        self.owner = self.owner.take().or(other.owner);
        self.problems.extend(other.problems);
    }

    fn absorb_cohorts(&mut self, other: Cohorts) {
        if self.cohorts.is_empty() {
            self.cohorts = other;
        } else if !other.is_empty() {
            self.gathered.add_packed(&self.cohorts);
            self.gathered.add_packed(&other);
            self.cohorts = self.gathered.pack();
        }
    }

    fn absorb_folder(&mut self, folder: Folder) -> usize {
        match self.by_name.get(&folder.name) {
            Some(&FolderId(held)) => {
                self.folders[held].tally += folder.tally;
                held
            }
            None => {
                self.by_name.insert(folder.name.clone(), FolderId(self.folders.len()));
                self.folders.push(folder);
                self.folders.len() - 1
            }
        }
    }

    /// Puts folders in the order of their names, and links with them, so that the answer does not depend on the order
    /// in which the file system lists.
    pub(crate) fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.folders.len()).collect();
        order.sort_by(|&a, &b| self.folders[a].name.cmp(&self.folders[b].name));
        let mut place = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new;
        }
        self.folders.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(watched) = &mut self.watched {
            watched.folder = FolderId(place[watched.folder.0]);
        }
        // Folders are found by name while they are told.
        self.by_name = HashMap::new();
        self.gathered = Gathered::default();
        self.gathered_uses = GatheredUses::default();
        for link in &mut self.linked {
            if let Owned::Folder { folder, .. } = &mut link.owner {
                *folder = place[*folder];
            }
        }
        self.problems.sort_by(|a, b| (&a.path, &a.detail).cmp(&(&b.path, &b.detail)));
    }

    /// Charges an inode, of which so many bytes are mail that can be reclaimed, to a folder.
    pub(crate) fn charge(&mut self, folder: FolderId, class: Class, reclaimable: u64, facts: &FileStat) {
        let tally = self.tally(folder);
        tally.allocated_bytes = tally.allocated_bytes.saturating_add(facts.allocated);
        tally.inodes += 1;
        charge_classes(&mut self.classes, class, reclaimable, facts);
    }

    fn tally(&mut self, folder: FolderId) -> &mut Tally {
        &mut self.folders[folder.0].tally
    }

    fn tell_watched(&mut self, watched: Watched, facts: &FileStat) {
        if self.watch == Some(facts.inode) && (self.is_watched_name || self.watched.is_none()) {
            self.watched = Some(watched);
        }
    }

    fn name(&mut self, folder: FolderId, class: Class, reclaimable: u64, facts: &FileStat, message: Option<&Message>) {
        self.seen.files += 1;
        self.seen.bytes = self.seen.bytes.saturating_add(facts.size);
        self.tally(folder).files += 1;
        self.classes[class].files += 1;
        if facts.links > 1 {
            let owner = Owned::Folder { mailbox: 0, folder: folder.0 };
            let (is_asked, week) = (!self.is_remembered, message.map(use_cohorts::week_of));
            self.linked.push(Linked { owner, class, reclaimable, facts: *facts, is_asked, week });
        } else {
            self.charge(folder, class, reclaimable, facts);
        }
    }
}

/// Charges an inode to its class; one that holds live and deleted mail to both, by their shares of its bytes.
pub(crate) fn charge_classes(classes: &mut Classes, class: Class, reclaimable: u64, facts: &FileStat) {
    if reclaimable == 0 {
        classes[class] += ClassUsage { files: 0, bytes: facts.size, allocated_bytes: facts.allocated, inodes: 1 };
        return;
    }
    let dead = reclaimable.min(facts.size);
    let of_dead = |amount: u64| match facts.size {
        0 => 0,
        size => (u128::from(amount) * u128::from(dead) / u128::from(size)) as u64,
    };
    let dead_blocks = of_dead(facts.allocated);
    let (kept, inodes) = (facts.size - dead, 1);
    classes[class] += ClassUsage { files: 0, bytes: kept, allocated_bytes: facts.allocated - dead_blocks, inodes };
    classes[Class::Reclaimable] += ClassUsage { files: 0, bytes: dead, allocated_bytes: dead_blocks, inodes: 0 };
}

impl Sink for Findings {
    fn folder(&mut self, name: &str, path: &Path) -> FolderId {
        if let Some(&held) = self.by_name.get(name) {
            return held;
        }
        let path = escape::path_text(path);
        let special_use = SpecialUse::guess(name);
        let folder = Folder { name: name.to_owned(), path, special_use, tally: Tally::default() };
        FolderId(self.absorb_folder(folder))
    }

    fn message(&mut self, folder: FolderId, message: &Message) {
        self.settle();
        self.seen.messages += 1;
        self.told = Some((folder, *message));
        let arrival = Timestamp::from_second(message.arrival).ok();
        message.add_to(self.tally(folder), arrival);
    }

    fn reclaimable(&mut self, folder: FolderId, bytes: u64) {
        let tally = self.tally(folder);
        tally.reclaimable_bytes = tally.reclaimable_bytes.saturating_add(bytes);
    }

    fn file(&mut self, folder: FolderId, class: Class, facts: &FileStat) {
        if !matches!(class, Class::Message | Class::Reclaimable) {
            let tally = self.tally(folder);
            tally.other_bytes = tally.other_bytes.saturating_add(facts.size);
        }
        // Readers tell a message before its file.
        let told = self.told.take();
        if let Some((folder, message)) = &told {
            let own = OnDisk::own(facts.allocated, facts.links);
            self.recall(*folder, message, if message.bytes == facts.size { own } else { OnDisk::Part });
        }
        self.of_file = told.map(|(_, message)| message);
        let message = self.of_file.filter(|message| message.bytes == facts.size);
        let holds = message.filter(|_| class != Class::Other).map_or(Holds::Nothing, Holds::Message);
        self.tell_watched(Watched { folder, class, holds }, facts);
        self.name(folder, class, 0, facts, message.as_ref());
    }

    fn mail_file(&mut self, folder: FolderId, reclaimable: u64, facts: &FileStat) {
        self.settle();
        self.tell_watched(Watched { folder, class: Class::Message, holds: Holds::Mail { reclaimable } }, facts);
        self.name(folder, Class::Message, reclaimable, facts, None);
    }

    fn owner(&mut self, owner: Owner) {
        self.owner.get_or_insert(owner);
    }

    fn problem(&mut self, path: &Path, kind: ProblemKind, detail: &str) {
        let path = escape::path_text(path);
        self.problems.push(Problem { path, kind, detail: detail.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(size: u64, allocated: u64, links: u64) -> FileStat {
        let inode = (1, size);
        FileStat { inode, links, size, allocated, modified: 0, changed: 0, is_regular: true, is_symlink: false }
    }

    #[test]
    fn a_file_of_live_and_deleted_mail_is_split_and_nothing_is_lost() {
        let mut findings = Findings::default();
        let inbox = findings.folder("INBOX", Path::new(""));
        findings.mail_file(inbox, 300, &facts(1_000, 4_096, 1));
        let (live, dead) = (findings.classes[Class::Message], findings.classes[Class::Reclaimable]);
        assert_eq!((live.bytes, live.allocated_bytes, live.inodes, live.files), (700, 2_868, 1, 1));
        assert_eq!((dead.bytes, dead.allocated_bytes, dead.inodes, dead.files), (300, 1_228, 0, 0));
        findings.mail_file(inbox, 99, &facts(0, 512, 1));
        assert_eq!(findings.classes[Class::Message].allocated_bytes, 2_868 + 512);
        assert_eq!(findings.total().allocated_bytes, 4_096 + 512);
    }

    #[test]
    fn parts_of_a_mailbox_are_joined_by_the_names_of_their_folders() {
        let part = |names: [&str; 2]| {
            let mut findings = Findings::default();
            for name in names {
                let folder = findings.folder(name, Path::new(name));
                findings.file(folder, Class::Index, &facts(10, 512, 1 + u64::from(name == "Sent")));
            }
            findings
        };
        let mut whole = part(["INBOX", "Sent"]);
        whole.absorb(part(["Sent", "Drafts"]));
        whole.sort();
        let files: Vec<(&str, u64)> = whole.folders.iter().map(|f| (f.name.as_str(), f.tally.files)).collect();
        assert_eq!(files, [("Drafts", 1), ("INBOX", 1), ("Sent", 2)]);
        let owners: Vec<Owned> = whole.linked.iter().map(|link| link.owner).collect();
        assert_eq!(owners, [Owned::Folder { mailbox: 0, folder: 2 }; 2]);
    }
}
