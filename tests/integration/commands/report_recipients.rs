//! Recipients of the report whose mailbox is on the reported store.

use crate::support::machine::Machine;

/// The text report on a store with this limit, sent to Ann, whose mailbox is on it, and to someone elsewhere.
fn report(limit: &str) -> String {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 300_000, "2026-02-16");
    let root = machine.path("vmail");
    machine.settings(&format!(
        "[[store]]\nname = 'vmail'\npath = '{}'\nfilesystem = false\nlimit = '{limit}'\n\
         [report]\nto = ['Ann <ann@example.org>', 'ops@elsewhere.example']\n",
        root.display()
    ));
    machine.run("scan --taken-at 2026-02-23T04:00:00Z").succeeds();
    machine.run("report --today 2026-02-23").succeeds().words()
}

#[test]
fn recipients_on_a_full_store_are_warned() {
    let warning = "! ann@example.org reads this on the store vmail itself: when it is full, no warning arrives there.";
    let full = report("200KiB");
    assert!(full.contains("RED vmail, bytes") && full.contains(warning), "{full}");
    assert!(!full.contains("elsewhere.example"), "the other reads elsewhere: {full}");
    let empty = report("1GiB");
    assert!(empty.contains("vmail, bytes") && !empty.contains("reads this on the store"), "{empty}");
}
