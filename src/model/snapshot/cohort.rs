//! Messages by week and size: what arrived when, and how much of it is still there.

mod packed;

use jiff::ToSpan;
use jiff::civil::{Date, date};

pub use packed::Cohorts;

/// The messages of one week, by one clock, that are of one size class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// By which of its times a message belongs to the week.
    pub clock: Clock,
    /// The Monday of the week, in UTC.
    pub week: Date,
    /// The lower bound of the size class in bytes; see [`SIZE_CLASSES`].
    pub size_from: u64,
    /// How many messages.
    pub messages: u64,
    /// Their `st_size`.
    pub bytes: u64,
}

impl Cohort {
    /// What its clock says of its week and size.
    pub fn week_of_size(&self) -> WeekOfSize {
        (week_of(self.week), size_class(self.size_from), self.messages, self.bytes)
    }
}

/// The size class of so many bytes, as a place in [`SIZE_CLASSES`].
pub fn size_class(bytes: u64) -> u8 {
    // The first class begins at nothing.
    (SIZE_CLASSES.partition_point(|&from| from <= bytes) - 1) as u8
}

/// The times of a message, which are never mixed: a migration makes all saved times one day and keeps the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clock {
    /// When it arrived (IMAP's INTERNALDATE). Every message has it.
    Arrival,
    /// When it was saved on this disk, where the format tells.
    Saved,
    /// What its header says, where that is known without opening it.
    Sent,
}

impl Clock {
    /// All of them.
    pub const ALL: [Clock; 3] = [Clock::Arrival, Clock::Saved, Clock::Sent];

    /// The word, as the history has it.
    pub fn word(self) -> &'static str {
        match self {
            Clock::Arrival => "arrival",
            Clock::Saved => "saved",
            Clock::Sent => "sent",
        }
    }
}

/// The lower bounds of the size classes in bytes.
pub const SIZE_CLASSES: [u64; 6] = [0, 16 << 10, 128 << 10, 1 << 20, 8 << 20, 64 << 20];

/// A Monday; weeks are counted from it.
const FIRST_MONDAY: Date = date(1970, 1, 5);

/// No calendar reaches farther.
const MOST_WEEKS: u32 = 600_000;

/// The week in which a day lies, counted from that of 1970-01-05.
pub fn week_of(day: Date) -> i32 {
    (day - FIRST_MONDAY).get_days().div_euclid(7)
}

/// The Monday of a week that is counted so; the calendar's first or last day where no calendar has it.
pub fn monday_of(week: i32) -> Date {
    let most = MOST_WEEKS as i32;
    FIRST_MONDAY.saturating_add(week.clamp(-most, most).weeks())
}

/// What one clock says of a week and size: `(week, size class, messages, bytes)`, the week since 1970-01-05, the class a
/// place in [`SIZE_CLASSES`].
pub type WeekOfSize = (i32, u8, u64, u64);
