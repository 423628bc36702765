//! A directory while it is listed: its entries are asked for, or known from an earlier scan, and told to the reader.

use std::cell::RefCell;
use std::ffi::{CString, OsString};
use std::io;
use std::os::fd::BorrowedFd;
use std::path::Path;

use rustix::fs::FileType;

use super::walk::{Damaged, Part, Waiting, Walk};
use crate::scan::cache::checksum;
use crate::scan::cache::lookup::Trust;
use crate::scan::cache::message_table::Kept;
use crate::scan::cache::unit_record;
use crate::scan::cache::unit_record::Held;
use crate::scan::discover::search::read_problem;
use crate::scan::io::inode_set::Inodes;
use crate::scan::io::readdir::{Listed, Names};
use crate::scan::io::root;
use crate::scan::io::root::Stand;
use crate::scan::measure::Audit;
use crate::scan::measure::estimate::Guess;
use crate::scan::tally::directory::Sums;
use crate::scan::tally::mailbox::Aside;
use crate::store::Scope;
use crate::store::reader::{FileEntry, FileStat, Keeps, MailboxDirectory, Place};

thread_local! {
    /// Room that every thread uses for one unit after the other.
    static ROOM: RefCell<Room> = RefCell::default();
}

/// Room that grows to what is needed, and is used again.
#[derive(Debug, Default)]
pub(super) struct Room {
    pub names: Names,
    /// What is known of the entries that are at hand.
    answers: Vec<Answer>,
    /// The files of a directory of messages as they are now.
    pub kept: Vec<Kept>,
    /// The inodes of messages that were told, if some were listed. A message that is renamed while its directory is listed
    /// shows under both names, and one that is moved while the scan is under way in both places: an inode of a single name
    /// is one message.
    pub inodes: Inodes,
}

impl Room {
    /// So many numbers are forgotten as fast as they are made room for.
    const MOST_INODES: usize = 16_384;
    /// A folder of more files is seldom met, and its room would be kept by every thread.
    const MOST_KEPT: usize = 2_048;

    /// The room of this thread.
    pub(super) fn take() -> Room {
        ROOM.take()
    }

    /// Leaves it to the next unit.
    pub(super) fn give_back(mut self) {
        if self.inodes.capacity() > Self::MOST_INODES {
            self.inodes = Inodes::default();
        }
        self.inodes.clear();
        ROOM.set(self);
    }

    fn forget_files(&mut self) {
        self.kept.clear();
        self.kept.shrink_to(Self::MOST_KEPT);
    }
}

/// What is known of an entry.
#[derive(Clone, Copy, Debug)]
enum Answer {
    /// Nothing, or all that is to be told was.
    None,
    /// What the disk told.
    Disk(FileStat),
    /// What is remembered.
    Memory(Kept),
}

/// A directory while it is listed.
pub(super) struct Listing<'w, 'a, 'p> {
    walk: &'w mut Walk<'a>,
    part: Part<'p>,
    path: &'p Path,
    relative: &'p Path,
    parent: Option<Place>,
    fd: BorrowedFd<'p>,
    seen: root::Seen,
    /// Where it belongs, once that is known.
    place: Option<Place>,
    directories: Vec<OsString>,
    /// The names of the other entries, if they are to be remembered: of regular files, and of all else.
    files: [Vec<CString>; 2],
    /// The files of messages that are remembered.
    known: Vec<Kept>,
    /// What was told of the folder before.
    aside: Option<Aside>,
    problems_before: usize,
    /// Whether all of it can be remembered.
    is_whole: bool,
    error: Option<Damaged>,
}

impl<'w, 'a, 'p> Listing<'w, 'a, 'p> {
    pub(super) fn new(
        walk: &'w mut Walk<'a>,
        part: Part<'p>,
        path: &'p Path,
        (relative, parent): (&'p Path, Option<Place>),
        fd: BorrowedFd<'p>,
        seen: root::Seen,
    ) -> Listing<'w, 'a, 'p> {
        let problems_before = walk.findings.problems.len();
        Listing {
            walk,
            part,
            path,
            relative,
            parent,
            fd,
            seen,
            place: None,
            directories: Vec::new(),
            files: Default::default(),
            known: Vec::new(),
            aside: None,
            problems_before,
            is_whole: true,
            error: None,
        }
    }

    /// Tells the reader of all that is in it, and puts its subdirectories on the stack.
    pub(super) fn list(mut self, stack: &mut Vec<Waiting>) -> Result<(), Damaged> {
        let (root, fd) = (self.walk.ground.root, self.fd);
        let mut names = std::mem::take(&mut self.walk.room.names);
        let listed = names.list(root, fd, |names, is_all| self.take(names, is_all));
        self.walk.room.names = names;
        self.finish(listed, stack)
    }

