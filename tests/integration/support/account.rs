//! One user of the private Dovecot: operations on the mail, and what Dovecot reports about it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::dovecot::Dovecot;
use super::files_on_disk::Name;
use super::imap_append::Upload;

/// One user of a running server.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    pub(super) server: &'a Dovecot,
    pub(super) user: &'a str,
    pub(super) location: Option<&'a str>,
}

/// Line ends of a message on the disk.
#[derive(Clone, Copy)]
pub enum LineEnds {
    /// Dovecot's default.
    Lf,
    /// `mail_save_crlf=yes`.
    CrLf,
}

/// One folder in Dovecot.
#[derive(Debug, Default)]
pub struct Folder {
    pub letters: Vec<Letter>,
    /// Its directory or file.
    pub path: PathBuf,
    /// Its directory in alternative storage, if any.
    pub alternative: Option<PathBuf>,
}

/// One message in Dovecot.
#[derive(Clone, Debug)]
pub struct Letter {
    pub uid: String,
    /// Identifies it in all folders of its user.
    pub guid: String,
    /// `size.physical`.
    pub physical: u64,
    /// `size.virtual`.
    pub virtual_size: u64,
    /// In seconds since 1970.
    pub arrival: i64,
    /// Has the flag `\Deleted`.
    pub is_deleted: bool,
}

/// A message in a dbox file, as `doveadm dump` prints it.
#[derive(Clone, Debug)]
pub struct Record {
    /// Copies are the same record, unless they were imported from another store.
    pub guid: String,
    /// From its header to the end of its metadata.
    pub length: u64,
    /// The folder that it was first saved to.
    pub saved_to: String,
}

impl<'a> Account<'a> {
    /// The same user's mail with another `mail_location`.
    pub fn at(self, location: &'a str) -> Account<'a> {
        Account { location: Some(location), ..self }
    }

    /// The user, with the domain if there is one.
    pub fn user(&self) -> &'a str {
        self.user
    }

    /// The server of the user's mail.
    pub fn server(&self) -> &'a Dovecot {
        self.server
    }

    /// The home directory of the user.
    pub fn home(&self) -> PathBuf {
        let (user, domain) = self.user.split_once('@').unwrap_or((self.user, ""));
        self.server.store().join(domain).join(user)
    }
}

