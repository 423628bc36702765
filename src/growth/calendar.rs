//! The calendar: what arrived in each week of all years, and is still there.

use jiff::civil::Date;

use super::past::StorePast;
use crate::snapshot::cohort::monday_of;

/// What arrived in one week and is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarWeek {
    /// The Monday, in UTC.
    pub monday: Date,
    /// How many messages.
    pub messages: u64,
    /// What they take in their files.
    pub bytes: u64,
}

/// The weeks in which mail arrived that a store's last scan found, the first week first; weeks of nothing are left out.
pub fn of(past: &StorePast) -> Vec<CalendarWeek> {
    let week = |sum: &super::past::WeekSum| CalendarWeek {
        monday: monday_of(sum.week),
        messages: sum.messages,
        bytes: sum.bytes,
    };
    past.newest().map_or_else(Vec::new, |scan| scan.weeks.iter().map(week).collect())
}
