//! The messages of all files of an mdbox mailbox: where each lies, and who is known to show it.

use std::collections::HashMap;

use crate::store::dbox;
use crate::store::dovecot::dbox_file::{DboxDamage, DboxMessage};
use crate::store::reader::{FileStat, Message};

/// All messages in all files.
#[derive(Debug, Default)]
pub(super) struct StoredMails {
    /// Sorted by file and offset once all files were read.
    pub list: Vec<StoredMail>,
    /// The folders to which they were first saved.
    pub origins: Vec<String>,
    by_origin: HashMap<Vec<u8>, u32>,
}

/// A message in a file. There may be millions of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoredMail {
    pub file: u32,
    /// The folder to which it was first saved.
    pub origin: Option<u32>,
    offset: u64,
    length: u64,
    physical: u64,
    virtual_size: Option<u64>,
    arrival: i64,
    /// Whether a folder shows it.
    pub is_shown: bool,
    /// How many folders show it by the map, if the map knows it.
    pub references: Option<u16>,
}

impl StoredMail {
    /// As the sink has it, but for what folders say of it.
    pub(super) fn message(&self) -> Message {
        Message {
            bytes: self.length,
            logical: self.physical,
            virtual_size: self.virtual_size,
            arrival: self.arrival,
            ..Message::default()
        }
    }

    fn place(&self) -> (u32, u64) {
        (self.file, self.offset)
    }
}

impl StoredMails {
    /// Takes in all messages of a file up to the first damage.
    pub(super) fn read(
        &mut self,
        file: u32,
        mut walk: impl Iterator<Item = Result<DboxMessage, DboxDamage>>,
        facts: &FileStat,
    ) -> Result<(), DboxDamage> {
        walk.try_for_each(|record| {
            let record = record?;
            let origin = record.mailbox.and_then(|name| self.origin(name));
            self.list.push(StoredMail {
                file,
                origin,
                offset: record.offset,
                length: record.length,
                physical: record.physical,
                virtual_size: record.virtual_size,
                arrival: record.received.unwrap_or(facts.modified),
                is_shown: false,
                references: None,
            });
            Ok(())
        })
    }

    fn origin(&mut self, name: Vec<u8>) -> Option<u32> {
        if let Some(known) = self.by_origin.get(&name) {
            return Some(*known);
        }
        let origin = u32::try_from(self.origins.len()).ok()?;
        self.origins.push(dbox::folder_name(&name));
        self.by_origin.insert(name, origin);
        Some(origin)
    }

    /// Puts them in the order in which they are found; whoever read one twice has it once.
    pub(super) fn sort(&mut self) {
        self.list.sort_unstable_by_key(StoredMail::place);
        self.list.dedup_by_key(|mail| mail.place());
    }

    /// What of each file no folder shows, in bytes.
    pub(super) fn dead(&self) -> HashMap<u32, u64> {
        let mut dead: HashMap<u32, u64> = HashMap::new();
        for mail in self.list.iter().filter(|mail| !mail.is_shown) {
            let bytes = dead.entry(mail.file).or_default();
            *bytes = bytes.saturating_add(mail.length);
        }
        dead
    }

    /// Its place in the list, or where it would be.
    pub(super) fn position(&self, file: u32, offset: u32) -> Result<usize, usize> {
        self.list.binary_search_by_key(&(file, u64::from(offset)), StoredMail::place)
    }

    /// The message that starts at an offset of a file.
    pub(super) fn find(&mut self, file: u32, offset: u32) -> Option<&mut StoredMail> {
        let position = self.position(file, offset).ok()?;
        self.list.get_mut(position)
    }
}
