//! A store over time: weeks of arrival and bytes by domain, scan by scan.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::dates::utc_day;

/// A store of a host, scan by scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreTimeline {
    /// The host.
    pub host: String,
    /// The store's name.
    pub store: String,
    /// The domains of all scans, in the order of first appearance. Unescaped: see [`crate::model::escape`].
    pub domains: Vec<String>,
    /// The complete scans, at least a week apart, the oldest first.
    pub scans: Vec<TimelineScan>,
}

/// A store as one scan found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineScan {
    /// The start of the scan.
    pub taken_at: Timestamp,
    /// The messages by week of arrival, ascending.
    pub weeks: Vec<WeekSum>,
    /// Bytes on disk in the order of [`StoreTimeline::domains`]; domains of later scans are missing at the end.
    pub by_domain: Vec<u64>,
    /// Bytes on disk of mailboxes without a domain.
    pub no_domain: u64,
}

/// The messages that arrived in one week and are still there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeekSum {
    /// The week, counted from that of 1970-01-05.
    pub week: i32,
    /// Messages.
    pub messages: u64,
    /// Bytes of the messages in their files.
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

/// Sums rows of the same week; ascending.
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
