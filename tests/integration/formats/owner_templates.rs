//! Owner templates in the settings; paths that match none get a guessed owner.

use crate::support::machine::Machine;
use crate::support::scan_result::ScanResult;

/// Writes settings with an owner template.
fn settings(machine: &Machine, owner: &str) {
    let path = machine.path("vmail").display().to_string();
    let owner = owner.replace("ROOT", &path);
    machine.settings(&format!("[[store]]\nname = 'post'\npath = '{path}'\nowner = '{owner}'\n"));
}

/// The owner of one mailbox by a template; `ROOT` stands for the root of the store.
fn owner(template: &str, mailbox: &str) -> String {
    let machine = Machine::new();
    machine.store("vmail").deliver(mailbox, "INBOX", 1_000, "2026-01-05");
    settings(&machine, template);
    let mut addresses = ScanResult::run(machine.runway("scan --format json")).without_problems().addresses();
    assert_eq!(addresses.len(), 1, "{addresses:?}");
    addresses.remove(0)
}

#[test]
fn templates_name_the_owner() {
    for (template, mailbox, expected) in [
        ("{domain}/{user}", "example.org/ann/Maildir", "ann@example.org"),
        ("{user}/{domain}", "ann/example.org/Maildir", "ann@example.org"),
        ("{user}/{domain}", "ann/localhost", "ann@localhost"),
        ("ROOT/{domain}/{hash}/{user}-{stamp}", "example.org/an/ann-2024.05.06.07.08.09/Maildir", "ann@example.org"),
        ("ROOT/{domain}/{hash}/{user}-{stamp}", "example.org/an/ann-lee-20240506/Maildir", "ann-lee@example.org"),
        ("{domain}/{hash}/{hash}/{user}", "example.org/9f/3c/ann", "ann@example.org"),
        ("{user}@{domain}", "ann@example.org", "ann@example.org"),
        ("accounts/{user}/mail", "accounts/ann/mail", "ann"),
        ("{user}", "maildir/deep/below/here", "maildir"),
        ("cust-{hash}/{domain}/{user}", "cust-42/example.org/ann/Maildir", "ann@example.org"),
    ] {
        assert_eq!(owner(template, mailbox), format!("maildir {expected}"), "{template}");
    }
}

#[test]
fn owners_of_paths_that_match_no_template_are_guessed() {
    for (template, mailbox) in [
        ("accounts/{user}", "example.org/ann/Maildir"),
        ("{domain}/{hash}/{hash}/{hash}/{user}", "example.org/ann/Maildir"),
        ("/srv/other/{domain}/{user}", "example.org/ann/Maildir"),
        ("{domain}/{user}-{stamp}", "example.org/ann/Maildir"),
    ] {
        assert_eq!(owner(template, mailbox), "maildir ann@example.org", "{template}");
    }
}

#[test]
fn invalid_templates_are_refused_with_the_line() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    for (template, saying) in [
        ("{domain}/{usr}", "usr"),
        ("{domain}/{user", "brace"),
        ("{domain}", "{user}"),
        ("/var/vmail", "{user}"),
        ("", "{user}"),
    ] {
        settings(&machine, template);
        machine.run("scan").fails(1, &["the settings are wrong", "line 4", saying]);
    }
}
