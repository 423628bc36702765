//! What the next scan is to remember of a unit, noted down while it is measured.

use std::path::Path;

use crate::scan::cache::file::{Unit, Writer};
use crate::scan::cache::message_table;
use crate::scan::cache::message_table::Kept;
use crate::scan::cache::unit_record::{Directory, Held, Names, Record, add_table};
use crate::scan::io::root::Stand;
use crate::scan::tally::directory::Sums;
use crate::scan::tally::mailbox::Findings;

/// A directory of more names is listed each time: they would take much room, and there are few such directories.
const MOST_NAMES: usize = 256;

/// Directories, in the order of the walk.
#[derive(Debug, Default)]
pub(crate) struct Notebook {
    pages: Vec<Page>,
    tables: Vec<u8>,
}

#[derive(Debug)]
enum Page {
    /// As it is now.
    New(Directory),
    /// As it was, by its place in the record.
    Again(usize),
}

/// What is to be remembered of a unit.
#[derive(Debug)]
pub(crate) enum Notes {
    /// Nothing.
    Nothing,
    /// What was remembered before.
    Again,
    /// A record, and the tables of messages.
    New(Record, Vec<u8>),
}

impl Notebook {
    /// Notes a directory that stands still.
    pub(crate) fn again(&mut self, index: usize) {
        self.pages.push(Page::Again(index));
    }

    /// Notes the names in a directory.
    pub(crate) fn names(&mut self, part: usize, path: &Path, stand: Stand, names: Names) {
        if names.count() <= MOST_NAMES {
            let held = Held::Names(names);
            self.pages.push(Page::New(Directory { part, path: path.to_owned(), stand, is_settled: true, held }));
        }
    }

    /// Notes a directory of messages; one that is not settled is listed each time, and its files are known again.
    pub(crate) fn messages(
        &mut self,
        (part, path): (usize, &Path),
        stand: Stand,
        is_settled: bool,
        sums: Sums,
        files: &[Kept],
    ) {
        let (table, check) = add_table(&mut self.tables, |into| message_table::put(into, files));
        let held = Held::Messages { sums: Box::new(sums), table, check };
        self.pages.push(Page::New(Directory { part, path: path.to_owned(), stand, is_settled, held }));
    }

    /// All of it, with the cohorts of the unit. What was remembered of the unit before is given, and its tables, if they
    /// were read.
    pub(crate) fn finish(mut self, before: Option<&Unit>, findings: &Findings) -> Notes {
        if self.pages.is_empty() {
            return Notes::Nothing;
        }
        let is_again = |(number, page): (usize, &Page)| matches!(page, Page::Again(index) if *index == number);
        let all_again = self.pages.iter().enumerate().all(is_again);
        if all_again && before.is_some_and(|before| before.record.directories.len() == self.pages.len()) {
            return Notes::Again;
        }
        let mut record = Record {
            directories: Vec::with_capacity(self.pages.len()),
            cohorts: findings.cohorts.clone(),
            uses: findings.uses.clone(),
            late: findings.late.clone(),
        };
        for page in self.pages {
            match page {
                Page::New(directory) => record.directories.push(directory),
                Page::Again(index) => {
                    let kept = before.and_then(|before| again(before, index, &mut self.tables));
                    record.directories.extend(kept);
                }
            }
        }
        Notes::New(record, self.tables)
    }
}

/// A directory as it was, its table put behind those that there are.
fn again(before: &Unit, index: usize, tables: &mut Vec<u8>) -> Option<Directory> {
    let mut directory = before.record.directories.get(index)?.clone();
    if let Held::Messages { table, check, .. } = &mut directory.held {
        let bytes = before.table(table, *check)?;
        (*table, *check) = add_table(tables, |into| into.extend_from_slice(bytes));
    }
    Some(directory)
}

impl Notes {
    /// Writes them down.
    pub(crate) fn write(&self, key: &[u8], writer: &Writer) {
        match self {
            Notes::Nothing => {}
            Notes::Again => writer.add_again(key),
            Notes::New(record, tables) => writer.add(key, &record.bytes(), tables),
        }
    }
}
