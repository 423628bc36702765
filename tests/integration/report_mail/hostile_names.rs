//! Hostile names in a real browser: they are shown as text and run nothing.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use mailrunway::history::History;
use mailrunway::model::cancel::Cancel;
use mailrunway::scan::progress::Progress;
use mailrunway::scan::{Request, StoreRequest, scan};

use crate::support::browser::Browser;
use crate::support::hostile_names::HOSTILE;
use crate::support::machine::Machine;
use crate::support::page::Look;

/// A name with all hostile fragments, longer than a file name can be.
fn worst() -> String {
    let names: Vec<&str> = HOSTILE.iter().map(|(_, name)| *name).collect();
    names.join(" ").chars().cycle().take(400).collect()
}

/// Four weekly scans of a store with hostile names of domains, users and folders, on a host with a hostile name.
fn scanned() -> (Machine, PathBuf) {
    let machine = Machine::new();
    let store = machine.store("vmail");
    let history = History::open_or_create(&machine.path("history")).expect("a history can be made");
    for week in 0..4 {
        for (name, _) in HOSTILE {
            let name = OsStr::from_bytes(name);
            let folder = [b"example.org/ann/.".as_slice(), name.as_bytes()].concat();
            for mailbox in [Path::new("example.org").join(name), Path::new(name).join("ann")] {
                store.deliver(mailbox, "INBOX", 20_000, "2026-01-05");
            }
            store.deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
            store.deliver(OsStr::from_bytes(&folder), "INBOX", 1_000, "2026-01-05");
        }
        let request = Request {
            stores: vec![StoreRequest { name: worst(), root: store.root.clone(), filesystem: true, owner: None }],
            taken_at: Timestamp::from_second(1_767_600_000 + week * 7 * 86_400).expect("it is a time"),
            threads: 1,
            host: Some(worst()),
            by_name: false,
            io_limit: None,
            cache: None,
        };
        let scanned = scan(&request, &Progress::default(), &Cancel::never()).expect("the store is there");
        history.append(&scanned.snapshot).expect("the history can be written");
    }
    machine.run("-q report --format html -o page.html").succeeds();
    let page = machine.path("page.html");
    (machine, page)
}

#[test]
#[ignore = "needs Chromium: run tests/run"]
fn names_run_nothing_in_a_browser() {
    let (_machine, file) = scanned();
    let browser = Browser::start();
    for look in [Look::PHONE, Look::DESK, Look::DESK.lawless()] {
        let page = browser.open(&file, look);
        page.unfold();
        let alive =
            "document.querySelectorAll('script, img:not([src^=\"data:image/png\"]), iframe, object, [onerror]').length";
        assert_eq!(page.evaluate(alive), 0, "{look:?}");
        let text = page.evaluate("document.body.textContent");
        let text = text.as_str().expect("it is text");
        for shown in ["<script>alert(1)<", "<img src=x onerror=alert(1)>", "=cmd|' C calc'!A0", "\\u{202e}gnp-txt"] {
            assert!(text.contains(shown), "{shown} is not shown: {look:?}");
        }
        page.assert_flawless(&format!("{look:?}"));
    }
}

#[test]
#[ignore = "needs Chromium: run tests/run"]
fn the_browser_check_detects_active_content() {
    let place = tempfile::tempdir().expect("a temporary directory can be made");
    let file = place.path().join("page.html");
    let text =
        "<p style='width: 20px; white-space: nowrap'>too long for it</p><p style='margin-top: -2.2em'>over it</p>";
    let image = "<img src=x onerror='alert(1)'><script>console.error(2)</script>";
    let policy = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">";
    fs::write(&file, format!("<!DOCTYPE html>{policy}{text}{image}")).expect("a file can be written");
    let browser = Browser::start();
    let findings = |look: Look| browser.open(&file, look).findings().join("\n");
    let lawful = findings(Look::DESK);
    for finding in ["overflows", "overlap", "a picture is missing", "img-src forbids", "script-src-elem forbids"] {
        assert!(lawful.contains(finding), "{finding}: {lawful}");
    }
    let lawless = findings(Look::DESK.lawless());
    for finding in ["a dialog: \"1\"", "the console"] {
        assert!(lawless.contains(finding), "{finding}: {lawless}");
    }
}
