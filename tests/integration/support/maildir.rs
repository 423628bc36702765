//! A Maildir store that a test fills message by message.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A store with mailboxes at `<domain>/<user>` and Maildir++ folders.
pub struct Store {
    pub root: PathBuf,
    delivered: Cell<usize>,
}

impl Store {
    /// A store without mail.
    pub fn new(root: PathBuf) -> Store {
        fs::create_dir_all(&root).expect("a directory can be made");
        Store { root, delivered: Cell::new(0) }
    }

    /// Adds a message of `size` bytes that arrived at noon of a day; returns its path.
    pub fn deliver(&self, mailbox: impl AsRef<Path>, folder: &str, size: usize, day: &str) -> PathBuf {
        let mailbox = self.root.join(mailbox);
        let directory = if folder == "INBOX" { mailbox.clone() } else { mailbox.join(format!(".{folder}")) };
        for place in [&mailbox, &directory] {
            for part in ["cur", "new", "tmp"] {
                fs::create_dir_all(place.join(part)).expect("a directory can be made");
            }
        }
        self.delivered.set(self.delivered.get() + 1);
        let seconds = noon(day);
        let name = format!("{seconds}.M{}P1.mx1,S={size}:2,S", self.delivered.get());
        let path = directory.join("cur").join(name);
        let mut file = File::create_new(&path).expect("the name is new");
        file.write_all(&vec![b'x'; size]).expect("a message can be written");
        file.set_permissions(fs::Permissions::from_mode(0o644)).expect("the mode can be set");
        file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds)).expect("the time can be set");
        path
    }
}

/// Noon of a day, in unix seconds.
fn noon(day: &str) -> u64 {
    let day: Date = day.parse().unwrap_or_else(|error| panic!("{day}: {error}"));
    let time = day.at(12, 0, 0, 0).to_zoned_datetime(TimeZone::UTC).expect("UTC has every time");
    u64::try_from(time.timestamp().as_second()).expect("mail is younger than 1970")
}