    /// Takes in some of the names; these are all, or not.
    fn take(&mut self, names: &Names, is_all: bool) -> io::Result<()> {
        let of_kind = |kind| names.iter().filter(move |entry| entry.kind == kind);
        self.directories.extend(of_kind(FileType::Directory).map(|entry| entry.os_name().to_owned()));
        if self.error.is_some() {
            return Ok(());
        }
        // Not every file system tells which are directories.
        let are_known = is_all && names.iter().all(|entry| entry.kind != FileType::Unknown);
        let place = match self.place {
            Some(place) => place,
            None => self.enter(are_known),
        };
        let keeps = self.walk.reader.keeps(place);
        // All are asked for before any is told, so that the kernel's way to the answer stays in the processor's caches.
        let mut answers = std::mem::take(&mut self.walk.room.answers);
        for entry in names.iter().filter(|entry| entry.kind != FileType::Directory) {
            answers.push(match entry.kind {
                FileType::Unknown if self.is_directory(&entry) => {
                    self.directories.push(entry.os_name().to_owned());
                    Answer::None
                }
                FileType::RegularFile if keeps == Keeps::Messages => self.known_or_asked(place, &entry),
                _ => self.asked(&entry),
            });
        }
        let entries = names.iter().filter(|entry| entry.kind != FileType::Directory);
        for (entry, answer) in entries.zip(answers.drain(..)) {
            match answer {
                Answer::None => {}
                Answer::Disk(facts) => self.tell(place, keeps, &entry, facts, None),
                Answer::Memory(known) => {
                    self.tell(place, keeps, &entry, known.facts(self.walk.ground.root.device), Some(known));
                }
            }
        }
        self.walk.room.answers = answers;
        Ok(())
    }

    fn is_directory(&mut self, entry: &Listed) -> bool {
        self.walk.ground.root.kind(self.fd, entry.c_name()).is_ok_and(|kind| kind == FileType::Directory)
    }

    /// Asks the reader what the directory is.
    fn enter(&mut self, are_known: bool) -> Place {
        let directories = are_known.then_some(self.directories.as_slice());
        let directory =
            MailboxDirectory { root: self.part.number, relative: self.relative, path: self.path, directories };
        let place = self.walk.reader.enter(&directory, self.parent, &mut self.walk.findings);
        self.walk.findings.directory(place, &self.seen.facts);
        self.place = Some(place);
        if self.walk.reader.keeps(place) == Keeps::Messages {
            if !self.walk.is_anew
                && let Err(damaged) = self.walk.gather_anew()
            {
                self.error = Some(damaged);
            }
            self.known = self.known_files();
            self.aside = Some(self.walk.findings.put_aside(place.folder));
        }
        place
    }

    /// The files that an earlier scan found here.
    fn known_files(&mut self) -> Vec<Kept> {
        let known = self.walk.known;
        let is_trusted = known.is_some_and(|known| {
            // In one that was made anew the same inodes may be those of other files.
            known.stand.inode == self.seen.stand.inode
                && known.stand.born == self.seen.stand.born
                && known.stand.born != (0, 0)
                && matches!(self.walk.recall.trust(known), Trust::Whole | Trust::Files)
        });
        known.filter(|_| is_trusted).and_then(|known| self.walk.recall.files(known)).unwrap_or_default()
    }

    fn asked(&mut self, entry: &Listed) -> Answer {
        match self.walk.ground.root.ask(self.fd, entry.c_name()) {
            Ok(facts) => Answer::Disk(facts),
            Err(error) => {
                self.is_whole = false;
                self.walk.lost(self.path, entry.os_name(), &error);
                Answer::None
            }
        }
    }

    /// What is known of a file among messages; the disk is asked for what is not.
    fn known_or_asked(&mut self, place: Place, entry: &Listed) -> Answer {
        if self.walk.ground.guess.is_some_and(|guess| self.is_told_by_name(guess, place, entry)) {
            return Answer::None;
        }
        if self.known.is_empty() {
            return self.asked(entry);
        }
        let name = self.identity(entry);
        let is_same = |known: &Kept| (known.inode, known.name).cmp(&(entry.inode, name));
        match self.known.binary_search_by(is_same) {
            Ok(index) => Answer::Memory(self.known[index]),
            Err(_) => self.asked(entry),
        }
    }

    /// The checksum of what stays of the name.
    fn identity(&self, entry: &Listed) -> u32 {
        checksum(self.walk.reader.lasting_part(entry.name))
    }

    /// Tells of a message by its name alone; whether that was enough.
    fn is_told_by_name(&mut self, guess: &Guess, place: Place, entry: &Listed) -> bool {
        // How many names the inode has is not known: a message is told by its name and its inode, in each folder.
        let identity = entry.inode ^ (u64::from(self.identity(entry)) << 32) ^ ((place.folder.0 as u64) << 20);
        let facts = |size, time| guess.facts(entry.inode, size, time);
        let walk = &mut *self.walk;
        walk.room.inodes.contains(&identity)
            || (walk.reader.file_by_name(place, entry.name, &facts, &mut walk.findings)
                && walk.room.inodes.insert(identity))
    }

