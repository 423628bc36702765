//! Lists one directory: asks the disk or the cache for each entry, and passes it to the reader.

use std::io;
use std::os::fd::BorrowedFd;
use std::path::PathBuf;

use rustix::fs::FileType;

use crate::scan::cache::{CachedFile, DirNames, DirRecord};
use crate::scan::io::{DirEntry, DirStat, EntryBatch};
use crate::scan::measure::scratch::{KnownStat, ListingBuffers};
use crate::scan::measure::state::{DamagedTable, WalkState};
use crate::scan::tally::{DirTally, SavedTally};
use crate::store::name_list::os_name;
use crate::store::reader::{FileEntry, FileStat, Keeps, MailboxDirectory, Place};

/// A directory to visit.
#[derive(Clone, Copy)]
pub(super) struct Visit<'a> {
    pub directory: MailboxDirectory<'a>,
    pub parent: Option<Place>,
}

pub(super) struct Listing<'s, 'a, 'v> {
    state: &'s mut WalkState<'a>,
    visit: Visit<'v>,
    fd: BorrowedFd<'v>,
    stat: DirStat,
    /// What the cache has of the directory.
    known: Option<&'a DirRecord>,
    known_files: Vec<CachedFile>,
    /// Where the reader puts the directory, once it was asked.
    place: Option<Place>,
    /// The folder's tally before this directory, if that holds messages.
    saved: Option<SavedTally>,
    buffers: ListingBuffers,
    /// The names for the cache.
    names: DirNames,
    problems_before: usize,
    /// Whether the cache can hold all that was found.
    is_complete: bool,
    is_damaged: bool,
}

impl<'s, 'a, 'v> Listing<'s, 'a, 'v> {
    /// Returns the directory's place, and its subdirectories relative to the part.
    pub(super) fn list(
        state: &'s mut WalkState<'a>,
        visit: Visit<'v>,
        fd: BorrowedFd<'v>,
        stat: DirStat,
        known: Option<&'a DirRecord>,
    ) -> Result<(Place, Vec<PathBuf>), DamagedTable> {
        let root = state.context.root;
        let mut listing = Listing {
            problems_before: state.tally.problems.len(),
            buffers: std::mem::take(&mut state.scratch.listing),
            state,
            visit,
            fd,
            stat,
            known,
            known_files: Vec::new(),
            place: None,
            saved: None,
            names: DirNames::default(),
            is_complete: true,
            is_damaged: false,
        };
        let mut batch = std::mem::take(&mut listing.buffers.batch);
        let listed = batch.list(root, fd, |batch, is_all| listing.take(batch, is_all));
        listing.buffers.batch = batch;
        listing.finish(listed)
    }

    fn take(&mut self, batch: &EntryBatch, is_all: bool) {
        let directories = batch.iter().filter(|entry| entry.kind == FileType::Directory);
        directories.for_each(|entry| self.names.directories.push(entry.c_name()));
        // Some file systems do not say which entries are directories.
        let are_known = is_all && batch.iter().all(|entry| entry.kind != FileType::Unknown);
        let place = match self.place {
            Some(place) => place,
            None => self.enter(are_known),
        };
        let keeps = self.state.reader.keeps(place);
        let others = || batch.iter().filter(|entry| entry.kind != FileType::Directory);
        // All entries are asked for before any is passed on: this keeps the kernel's code in the processor's caches.
        let mut known = std::mem::take(&mut self.buffers.known);
        known.extend(others().map(|entry| match entry.kind {
            FileType::Unknown if self.is_directory(&entry) => {
                self.names.directories.push(entry.c_name());
                KnownStat::Nothing
            }
            FileType::RegularFile if keeps == Keeps::Messages => self.message_file(place, &entry),
            _ => self.ask_disk(&entry),
        }));
        for (entry, known) in others().zip(known.drain(..)) {
            match known {
                KnownStat::Nothing => {}
                KnownStat::FromDisk(facts) => self.pass_on(place, keeps, &entry, facts, None),
                KnownStat::FromCache(file) => {
                    let facts = file.facts(self.state.context.root.device);
                    self.pass_on(place, keeps, &entry, facts, Some(file));
                }
            }
        }
        self.buffers.known = known;
    }

    fn is_directory(&self, entry: &DirEntry) -> bool {
        self.state.context.root.kind(self.fd, entry.c_name()).is_ok_and(|kind| kind == FileType::Directory)
    }

    fn enter(&mut self, are_known: bool) -> Place {
        let directories = are_known.then_some(&self.names.directories);
        let directory = MailboxDirectory { directories, ..self.visit.directory };
        let place = self.state.enter(&directory, self.visit.parent);
        self.state.tally.directory(place, &self.stat.facts);
        self.place = Some(place);
        if self.state.reader.keeps(place) == Keeps::Messages {
            match self.state.begin_messages(place.folder) {
                Ok(saved) => self.saved = Some(saved),
                Err(DamagedTable) => self.is_damaged = true,
            }
            self.known_files =
                self.known.map_or_else(Vec::new, |known| self.state.cached_files(known, &self.stat.stamp));
        }
        place
    }

