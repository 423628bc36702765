//! The state of one unit while it is walked: the reader, its tally, and what the cache supplies and will receive.

use std::io;
use std::path::Path;

use crc32fast::hash as checksum;
use rustix::io::Errno;

use crate::scan::cache::{
    CacheAudit, CacheRecorder, CacheValidity, CachedFile, CachedUnit, DirContent, DirRecord, UnitRecord, UnitUpdate,
    message_table,
};
use crate::scan::io::{DirEntry, DirStamp};
use crate::scan::problem::{other_filesystem, read_problem};
use crate::scan::tally::{DirTally, FileCounts, MailboxTally, OnDisk, SavedTally};
use crate::scan::unit::{Content, Unit};
use crate::scan::{context::ScanContext, measure::estimate::SizeEstimate, measure::scratch::ScratchBuffers};
use crate::store::reader::{FileEntry, FolderId, MailboxDirectory, Place, Reader};

/// How the units of one store are measured.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MeasureOptions<'a> {
    /// Whether units are recorded for the cache.
    pub is_recorded: bool,
    /// Estimates what the disk would say, where sizes are taken from the names of messages.
    pub estimate: Option<&'a SizeEstimate>,
}

/// What was found in a unit.
#[derive(Debug)]
pub(crate) struct Measured {
    pub tally: MailboxTally,
    pub update: UnitUpdate,
    pub audit: CacheAudit,
}

/// The cached table of a directory's messages cannot be read.
#[derive(Debug)]
pub(super) struct DamagedTable;

pub(super) struct WalkState<'a> {
    pub context: &'a ScanContext<'a>,
    pub options: MeasureOptions<'a>,
    pub reader: Box<dyn Reader>,
    pub tally: MailboxTally,
    /// The path whose message is noted, for `--explain`.
    watched: Option<&'a Path>,
    pub cached: CachedUnit<'a>,
    pub recorder: CacheRecorder,
    audit: CacheAudit,
    cohorts: CohortSource<'a>,
    pub scratch: ScratchBuffers,
    /// The counts that progress has.
    reported: FileCounts,
}

