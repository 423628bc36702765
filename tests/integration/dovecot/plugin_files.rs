//! Files of Dovecot plugins: quota, ACLs, subscriptions, keywords.
//!
//! No full-text indexes: Debian's `dovecot-core` only has `fts_squat`, which crashes.

use super::expected::Mailbox;
use super::user_activity::{ANN, USERS, fill, work};
use crate::support::dovecot::Dovecot;
use crate::support::dovecot_agreement::assert_scan_agrees;
use crate::support::files_on_disk;

const PLUGINS: &str = "mail_plugins = quota acl\nplugin {\n  quota = maildir:User\n  acl = vfile\n}";

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn plugin_files_beside_maildir_have_a_class() {
    let server = Dovecot::start(&format!("mail_location = maildir:~/Maildir\n{PLUGINS}"));
    let beside = ["maildirsize", "dovecot-acl", "subscriptions", "dovecot-keywords"];
    assert_all_have_a_class(&server, "maildir", "Maildir", &beside);
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn plugin_files_beside_mdbox_have_a_class() {
    let plugins = PLUGINS.replace("maildir:User", "dict:User::file:%h/dovecot-quota");
    let server = Dovecot::start(&format!("mail_location = mdbox:~/mdbox\n{plugins}"));
    // The quota file is in the home, beside the mailbox.
    assert_all_have_a_class(&server, "mdbox", "mdbox", &["dovecot-quota", "dovecot-acl", "subscriptions"]);
}

fn assert_all_have_a_class(server: &Dovecot, layout: &str, place: &str, beside: &[&str]) {
    fill(server);
    for user in USERS {
        let account = server.account(user);
        account.subscribe(&["Sent", "To do"]);
        account.allow("Sent", "user=carl", &["lookup", "read"]);
    }
    work(server);
    let names = files_on_disk::names(&server.account(ANN).home());
    for name in beside {
        assert!(names.iter().any(|found| found.base() == *name), "Dovecot made no {name}: {names:#?}");
    }
    let mailboxes = USERS.map(|user| Mailbox::new(layout, server.account(user)).only(place));
    assert_scan_agrees(server, &mailboxes);
}
