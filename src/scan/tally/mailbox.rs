//! The tally of one mailbox, filled by its format's reader.

use std::collections::HashMap;
use std::path::Path;

use jiff::Timestamp;

use super::cohorts::CohortBuilder;
use crate::model::snapshot::{Classes, Cohorts, Folder, Problem, ProblemKind, Tally};
use crate::model::{class::Class, escape, snapshot::use_cohort::UseCohorts, special_use::SpecialUse};
use crate::scan::tally::bulk_arrivals::BulkArrivals;
use crate::scan::tally::charge::{charge_directory, charge_file};
use crate::scan::tally::directory::{DirTally, FileCounts};
use crate::scan::tally::hard_links::{HardLink, LinkOwner};
use crate::scan::tally::use_cohorts::{OnDisk, UseCohortBuilder, week_of};
use crate::store::owner::Owner;
use crate::store::reader::{FileStat, FolderId, Message, Place, Sink};

/// The tally of one mailbox, or of one part of a mailbox.
#[derive(Debug, Default)]
pub(crate) struct MailboxTally {
    /// Without the inodes in `linked`.
    pub folders: Vec<Folder>,
    by_name: HashMap<String, FolderId>,
    /// Without the inodes in `linked`.
    pub classes: Classes,
    /// Messages by clock, day and size, once packed.
    pub cohorts: Cohorts,
    cohort_builder: CohortBuilder,
    /// Messages by special use and week, once packed.
    pub uses: UseCohorts,
    use_builder: UseCohortBuilder,
    pub bulk: BulkArrivals,
    pub linked: Vec<HardLink>,
    pub seen: FileCounts,
    watch: Option<(u64, u64)>,
    pub watched: Option<WatchedInode>,
    current: CurrentFile,
    /// The owner that the mailbox itself names.
    pub owner: Option<Owner>,
    pub problems: Vec<Problem>,
}

/// The file that the reader is looking at.
#[derive(Debug, Default)]
struct CurrentFile {
    /// Whether this is the watched name; its inode may have others.
    is_watched: bool,
    /// Whether its facts come from the cache.
    is_cached: bool,
    /// A message that was reported and whose file was not, yet.
    pending: Option<(FolderId, Message)>,
    /// The message that the file is.
    message: Option<Message>,
}

/// The tallies before one directory of a folder is counted.
#[derive(Debug)]
pub(crate) struct SavedTally {
    folder: FolderId,
    tally: Tally,
    classes: Classes,
    linked: usize,
    seen: FileCounts,
}

/// What the reader reported about the watched inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WatchedInode {
    pub folder: FolderId,
    pub class: Class,
    pub content: MailContent,
}

/// The mail in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailContent {
    /// No mail, or mail that no longer counts.
    Nothing,
    Message(Message),
    /// Several messages, among them deleted mail of `reclaimable` bytes.
    Messages {
        reclaimable: u64,
    },
}

impl MailboxTally {
    /// An empty tally that watches one inode.
    pub(crate) fn watching(inode: (u64, u64)) -> MailboxTally {
        MailboxTally { watch: Some(inode), ..MailboxTally::default() }
    }

    /// Announces the file that the reader looks at next.
    pub(crate) fn begin_file(&mut self, is_watched: bool, is_cached: bool) {
        self.current.is_watched = is_watched;
        self.current.is_cached = is_cached;
        self.current.message = None;
    }

    pub(crate) fn end_file(&mut self) {
        self.current.is_cached = false;
    }

    /// The message that the last file is.
    pub(crate) fn last_message(&self) -> Option<&Message> {
        self.current.message.as_ref()
    }

    /// Counts a directory's own inode and blocks.
    pub(crate) fn directory(&mut self, place: Place, facts: &FileStat) {
        let watched = WatchedInode { folder: place.folder, class: place.class, content: MailContent::Nothing };
        self.note_watched(watched, facts);
        charge_directory(&mut self.folders[place.folder.0].tally, &mut self.classes, place.class, facts);
    }

    /// Starts to count a directory apart from the rest of its folder.
    pub(crate) fn begin_directory(&mut self, folder: FolderId) -> SavedTally {
        let (tally, classes) = (std::mem::take(self.tally(folder)), std::mem::take(&mut self.classes));
        SavedTally { folder, tally, classes, linked: self.linked.len(), seen: self.seen }
    }

