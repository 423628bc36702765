//! Scenarios with a syntax error, or about something that the store does not have.

use crate::support::machine::Machine;

/// A store with a limit that was scanned once.
fn scanned() -> Machine {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    let root = machine.path("vmail");
    let store = format!("[[store]]\nname = 'vmail'\npath = '{}'\nfilesystem = false\nlimit = '1GiB'\n", root.display());
    machine.settings(&store);
    machine.run("scan --taken-at 2026-01-12T04:00:00Z").succeeds();
    machine
}

#[test]
fn errors_say_what_to_write() {
    let machine = scanned();
    for (scenario, saying) in [
        ("shrink=5%", "is not a scenario"),
        ("add=lots", "`add=lots`"),
        ("growth=20%", "+20%"),
        ("retain=Rubbish:30d", "Inbox, Sent, Trash, Junk, Archive or Drafts"),
        ("retain=Trash:30", "write 90d, 12w or 3y"),
        ("growth=+1%,growth=+2%", "twice"),
        ("add=1GiB@2025-12-24", "2025-12-24 is not after the last scan"),
        ("move=example.net", "there are: example.org"),
        ("mailboxes=-1", "there is only 1 mailbox"),
        ("compress=gzip", "compress=zstd"),
    ] {
        machine.run(&format!("whatif --today 2026-01-12 {scenario}")).fails(2, &[saying]);
    }
    machine.run("whatif --today 2026-01-12").fails(2, &["no scenario is given", "what_if"]);
    machine.run("whatif --today 2026-01-12 growth=+1% --store nobody").fails(2, &["there is no series `nobody`"]);
}

#[test]
fn errors_in_the_settings_name_the_line() {
    let machine = scanned();
    machine.settings("[report]\nwhat_if = [\n  'add=1TiB',\n  'retain=Bin:30d',\n]\n");
    machine.run("whatif").fails(1, &["line 4: `retain=Bin:30d`", "Trash"]);
}

#[test]
fn domains_in_errors_are_escaped() {
    let machine = scanned();
    let outcome = machine.runway("whatif --today 2026-01-12").arg("move=\u{1b}[2J\u{202e}evil").run();
    let outcome = outcome.fails(2, &["\\u{1b}[2J\\u{202e}evil"]);
    assert!(!outcome.stderr().contains(['\u{1b}', '\u{202e}']), "{:?}", outcome.stderr());
}

#[test]
fn scenarios_that_the_history_cannot_answer_are_refused() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    for user in ["ann", "bob"] {
        store.deliver(user, "INBOX", 1_000, "2026-01-05");
    }
    machine.run("scan vmail --names").succeeds();
    for scenario in ["retain=Trash:30d", "mailboxes=+5", "move=example.org", "quota=1GiB", "compress=zstd"] {
        machine
            .run(&format!("whatif {scenario}"))
            .fails(2, &["no measured store fills this series", "without --names"]);
    }
    machine.run("scan vmail").succeeds();
    machine.run("whatif move=example.org").fails(2, &["no such domain", "the mailboxes here have no domain"]);
}

#[test]
fn a_scenario_names_the_mailboxes_that_could_not_be_read() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    for user in ["ann", "bob"] {
        store.deliver(user, "INBOX", 1_000, "2026-01-05");
    }
    machine.forbid("vmail/bob/cur", 0o000);
    let run = |words: &str| machine.runway(&format!("{words} --history home/history")).by_ordinary_user().run();
    run("scan vmail").succeeds();
    run("whatif retain=Trash:30d").succeeds().warns(&["could not read 1 place; partial: bob"]);
}
