//! A report from cron to its reader: scan, report, sendmail, mailbox, IMAP, and the page on the screen.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::mime_structure::Part;
use crate::support::browser::Browser;
use crate::support::dovecot::Dovecot;
use crate::support::imap;
use crate::support::machine::Machine;
use crate::support::page::Look;
use crate::support::postfix::Postfix;

/// The longest wait for a message to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

const ANN: &str = "ann@example.org";

/// Postfix runs as another user than Dovecot and needs its socket.
const OPEN_SOCKET: &str = "mail_location = maildir:~/Maildir
service lmtp {
  unix_listener lmtp {
    mode = 0666
  }
}";

/// The command of the cron job: `$1` is mailrunway and `$2` its settings; `sendmail` is not on cron's PATH.
const CRON_LINE: &str = "umask 022
test ! -t 0 && test ! -t 1 && test ! -t 2 || exit 9
\"$1\" -q -c \"$2\" scan && \"$1\" -q -c \"$2\" report --format mail --to ann@example.org | /usr/sbin/sendmail -t -oi";

/// Runs the cron job and returns the message that the reader fetches.
fn fetched() -> Vec<u8> {
    let mailboxes = Dovecot::start(OPEN_SOCKET);
    fs::set_permissions(mailboxes.aside(""), Permissions::from_mode(0o755)).expect("the mode can be set");
    let transport = format!("virtual_transport = lmtp:unix:{}", mailboxes.lmtp_socket().display());
    let server = Postfix::start(&format!("virtual_mailbox_domains = example.org\n{transport}"));
    let machine = Machine::new();
    machine.run("-q demo demo").succeeds();
    let settings = machine.path("demo/mailrunway.toml");
    // Only the environment of Debian's cron.
    let mut job = machine.runway("").in_shell(CRON_LINE).arg(settings);
    for name in ["MAILRUNWAY_CONFIG", "MAILRUNWAY_HISTORY"] {
        job = job.without(name);
    }
    for (name, value) in [("PATH", "/usr/bin:/bin"), ("SHELL", "/bin/sh"), ("LOGNAME", "root"), ("LANG", "C.UTF-8")] {
        job = job.env(name, value);
    }
    job.env("MAIL_CONFIG", server.settings_directory()).run().succeeds();
    let begun = Instant::now();
    while mailboxes.account(ANN).count("INBOX") == 0 {
        assert!(begun.elapsed() < PATIENCE, "the message does not arrive\n{}", server.log());
        std::thread::sleep(Duration::from_millis(50));
    }
    let mut messages = imap::fetch(&mailboxes, ANN, "INBOX");
    assert_eq!(messages.len(), 1, "it arrives once");
    messages.remove(0)
}

#[test]
#[ignore = "needs root, Postfix, Dovecot, Python and Chromium: run tests/run"]
fn a_report_from_cron_arrives_and_is_readable() {
    let bytes = fetched();
    let read = Part::read(&bytes);
    for name in ["Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type"] {
        assert!(!read.header(name).is_empty(), "{name}");
    }
    assert_eq!(read.header("To"), ANN);
    assert_eq!(read.header("Auto-Submitted"), "auto-generated");
    assert!(["RED", "AMBER", "GREEN", "UNKNOWN"].iter().any(|word| read.header("Subject").contains(word)));
    assert_eq!(read.kind(), "multipart/alternative");
    let [plain, related] = <[Part; 2]>::try_from(read.parts()).ok().expect("two ways to read it");
    assert_eq!((plain.kind(), related.kind()), ("text/plain", "multipart/related"));
    assert!(plain.text().lines().filter(|line| !line.trim().is_empty()).count() > 1, "{}", plain.text());
    let inside = related.parts();
    let (page, pictures) = inside.split_first().expect("the page is there");
    assert_eq!(page.kind(), "text/html");
    assert_shown(&page.text(), pictures);
}

/// Checks that the page of a message uses all its pictures, and opens it in a browser.
fn assert_shown(page: &str, pictures: &[Part]) {
    let place = tempfile::tempdir().expect("a temporary directory can be made");
    let mut shown = page.to_owned();
    assert!(!pictures.is_empty(), "there is no picture");
    for (number, picture) in pictures.iter().enumerate() {
        assert_eq!((picture.kind(), picture.disposition()), ("image/png", Some("inline")));
        assert!(picture.file_name().is_some_and(|name| name.ends_with(".png")), "{:?}", picture.file_name());
        assert!(picture.content().starts_with(b"\x89PNG\r\n\x1a\n"), "it is not a PNG");
        let id = picture.header("Content-ID").trim_matches(['<', '>']).to_owned();
        let source = format!("cid:{id}");
        assert!(shown.contains(&source), "the page does not use {id}");
        shown = shown.replace(&source, &format!("{number}.png"));
        fs::write(place.path().join(format!("{number}.png")), picture.content()).expect("a file can be written");
    }
    assert!(!shown.contains("cid:"), "a picture is missing");
    assert!(!shown.contains("<script") && !shown.contains("data:"), "mail clients show neither");
    let file: PathBuf = place.path().join("mail.html");
    fs::write(&file, shown).expect("a file can be written");
    assert_flawless(&file);
}

fn assert_flawless(file: &Path) {
    let browser = Browser::start();
    for (name, look) in [("phone", Look::PHONE), ("desk", Look::DESK), ("dark", Look::DESK.dark())] {
        browser.open(file, look).assert_flawless(name);
    }
}
