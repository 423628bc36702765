//! Maintenance windows that cannot be judged.

use crate::support::machine::Machine;

/// A store with a limit of its own, whose volume is left out, scanned on three Mondays.
fn scanned() -> Machine {
    let machine = Machine::new();
    let store = machine.store("vmail");
    let root = store.root.display();
    machine.settings(&format!("[[store]]\nname = 'vmail'\npath = '{root}'\nlimit = '4MiB'\nfilesystem = false\n"));
    for monday in ["2026-01-05", "2026-01-12", "2026-01-19"] {
        store.deliver("example.org/ann", "INBOX", 1_000, monday);
        machine.run(&format!("scan --taken-at {monday}T04:00:00Z")).succeeds();
    }
    machine
}

#[test]
fn a_window_in_the_past_or_beyond_the_horizon_is_refused() {
    let machine = scanned();
    let window = |words: &str| machine.run(&format!("window --for 4h {words}"));
    window("--at 2026-01-25T22:00Z").fails(2, &["the window has begun: Sun 25 Jan 2026 22:00", "--today"]);
    window("--at 2026-01-25T22:00Z --today 2026-01-26").fails(2, &["the window has begun"]);
    // The scan of 19 January is not known on the day before, and later than the window on its own day.
    window("--at 2026-01-18T22:00Z --today 2026-01-18").succeeds();
    let early = window("--at 2026-01-19T01:00Z --today 2026-01-19");
    early.fails(2, &["begins before the last scan, of 19 Jan 2026"]);
    let late = window("--at 2026-03-01T22:00Z --today 2026-01-20 --horizon 4w");
    late.fails(2, &["beyond the horizon of 28 days", "--horizon"]);
    window("--at 9999-12-30T22:00Z").fails(2, &["the window"]);
    window("--at 2026-01-25T22:00Z --today 2026-01-20").succeeds();
}

#[test]
fn invalid_option_values_are_refused() {
    let machine = scanned();
    let window = |at: &str, lasts: &str, more: &str| {
        machine.run(&format!("window --at {at} --for {lasts} --today 2026-01-20 {more}"))
    };
    let at = "2026-01-25T22:00Z";
    for lasts in ["0h", "4", "forever", "99999999999999999999d"] {
        window(at, lasts, "").fails(2, &["is not a valid length"]);
    }
    for at in ["tonight", "2026-01-25", "2026-01-25T25:00", "2026-01-25T22:00[No/Where]"] {
        window(at, "4h", "").fails(2, &["is not a valid time: write 2026-12-06T22:00"]);
    }
    window(at, "4h", "--needs room").fails(2, &["`room` is neither a size such as 200GiB nor one of index-rebuild"]);
    for confidence in ["0%", "100%", "95", "nan%", "-5%"] {
        window(at, "4h", &format!("--confidence={confidence}")).fails(2, &["is not a percentage between 0 and 100 %"]);
    }
    machine.run("window --for 4h").fails(2, &["--at"]);
}

#[test]
fn unknown_volumes_and_series_are_refused() {
    let machine = scanned();
    let window =
        |words: &str| machine.run(&format!("window --at 2026-01-25T22:00Z --for 4h --today 2026-01-20 {words}"));
    window("--backup-to nowhere")
        .fails(2, &["the destination of the backup does not exist: nowhere", "mount or make it first"]);
    window("--needs backup").fails(2, &["a backup takes room on a volume", "--backup-to"]);
    window("--needs snapshot").fails(2, &["a snapshot takes room on a volume", "filesystem = false"]);
    window("vmial").fails(2, &["there is no series `vmial`", "vmail"]);
    window("--history none").fails(1, &["there is no history yet"]);
}
