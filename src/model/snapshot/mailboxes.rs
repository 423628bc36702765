//! The mailboxes of a store, packed: there may be a million, of which most are small.

use std::fmt;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::{ClassUsage, Classes, Cohorts, Folder, Mailbox, Sureness, Tally};
use crate::model::class::Class;
use crate::model::special_use::SpecialUse;
use crate::model::varint::{self, VarintReader};

/// Mailboxes in the order in which they were added, in about 150 bytes each beside their names.
#[derive(Clone, Default, PartialEq)]
pub struct Mailboxes {
    bytes: Vec<u8>,
    len: usize,
}

impl Mailboxes {
    /// The number of mailboxes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Appends a mailbox.
    pub fn push(&mut self, mailbox: &Mailbox) {
        put_mailbox(&mut self.bytes, mailbox);
        self.len += 1;
    }

    /// The mailboxes, in order.
    pub fn iter(&self) -> impl Iterator<Item = Mailbox> + use<'_> {
        self.into_iter()
    }
}

/// Unpacks mailboxes.
#[derive(Debug)]
pub struct Unpacked<'a>(VarintReader<'a>);

impl Iterator for Unpacked<'_> {
    type Item = Mailbox;

    fn next(&mut self) -> Option<Mailbox> {
        if self.0.is_empty() { None } else { take_mailbox(&mut self.0) }
    }
}

impl<'a> IntoIterator for &'a Mailboxes {
    type Item = Mailbox;
    type IntoIter = Unpacked<'a>;

    fn into_iter(self) -> Unpacked<'a> {
        Unpacked(VarintReader(&self.bytes))
    }
}

impl FromIterator<Mailbox> for Mailboxes {
    fn from_iter<I: IntoIterator<Item = Mailbox>>(all: I) -> Mailboxes {
        let mut mailboxes = Mailboxes::default();
        all.into_iter().for_each(|mailbox| mailboxes.push(&mailbox));
        mailboxes
    }
}

impl From<Vec<Mailbox>> for Mailboxes {
    fn from(all: Vec<Mailbox>) -> Mailboxes {
        all.into_iter().collect()
    }
}

impl fmt::Debug for Mailboxes {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.debug_list().entries(self).finish()
    }
}

impl Serialize for Mailboxes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

fn put_mailbox(into: &mut Vec<u8>, mailbox: &Mailbox) {
    put_optional(into, mailbox.domain.as_deref(), |into, domain| varint::put_bytes(into, domain.as_bytes()));
    for text in [&mailbox.user, &mailbox.path, &mailbox.layout] {
        varint::put_bytes(into, text.as_bytes());
    }
    into.push(mailbox.sureness as u8);
    into.push(u8::from(mailbox.is_partial));
    put_tally(into, &mailbox.tally);
    put_classes(into, &mailbox.classes);
    varint::put_bytes(into, mailbox.cohorts.packed());
    put_folders(into, &mailbox.folders);
}

fn take_mailbox(bytes: &mut VarintReader) -> Option<Mailbox> {
    let domain = take_optional(bytes, take_text)?;
    Some(Mailbox {
        domain,
        user: take_text(bytes)?,
        path: take_text(bytes)?,
        layout: take_text(bytes)?,
        sureness: *Sureness::ALL.get(usize::from(bytes.byte()?))?,
        is_partial: bytes.byte()? == 1,
        tally: take_tally(bytes)?,
        classes: take_classes(bytes)?,
        cohorts: Cohorts::from_trusted(bytes.bytes()?.to_vec()),
        folders: take_folders(bytes)?,
    })
}

pub(crate) fn put_folders(into: &mut Vec<u8>, folders: &[Folder]) {
    varint::put(into, folders.len() as u64);
    for folder in folders {
        varint::put_bytes(into, folder.name.as_bytes());
        varint::put_bytes(into, folder.path.as_bytes());
        into.push(folder.special_use.map_or(0, |special_use| 1 + special_use as u8));
        put_tally(into, &folder.tally);
    }
}

pub(crate) fn take_folders(bytes: &mut VarintReader) -> Option<Vec<Folder>> {
    let folder = |bytes: &mut VarintReader| {
        let (name, path) = (take_text(bytes)?, take_text(bytes)?);
        let special_use = match usize::from(bytes.byte()?).checked_sub(1) {
            Some(place) => Some(*SpecialUse::ALL.get(place)?),
            None => None,
        };
        Some(Folder { name, path, special_use, tally: take_tally(bytes)? })
    };
    let count = bytes.number()?;
    (0..count).map(|_| folder(bytes)).collect()
}

pub(crate) fn put_tally(into: &mut Vec<u8>, tally: &Tally) {
    numbers(&mut tally.clone()).iter().for_each(|number| varint::put(into, **number));
    put_optional(into, tally.virtual_bytes, varint::put);
    for time in [tally.oldest, tally.newest] {
        put_optional(into, time, |into, time| {
            varint::put_signed(into, time.as_second());
            varint::put_signed(into, i64::from(time.subsec_nanosecond()));
        });
    }
}