impl Account<'_> {
    /// Creates folders.
    pub fn create(&self, folders: &[&str]) {
        self.doveadm(&["mailbox", "create"], folders);
    }

    /// Deletes a folder with all its mail.
    pub fn delete(&self, folder: &str) {
        self.doveadm(&["mailbox", "delete"], &[folder]);
    }

    /// Renames a folder.
    pub fn rename(&self, from: &str, to: &str) {
        self.doveadm(&["mailbox", "rename"], &[from, to]);
    }

    /// Saves a message with the current time and these line ends on the disk.
    pub fn save(&self, folder: &str, message: &[u8], ends: LineEnds) {
        let setting = match ends {
            LineEnds::Lf => "mail_save_crlf=no",
            LineEnds::CrLf => "mail_save_crlf=yes",
        };
        self.run(&["-o", setting, "save", "-u", self.user, "-m", folder], message);
    }

    /// Copies the messages of a folder that a search finds, which Dovecot does with hard links.
    pub fn copy(&self, from: &str, to: &str, search: &str) {
        self.doveadm(&["copy"], &[to, "mailbox", from, search]);
    }

    /// Moves the messages of a folder that a search finds.
    pub fn relocate(&self, from: &str, to: &str, search: &str) {
        self.doveadm(&["move"], &[to, "mailbox", from, search]);
    }

    /// Sets a flag on the messages of a folder that a search finds.
    pub fn flag(&self, folder: &str, flag: &str, search: &str) {
        self.doveadm(&["flags", "add"], &[flag, "mailbox", folder, search]);
    }

    /// Removes the messages of a folder that a search finds.
    pub fn expunge(&self, folder: &str, search: &str) {
        self.doveadm(&["expunge"], &["mailbox", folder, search]);
    }

    /// Subscribes to folders.
    pub fn subscribe(&self, folders: &[&str]) {
        self.doveadm(&["mailbox", "subscribe"], folders);
    }

    /// Grants rights in a folder.
    pub fn allow(&self, folder: &str, whom: &str, rights: &[&str]) {
        self.doveadm(&["acl", "set"], &[&[folder, whom], rights].concat());
    }

    /// Moves the messages of a folder that a search finds to the alternative storage.
    pub fn put_away(&self, folder: &str, search: &str) {
        self.doveadm(&["altmove"], &["mailbox", folder, search]);
    }

    /// Frees the space of deleted messages in mdbox.
    pub fn purge(&self) {
        self.doveadm(&["purge"], &[]);
    }

    /// Imports all folders from another location of this user, with arrival dates.
    pub fn import(&self, location: &str) {
        self.doveadm(&["import"], &[location, "", "ALL"]);
    }

    /// Uploads messages in one IMAP session; any refusal ends the test.
    pub fn append(&self, uploads: &[Upload]) {
        let mut session = Vec::new();
        for Upload { folder, flags, arrival, message } in uploads {
            let size = message.len();
            session.extend(format!("a APPEND \"{folder}\" ({flags}) \"{arrival}\" {{{size}+}}\r\n").bytes());
            session.extend_from_slice(message);
            session.extend(b"\r\n");
        }
        session.extend(b"z LOGOUT\r\n");
        let answers = self.server.doveadm(&["exec", "imap", "-u", self.user], &session);
        let answers = String::from_utf8_lossy(&answers);
        let done = answers.lines().filter(|line| line.starts_with("a OK ")).count();
        assert_eq!(done, uploads.len(), "IMAP refused a message of {}: {answers}", self.user);
    }

    /// The number of messages in a folder.
    pub fn count(&self, folder: &str) -> u64 {
        let states = self.ask(&["mailbox", "status"], &["messages", folder]);
        states.iter().map(|state| number(state, "messages")).sum()
    }

    /// All folders that can have mail.
    pub fn folders(&self) -> BTreeMap<String, Folder> {
        let mut folders = BTreeMap::new();
        let states = self.ask(&["mailbox", "status"], &["messages vsize", "*"]);
        for state in &states {
            let name = text(state, "mailbox");
            let path = self.place("mailbox", &name).expect("a folder has a place");
            let alternative = self.place("alt-mailbox", &name);
            folders.insert(name, Folder { path, alternative, ..Folder::default() });
        }
        let fields = "mailbox uid guid flags size.physical size.virtual date.received.unixtime";
        for message in self.ask(&["fetch"], &[fields, "ALL"]) {
            let folder = folders.get_mut(&text(&message, "mailbox")).expect("the folder is known");
            folder.letters.push(Letter::from_json(&message));
        }
        for state in &states {
            let letters = &folders[&text(state, "mailbox")].letters;
            let counted = (letters.len() as u64, letters.iter().map(|letter| letter.virtual_size).sum());
            assert_eq!(counted, (number(state, "messages"), number(state, "vsize")), "Dovecot contradicts itself");
        }
        folders
    }

    fn place(&self, kind: &str, folder: &str) -> Option<PathBuf> {
        let places = self.ask(&["mailbox", "path", "-t", kind], &[folder]);
        places.first().map(|place| PathBuf::from(text(place, "path")))
    }

    /// Runs a command of `doveadm` for this user.
    fn doveadm(&self, command: &[&str], arguments: &[&str]) -> Vec<u8> {
        self.run(&[command, &["-u", self.user], arguments].concat(), b"")
    }

    /// Runs `doveadm` with the location of this user's mail.
    fn run(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let setting = self.location.map(|location| format!("mail_location={location}"));
        let setting: Vec<&str> = setting.iter().flat_map(|setting| ["-o", setting]).collect();
        self.server.doveadm(&[&setting, arguments].concat(), input)
    }

    /// Runs a command of `doveadm` that prints a table.
    fn ask(&self, command: &[&str], arguments: &[&str]) -> Vec<Value> {
        let answer = self.doveadm(&[&["-f", "json"], command].concat(), arguments);
        serde_json::from_slice(&answer).expect("doveadm writes JSON")
    }
}

impl Folder {
    /// Whether a file is directly in the folder.
    pub fn holds(&self, name: &Name) -> bool {
        let places = [Some(&self.path), self.alternative.as_ref()];
        places.into_iter().flatten().any(|place| name.path.parent() == Some(place))
    }
}

impl Letter {
    fn from_json(message: &Value) -> Letter {
        Letter {
            uid: text(message, "uid"),
            guid: text(message, "guid"),
            physical: number(message, "size.physical"),
            virtual_size: number(message, "size.virtual"),
            arrival: number(message, "date.received.unixtime").cast_signed(),
            is_deleted: text(message, "flags").split(' ').any(|flag| flag == "\\Deleted"),
        }
    }
}

/// The messages in a file of mdbox, including deleted ones that were not purged.
pub fn records(server: &Dovecot, file: &Path, size: u64) -> Vec<Record> {
    let path = file.to_str().expect("Dovecot names its files in ASCII");
    let dump = server.doveadm(&["dump", "-t", "dbox", path], b"");
    let dump = String::from_utf8(dump).expect("the folders' names are UTF-8");
    let parts: Vec<&str> = dump.split("\noffset ").skip(1).collect();
    let offset = |part: &str| -> u64 {
        let digits = part.split(':').next().unwrap_or_default();
        digits.parse().unwrap_or_else(|_| panic!("{path} has a message at {digits:?}"))
    };
    let ends = parts.iter().skip(1).map(|part| offset(part)).chain([size]);
    let record = |(part, end): (&&str, u64)| {
        let field = |field: &str| {
            let value = part.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(" = "));
            value.unwrap_or_else(|| panic!("no {field} of {path}: {part}")).to_owned()
        };
        Record { guid: field("msg.guid"), length: end - offset(part), saved_to: field("msg.orig-mailbox") }
    };
    parts.iter().zip(ends).map(record).collect()
}

fn text(row: &Value, column: &str) -> String {
    row[column].as_str().unwrap_or_else(|| panic!("doveadm printed no {column}: {row}")).to_owned()
}

/// A number in a table of `doveadm`, which writes all numbers as strings.
fn number(row: &Value, column: &str) -> u64 {
    text(row, column).parse().unwrap_or_else(|_| panic!("{column} is not a number: {row}"))
}