/// Where the cohorts of a unit come from.
enum CohortSource<'a> {
    /// The cache, while all directories of messages are unchanged: these are, with their folders.
    Cache(Vec<(FolderId, &'a DirRecord)>),
    /// The messages: each one is counted again, those in unchanged directories too.
    Messages,
}

impl<'a> WalkState<'a> {
    pub(super) fn new(
        context: &'a ScanContext<'a>,
        options: MeasureOptions<'a>,
        unit: &Unit,
        cached: CachedUnit<'a>,
    ) -> WalkState<'a> {
        WalkState {
            context,
            options,
            reader: match unit.content {
                Content::Mailbox(layout, _) => layout.reader(unit.scope),
                Content::Shared(shared) => shared.reader(),
            },
            tally: MailboxTally::default(),
            watched: None,
            cached,
            recorder: CacheRecorder::default(),
            audit: CacheAudit::default(),
            cohorts: CohortSource::Cache(Vec::new()),
            scratch: ScratchBuffers::take(),
            reported: FileCounts::default(),
        }
    }

    /// Notes which message or mail the reader finds at the path, whose inode that is.
    pub(super) fn watch(&mut self, path: &'a Path, inode: (u64, u64)) {
        self.tally = MailboxTally::watching(inode);
        self.watched = Some(path);
    }

    /// Asks the reader what a directory is.
    pub(super) fn enter(&mut self, directory: &MailboxDirectory, parent: Option<Place>) -> Place {
        self.reader.enter(directory, parent, &mut self.tally)
    }

    /// Passes an entry that is not a directory to the reader.
    pub(super) fn file(&mut self, place: Place, entry: &FileEntry, is_cached: bool) {
        let is_watched = self.watched.is_some_and(|watched| watched == entry.path());
        self.tally.begin_file(is_watched, is_cached);
        self.reader.file(place, entry, &mut self.tally);
        self.tally.end_file();
    }

    /// The checksum of the part of a name that stays the same as long as the message does.
    pub(super) fn name_checksum(&self, name: &[u8]) -> u32 {
        checksum(self.reader.lasting_part(name))
    }

    /// Counts a message by its name alone, with an estimate of what the disk would say; `false` if the name has no size.
    pub(super) fn file_by_name(&mut self, estimate: &SizeEstimate, place: Place, entry: &DirEntry) -> bool {
        // The name does not say how many links the inode has, so a message counts once for each inode, name and folder.
        let identity =
            entry.inode ^ (u64::from(self.name_checksum(entry.name)) << 32) ^ ((place.folder.0 as u64) << 20);
        let facts = |size, time| estimate.facts(entry.inode, size, time);
        self.scratch.inodes.contains(&identity)
            || (self.reader.file_by_name(place, entry.name, &facts, &mut self.tally)
                && self.scratch.inodes.insert(identity))
    }

    pub(super) fn unreadable(&mut self, path: &Path, error: &io::Error) {
        self.tally.problems.extend(read_problem(path, error));
    }

    pub(super) fn unopened(&mut self, path: &Path, error: &io::Error) {
        match error.raw_os_error().map(Errno::from_raw_os_error) {
            Some(Errno::XDEV) => self.tally.problems.push(other_filesystem(path)),
            _ => self.unreadable(path, error),
        }
    }

    /// Starts to count a directory of messages apart from the rest of its folder.
    pub(super) fn begin_messages(&mut self, folder: FolderId) -> Result<SavedTally, DamagedTable> {
        self.count_cohorts()?;
        Ok(self.tally.begin_directory(folder))
    }

    /// The files of a directory in the cache, ordered by inode.
    pub(super) fn cached_files(&self, known: &DirRecord, now: &DirStamp) -> Vec<CachedFile> {
        // In a directory that was made anew, the same inodes may belong to other files.
        let is_same_directory =
            known.stamp.inode == now.inode && known.stamp.born == now.born && known.stamp.born != (0, 0);
        let is_usable = matches!(self.cached.validity(known), CacheValidity::Valid | CacheValidity::FilesOnly);
        match is_same_directory && is_usable {
            true => self.cached.files(known).unwrap_or_default(),
            false => Vec::new(),
        }
    }

    /// Compares a directory that the audit covers with the cache.
    pub(super) fn audit(&mut self, known: &DirRecord, now: &DirStamp, found: &DirTally) {
        let DirContent::Messages { tally, .. } = &known.content else { return };
        if self.cached.validity(known) == CacheValidity::Audited && known.stamp == *now {
            self.audit += CacheAudit { directories: 1, drifted: u64::from(!tally.agrees_with(found)) };
        }
    }

    /// Takes an unchanged directory of messages from the cache, where its index is given.
    pub(super) fn use_cached(
        &mut self,
        folder: FolderId,
        (index, known): (usize, &'a DirRecord),
        tally: &DirTally,
    ) -> Result<(), DamagedTable> {
        self.tally.add_directory(folder, tally);
        self.recorder.unchanged(index);
        match &mut self.cohorts {
            CohortSource::Cache(unchanged) => {
                unchanged.push((folder, known));
                Ok(())
            }
            CohortSource::Messages => self.count_cached_messages(folder, known),
        }
    }

    /// Counts the cohorts by message from now on, and the unchanged directories so far.
    fn count_cohorts(&mut self) -> Result<(), DamagedTable> {
        match std::mem::replace(&mut self.cohorts, CohortSource::Messages) {
            CohortSource::Cache(unchanged) => {
                unchanged.into_iter().try_for_each(|(folder, known)| self.count_cached_messages(folder, known))
            }
            CohortSource::Messages => Ok(()),
        }
    }

    fn count_cached_messages(&mut self, folder: FolderId, known: &DirRecord) -> Result<(), DamagedTable> {
        let DirContent::Messages { table, check, .. } = &known.content else { return Ok(()) };
        let table = self.cached.stored.and_then(|stored| stored.table(table, *check)).ok_or(DamagedTable)?;
        for file in message_table::files(table) {
            if let Some(message) = file.message() {
                self.tally.add_to_cohorts(folder, &message, OnDisk::own(file.allocated, file.links));
            }
            if file.links == 1 {
                self.scratch.inodes.insert(file.inode);
            }
        }
        Ok(())
    }

    pub(super) fn report_progress(&mut self) {
        let now = self.tally.seen;
        let more = now - std::mem::replace(&mut self.reported, now);
        self.context.progress.read(more.files, more.messages, more.bytes);
    }

    pub(super) fn finish(mut self) -> Result<Measured, DamagedTable> {
        self.reader.finish(&mut self.tally);
        if let CohortSource::Cache(unchanged) = &self.cohorts
            && unchanged.len() != self.cached.message_directories()
        {
            self.count_cohorts()?;
        }
        match (self.cached.stored, &self.cohorts) {
            (Some(stored), CohortSource::Cache(_)) => {
                let UnitRecord { cohorts, uses, bulk, .. } = &stored.record;
                (self.tally.cohorts, self.tally.uses, self.tally.bulk) = (cohorts.clone(), uses.clone(), bulk.clone());
            }
            _ => self.tally.pack(),
        }
        self.scratch.give_back();
        self.context.progress.measured();
        self.tally.sort();
        let update = self.recorder.finish(self.cached.stored, &self.tally);
        Ok(Measured { tally: self.tally, update, audit: self.audit })
    }
}