    /// Adds the saved tallies again, and returns those of the directory alone.
    pub(crate) fn end_directory(&mut self, saved: SavedTally) -> DirTally {
        let (tally, classes) = (*self.tally(saved.folder), self.classes);
        *self.tally(saved.folder) += saved.tally;
        self.classes += saved.classes;
        DirTally { tally, classes, linked: self.linked[saved.linked..].to_vec(), seen: self.seen - saved.seen }
    }

    /// Adds a directory from the cache, except for its cohorts.
    pub(crate) fn add_directory(&mut self, folder: FolderId, directory: &DirTally) {
        *self.tally(folder) += directory.tally;
        self.classes += directory.classes;
        let owner = LinkOwner::Folder { mailbox: 0, folder: folder.0 };
        self.linked.extend(directory.linked.iter().map(|link| link.with_owner(owner)));
        self.seen += directory.seen;
    }

    /// Adds a message to the cohorts only.
    pub(crate) fn add_to_cohorts(&mut self, folder: FolderId, message: &Message, on_disk: OnDisk) {
        self.cohort_builder.add(message);
        self.bulk.add(message);
        self.use_builder.add(self.folders[folder.0].special_use, message, on_disk);
    }

    /// Adds a pending message to the cohorts: it has no file of its own.
    fn add_pending(&mut self) {
        if let Some((folder, message)) = self.current.pending.take() {
            self.add_to_cohorts(folder, &message, OnDisk::Part);
        }
    }

    /// Packs the cohorts that were built from messages.
    pub(crate) fn pack(&mut self) {
        self.add_pending();
        self.cohorts = self.cohort_builder.pack();
        self.uses = self.use_builder.pack();
    }

    /// The sums of all folders.
    pub(crate) fn total(&self) -> Tally {
        self.folders.iter().map(|folder| folder.tally).sum()
    }

    /// Adds another part of the same mailbox.
    pub(crate) fn absorb(&mut self, mut other: MailboxTally) {
        let places: Vec<usize> = other.folders.into_iter().map(|folder| self.absorb_folder(folder)).collect();
        self.classes += other.classes;
        self.absorb_cohorts(other.cohorts);
        self.uses.extend(&other.uses);
        self.bulk.merge(&other.bulk);
        other.linked.iter_mut().for_each(|link| link.move_folder(&places));
        self.linked.append(&mut other.linked);
        self.owner = self.owner.take().or(other.owner);
        self.problems.extend(other.problems);
    }

    fn absorb_cohorts(&mut self, other: Cohorts) {
        if self.cohorts.is_empty() {
            self.cohorts = other;
        } else if !other.is_empty() {
            self.cohort_builder.add_packed(&self.cohorts);
            self.cohort_builder.add_packed(&other);
            self.cohorts = self.cohort_builder.pack();
        }
    }

    fn absorb_folder(&mut self, folder: Folder) -> usize {
        match self.by_name.get(&folder.name) {
            Some(&FolderId(known)) => {
                self.folders[known].tally += folder.tally;
                known
            }
            None => {
                self.by_name.insert(folder.name.clone(), FolderId(self.folders.len()));
                self.folders.push(folder);
                self.folders.len() - 1
            }
        }
    }

    /// Orders folders by name, so that the result does not depend on the order in which the file system lists.
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
        self.by_name = HashMap::new();
        self.cohort_builder = CohortBuilder::default();
        self.use_builder = UseCohortBuilder::default();
        self.linked.iter_mut().for_each(|link| link.move_folder(&place));
        self.problems.sort_by(|a, b| (&a.path, &a.detail).cmp(&(&b.path, &b.detail)));
    }

    /// Charges an inode to a folder; `reclaimable` of its bytes are deleted mail.
    pub(crate) fn charge(&mut self, folder: FolderId, class: Class, reclaimable: u64, facts: &FileStat) {
        charge_file(&mut self.folders[folder.0].tally, &mut self.classes, class, reclaimable, facts);
    }

    fn tally(&mut self, folder: FolderId) -> &mut Tally {
        &mut self.folders[folder.0].tally
    }

    fn note_watched(&mut self, watched: WatchedInode, facts: &FileStat) {
        if self.watch == Some(facts.inode) && (self.current.is_watched || self.watched.is_none()) {
            self.watched = Some(watched);
        }
    }

    fn add_name(
        &mut self,
        folder: FolderId,
        class: Class,
        reclaimable: u64,
        facts: &FileStat,
        message: Option<&Message>,
    ) {
        self.seen.files += 1;
        self.seen.bytes = self.seen.bytes.saturating_add(facts.size);
        self.tally(folder).files += 1;
        self.classes[class].files += 1;
        if facts.links > 1 {
            let owner = LinkOwner::Folder { mailbox: 0, folder: folder.0 };
            let (is_fresh, week) = (!self.current.is_cached, message.map(week_of));
            self.linked.push(HardLink { owner, class, reclaimable, facts: *facts, is_fresh, week });
        } else {
            self.charge(folder, class, reclaimable, facts);
        }
    }
}

