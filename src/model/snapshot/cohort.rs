//! Messages by week and size.

mod packed;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use strum_macros::IntoStaticStr;

pub use packed::Cohorts;

/// The messages of one week and size class, by one clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// The clock of the week.
    pub clock: Clock,
    /// The Monday of the week, in UTC.
    pub week: Date,
    /// The lower bound of the size class in bytes; see [`SIZE_CLASSES`].
    pub size_from: u64,
    /// Messages.
    pub messages: u64,
    /// Their `st_size`.
    pub bytes: u64,
}

impl Cohort {
    /// The same without the clock.
    pub fn week_of_size(&self) -> WeekOfSize {
        (week_of(self.week), size_class(self.size_from), self.messages, self.bytes)
    }
}

/// The size class of a size in bytes, an index into [`SIZE_CLASSES`].
pub fn size_class(bytes: u64) -> u8 {
    // The first class starts at 0.
    (SIZE_CLASSES.partition_point(|&from| from <= bytes) - 1) as u8
}

/// A time of messages. Clocks are never mixed: a migration sets all saved times to one day and keeps the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Clock {
    /// The arrival (INTERNALDATE of IMAP), which every message has.
    Arrival,
    /// The time of saving on this disk, in formats that record it.
    Saved,
    /// The time in the header, if known without opening the message.
    Sent,
}

impl Clock {
    /// All clocks.
    pub const ALL: [Clock; 3] = [Clock::Arrival, Clock::Saved, Clock::Sent];

    /// The word in the history.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// The lower bounds of the size classes in bytes.
pub const SIZE_CLASSES: [u64; 6] = [0, 16 << 10, 128 << 10, 1 << 20, 8 << 20, 64 << 20];

/// Weeks count from it.
const FIRST_MONDAY: Date = date(1970, 1, 5);

/// More than any calendar has.
const MOST_WEEKS: u32 = 600_000;

/// The week of a day, counted from that of 1970-01-05.
pub fn week_of(day: Date) -> i32 {
    (day - FIRST_MONDAY).get_days().div_euclid(7)
}

/// The Monday of such a week; the first or last day of the calendar if it is outside.
pub fn monday_of(week: i32) -> Date {
    let most = MOST_WEEKS as i32;
    FIRST_MONDAY.saturating_add(week.clamp(-most, most).weeks())
}

/// A cohort of one clock: `(week, size class, messages, bytes)`, the week since 1970-01-05, the class an index into
/// [`SIZE_CLASSES`].
pub type WeekOfSize = (i32, u8, u64, u64);