    fn entry<'e>(&self, listed: &Listed<'e>, facts: FileStat) -> FileEntry<'e>
    where
        'p: 'e,
    {
        FileEntry { directory: self.path, fd: self.fd, name: listed.name, facts }
    }

    /// Tells of an entry; what is remembered of it is given, if it was not asked for.
    fn tell(&mut self, place: Place, keeps: Keeps, entry: &Listed, facts: FileStat, known: Option<Kept>) {
        if keeps == Keeps::Messages && facts.is_regular {
            return self.tell_message(place, entry, facts, known);
        }
        // What is no file is not kept, and has to be seen again.
        self.is_whole &= keeps != Keeps::Messages;
        if keeps == Keeps::Names && self.walk.ground.is_noted {
            self.files[usize::from(entry.kind != FileType::RegularFile)].push(entry.c_name().to_owned());
        }
        self.walk.tell(place, &self.entry(entry, facts));
    }

    fn tell_message(&mut self, place: Place, entry: &Listed, facts: FileStat, known: Option<Kept>) {
        if facts.links == 1 && !self.walk.room.inodes.insert(facts.inode.1) {
            self.is_whole = false;
            // It was renamed while the directory was listed; or it has a second name now, and is remembered with one.
            if known.is_some()
                && let Answer::Disk(facts) = self.asked(entry)
                && facts.links > 1
            {
                self.walk.tell(place, &self.entry(entry, facts));
            }
            return;
        }
        self.walk.findings.is_remembered = known.is_some();
        self.walk.tell(place, &self.entry(entry, facts));
        self.walk.findings.is_remembered = false;
        // Whoever writes it still, or links it elsewhere while the scan is under way, leaves no trace in the directory.
        let may_change = known.is_none() && facts.changed > self.walk.ground.settled_by.0;
        if may_change {
            self.is_whole = false;
        } else if self.walk.ground.is_noted {
            let name = known.map_or_else(|| self.identity(entry), |known| known.name);
            match Kept::of(name, &facts, self.walk.findings.of_file.as_ref()) {
                Some(kept) => self.walk.room.kept.push(kept),
                None => self.is_whole = false,
            }
        }
    }

    /// Notes what is to be remembered.
    fn finish(mut self, listed: io::Result<()>, stack: &mut Vec<Waiting>) -> Result<(), Damaged> {
        if let Some(damaged) = self.error {
            return Err(damaged);
        }
        if let Err(error) = &listed {
            self.walk.findings.problems.extend(read_problem(self.path, error));
        }
        let place = self.place.unwrap_or_else(|| self.enter(false));
        let sums = self.aside.take().map(|aside| self.walk.findings.take_in(aside));
        let is_whole = self.is_whole && listed.is_ok() && self.walk.findings.problems.len() == self.problems_before;
        if let Some(sums) = &sums {
            self.compare(sums);
        }
        let is_settled = is_whole && self.seen.stand.is_before(self.walk.ground.settled_by);
        if self.walk.unit.scope == Scope::Tree {
            stack.extend(self.directories.iter().map(|name| (self.relative.join(name), Some(place))));
        }
        self.note(sums, is_settled);
        Ok(())
    }

    /// Compares what was found with what is remembered, if that is to be tested.
    fn compare(&mut self, found: &Sums) {
        let Some(known) = self.walk.known else { return };
        let Held::Messages { sums, .. } = &known.held else { return };
        if self.walk.recall.trust(known) == Trust::Tested && self.seen.stand == known.stand {
            self.walk.audit += Audit { directories: 1, drifted: u64::from(!sums.agrees_with(found)) };
        }
    }

    fn note(self, sums: Option<Sums>, is_settled: bool) {
        let stand: Stand = self.seen.stand;
        let Listing { walk, part, relative, directories, files, place, .. } = self;
        match place.map(|place| walk.reader.keeps(place)).filter(|_| walk.ground.is_noted) {
            Some(Keeps::Names) if is_settled => {
                let [files, others] = files;
                walk.notebook.names(part.number, relative, stand, unit_record::Names { directories, files, others });
            }
            Some(Keeps::Messages) => {
                // A directory among messages would have to be looked for again.
                let is_settled = is_settled && directories.is_empty();
                walk.notebook.messages(
                    (part.number, relative),
                    stand,
                    is_settled,
                    sums.unwrap_or_default(),
                    &walk.room.kept,
                );
            }
            _ => {}
        }
        walk.room.forget_files();
    }
}
