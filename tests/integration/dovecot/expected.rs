//! The expected figures of a mailbox, from Dovecot and from the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;
use std::path::{Path, PathBuf};

use crate::support::account::{Account, Folder, Letter, Record, records};
use crate::support::dovecot::Dovecot;
use crate::support::files_on_disk::{self, Name};

/// A mailbox that a scan must find.
pub struct Mailbox<'a> {
    /// The format, as named by the scan.
    pub layout: &'a str,
    /// The account in Dovecot.
    pub account: Account<'a>,
    /// The directories of the mailbox. Files deeper in a directory of another mailbox belong to that one.
    pub places: Vec<PathBuf>,
}

/// The sums that folders, mailboxes and the store have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub messages: u64,
    /// Their bytes in files.
    pub message_bytes: u64,
    /// The sum of `size.physical`.
    pub logical_bytes: u64,
    /// The sum of `size.virtual`.
    pub virtual_bytes: u64,
}

/// The figures of one folder from Dovecot and the disk.
pub struct ExpectedFolder {
    pub sums: Sums,
    /// The first and the last arrival, in seconds since 1970.
    pub arrivals: Option<(i64, i64)>,
    /// The bytes of messages marked as deleted, if known for each message.
    marked: Option<u64>,
}

/// All messages in the files of an mdbox, including deleted ones.
struct Records(Vec<Record>);

/// The figures of one mailbox from Dovecot and the disk.
pub struct ExpectedMailbox<'a> {
    pub mailbox: &'a Mailbox<'a>,
    /// The folders, by name.
    pub folders: BTreeMap<String, ExpectedFolder>,
    /// The files in its directories.
    pub names: Vec<Name>,
    /// The bytes of messages marked as deleted, if known.
    pub marked: Option<u64>,
    /// The bytes of deleted mail that is still on disk.
    pub unpurged: u64,
}

impl<'a> Mailbox<'a> {
    /// The mailbox that is all of a user's home.
    pub fn new(layout: &'a str, account: Account<'a>) -> Self {
        Mailbox { layout, account, places: vec![account.home()] }
    }

    /// One such mailbox for each user.
    pub fn of_all(server: &'a Dovecot, layout: &'a str, users: &[&'a str]) -> Vec<Self> {
        users.iter().map(|user| Mailbox::new(layout, server.account(user))).collect()
    }

    /// The mailbox with all its files in one directory of the home.
    pub fn only(self, directory: &str) -> Self {
        Mailbox { places: vec![self.account.home().join(directory)], ..self }
    }

    /// The mailbox with an additional directory.
    pub fn and(mut self, place: PathBuf) -> Self {
        self.places.push(place);
        self
    }

    /// The key of the mailbox in a scan.
    pub fn key(&self) -> String {
        format!("{} {}", self.layout, self.account.user())
    }

    /// The depth of a file in a directory of this mailbox, if it is in one.
    pub fn depth(&self, name: &Name) -> Option<usize> {
        let places = self.places.iter().filter(|place| name.path.starts_with(place));
        places.map(|place| place.components().count()).max()
    }

    /// Whether a file of this mailbox has mail.
    fn holds_mail(&self, name: &Name, folders: &BTreeMap<String, Folder>) -> bool {
        let parent = name.path.parent().expect("a file lies in a directory");
        let is_called = |start: &str| name.base().starts_with(start);
        match self.layout {
            "maildir" => parent.ends_with("cur") || parent.ends_with("new"),
            "sdbox" => parent.ends_with("dbox-Mails") && is_called("u."),
            "mdbox" => parent.ends_with("storage") && is_called("m."),
            // After the last message is deleted, Dovecot keeps metadata in the file.
            "mbox" => folders
                .values()
                .any(|folder| folder.path == name.path && (!folder.letters.is_empty() || name.size == 0)),
            layout => panic!("Dovecot does not have {layout}"),
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
    /// The figures of messages that take `message_bytes` in their files.
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

    /// All bytes of an mbox are messages.
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

    /// Messages with a length each on disk. Mail in alternative storage outside the store does not count.
    fn from_letters(folder: &Folder, root: &Path, length: impl Fn(&Letter) -> Option<u64>) -> ExpectedFolder {
        let sized: Vec<(&Letter, Option<u64>)> = folder.letters.iter().map(|letter| (letter, length(letter))).collect();
        if folder.alternative.as_ref().is_none_or(|place| place.starts_with(root)) {
            let lost = sized.iter().find(|(_, length)| length.is_none());
            assert!(lost.is_none(), "no file has {lost:?} of {}", folder.path.display());
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
    /// The record of a message in a folder. Mail imported from another store may have the same GUID in several folders.
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

    /// The bytes of messages that are in no folder.
    fn unpurged(&self, folders: &BTreeMap<String, Folder>) -> u64 {
        let letters = folders.iter().flat_map(|(name, folder)| folder.letters.iter().map(move |letter| (name, letter)));
        let live: BTreeSet<usize> = letters.filter_map(|(name, letter)| self.place(name, letter)).collect();
        let unpurged = self.0.iter().enumerate().filter(|(place, _)| !live.contains(place));
        unpurged.map(|(_, record)| record.length).sum()
    }
}

impl ExpectedMailbox<'_> {
    /// A mailbox with its folders from Dovecot and the files in its directories.
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

    /// The files with mail.
    pub fn mail(&self) -> Vec<Name> {
        self.names.iter().filter(|name| name.holds_mail).cloned().collect()
    }
}
