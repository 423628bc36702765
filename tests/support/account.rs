//! One user's mail on the private server: what can be done to it, and what Dovecot says is in it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use super::dovecot::Dovecot;

/// One user of a running server.
pub struct Account<'a> {
    pub(super) server: &'a Dovecot,
    pub(super) user: &'a str,
}

/// How the lines of a message end on the disk.
#[derive(Clone, Copy)]
pub enum LineEnds {
    /// As Dovecot does it unless told otherwise.
    Lf,
    /// `mail_save_crlf=yes`.
    CrLf,
}

/// A message on its way into a folder by IMAP APPEND, which alone can set flags and the date of arrival.
pub struct Upload<'a> {
    /// The folder as IMAP writes it: in modified UTF-7.
    pub folder: &'a str,
    /// Flags, such as `\Seen`, with blanks between them.
    pub flags: &'a str,
    /// The arrival as IMAP writes it: `04-Jul-1999 23:59:59 -0700`.
    pub arrival: &'a str,
    /// The message itself.
    pub message: &'a [u8],
}

/// What Dovecot says about one folder.
#[derive(Debug, Default)]
pub struct Folder {
    /// How many messages it holds.
    pub messages: u64,
    /// The sum of `size.physical`.
    pub physical: u64,
    /// The sum of `size.virtual`.
    pub virtual_size: u64,
    /// The first and the last arrival, in seconds since 1970.
    pub arrivals: Option<(i64, i64)>,
    /// Where it lies on the disk.
    pub path: PathBuf,
}

impl Account<'_> {
    /// Makes folders.
    pub fn create(&self, folders: &[&str]) {
        self.doveadm(&["mailbox", "create"], folders);
    }

    /// Removes a folder with all its mail.
    pub fn delete(&self, folder: &str) {
        self.doveadm(&["mailbox", "delete"], &[folder]);
    }

    /// Gives a folder another name.
    pub fn rename(&self, from: &str, to: &str) {
        self.doveadm(&["mailbox", "rename"], &[from, to]);
    }

    /// Saves a message as of now, with these line ends on the disk.
    pub fn save(&self, folder: &str, message: &[u8], ends: LineEnds) {
        let setting = match ends {
            LineEnds::Lf => "mail_save_crlf=no",
            LineEnds::CrLf => "mail_save_crlf=yes",
        };
        self.server.doveadm(&["-o", setting, "save", "-u", self.user, "-m", folder], message);
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

    /// What Dovecot says about every folder that can hold mail.
    pub fn folders(&self) -> BTreeMap<String, Folder> {
        let mut folders = BTreeMap::new();
        let states = self.ask(&["mailbox", "status"], &["messages vsize", "*"]);
        for state in &states {
            let name = state["mailbox"].as_str().expect("a folder has a name").to_owned();
            let place = &self.ask(&["mailbox", "path", "-t", "mailbox"], &[&name])[0]["path"];
            let path = PathBuf::from(place.as_str().expect("a folder has a place"));
            folders.insert(name, Folder { path, ..Folder::default() });
        }
        let fields = "mailbox size.physical size.virtual date.received.unixtime";
        for message in self.ask(&["fetch"], &[fields, "ALL"]) {
            let name = message["mailbox"].as_str().expect("a message lies in a folder");
            folders.get_mut(name).expect("the folder is known").add(&message);
        }
        for state in &states {
            let folder = &folders[state["mailbox"].as_str().unwrap_or_default()];
            let counted = (folder.messages, folder.virtual_size);
            assert_eq!(counted, (number(state, "messages"), number(state, "vsize")), "Dovecot contradicts itself");
        }
        folders
    }

    /// Runs a command of `doveadm` for this user.
    fn doveadm(&self, command: &[&str], arguments: &[&str]) -> Vec<u8> {
        self.server.doveadm(&[command, &["-u", self.user], arguments].concat(), b"")
    }

    /// Runs a command of `doveadm` that answers with a table.
    fn ask(&self, command: &[&str], arguments: &[&str]) -> Vec<Value> {
        let answer = self.doveadm(&[&["-f", "json"], command].concat(), arguments);
        serde_json::from_slice(&answer).expect("doveadm writes JSON")
    }
}

impl Folder {
    fn add(&mut self, message: &Value) {
        let arrival = number(message, "date.received.unixtime").cast_signed();
        let (first, last) = self.arrivals.unwrap_or((arrival, arrival));
        self.arrivals = Some((first.min(arrival), last.max(arrival)));
        self.messages += 1;
        self.physical += number(message, "size.physical");
        self.virtual_size += number(message, "size.virtual");
    }
}

/// A number in a table of `doveadm`, which writes all numbers as strings.
fn number(row: &Value, column: &str) -> u64 {
    let text = row[column].as_str().unwrap_or_default();
    text.parse().unwrap_or_else(|_| panic!("doveadm told no {column}: {row}"))
}
