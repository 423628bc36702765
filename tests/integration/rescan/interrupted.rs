//! A scan interrupted by a signal reports it and changes nothing.

use std::fs;
use std::path::{Path, PathBuf};

use super::cache_probe::CacheProbe;
use crate::support::command_outcome::Outcome;
use crate::support::rescan::{assert_alike, full, later, settle};

/// The signals, and the exit status after each.
const SIGNALS: [(&str, i32); 3] = [("INT", 130), ("TERM", 143), ("HUP", 129)];

/// Options for a scan slow enough to be interrupted.
const SLOWLY: &str = "--full --io-limit 100";

/// 600 messages, which take six seconds at this rate.
fn store() -> CacheProbe {
    CacheProbe::new(60, 0)
}

/// Scans the store and sends a signal after some time.
fn scan_until(probe: &CacheProbe, options: &str, signal: &str, seconds: f64) -> Outcome {
    // In the foreground, `timeout` signals only the process, not the whole group.
    let script = format!("exec timeout --foreground --preserve-status --signal={signal} {seconds} \"$@\"");
    probe.machine.runway(&format!("scan vmail {options}")).in_shell(&script).run()
}

fn count(directory: &Path) -> usize {
    directory.read_dir().map_or(0, Iterator::count)
}

fn snapshots(probe: &CacheProbe) -> usize {
    count(&probe.history().join("snapshots"))
}

fn unfinished(probe: &CacheProbe) -> usize {
    count(&probe.history().join("unfinished"))
}

/// Checks that the scan reports the interruption.
#[track_caller]
fn assert_interrupted(outcome: Outcome, status: i32) -> Outcome {
    let outcome = outcome.exits_with(status);
    let words = outcome.stderr().to_lowercase();
    let says = ["interrupted", "stopped", "sigint", "sigterm", "sighup"].iter().any(|word| words.contains(word));
    assert!(says, "it does not report the interruption: {words:?}");
    assert_eq!(outcome.text(), "", "a partial scan prints no result");
    outcome
}

#[test]
fn an_interrupted_first_scan_leaves_no_snapshot() {
    let probe = store();
    for (signal, status) in SIGNALS {
        assert_interrupted(scan_until(&probe, SLOWLY, signal, 1.5), status);
        assert_eq!((snapshots(&probe), unfinished(&probe)), (0, 0), "snapshots, finished and unfinished");
    }
    assert_alike(&probe.later(), &full(&probe.machine, "vmail"), "the scan after that");
    assert_eq!(snapshots(&probe), 1, "snapshots");
}

#[test]
fn an_interrupted_later_scan_changes_nothing() {
    let probe = store();
    settle();
    probe.later();
    probe.assert_cached();
    let before = snapshots(&probe);
    for (signal, status) in SIGNALS {
        let outcome = assert_interrupted(scan_until(&probe, SLOWLY, signal, 1.5), status);
        assert_eq!(outcome.changed(), <[PathBuf; 0]>::default(), "by SIG{signal}");
        assert_eq!((snapshots(&probe), unfinished(&probe)), (before, 0), "snapshots, finished and unfinished");
    }
    probe.assert_cached();
    probe.machine.run("history list").succeeds();
}

#[test]
fn a_scan_under_nohup_outlives_its_terminal() {
    let probe = store();
    let script = "nohup \"$@\" & scan=$!; sleep 0.5; kill -HUP $scan; wait $scan";
    probe.machine.runway("scan vmail --full --io-limit 1000").in_shell(script).run().succeeds();
    assert_eq!(snapshots(&probe), 1, "snapshots");
}

#[test]
fn a_scan_may_be_interrupted_at_any_moment() {
    let probe = store();
    later(&probe.machine, "vmail");
    let mut stopped = 0;
    for moment in 0..30_u32 {
        let (signal, status) = SIGNALS[moment as usize % SIGNALS.len()];
        let before = snapshots(&probe);
        let outcome = scan_until(&probe, "--full", signal, 0.004 * f64::from(1 + moment));
        let is_stopped = outcome.changed().is_empty();
        let outcome = outcome.exits_with(if is_stopped { status } else { 0 });
        assert!(is_stopped || !outcome.text().is_empty(), "a finished scan prints its result");
        let added = usize::from(!is_stopped);
        assert_eq!((snapshots(&probe), unfinished(&probe)), (before + added, 0), "after {moment} × 4 ms");
        stopped += usize::from(is_stopped);
    }
    assert!(stopped > 0, "no signal interrupted a scan");
    assert_alike(&probe.later(), &full(&probe.machine, "vmail"), "the scan after all that");
    assert!(fs::metadata(probe.history().join("cache")).is_ok(), "the cache is still there");
}