    fn ask_disk(&mut self, entry: &DirEntry) -> KnownStat {
        match self.state.context.root.facts(self.fd, entry.c_name()) {
            Ok(facts) => KnownStat::FromDisk(facts),
            Err(error) => {
                self.is_complete = false;
                self.state.unreadable(&self.visit.directory.path.join(entry.os_name()), &error);
                KnownStat::Nothing
            }
        }
    }

    /// What is known of a file among messages; the disk is asked if the cache does not have the file.
    fn message_file(&mut self, place: Place, entry: &DirEntry) -> KnownStat {
        if let Some(estimate) = self.state.options.estimate
            && self.state.file_by_name(estimate, place, entry)
        {
            return KnownStat::Nothing;
        }
        if self.known_files.is_empty() {
            return self.ask_disk(entry);
        }
        let key = (entry.inode, self.state.name_checksum(entry.name));
        match self.known_files.binary_search_by_key(&key, |file| (file.inode, file.name)) {
            Ok(index) => KnownStat::FromCache(self.known_files[index]),
            Err(_) => self.ask_disk(entry),
        }
    }

    fn read(&mut self, place: Place, entry: &DirEntry, facts: FileStat, is_cached: bool) {
        let entry = FileEntry {
            directory: self.visit.directory.path,
            fd: self.fd,
            name: entry.name,
            facts,
            cancel: self.state.context.cancel,
        };
        self.state.file(place, &entry, is_cached);
    }

    /// Passes an entry to the reader; `cached` is its entry in the cache, if the disk was not asked.
    fn pass_on(&mut self, place: Place, keeps: Keeps, entry: &DirEntry, facts: FileStat, cached: Option<CachedFile>) {
        if keeps == Keeps::Messages && facts.is_regular {
            return self.pass_on_message(place, entry, facts, cached);
        }
        // The table of messages has regular files only.
        self.is_complete &= keeps != Keeps::Messages;
        if keeps == Keeps::Names && self.state.options.is_recorded {
            let is_file = entry.kind == FileType::RegularFile;
            let names = if is_file { &mut self.names.files } else { &mut self.names.others };
            names.push(entry.c_name());
        }
        self.read(place, entry, facts, false);
    }

    fn pass_on_message(&mut self, place: Place, entry: &DirEntry, facts: FileStat, cached: Option<CachedFile>) {
        if facts.links == 1 && !self.state.scratch.inodes.insert(facts.inode.1) {
            self.is_complete = false;
            // It was renamed during the listing, or has a second link that the cache does not know.
            if cached.is_some()
                && let KnownStat::FromDisk(facts) = self.ask_disk(entry)
                && facts.links > 1
            {
                self.read(place, entry, facts, false);
            }
            return;
        }
        self.read(place, entry, facts, cached.is_some());
        // A program that still writes the file, or links it elsewhere during the scan, leaves the directory unchanged.
        let may_change = cached.is_none() && facts.changed > self.state.context.settled_before.0;
        if may_change {
            self.is_complete = false;
        } else if self.state.options.is_recorded {
            let name = cached.map_or_else(|| self.state.name_checksum(entry.name), |cached| cached.name);
            match CachedFile::new(name, &facts, self.state.tally.last_message()) {
                Some(file) => self.buffers.files.push(file),
                None => self.is_complete = false,
            }
        }
    }

    fn finish(mut self, listed: io::Result<()>) -> Result<(Place, Vec<PathBuf>), DamagedTable> {
        if let Err(error) = &listed {
            self.state.unreadable(self.visit.directory.path, error);
        }
        let place = match self.place {
            Some(place) => place,
            None => self.enter(false),
        };
        if self.is_damaged {
            return Err(DamagedTable);
        }
        let tally = self.saved.take().map(|saved| self.state.tally.end_directory(saved));
        if let (Some(known), Some(tally)) = (self.known, &tally) {
            self.state.audit(known, &self.stat.stamp, tally);
        }
        let is_complete = self.is_complete && listed.is_ok() && self.state.tally.problems.len() == self.problems_before;
        let is_settled = is_complete && self.stat.stamp.is_before(self.state.context.settled_before);
        let directories = self.names.directories.iter();
        let directories = directories.map(|name| self.visit.directory.relative.join(os_name(name))).collect();
        if self.state.options.is_recorded {
            self.record(place, tally.unwrap_or_default(), is_settled);
        }
        self.buffers.clear_files();
        self.state.scratch.listing = self.buffers;
        Ok((place, directories))
    }

    fn record(&mut self, place: Place, tally: DirTally, is_settled: bool) {
        let MailboxDirectory { root: part, relative: path, .. } = self.visit.directory;
        let stamp = self.stat.stamp;
        match self.state.reader.keeps(place) {
            Keeps::Names if is_settled => {
                self.state.recorder.names(part, path, stamp, std::mem::take(&mut self.names));
            }
            Keeps::Messages => {
                // A subdirectory would have to be looked for in each scan.
                let is_settled = is_settled && self.names.directories.is_empty();
                self.state.recorder.messages((part, path), stamp, is_settled, tally, &self.buffers.files);
            }
            _ => {}
        }
    }
}
