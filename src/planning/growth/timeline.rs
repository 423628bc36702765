//! A store over time: days of arrival and bytes by domain, scan by scan.

use std::ops::AddAssign;

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
    /// The messages by day of arrival, a [`day_number`](crate::model::dates::day_number), in ascending order.
    pub arrived: Vec<(i32, MailSum)>,
    /// Bytes on disk in the order of [`StoreTimeline::domains`]; domains of later scans are missing at the end.
    pub by_domain: Vec<u64>,
    /// Bytes on disk of mailboxes without a domain.
    pub no_domain: u64,
}

/// Messages and their bytes in their files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailSum {
    /// Messages.
    pub messages: u64,
    /// Bytes.
    pub bytes: u64,
}

impl AddAssign for MailSum {
    fn add_assign(&mut self, more: MailSum) {
        self.messages = self.messages.saturating_add(more.messages);
        self.bytes = self.bytes.saturating_add(more.bytes);
    }
}

impl TimelineScan {
    /// The day, in UTC.
    pub fn day(&self) -> Date {
        utc_day(self.taken_at)
    }
}
