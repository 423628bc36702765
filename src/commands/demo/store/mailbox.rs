//! A mailbox of the demo, with its deliveries and its reader.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::message::DemoMessage;
use crate::model::dates::utc_day;
use crate::model::error::{Error, Result};
use crate::store::maildir;

/// The folders of each mailbox beside the inbox.
const FOLDERS: [&str; 4] = [".Sent", ".Archive", ".Trash", ".Entw&APw-rfe"];
/// The share of the mail that is deleted within weeks.
const DELETED: f64 = 0.25;
/// Days that deleted mail stays in the trash at least.
const TRASH_DAYS: i64 = 30;
/// Messages from this size on are never deleted.
const KEPT_FROM_BYTES: usize = 1_000_000;

#[derive(Debug)]
pub(super) struct DemoMailbox {
    root: PathBuf,
    /// Without the domain.
    pub user: String,
    pub address: String,
    /// Messages in an ordinary week.
    pub weekly: f64,
    delivered: u32,
    messages: Vec<Stored>,
}

#[derive(Debug)]
struct Stored {
    path: PathBuf,
    arrived: Timestamp,
    size: usize,
    /// The day on which it leaves the trash.
    goes: Option<Date>,
    is_new: bool,
}

impl DemoMailbox {
    pub(super) fn create(store: &Path, user: &str, domain: &str, weekly: f64) -> Result<DemoMailbox> {
        let root = store.join(domain).join(user).join("Maildir");
        for folder in [""].iter().chain(&FOLDERS) {
            for part in maildir::PARTS {
                let directory = root.join(folder).join(part);
                fs::create_dir_all(&directory).map_err(|e| Error::io("cannot make", &directory, e))?;
            }
        }
        let mailbox = DemoMailbox {
            root,
            user: user.to_owned(),
            address: format!("{user}@{domain}"),
            weekly,
            delivered: 0,
            messages: Vec::new(),
        };
        let subscriptions = "Sent\nArchive\nTrash\nEntw&APw-rfe\n";
        mailbox.write(&mailbox.root.join("subscriptions"), subscriptions.as_bytes(), Timestamp::UNIX_EPOCH)?;
        Ok(mailbox)
    }

    /// Delivers a message to the inbox, unread.
    pub(super) fn deliver(&mut self, message: &DemoMessage) -> Result<()> {
        self.save("new", "", message, message.arrived)
    }

    /// Saves a read message on a day after its arrival.
    pub(super) fn import(&mut self, message: &DemoMessage, saved: Date) -> Result<()> {
        let saved = saved.to_zoned_datetime(TimeZone::UTC).map_or(message.arrived, |zoned| zoned.timestamp());
        self.save("cur", ":2,S", message, saved)
    }

    /// Reads the new messages, deletes and archives some, and empties the trash.
    pub(super) fn tidy(&mut self, today: Date, rng: &mut ChaCha8Rng) -> Result<()> {
        let root = self.root.clone();
        for message in self.messages.iter_mut().filter(|message| message.is_new) {
            let (folder, goes) = match rng.random::<f64>() {
                p if p < DELETED && message.size < KEPT_FROM_BYTES => {
                    (".Trash", Some(today.saturating_add((TRASH_DAYS + rng.random_range(0..20)).days())))
                }
                p if p < 0.55 => (".Archive", None),
                p if p < 0.65 => (".Sent", None),
                _ => ("", None),
            };
            let mut name = message.path.file_name().map(ToOwned::to_owned).unwrap_or_default();
            name.push(":2,S");
            let read = root.join(folder).join("cur").join(name);
            fs::rename(&message.path, &read).map_err(|e| Error::io("cannot move", &message.path, e))?;
            (message.path, message.goes, message.is_new) = (read, goes, false);
        }
        self.remove(|message| message.goes.is_some_and(|day| day <= today))?;
        Ok(())
    }

    /// Removes messages that arrived before a day; returns their number.
    pub(super) fn purge(&mut self, before: Date) -> Result<usize> {
        self.remove(|message| utc_day(message.arrived) < before)
    }

    fn remove(&mut self, goes: impl Fn(&Stored) -> bool) -> Result<usize> {
        let gone: Vec<Stored> = self.messages.extract_if(.., |message| goes(message)).collect();
        for Stored { path, .. } in &gone {
            fs::remove_file(path).map_err(|e| Error::io("cannot remove", path, e))?;
        }
        Ok(gone.len())
    }

    fn save(&mut self, part: &str, flags: &str, message: &DemoMessage, saved: Timestamp) -> Result<()> {
        self.delivered += 1;
        let size = message.bytes.len();
        let crlf_size = size + message.bytes.iter().filter(|&&byte| byte == b'\n').count();
        let name = format!("{}.M{}P1.demo,S={size},W={crlf_size}{flags}", saved.as_second(), self.delivered);
        let path = self.root.join(part).join(name);
        self.write(&path, &message.bytes, message.arrived)?;
        self.messages.push(Stored { path, arrived: message.arrived, size, goes: None, is_new: part == "new" });
        Ok(())
    }

    fn write(&self, path: &Path, bytes: &[u8], modified: Timestamp) -> Result<()> {
        let write = || -> io::Result<()> {
            let mut file = File::create_new(path)?;
            file.write_all(bytes)?;
            let since_1970 = Duration::from_secs(modified.as_second().max(0).unsigned_abs());
            file.set_modified(SystemTime::UNIX_EPOCH + since_1970)
        };
        write().map_err(|e| Error::io("cannot write", path, e).hint("the demo takes 300 MiB of disk"))
    }
}
