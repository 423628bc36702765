//! The expected figures of a mailbox, from Dovecot and from the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;
use std::path::{Path, PathBuf};

use crate::support::account::{Account, Folder, Letter, Record, records};
use crate::support::dovecot::Dovecot;
use crate::support::files_on_disk::{self, Name};

/// A mailbox that a scan has to find.
pub struct Mailbox<'a> {
    /// The format, as the scan calls it.
    pub layout: &'a str,
    /// How Dovecot reaches it.
    pub account: Account<'a>,
    /// The directories that hold what is the mailbox's; what lies deeper in a place of another mailbox is that one's.
    pub places: Vec<PathBuf>,
}

/// The sums that a folder, a mailbox and the store all have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// How many messages.
    pub messages: u64,
    /// What they take in their files.
    pub message_bytes: u64,
    /// The sum of `size.physical`.
    pub logical_bytes: u64,
    /// The sum of `size.virtual`.
    pub virtual_bytes: u64,
}

/// What Dovecot and the disk have of one folder.
pub struct ExpectedFolder {
    /// Counts and sizes.
    pub sums: Sums,
    /// The first and the last arrival, in seconds since 1970.
    pub arrivals: Option<(i64, i64)>,
    /// The bytes of messages that are marked as deleted, where they are known message by message.
    marked: Option<u64>,
}

/// All messages in the files of an mdbox, deleted ones among them.
struct Records(Vec<Record>);

/// What Dovecot and the disk have of one mailbox.
pub struct ExpectedMailbox<'a> {
    /// Which mailbox.
    pub mailbox: &'a Mailbox<'a>,
    /// The folders, by name.
    pub folders: BTreeMap<String, ExpectedFolder>,
    /// What lies in its places.
    pub names: Vec<Name>,
    /// The bytes of messages that are marked as deleted, where that is known.
    pub marked: Option<u64>,
    /// The bytes of deleted mail that still lies on disk.
    pub unpurged: u64,
}

impl<'a> Mailbox<'a> {
    /// The mailbox that takes up all of a user's home.
    pub fn new(layout: &'a str, account: Account<'a>) -> Self {
        Mailbox { layout, account, places: vec![account.home()] }
    }

    /// One such mailbox for each user.
    pub fn of_all(server: &'a Dovecot, layout: &'a str, users: &[&'a str]) -> Vec<Self> {
        users.iter().map(|user| Mailbox::new(layout, server.account(user))).collect()
    }

    /// The same, of which all lies in one directory of the home.
    pub fn only(self, directory: &str) -> Self {
        Mailbox { places: vec![self.account.home().join(directory)], ..self }
    }

    /// The same, with more that lies elsewhere.
    pub fn and(mut self, place: PathBuf) -> Self {
        self.places.push(place);
        self
    }

    /// As a scan's mailbox is keyed.
    pub fn key(&self) -> String {
        format!("{} {}", self.layout, self.account.user())
    }

    /// How deep a file lies in a place of this mailbox, if it does.
    pub fn depth(&self, name: &Name) -> Option<usize> {
        let places = self.places.iter().filter(|place| name.path.starts_with(place));
        places.map(|place| place.components().count()).max()
    }

    /// Whether a file of this mailbox holds mail.
    fn holds_mail(&self, name: &Name, folders: &BTreeMap<String, Folder>) -> bool {
        let parent = name.path.parent().expect("a file lies in a directory");
        let is_called = |start: &str| name.base().starts_with(start);
        match self.layout {
            "maildir" => parent.ends_with("cur") || parent.ends_with("new"),
            "sdbox" => parent.ends_with("dbox-Mails") && is_called("u."),
            "mdbox" => parent.ends_with("storage") && is_called("m."),
            // When the last message goes, Dovecot leaves notes of its own in the file.
            "mbox" => folders
                .values()
                .any(|folder| folder.path == name.path && (!folder.letters.is_empty() || name.size == 0)),
            layout => panic!("Dovecot has no {layout}"),
        }
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, more: Sums) {
        self.messages += more.messages;
        self.message_bytes += more.message_bytes;
        self.logical_bytes += more.logical_bytes;
        self.virtual_bytes += more.virtual_bytes;
    }
}

impl ExpectedFolder {
    /// These messages, which take so many bytes in their files.
    fn new<'l>(
        letters: impl IntoIterator<Item = &'l Letter>,
        message_bytes: u64,
        marked: Option<u64>,
    ) -> ExpectedFolder {
        let mut held = ExpectedFolder { sums: Sums { message_bytes, ..Sums::default() }, arrivals: None, marked };
        for letter in letters {
            let (first, last) = held.arrivals.unwrap_or((letter.arrival, letter.arrival));
            held.arrivals = Some((first.min(letter.arrival), last.max(letter.arrival)));
            held.sums.messages += 1;
            held.sums.logical_bytes += letter.physical;
            held.sums.virtual_bytes += letter.virtual_size;
        }
        held
    }

