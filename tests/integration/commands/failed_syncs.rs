//! A disk that does not confirm what is written: a sync after the rename fails, by `strace`.

use crate::support::machine::Machine;

/// Lets the syncs of a directory fail.
fn not_synced(directory: &str) -> String {
    format!("exec strace -f -qq -o trace -P \"$PWD{directory}\" -e inject=fsync:error=EIO \"$@\"")
}

#[test]
#[ignore = "needs strace: run tests/run"]
fn what_is_saved_but_not_synced_is_told_as_saved() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    let warning = ["warning: it is saved, but a crash could still undo that: ", "Input/output error", "hint: "];
    let scan = machine.runway("scan vmail").in_shell(&not_synced("/history/snapshots")).run().succeeds();
    scan.warns(&warning).warns(&["/history/snapshots/snapshot="]);
    assert_eq!(machine.run("history list --format json").succeeds().json_lines().len(), 1);
    let report = machine.runway("report -o report.txt").in_shell(&not_synced("")).run().succeeds();
    report.warns(&warning).warns(&["report.txt"]);
    assert!(machine.path("report.txt").is_file());
}

#[test]
#[ignore = "needs strace: run tests/run"]
fn the_directories_above_a_new_history_are_synced() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    let traced = "exec strace -f -qq -y -e trace=fsync -o trace \"$@\"";
    machine.runway("scan vmail --history new/below/history").in_shell(traced).run().succeeds();
    let trace = std::fs::read_to_string(machine.path("trace")).expect("strace wrote it");
    for directory in ["", "/new", "/new/below", "/new/below/history"] {
        let synced = format!("{}{directory}>)", machine.path("").display().to_string().trim_end_matches('/'));
        assert!(trace.contains(&synced), "{synced} is missing from {trace}");
    }
}
