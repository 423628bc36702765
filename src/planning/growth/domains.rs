//! Bytes on disk by domain, scan by scan.

use std::cmp::Reverse;

use jiff::civil::Date;

use super::timeline::{StoreTimeline, TimelineScan};

/// Bytes on disk by domain over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DomainLines {
    /// The days of the scans, in UTC, the oldest first.
    pub days: Vec<Date>,
    /// A line for each domain, the largest at the last scan first, and one for all others.
    pub lines: Vec<DomainLine>,
}

/// A domain over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainLine {
    /// Unescaped; `None` for all others and mail without a domain.
    pub domain: Option<String>,
    /// Bytes on disk of its mailboxes on each of the days.
    pub bytes: Vec<u64>,
}

/// The `most` largest domains of a store and all others; no lines without mailboxes.
pub fn lines(timeline: &StoreTimeline, most: usize) -> DomainLines {
    let Some(newest) = timeline.scans.last() else { return DomainLines::default() };
    let on_disk = |scan: &TimelineScan, domain: usize| scan.by_domain.get(domain).copied().unwrap_or(0);
    let mut order: Vec<usize> = (0..timeline.domains.len()).collect();
    order.sort_by_key(|&domain| (Reverse(on_disk(newest, domain)), &timeline.domains[domain]));
    let others = order.split_off(most.min(order.len()));
    let line = |&domain: &usize| DomainLine {
        domain: Some(timeline.domains[domain].clone()),
        bytes: timeline.scans.iter().map(|scan| on_disk(scan, domain)).collect(),
    };
    let mut lines: Vec<DomainLine> = order.iter().map(line).collect();
    let other = |scan: &TimelineScan| {
        others.iter().map(|&domain| on_disk(scan, domain)).fold(scan.no_domain, u64::saturating_add)
    };
    let bytes: Vec<u64> = timeline.scans.iter().map(other).collect();
    if bytes.iter().any(|&bytes| bytes > 0) {
        lines.push(DomainLine { domain: None, bytes });
    }
    DomainLines { days: timeline.scans.iter().map(TimelineScan::day).collect(), lines }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn the_largest_domains_have_lines_and_the_others_share_one() {
        let scan = |day: i64, by_domain: &[u64], no_domain| TimelineScan {
            taken_at: Timestamp::from_second(day * 86_400).unwrap(),
            arrived: Vec::new(),
            by_domain: by_domain.to_vec(),
            no_domain,
        };
        // The third domain came with the second scan, and the first was gone.
        let scans = vec![scan(0, &[90, 20], 1), scan(7, &[0, 30, 40], 2)];
        let domains = ["a.org", "b.org", "c.org"].map(str::to_owned).to_vec();
        let timeline = StoreTimeline { domains, scans, ..StoreTimeline::default() };
        let named_lines = |most| -> Vec<(Option<String>, Vec<u64>)> {
            super::lines(&timeline, most).lines.into_iter().map(|line| (line.domain, line.bytes)).collect()
        };
        let (b, c) = ((Some("b.org".to_owned()), vec![20, 30]), (Some("c.org".to_owned()), vec![0, 40]));
        assert_eq!(named_lines(2), [c, b, (None, vec![91, 2])]);
        assert_eq!(named_lines(0), [(None, vec![111, 72])]);
        assert_eq!(named_lines(9).len(), 4);
        assert_eq!(super::lines(&timeline, 2).days.len(), 2);
    }
}
