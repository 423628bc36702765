//! The ages of a store's mail, by its last scans.

use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;

use super::{SnapshotEntry, arrivals};
use super::{WEEK_DAYS, days_between};
use crate::model::dates::utc_day;
use crate::model::error::Result;
use crate::model::series::Resource;
use crate::model::series::ages::{Ages, FIRST_MONDAY};
use crate::model::snapshot::cohort::{WeekOfSize, monday_of};

/// So many scans are looked at: half a year of weeks. More of the past says little of what is deleted now.
const MOST_SCANS: usize = 27;

/// A scan of a store: its day, and the cohorts by arrival.
pub(crate) struct StoreArrivals {
    day: Date,
    cohorts: Vec<WeekOfSize>,
}

/// The last snapshots that saw all of a store and asked the disk, a week apart at least, the oldest first.
pub(crate) fn chosen<'a>(entries: &'a [SnapshotEntry], (host, store): (&str, &str)) -> Vec<&'a SnapshotEntry> {
    let mut chosen: Vec<&SnapshotEntry> = Vec::new();
    for entry in entries.iter().rev() {
        let is_told = |held: &super::StoreEntry| held.name == store && !held.is_estimated;
        if !entry.complete || entry.host != host || !entry.stores.iter().any(is_told) {
            continue;
        }
        if chosen.last().is_none_or(|later| days_between(entry, later) >= WEEK_DAYS) {
            chosen.push(entry);
        }
        if chosen.len() == MOST_SCANS {
            break;
        }
    }
    chosen.reverse();
    chosen
}

/// The last scans of a store that saw all of it and asked the disk, the oldest first.
pub(crate) fn scans(
    snapshots: &Path,
    entries: &[SnapshotEntry],
    (host, store): (&str, &str),
) -> Result<Vec<StoreArrivals>> {
    let read = |entry: &SnapshotEntry| {
        let mut stores = arrivals::read(&snapshots.join(&entry.name))?;
        Ok(StoreArrivals { day: utc_day(entry.taken_at), cohorts: stores.remove(store).unwrap_or_default() })
    };
    chosen(entries, (host, store)).into_iter().map(read).collect()
}

/// The ages of what a scan found of a resource.
pub(crate) fn from_arrivals(scan: &StoreArrivals, resource: Resource) -> Ages {
    let newest_days = scan.day.weekday().to_monday_one_offset() as u8;
    let week = |monday: Date| (monday - FIRST_MONDAY).get_days() / 7;
    let monday = scan.day.saturating_sub(i64::from(newest_days - 1).days());
    let row = |&(arrived, _, messages, bytes): &WeekOfSize| {
        let amount = match resource {
            Resource::Bytes => bytes,
            Resource::Inodes | Resource::Messages => messages,
        };
        (week(monday_of(arrived)), amount as f64)
    };
    Ages::from_rows(week(monday), newest_days, scan.cohorts.iter().map(row))
}