pub(crate) fn take_tally(bytes: &mut VarintReader) -> Option<Tally> {
    let mut tally = Tally::default();
    for number in numbers(&mut tally) {
        *number = bytes.number()?;
    }
    tally.virtual_bytes = take_optional(bytes, VarintReader::number)?;
    for time in [&mut tally.oldest, &mut tally.newest] {
        *time = take_optional(bytes, |bytes| {
            let (second, nanosecond) = (bytes.signed()?, i32::try_from(bytes.signed()?).ok()?);
            Timestamp::new(second, nanosecond).ok()
        })?;
    }
    Some(tally)
}

/// The fields of a tally that are not optional.
fn numbers(tally: &mut Tally) -> [&mut u64; 10] {
    [
        &mut tally.messages,
        &mut tally.message_bytes,
        &mut tally.logical_bytes,
        &mut tally.other_bytes,
        &mut tally.reclaimable_bytes,
        &mut tally.allocated_bytes,
        &mut tally.files,
        &mut tally.directories,
        &mut tally.directory_bytes,
        &mut tally.inodes,
    ]
}

/// The classes that are used; a zero ends the list.
pub(crate) fn put_classes(into: &mut Vec<u8>, classes: &Classes) {
    for (class, usage) in classes.iter().filter(|(_, usage)| **usage != ClassUsage::default()) {
        into.push(class as u8 + 1);
        let ClassUsage { files, bytes, allocated_bytes, inodes } = *usage;
        [files, bytes, allocated_bytes, inodes].iter().for_each(|&number| varint::put(into, number));
    }
    into.push(0);
}

pub(crate) fn take_classes(bytes: &mut VarintReader) -> Option<Classes> {
    let mut classes = Classes::default();
    while let class @ 1.. = bytes.byte()? {
        let class = *Class::ALL.get(usize::from(class) - 1)?;
        let mut number = || bytes.number();
        classes[class] +=
            ClassUsage { files: number()?, bytes: number()?, allocated_bytes: number()?, inodes: number()? };
    }
    Some(classes)
}

fn put_optional<T>(into: &mut Vec<u8>, value: Option<T>, put: impl Fn(&mut Vec<u8>, T)) {
    into.push(u8::from(value.is_some()));
    value.into_iter().for_each(|value| put(into, value));
}

fn take_optional<'a, T>(
    bytes: &mut VarintReader<'a>,
    take: impl Fn(&mut VarintReader<'a>) -> Option<T>,
) -> Option<Option<T>> {
    Some(if bytes.byte()? == 1 { Some(take(bytes)?) } else { None })
}

fn take_text(bytes: &mut VarintReader) -> Option<String> {
    std::str::from_utf8(bytes.bytes()?).ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::snapshot::{Clock, Cohort};
    use jiff::civil::date;

    fn full(user: &str) -> Mailbox {
        let mut tally = Tally::default();
        numbers(&mut tally).into_iter().zip(1..).for_each(|(number, value)| *number = value << 50);
        tally.virtual_bytes = None;
        (tally.oldest, tally.newest) = (Timestamp::new(-7, -5).ok(), Timestamp::from_second(1 << 33).ok());
        let mut classes = Classes::default();
        classes[Class::ALL[Class::ALL.len() - 1]] += ClassUsage { files: 1, bytes: 2, allocated_bytes: 3, inodes: 4 };
        let folder = |special_use| Folder { name: "Gelöscht".to_owned(), path: ".G".to_owned(), special_use, tally };
        let day = date(2026, 11, 23);
        Mailbox {
            domain: Some("example.org".to_owned()),
            user: user.to_owned(),
            path: "example.org/ann".to_owned(),
            layout: "maildir".to_owned(),
            sureness: Sureness::Guess,
            is_partial: true,
            tally,
            classes,
            cohorts: [Cohort { clock: Clock::Arrival, day, size_from: 0, messages: 2, bytes: 9 }].into_iter().collect(),
            folders: vec![folder(None), folder(SpecialUse::ALL.last().copied())],
        }
    }

    #[test]
    fn mailboxes_read_back_unchanged() {
        let all = vec![full("ann"), Mailbox::default(), full("bob")];
        let packed = Mailboxes::from(all.clone());
        assert_eq!((packed.len(), packed.is_empty()), (3, false));
        assert_eq!(packed.iter().collect::<Vec<_>>(), all);
    }

    #[test]
    fn an_empty_mailbox_takes_less_than_fifty_bytes() {
        let packed = Mailboxes::from(vec![Mailbox::default()]);
        assert!(packed.bytes.len() < 50, "{}", packed.bytes.len());
    }
}
