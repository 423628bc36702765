//! Scenarios: a change that somebody thinks of, and what it does to a series.
//!
//! A [`Scenario`] is what a person writes; with the [`Holdings`] of the mail stores it becomes an [`Effect`], and under
//! that a forecast becomes a [`Row`], beside that of the series as it goes on.

pub(crate) mod load;

mod basis;
mod comparison;
pub(crate) mod compression;
mod context;
mod effect;
mod holdings;
mod parse;
mod quota;
mod retention;
mod stock;

use std::fmt;

use jiff::civil::Date;

use crate::model::bytes::Bytes;
use crate::model::days::Days;
use crate::model::special_use::SpecialUse;

pub use comparison::{Comparison, Delay, ScenarioForecast};
pub use compression::Compression;
use context::SeriesContext;
pub(crate) use effect::Effect;
pub use holdings::{Holdings, MailSlice, MailboxHoldings, ScannedMail};

/// Changes that are made together.
///
/// ```
/// use mailrunway::scenario::Scenario;
/// let scenario: Scenario = "add=4TiB@2027-02-01,growth=-10%".parse().unwrap();
/// assert_eq!(scenario.changes.len(), 2);
/// assert_eq!(scenario.to_string(), "add=4TiB@2027-02-01,growth=-10%");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// As it was written.
    text: String,
    /// What is changed.
    pub changes: Vec<Change>,
}

/// One change. What has no date is made now, which is at the last scan.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// So much more room.
    Add {
        /// How much.
        bytes: Bytes,
        /// From which day on.
        on: Option<Date>,
    },
    /// So many times the growth.
    Growth(f64),
    /// So many average mailboxes more, or fewer.
    Mailboxes(i64),
    /// Every night what is older is deleted.
    Retain {
        /// In which folders.
        folders: Folders,
        /// Older than that.
        age: Days,
    },
    /// No mailbox grows beyond so much; what is above stays.
    Quota(Bytes),
    /// The mail of a domain, and its growth, leave.
    Move {
        /// Which.
        domain: String,
        /// On which day.
        on: Option<Date>,
    },
    /// New mail is compressed, as Dovecot does.
    Compress {
        /// Whether the stored mail is as well, which takes a conversion.
        stored: bool,
    },
}

/// Folders that a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folders {
    /// All.
    All,
    /// Those of one use.
    Use(SpecialUse),
}

impl Folders {
    /// Whether folders of that use are among them.
    pub fn holds(self, special_use: Option<SpecialUse>) -> bool {
        match self {
            Folders::All => true,
            Folders::Use(wanted) => special_use == Some(wanted),
        }
    }

    /// As it is written: `*`, or the word of the use with a capital.
    pub fn name(self) -> &'static str {
        match self {
            Folders::All => "*",
            Folders::Use(SpecialUse::Inbox) => "Inbox",
            Folders::Use(SpecialUse::Sent) => "Sent",
            Folders::Use(SpecialUse::Trash) => "Trash",
            Folders::Use(SpecialUse::Junk) => "Junk",
            Folders::Use(SpecialUse::Archive) => "Archive",
            Folders::Use(SpecialUse::Drafts) => "Drafts",
        }
    }
}

impl Scenario {
    /// Nothing is changed: how it goes on.
    pub fn unchanged() -> Scenario {
        Scenario { text: "as it goes on".to_owned(), changes: Vec::new() }
    }

    /// Whether it takes what the stores hold to say what it does.
    pub fn needs_holdings(&self) -> bool {
        self.changes.iter().any(|change| !matches!(change, Change::Add { .. } | Change::Growth(_)))
    }

    /// Whether it takes what each mailbox holds.
    pub fn needs_mailboxes(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, Change::Quota(_) | Change::Move { .. }))
    }

    /// Whether it takes a sample of the stored mail.
    pub fn needs_sample(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, Change::Compress { .. }))
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}
