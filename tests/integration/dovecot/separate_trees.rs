//! Indexes and control files outside of the home, and mailboxes of several formats or domains in one home.

use super::expected::Mailbox;
use super::user_activity::{ANN, BOB, USERS, assert_every_stage_agrees, fill};
use crate::support::account::LineEnds;
use crate::support::dovecot::Dovecot;
use crate::support::dovecot_agreement::{assert_scan_agrees, list, number};
use crate::support::files_on_disk;
use crate::support::messages;

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn separate_indexes_and_control_files_of_maildir_agree() {
    assert_trees_are_joined("maildir");
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn separate_indexes_and_control_files_of_sdbox_agree() {
    assert_trees_are_joined("sdbox");
}

/// In mdbox only the indexes name the messages of a folder.
#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn separate_indexes_and_control_files_of_mdbox_agree() {
    assert_trees_are_joined("mdbox");
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn separate_indexes_and_control_files_of_mbox_agree() {
    assert_trees_are_joined("mbox");
}

/// Indexes by address, as in mailcow; control files by domain and user.
fn assert_trees_are_joined(layout: &str) {
    let place = if layout == "maildir" { "Maildir" } else { layout };
    let location = format!("mail_location = {layout}:~/{place}");
    let server =
        Dovecot::start(&format!("{location}:INDEX={{home}}/store/index/%u:CONTROL={{home}}/store/control/%d/%n"));
    let (index, control) = (server.store().join("index"), server.store().join("control"));
    let mailboxes = USERS.map(|user| {
        let (name, domain) = user.split_once('@').expect("an address has an @");
        Mailbox::new(layout, server.account(user)).and(index.join(user)).and(control.join(domain).join(name))
    });
    assert_every_stage_agrees(&server, &mailboxes, |server| {
        let indexes = |place: &std::path::Path| {
            files_on_disk::names(place).iter().filter(|name| name.base().starts_with("dovecot.index")).count()
        };
        assert!(indexes(&index) >= USERS.len(), "indexes are in a separate tree");
        assert!(!files_on_disk::names(&control).is_empty(), "control files are in a separate tree");
        assert_eq!(indexes(&server.account(ANN).home()), 0, "there are no indexes beside the mail");
    });
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn a_home_with_mail_of_every_format_agrees() {
    let server = Dovecot::start("mail_location = maildir:~/Maildir");
    fill(&server);
    let formats = [("sdbox", "sdbox:~/sdbox"), ("mdbox", "mdbox:~/mdbox"), ("mbox", "mbox:~/mail:INBOX=~/mail/inbox")];
    let mut mailboxes = vec![Mailbox::new("maildir", server.account(BOB))];
    mailboxes.push(Mailbox::new("maildir", server.account(USERS[2])));
    let ann = server.account(ANN);
    mailboxes.push(Mailbox::new("maildir", ann).only("Maildir"));
    let maildir = format!("maildir:{}", ann.home().join("Maildir").display());
    for (layout, location) in formats {
        let (account, place) = (ann.at(location), if layout == "mbox" { "mail" } else { layout });
        account.import(&maildir);
        account.expunge("Sent", "1");
        mailboxes.push(Mailbox::new(layout, account).only(place));
        assert!(account.folders()["Sent"].letters.len() > 3, "mail was copied into {layout}");
    }
    let store = assert_scan_agrees(&server, &mailboxes);
    let layouts = list(&store, "layouts").iter();
    let layouts: Vec<String> = layouts.map(|row| format!("{} {}", row["mailboxes"], row["layout"])).collect();
    assert_eq!(layouts, ["3 \"maildir\"", "1 \"mbox\"", "1 \"mdbox\"", "1 \"sdbox\""], "layouts");
}

/// As in cPanel: the account's own Maildir contains the domains, with a Maildir for each user.
#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn domains_inside_the_maildir_of_an_account_agree() {
    let server = Dovecot::start("mail_location = maildir:{home}/store/acct/mail/%d/%n");
    fill(&server);
    let account = server.account("acct").at("maildir:~/mail");
    account.create(&["Sent", "Archive/2023"]);
    for letter in messages::samples() {
        account.save("INBOX", &letter, LineEnds::Lf);
    }
    account.copy("INBOX", "Archive/2023", "1:4");
    let root = account.home().join("mail");
    let mut mailboxes = Vec::from(USERS.map(|user| {
        let (name, domain) = user.split_once('@').expect("an address has an @");
        Mailbox { places: vec![root.join(domain).join(name)], ..Mailbox::new("maildir", server.account(user)) }
    }));
    mailboxes.push(Mailbox::new("maildir", account).only("mail"));
    assert!(root.join("cur").is_dir() && root.join("example.org/ann/cur").is_dir(), "a Maildir is inside a Maildir");
    let store = assert_scan_agrees(&server, &mailboxes);
    assert_eq!(number(&store, "mailboxes"), 4, "mailboxes");
}
