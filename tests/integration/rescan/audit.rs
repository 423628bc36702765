//! The audit: a scan checks a part of its cache against the disk, reports drift and corrects it.

use serde_json::Value;

use super::undetected_growth::{Standing, grow, message_bytes};
use crate::support::rescan::{assert_alike, full, of_the_stores, tells_drift};

/// A tenth is looked at each time: all of 40 directories are with a probability of 1 − 40 × 0.9^200.
const MANY_SCANS: usize = 200;

/// What a scan tells, and whether drift is told.
fn scan(standing: &Standing) -> (Value, bool) {
    let outcome = standing.machine.run("scan vmail --format json").succeeds();
    (of_the_stores(outcome.json()), tells_drift(&outcome.stderr()))
}

/// A store of which nothing that is remembered is so any more.
fn lying(audit_every: u32) -> Standing {
    let standing = Standing::remembered(20, audit_every);
    for message in standing.messages() {
        grow(message);
    }
    standing
}

#[test]
fn drift_is_told_and_the_figures_come_right() {
    let standing = lying(1);
    let truth = full(&standing.machine, "vmail");
    let (mut before, mut scans) = (None, 0);
    loop {
        let (told, is_told) = scan(&standing);
        let changed = before.replace(message_bytes(&told)).is_none_or(|before| before != message_bytes(&told));
        assert!(is_told || !changed || scans == 0, "figures change without a word in scan {scans}");
        assert!(changed || !is_told, "drift is told in scan {scans}, and no figure changes");
        scans += 1;
        if told == truth {
            break;
        }
        assert!(scans < MANY_SCANS, "after {scans} scans the figures are still wrong");
    }
    assert!(scans > 1, "one audit looks at a tenth, not at everything");
    let (told, is_told) = scan(&standing);
    assert!(!is_told, "nothing lies any more");
    assert_alike(&told, &truth, "after all was put right");
}

#[test]
fn an_audit_of_what_is_so_says_nothing() {
    let standing = Standing::remembered(20, 1);
    for turn in 0..10 {
        let (told, is_told) = scan(&standing);
        assert!(!is_told, "scan {turn}");
        assert_alike(&told, &full(&standing.machine, "vmail"), "an audited scan");
    }
}

#[test]
fn every_third_scan_audits() {
    let standing = lying(3);
    let told: Vec<usize> = (0..12).filter(|_| scan(&standing).1).collect();
    assert!(told.len() >= 2, "of twelve scans four audit, and nearly everything lies: {told:?}");
    assert!(told.iter().all(|scan| scan % 3 == told[0] % 3), "drift was told by scans {told:?}");
}

#[test]
fn no_scan_audits_if_the_settings_say_so() {
    let standing = lying(0);
    let (first, _) = scan(&standing);
    for turn in 0..30 {
        let (told, is_told) = scan(&standing);
        assert!(!is_told, "drift is told in scan {turn}");
        assert_alike(&told, &first, "nothing is looked at again");
    }
    let truth = full(&standing.machine, "vmail");
    assert!(message_bytes(&first) < message_bytes(&truth), "or else the test shows nothing");
}

#[test]
fn a_full_scan_puts_everything_right_at_once() {
    let standing = lying(0);
    standing.machine.run("scan vmail --full").succeeds();
    assert_alike(&standing.later(), &full(&standing.machine, "vmail"), "after a full scan");
}
