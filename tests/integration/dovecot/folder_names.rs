//! Folder names: how they are encoded on disk, and the special use that they imply.

use super::expected::Mailbox;
use super::user_activity::{ANN, FOLDERS, USERS, assert_every_stage_agrees};
use crate::support::dovecot::Dovecot;
use crate::support::dovecot_agreement::{assert_scan_agrees, list, text};
use crate::support::files_on_disk;

/// Folders by shown name, and their special use.
const USES: [(&str, Option<&str>); 10] = [
    ("INBOX", Some("inbox")),
    ("Sent", Some("sent")),
    ("Trash", Some("trash")),
    ("Junk", Some("junk")),
    ("Archive", Some("archive")),
    ("Drafts", Some("drafts")),
    ("Gesendet", Some("sent")),
    ("Entwürfe", Some("drafts")),
    ("Sentinels", None),
    ("Projekte & Pläne/~alt", None),
];

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn maildir_folder_names_in_utf8_are_read() {
    let server = Dovecot::start("mail_location = maildir:~/Maildir:UTF-8");
    assert_every_stage_agrees(&server, &Mailbox::of_all(&server, "maildir", &USERS), |server| {
        let raw = server.account(ANN).home().join("Maildir/.Projekte.日本語 & 📬");
        assert!(raw.is_dir(), "{} is not a directory", raw.display());
    });
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn dbox_folder_names_in_utf8_are_read() {
    let server = Dovecot::start("mail_location = mdbox:~/mdbox:UTF-8");
    assert_every_stage_agrees(&server, &Mailbox::of_all(&server, "mdbox", &USERS), |server| {
        let raw = server.account(ANN).home().join("mdbox/mailboxes/Projekte/日本語 & 📬/dbox-Mails");
        assert!(raw.is_dir(), "{} is not a directory", raw.display());
    });
}

#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn folders_have_their_special_use_and_path() {
    for (layout, location) in [
        ("maildir", "maildir:~/Maildir"),
        ("maildir", "maildir:~/Maildir:LAYOUT=fs"),
        ("sdbox", "sdbox:~/sdbox"),
        ("mdbox", "mdbox:~/mdbox"),
        ("mbox", "mbox:~/mail:INBOX=~/mail/inbox"),
    ] {
        let server = Dovecot::start(&format!("mail_location = {location}"));
        let ann = server.account(ANN);
        let below_inbox: &[(&str, Option<&str>)] = match layout {
            // INBOX is a file in mbox.
            "mbox" => &[],
            _ => &[("INBOX/Trash", Some("trash"))],
        };
        let mut uses = [&USES, below_inbox].concat();
        uses.sort_unstable();
        let names: Vec<&str> = uses.iter().map(|&(name, _)| name).filter(|&name| name != "INBOX").collect();
        ann.create(&names);
        server.deliver(&[ANN], b"Subject: hello\n\nhello\n");
        let store = assert_scan_agrees(&server, &[Mailbox::new(layout, ann)]);
        let mailbox = &list(&store, "mailbox")[0];
        let actual =
            list(mailbox, "folders").iter().map(|folder| (text(folder, "name"), folder["special_use"].as_str()));
        assert_eq!(actual.collect::<Vec<_>>(), uses, "{location}");
        let root = server.store().join(text(mailbox, "path"));
        let truth = ann.folders();
        for folder in list(mailbox, "folders") {
            let place = &truth[text(folder, "name")].path;
            assert_eq!(&root.join(text(folder, "path")), place, "{location}: {}", folder["name"]);
        }
    }
}

/// Checks the names on disk that the other tests rely on.
#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn folder_names_on_disk_are_imap_names() {
    let server = Dovecot::start("mail_location = maildir:~/Maildir");
    let ann = server.account(ANN);
    ann.create(&FOLDERS.map(|(name, _)| name));
    let names = files_on_disk::names(&ann.home());
    for (_, folder) in FOLDERS {
        let directory = format!(".{}", folder.replace('/', "."));
        let lies_in = |name: &files_on_disk::Name| name.path.iter().any(|part| *part == *directory);
        assert!(names.iter().any(lies_in), "there is no {directory}");
    }
    assert_scan_agrees(&server, &[Mailbox::new("maildir", ann)]);
}
