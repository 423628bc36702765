//! Recipients of the report whose mailbox is on the reported store.

use crate::support::machine::Machine;

/// The report, as text, on a store of Ann's that may hold so much, sent to Ann and to somebody elsewhere.
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
fn recipients_are_warned_when_it_is_about_to_be_full_and_not_before() {
    let warning = "! ann@example.org reads this on the store vmail itself: when it is full, no warning arrives there.";
    let full = report("200KiB");
    assert!(full.contains("RED vmail, bytes") && full.contains(warning), "{full}");
    assert!(!full.contains("elsewhere.example"), "the other reads elsewhere: {full}");
    let empty = report("1GiB");
    assert!(empty.contains("vmail, bytes") && !empty.contains("reads this on the store"), "{empty}");
}
