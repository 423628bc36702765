//! The audit: a scan checks a part of its cache against the disk, reports drift and corrects it.

use serde_json::Value;

use super::cache_probe::{CacheProbe, grow, message_bytes};
use crate::support::rescan::{assert_alike, full, reports_drift, without_volatile};

/// Each audit checks a tenth: it reaches all of 40 directories with a probability of about 1 − 40 × 0.9^200.
const MANY_SCANS: usize = 200;

/// The result of a scan, and whether it reports drift.
fn scan(probe: &CacheProbe) -> (Value, bool) {
    let outcome = probe.machine.run("scan vmail --format json").succeeds();
    (without_volatile(outcome.json()), reports_drift(&outcome.stderr()))
}

/// A store whose cache is wrong about every directory.
fn stale(audit_every: u32) -> CacheProbe {
    let probe = CacheProbe::cached(20, audit_every);
    for message in probe.messages() {
        grow(message);
    }
    probe
}

#[test]
fn audits_report_drift_and_correct_the_figures() {
    let probe = stale(1);
    let truth = full(&probe.machine, "vmail");
    let (mut before, mut scans) = (None, 0);
    loop {
        let (actual, is_reported) = scan(&probe);
        let changed = before.replace(message_bytes(&actual)).is_none_or(|before| before != message_bytes(&actual));
        assert!(is_reported || !changed || scans == 0, "figures change without a report of drift in scan {scans}");
        assert!(changed || !is_reported, "drift is reported in scan {scans}, and no figure changes");
        scans += 1;
        if actual == truth {
            break;
        }
        assert!(scans < MANY_SCANS, "after {scans} scans the figures are still wrong");
    }
    assert!(scans > 1, "one audit checks a tenth, not everything");
    let (actual, is_reported) = scan(&probe);
    assert!(!is_reported, "the cache is correct again");
    assert_alike(&actual, &truth, "after all corrections");
}

#[test]
fn an_audit_of_an_unchanged_store_reports_nothing() {
    let probe = CacheProbe::cached(20, 1);
    for turn in 0..10 {
        let (actual, is_reported) = scan(&probe);
        assert!(!is_reported, "scan {turn}");
        assert_alike(&actual, &full(&probe.machine, "vmail"), "an audited scan");
    }
}

#[test]
fn audit_every_sets_the_interval_of_audits() {
    let probe = stale(3);
    let actual: Vec<usize> = (0..12).filter(|_| scan(&probe).1).collect();
    assert!(actual.len() >= 2, "four of twelve scans audit, and nearly everything is wrong: {actual:?}");
    assert!(actual.iter().all(|scan| scan % 3 == actual[0] % 3), "drift was reported by scans {actual:?}");
}

#[test]
fn audit_every_zero_disables_audits() {
    let probe = stale(0);
    let (first, _) = scan(&probe);
    for turn in 0..30 {
        let (actual, is_reported) = scan(&probe);
        assert!(!is_reported, "drift is reported in scan {turn}");
        assert_alike(&actual, &first, "the cache is not checked");
    }
    let truth = full(&probe.machine, "vmail");
    assert!(message_bytes(&first) < message_bytes(&truth), "the cache is wrong, or the test shows nothing");
}

#[test]
fn a_full_scan_corrects_everything_at_once() {
    let probe = stale(0);
    probe.machine.run("scan vmail --full").succeeds();
    assert_alike(&probe.later(), &full(&probe.machine, "vmail"), "after a full scan");
}
