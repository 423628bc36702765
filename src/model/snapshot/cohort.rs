//! Messages by day and size.

mod packed;

use jiff::civil::Date;
use strum_macros::IntoStaticStr;

pub use packed::Cohorts;

use crate::model::dates::day_number;

/// The messages of one day and size class, by one clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// The clock of the day.
    pub clock: Clock,
    /// The day, in UTC.
    pub day: Date,
    /// The lower bound of the size class in bytes; see [`SIZE_CLASSES`].
    pub size_from: u64,
    /// Messages.
    pub messages: u64,
    /// Their `st_size`.
    pub bytes: u64,
}

impl Cohort {
    /// The same without the clock.
    pub fn day_of_size(&self) -> DayOfSize {
        (day_number(self.day), size_class(self.size_from), self.messages, self.bytes)
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

/// The smallest class of very large messages, 8 MiB: an index into [`SIZE_CLASSES`].
pub const VERY_LARGE: u8 = 4;

/// A cohort of one clock: `(day, size class, messages, bytes)`, the day as a [`day_number`], the class an index into
/// [`SIZE_CLASSES`].
pub type DayOfSize = (i32, u8, u64, u64);
