//! Week by week, what arrived and what was deleted.

use jiff::civil::Date;

use super::flow::{self, Flow};
use super::past::{PastScan, StorePast};
use crate::snapshot::cohort::{WeekOfSize, week_of};

/// What came and what went between two scans that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekFlow {
    /// The day of the earlier scan, in UTC.
    pub from: Date,
    /// The day of the later scan, in UTC.
    pub to: Date,
    /// Bytes of messages in their files.
    pub bytes: Flow,
}

/// What came and what went of a store between each two scans, the oldest first.
pub fn of(past: &StorePast) -> Vec<WeekFlow> {
    let rows = |scan: &PastScan| -> Vec<WeekOfSize> {
        scan.weeks.iter().map(|sum| (sum.week, 0, sum.messages, sum.bytes)).collect()
    };
    let flow = |pair: &[PastScan]| {
        let (from, to) = (pair[0].day(), pair[1].day());
        let bytes = Flow::between(&rows(&pair[0]), &rows(&pair[1]), week_of(from), flow::bytes);
        WeekFlow { from, to, bytes }
    };
    past.scans.windows(2).map(flow).collect()
}
