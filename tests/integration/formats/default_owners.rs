//! Owners of mail in the default locations of packages and guides.

use crate::support::machine::Machine;
use crate::support::samples::{LETTER, mdbox_folder, mdbox_storage, place};
use crate::support::scan_result::{ScanResult, address};

/// A store's root, the mailbox below it, and its owner.
const DEFAULTS: [(&str, &str, &str); 27] = [
    ("home", "ann/Maildir", "ann"),
    ("vmail", "example.org/ann", "ann@example.org"),
    ("vmail", "example.org/ann/Maildir", "ann@example.org"),
    ("vhosts", "example.org/ann", "ann@example.org"),
    ("mail", "ann", "ann"),
    // Mailu.
    ("mail", "ann@example.org", "ann@example.org"),
    ("mail", "ann.smith+tag@mx.example.org", "ann.smith+tag@mx.example.org"),
    // iRedMail, with the time of creation and without.
    ("vmail", "vmail1/example.org/a/n/n/ann-2024.05.06.07.08.09/Maildir", "ann@example.org"),
    ("vmail", "vmail1/example.org/j/o/o/jo-2024.05.06.07.08.09/Maildir", "jo@example.org"),
    ("vmail1", "example.org/a/n/n/ann/Maildir", "ann@example.org"),
    ("vmail", "vmail1/example.org/a/n/n/ann-lee-2024.05.06.07.08.09/Maildir", "ann-lee@example.org"),
    // Modoboa, docker-mailserver, Mail-in-a-Box, ISPConfig.
    ("vmail", "example.org/ann.smith", "ann.smith@example.org"),
    ("mail", "example.org/ann/home/Maildir", "ann@example.org"),
    ("mail", "mailboxes/example.org/ann", "ann@example.org"),
    ("user-data", "mail/mailboxes/example.org/ann", "ann@example.org"),
    ("vmail", "sub.example.co.uk/ann/Maildir", "ann@sub.example.co.uk"),
    // Froxlor, Plesk.
    ("mail", "customer1/example.org/ann/Maildir", "ann@example.org"),
    ("mailnames", "example.org/ann/Maildir", "ann@example.org"),
    // cPanel and Hestia; DirectAdmin; Virtualmin.
    ("home", "acct/mail/example.org/ann", "ann@example.org"),
    ("home", "acct/mail", "acct"),
    ("home", "acct/imap/example.org/ann/Maildir", "ann@example.org"),
    ("home", "acct/homes/ann/Maildir", "ann"),
    // The root is the domain, or the mailbox itself.
    ("example.org", "ann/Maildir", "ann@example.org"),
    ("example.org/ann", "Maildir", "ann@example.org"),
    ("example.org/ann/Maildir", "", "ann@example.org"),
    // A year or a version is not a domain, and a hash is not a user.
    ("archive", "2023.11/ann/Maildir", "ann"),
    ("vmail", "example.org/9/f/ann/Maildir", "ann@example.org"),
];

#[test]
fn owners_of_maildirs_in_default_locations() {
    for (root, mailbox, owner) in DEFAULTS {
        let machine = Machine::new();
        machine.store("srv").deliver(format!("{root}/{mailbox}"), "INBOX", 1_000, "2026-01-05");
        let scanned = ScanResult::scan(&machine, &format!("srv/{root}")).without_problems();
        assert_eq!(scanned.addresses(), [format!("maildir {owner}")], "{mailbox} in {root}");
    }
}

#[test]
fn owners_of_mdbox_in_default_locations() {
    for (place, owner) in [
        ("example.org/ann/mdbox", "ann@example.org"),
        ("example.org/ann", "ann@example.org"),
        ("example.org/ann/home/mdbox", "ann@example.org"),
        ("ann/mdbox", "ann"),
    ] {
        let machine = Machine::new();
        let home = machine.store("vmail").root.join(place);
        mdbox_storage(&home, 1);
        mdbox_folder(&home, "INBOX".as_ref(), &[1]);
        assert_eq!(
            ScanResult::scan(&machine, "vmail").without_problems().addresses(),
            [format!("mdbox {owner}")],
            "{place}"
        );
    }
}

#[test]
fn spool_files_name_their_owner() {
    let machine = Machine::new();
    let root = machine.store("mail").root;
    for user in ["ann", "bob.smith"] {
        place(root.join(user), format!("From a@elsewhere.example Mon Jan  5 12:00:00 2026\n{LETTER}\n"));
    }
    let scanned = ScanResult::scan(&machine, "mail").without_problems();
    assert_eq!(scanned.addresses(), ["mbox ann", "mbox bob.smith"]);
    for mailbox in scanned.mailboxes() {
        assert_eq!(mailbox["folders"][0]["special_use"], "inbox", "{}", address(mailbox));
    }
}

#[test]
fn domains_inside_a_mailbox_are_separate() {
    let machine = Machine::new();
    let store = machine.store("home");
    store.deliver("acct/mail", "INBOX", 100, "2026-01-05");
    store.deliver("acct/mail", "Sent", 200, "2026-01-05");
    store.deliver("acct/mail/example.org/ann", "INBOX", 1_000, "2026-01-05");
    store.deliver("acct/mail/example.org/bob", "INBOX", 2_000, "2026-01-05");
    store.deliver("acct/mail/example.org/bob", "Sent", 4_000, "2026-01-05");
    // cPanel links the mailboxes into the account's own, so that it can show them as folders.
    std::os::unix::fs::symlink("example.org/ann", machine.path("home/acct/mail/.ann@example_org")).expect("a link");
    let scanned = ScanResult::scan(&machine, "home").without_problems();
    let bytes = |mailbox: &str| scanned.mailbox(mailbox)["message_bytes"].as_u64();
    assert_eq!(bytes("maildir acct"), Some(300));
    assert_eq!(bytes("maildir ann@example.org"), Some(1_000));
    assert_eq!(bytes("maildir bob@example.org"), Some(6_000));
    assert_eq!(scanned.mailboxes().len(), 3);
}
