//! Bytes on disk by domain, scan by scan.

use std::cmp::Reverse;

use jiff::civil::Date;

use super::past::{PastScan, StorePast};

/// Bytes on disk by domain over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DomainLines {
    /// The days of the scans, in UTC, the oldest first.
    pub days: Vec<Date>,
    /// A line for each domain, the largest of the last scan first, and one for all others together.
    pub lines: Vec<DomainLine>,
}

/// A domain over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainLine {
    /// The domain, as it was found; `None` for all others, and mail of no domain.
    pub domain: Option<String>,
    /// Bytes on disk of its mailboxes on each of the days.
    pub bytes: Vec<u64>,
}

/// The domains of a store that hold most, at most so many, and all others; without mailboxes no lines.
pub fn of(past: &StorePast, most: usize) -> DomainLines {
    let Some(newest) = past.newest() else { return DomainLines::default() };
    let held = |scan: &PastScan, domain: usize| scan.by_domain.get(domain).copied().unwrap_or(0);
    let mut order: Vec<usize> = (0..past.domains.len()).collect();
    order.sort_by_key(|&domain| (Reverse(held(newest, domain)), &past.domains[domain]));
    let others = order.split_off(most.min(order.len()));
    let line = |&domain: &usize| DomainLine {
        domain: Some(past.domains[domain].clone()),
        bytes: past.scans.iter().map(|scan| held(scan, domain)).collect(),
    };
    let mut lines: Vec<DomainLine> = order.iter().map(line).collect();
    let other =
        |scan: &PastScan| others.iter().map(|&domain| held(scan, domain)).fold(scan.no_domain, u64::saturating_add);
    let bytes: Vec<u64> = past.scans.iter().map(other).collect();
    if bytes.iter().any(|&bytes| bytes > 0) {
        lines.push(DomainLine { domain: None, bytes });
    }
    DomainLines { days: past.scans.iter().map(PastScan::day).collect(), lines }
}
