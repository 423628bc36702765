//! A store over time: of each scan the weeks of arrival, and the bytes on disk by domain.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::dates::utc_day;

/// A store of a machine, scan by scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreTimeline {
    /// The machine's name.
    pub host: String,
    /// The store's name.
    pub store: String,
    /// The domains of all scans, in the order in which they were first found; as they were found, see [`crate::model::escape`].
    pub domains: Vec<String>,
    /// The scans that saw all of it, a week apart at least, the oldest first.
    pub scans: Vec<TimelineScan>,
}

/// A store as one scan found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineScan {
    /// When it started.
    pub taken_at: Timestamp,
    /// The messages by week of arrival, by week.
    pub weeks: Vec<WeekSum>,
    /// Bytes on disk of the mailboxes of each domain, in the order of [`StoreTimeline::domains`]; those that were not found yet
    /// may be missing at the end.
    pub by_domain: Vec<u64>,
    /// Bytes on disk of the mailboxes of no domain.
    pub no_domain: u64,
}

/// Messages that arrived in one week and are still there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeekSum {
    /// The week, counted from that of 1970-01-05.
    pub week: i32,
    /// How many messages.
    pub messages: u64,
    /// What they take in their files.
    pub bytes: u64,
}

impl TimelineScan {
    /// The day, in UTC.
    pub fn day(&self) -> Date {
        utc_day(self.taken_at)
    }
}

impl StoreTimeline {
    /// The last scan.
    pub fn newest(&self) -> Option<&TimelineScan> {
        self.scans.last()
    }
}

/// Adds rows of one week up; by week.
pub(crate) fn by_week(rows: impl IntoIterator<Item = WeekSum>) -> Vec<WeekSum> {
    let mut weeks: Vec<WeekSum> = rows.into_iter().collect();
    weeks.sort_unstable_by_key(|sum| sum.week);
    weeks.dedup_by(|next, held| {
        let is_same = next.week == held.week;
        if is_same {
            held.messages = held.messages.saturating_add(next.messages);
            held.bytes = held.bytes.saturating_add(next.bytes);
        }
        is_same
    });
    weeks
}