impl Sink for MailboxTally {
    fn folder(&mut self, name: &str, path: &Path) -> FolderId {
        if let Some(&known) = self.by_name.get(name) {
            return known;
        }
        let path = escape::path_text(path);
        let special_use = SpecialUse::guess(name);
        let folder = Folder { name: name.to_owned(), path, special_use, tally: Tally::default() };
        FolderId(self.absorb_folder(folder))
    }

    fn message(&mut self, folder: FolderId, message: &Message) {
        self.add_pending();
        self.seen.messages += 1;
        self.current.pending = Some((folder, *message));
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
        // Readers report a message before its file.
        let pending = self.current.pending.take();
        if let Some((folder, message)) = &pending {
            let own = OnDisk::own(facts.allocated, facts.links);
            self.add_to_cohorts(*folder, message, if message.bytes == facts.size { own } else { OnDisk::Part });
        }
        self.current.message = pending.map(|(_, message)| message);
        let message = self.current.message.filter(|message| message.bytes == facts.size);
        let content = message.filter(|_| class != Class::Other).map_or(MailContent::Nothing, MailContent::Message);
        self.note_watched(WatchedInode { folder, class, content }, facts);
        self.add_name(folder, class, 0, facts, message.as_ref());
    }

    fn mail_file(&mut self, folder: FolderId, reclaimable: u64, facts: &FileStat) {
        self.add_pending();
        let content = MailContent::Messages { reclaimable };
        self.note_watched(WatchedInode { folder, class: Class::Message, content }, facts);
        self.add_name(folder, Class::Message, reclaimable, facts, None);
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
        FileStat { inode: (1, size), links, size, allocated, ..FileStat::EMPTY }
    }

    #[test]
    fn a_file_of_live_and_deleted_mail_is_split_without_loss() {
        let mut tally = MailboxTally::default();
        let inbox = tally.folder("INBOX", Path::new(""));
        tally.mail_file(inbox, 300, &facts(1_000, 4_096, 1));
        let (live, dead) = (tally.classes[Class::Message], tally.classes[Class::Reclaimable]);
        assert_eq!((live.bytes, live.allocated_bytes, live.inodes, live.files), (700, 2_868, 1, 1));
        assert_eq!((dead.bytes, dead.allocated_bytes, dead.inodes, dead.files), (300, 1_228, 0, 0));
        tally.mail_file(inbox, 99, &facts(0, 512, 1));
        assert_eq!(tally.classes[Class::Message].allocated_bytes, 2_868 + 512);
        assert_eq!(tally.total().allocated_bytes, 4_096 + 512);
    }

    #[test]
    fn parts_of_a_mailbox_are_joined_by_folder_name() {
        let part = |names: [&str; 2]| {
            let mut tally = MailboxTally::default();
            for name in names {
                let folder = tally.folder(name, Path::new(name));
                tally.file(folder, Class::Index, &facts(10, 512, 1 + u64::from(name == "Sent")));
            }
            tally
        };
        let mut whole = part(["INBOX", "Sent"]);
        whole.absorb(part(["Sent", "Drafts"]));
        whole.sort();
        let files: Vec<(&str, u64)> = whole.folders.iter().map(|f| (f.name.as_str(), f.tally.files)).collect();
        assert_eq!(files, [("Drafts", 1), ("INBOX", 1), ("Sent", 2)]);
        let owners: Vec<LinkOwner> = whole.linked.iter().map(|link| link.owner).collect();
        assert_eq!(owners, [LinkOwner::Folder { mailbox: 0, folder: 2 }; 2]);
    }
}
