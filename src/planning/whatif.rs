//! Scenarios: planned changes, and their effect on a forecast.
//!
//! A [`Scenario`] is parsed from text. With the [`Holdings`] of the mail stores it becomes an effect on a series, and the
//! forecast under it a [`ScenarioForecast`], next to the forecast without changes.

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

use crate::model::{bytes::Bytes, days::Days, special_use::SpecialUse};

pub use comparison::{Comparison, Delay, ScenarioForecast};
pub use compression::Compression;
use context::SeriesContext;
pub(crate) use effect::Effect;
pub use holdings::{Holdings, MailSlice, MailboxHoldings, ScannedMail};

/// Changes that are made together.
///
/// ```
/// use mailrunway::planning::whatif::Scenario;
/// let scenario: Scenario = "add=4TiB@2027-02-01,growth=-10%".parse().unwrap();
/// assert_eq!(scenario.changes.len(), 2);
/// assert_eq!(scenario.to_string(), "add=4TiB@2027-02-01,growth=-10%");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    text: String,
    /// The changes, in the order of the text.
    pub changes: Vec<Change>,
}

/// One change; without a date, it is made at the last scan.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// More space.
    Add {
        /// The size of the new space.
        bytes: Bytes,
        /// The first day with the new space.
        on: Option<Date>,
    },
    /// The growth is multiplied by a factor.
    Growth(f64),
    /// Average mailboxes are added, or removed if negative.
    Mailboxes(i64),
    /// Mail is deleted at an age.
    Retain {
        /// The folders of the rule.
        folders: Folders,
        /// The age limit.
        age: Days,
    },
    /// No mailbox grows beyond a size; larger mailboxes stay as they are.
    Quota(Bytes),
    /// A domain leaves with its mail and its growth.
    Move {
        /// The domain.
        domain: String,
        /// The day of the move.
        on: Option<Date>,
    },
    /// New mail is compressed, as Dovecot does it.
    Compress {
        /// Whether stored mail is converted too.
        stored: bool,
    },
}

/// The folders of a retention rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folders {
    /// All folders.
    All,
    /// The folders of one special use.
    Use(SpecialUse),
}

impl Folders {
    /// Whether the rule covers folders of a special use.
    pub fn holds(self, special_use: Option<SpecialUse>) -> bool {
        match self {
            Folders::All => true,
            Folders::Use(wanted) => special_use == Some(wanted),
        }
    }

    /// As in a scenario: `*`, or the capitalised special use.
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
    /// The scenario with other names of domains, such as pseudonyms.
    pub fn with_domains(&self, name: impl Fn(&str) -> String) -> Scenario {
        let mut changes = self.changes.clone();
        let rename = |(part, change): (&str, &mut Change)| match change {
            Change::Move { domain, .. } => {
                let other = name(domain);
                let part = part.replacen(&format!("={domain}"), &format!("={other}"), 1);
                *domain = other;
                part
            }
            _ => part.to_owned(),
        };
        let parts: Vec<String> = self.text.split(',').zip(&mut changes).map(rename).collect();
        Scenario { text: parts.join(","), changes }
    }

    /// Whether its effect depends on the contents of the stores.
    pub fn needs_holdings(&self) -> bool {
        self.changes.iter().any(|change| !matches!(change, Change::Add { .. } | Change::Growth(_)))
    }

    /// Whether its effect depends on single mailboxes.
    pub fn needs_mailboxes(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, Change::Quota(_) | Change::Move { .. }))
    }

    /// Whether its effect depends on a sample of the stored mail.
    pub fn needs_sample(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, Change::Compress { .. }))
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}
