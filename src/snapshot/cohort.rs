//! Messages by week and size: what arrived when, and how much of it is still there.

use jiff::civil::Date;

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
