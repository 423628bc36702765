//! The messages in all `m.` files of an mdbox mailbox.

use std::collections::HashMap;

use crate::store::dbox;
use crate::store::dovecot::dbox_file::{DboxDamage, DboxMessage};
use crate::store::reader::{FileStat, Message};

#[derive(Debug, Default)]
pub(super) struct StoredMails {
    /// Sorted by file and offset once all files are read.
    pub list: Vec<StoredMail>,
    /// Names of the folders of first saving.
    pub origins: Vec<String>,
    by_origin: HashMap<Vec<u8>, u32>,
}

/// One per message, possibly millions.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoredMail {
    pub file: u32,
    /// Index into [`StoredMails::origins`].
    pub origin: Option<u32>,
    offset: u64,
    length: u64,
    physical: u64,
    virtual_size: Option<u64>,
    arrival: i64,
    pub is_shown: bool,
    /// References by the map, if the map has the message.
    pub references: Option<u16>,
}

impl StoredMail {
    /// Without flags and time of saving, which folders have.
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
    /// Adds the messages of a file up to the first damage.
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

    /// Sorts by file and offset, and drops duplicates.
    pub(super) fn sort(&mut self) {
        self.list.sort_unstable_by_key(StoredMail::place);
        self.list.dedup_by_key(|mail| mail.place());
    }

    /// Bytes of unreferenced mail by file.
    pub(super) fn dead(&self) -> HashMap<u32, u64> {
        let mut dead: HashMap<u32, u64> = HashMap::new();
        for mail in self.list.iter().filter(|mail| !mail.is_shown) {
            let bytes = dead.entry(mail.file).or_default();
            *bytes = bytes.saturating_add(mail.length);
        }
        dead
    }

    /// The index in the list, or the insertion point.
    pub(super) fn position(&self, file: u32, offset: u32) -> Result<usize, usize> {
        self.list.binary_search_by_key(&(file, u64::from(offset)), StoredMail::place)
    }

    pub(super) fn find(&mut self, file: u32, offset: u32) -> Option<&mut StoredMail> {
        let position = self.position(file, offset).ok()?;
        self.list.get_mut(position)
    }
}