    fn from_disk(mailbox: &Mailbox, name: &str, folder: &Folder, names: &[Name], records: &Records) -> ExpectedFolder {
        let root = mailbox.account.server().store();
        match mailbox.layout {
            "maildir" => ExpectedFolder::from_maildir(folder, names),
            "sdbox" => ExpectedFolder::from_letters(folder, &root, |letter| {
                let file = format!("u.{}", letter.uid);
                let is_it = |name: &&Name| name.base() == file && folder.holds(name);
                names.iter().find(is_it).map(|name| name.size)
            }),
            "mdbox" => ExpectedFolder::from_letters(folder, &root, |letter| {
                records.place(name, letter).map(|r| records.0[r].length)
            }),
            _ => ExpectedFolder::from_mbox(folder, names),
        }
    }

    /// From the first byte to the last, an mbox is messages.
    fn from_mbox(folder: &Folder, names: &[Name]) -> ExpectedFolder {
        let file = names.iter().filter(|name| name.holds_mail && name.path == folder.path);
        let bytes = file.map(|name| name.size).sum();
        let marked = match folder.letters.iter().filter(|letter| letter.is_deleted).count() {
            0 => Some(0),
            all if all == folder.letters.len() => Some(bytes),
            _ => None,
        };
        ExpectedFolder::new(&folder.letters, bytes, marked)
    }

    fn from_maildir(folder: &Folder, names: &[Name]) -> ExpectedFolder {
        let files = files_on_disk::messages(names, &folder.path);
        assert_eq!(files.len(), folder.letters.len(), "Dovecot's count of {}", folder.path.display());
        let marked: Vec<Name> = files.iter().filter(|name| name.is_marked_as_deleted()).cloned().collect();
        let deleted = folder.letters.iter().filter(|letter| letter.is_deleted).count();
        assert_eq!(marked.len(), deleted, "messages that are marked as deleted in {}", folder.path.display());
        ExpectedFolder::new(&folder.letters, files_on_disk::size(&files), Some(files_on_disk::size(&marked)))
    }

    /// Messages of which each has its own length on the disk. What lies in alternative storage outside the store is none
    /// of the store's.
    fn from_letters(folder: &Folder, root: &Path, length: impl Fn(&Letter) -> Option<u64>) -> ExpectedFolder {
        let sized: Vec<(&Letter, Option<u64>)> = folder.letters.iter().map(|letter| (letter, length(letter))).collect();
        if folder.alternative.as_ref().is_none_or(|place| place.starts_with(root)) {
            let lost = sized.iter().find(|(_, length)| length.is_none());
            assert!(lost.is_none(), "no file holds {lost:?} of {}", folder.path.display());
        }
        let present = || sized.iter().filter_map(|&(letter, length)| Some((letter, length?)));
        let marked = present().filter(|(letter, _)| letter.is_deleted).map(|(_, length)| length).sum();
        ExpectedFolder::new(
            present().map(|(letter, _)| letter),
            present().map(|(_, length)| length).sum(),
            Some(marked),
        )
    }
}

impl Records {
    /// Which of them a message in a folder is. Mail that came from another store may have the same in several folders.
    fn place(&self, folder: &str, letter: &Letter) -> Option<usize> {
        let same: Vec<usize> = (0..self.0.len()).filter(|&place| self.0[place].guid == letter.guid).collect();
        let here = || same.iter().filter(|&&place| self.0[place].saved_to == folder);
        match same[..] {
            [] => None,
            [only] => Some(only),
            _ if here().count() == 1 => here().next().copied(),
            _ => panic!("which of {} messages is {} in {folder}?", same.len(), letter.guid),
        }
    }

    /// The bytes of those that no folder has any more.
    fn unpurged(&self, folders: &BTreeMap<String, Folder>) -> u64 {
        let letters = folders.iter().flat_map(|(name, folder)| folder.letters.iter().map(move |letter| (name, letter)));
        let live: BTreeSet<usize> = letters.filter_map(|(name, letter)| self.place(name, letter)).collect();
        let unpurged = self.0.iter().enumerate().filter(|(place, _)| !live.contains(place));
        unpurged.map(|(_, record)| record.length).sum()
    }
}

impl ExpectedMailbox<'_> {
    /// A mailbox with its folders, as Dovecot told them, and with the names in its places.
    pub fn new<'a>(
        mailbox: &'a Mailbox<'a>,
        folders: &BTreeMap<String, Folder>,
        names: Vec<Name>,
    ) -> ExpectedMailbox<'a> {
        let names = names.into_iter().map(|name| Name { holds_mail: mailbox.holds_mail(&name, folders), ..name });
        let names: Vec<Name> = names.collect();
        let files = names.iter().filter(|name| name.holds_mail && mailbox.layout == "mdbox");
        let records = |file: &Name| records(mailbox.account.server(), &file.path, file.size);
        let records = Records(files.flat_map(records).collect());
        let unpurged = records.unpurged(folders);
        let held = |(name, folder): (&String, &Folder)| {
            (name.clone(), ExpectedFolder::from_disk(mailbox, name, folder, &names, &records))
        };
        let folders: BTreeMap<String, ExpectedFolder> = folders.iter().map(held).collect();
        let marked: Option<u64> = folders.values().map(|held| held.marked).sum();
        ExpectedMailbox { mailbox, folders, names, marked, unpurged }
    }

    /// The files that hold mail.
    pub fn mail(&self) -> Vec<Name> {
        self.names.iter().filter(|name| name.holds_mail).cloned().collect()
    }
}
