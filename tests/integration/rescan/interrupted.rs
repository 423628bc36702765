//! A scan that a signal stops reports that and changes nothing.

use std::fs;
use std::path::{Path, PathBuf};

use super::undetected_growth::Standing;
use crate::support::command_outcome::Outcome;
use crate::support::rescan::{assert_alike, full, later, settle};

/// The signals, and what a shell sees of a command that they stopped.
const SIGNALS: [(&str, i32); 2] = [("INT", 130), ("TERM", 143)];

/// So slow that a signal meets the scan at work.
const SLOWLY: &str = "--full --io-limit 100";

/// 600 messages, which take six seconds at that pace.
fn store() -> Standing {
    Standing::new(60, 0)
}

/// Scans the store, and sends a signal after that time.
fn scan_until(standing: &Standing, options: &str, signal: &str, seconds: f64) -> Outcome {
    // In the foreground it sends the signal once, and not to the whole group as well.
    let script = format!("exec timeout --foreground --preserve-status --signal={signal} {seconds} \"$@\"");
    standing.machine.runway(&format!("scan vmail {options}")).in_shell(&script).run()
}

fn count(directory: &Path) -> usize {
    directory.read_dir().map_or(0, Iterator::count)
}

fn snapshots(standing: &Standing) -> usize {
    count(&standing.history().join("snapshots"))
}

fn unfinished(standing: &Standing) -> usize {
    count(&standing.history().join("unfinished"))
}

/// Demands that the scan told what stopped it.
#[track_caller]
fn assert_told(outcome: Outcome, status: i32) -> Outcome {
    let outcome = outcome.exits_with(status);
    let words = outcome.stderr().to_lowercase();
    let says = ["interrupted", "stopped", "sigint", "sigterm"].iter().any(|word| words.contains(word));
    assert!(says, "it does not say that it was stopped: {words:?}");
    assert_eq!(outcome.text(), "", "nothing is told of half a store");
    outcome
}

#[test]
fn the_first_scan_of_a_store() {
    let standing = store();
    for (signal, status) in SIGNALS {
        assert_told(scan_until(&standing, SLOWLY, signal, 1.5), status);
        assert_eq!((snapshots(&standing), unfinished(&standing)), (0, 0), "snapshots, whole and unfinished");
    }
    assert_alike(&standing.later(), &full(&standing.machine, "vmail"), "the scan after that");
    assert_eq!(snapshots(&standing), 1, "snapshots");
}

#[test]
fn a_later_scan() {
    let standing = store();
    settle();
    standing.later();
    standing.assert_remembered();
    let before = snapshots(&standing);
    for (signal, status) in SIGNALS {
        let outcome = assert_told(scan_until(&standing, SLOWLY, signal, 1.5), status);
        assert_eq!(outcome.changed(), <[PathBuf; 0]>::default(), "by SIG{signal}");
        assert_eq!((snapshots(&standing), unfinished(&standing)), (before, 0), "snapshots, whole and unfinished");
    }
    standing.assert_remembered();
    standing.machine.run("history list").succeeds();
}

#[test]
fn at_any_moment() {
    let standing = store();
    later(&standing.machine, "vmail");
    let mut stopped = 0;
    for moment in 0..30_u32 {
        let (signal, status) = SIGNALS[moment as usize % 2];
        let before = snapshots(&standing);
        let outcome = scan_until(&standing, "--full", signal, 0.004 * f64::from(1 + moment));
        let is_stopped = outcome.changed().is_empty();
        let outcome = outcome.exits_with(if is_stopped { status } else { 0 });
        assert!(is_stopped || !outcome.text().is_empty(), "a scan that ended well says what it found");
        let added = usize::from(!is_stopped);
        assert_eq!((snapshots(&standing), unfinished(&standing)), (before + added, 0), "after {moment} × 4 ms");
        stopped += usize::from(is_stopped);
    }
    assert!(stopped > 0, "no signal met a scan at work");
    assert_alike(&standing.later(), &full(&standing.machine, "vmail"), "the scan after all that");
    assert!(fs::metadata(standing.history().join("cache")).is_ok(), "what is remembered is still there");
}
