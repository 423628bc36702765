//! Files that resemble mail but are not: a scan finds no mailbox and no damage.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::support::machine::Machine;
use crate::support::samples::place;
use crate::support::scan_result::{ScanResult, answer, text};

/// Checks that a scan found no mail.
#[track_caller]
fn assert_no_mail(scanned: &ScanResult) {
    assert_eq!(scanned.addresses(), [] as [String; 0]);
    assert_eq!(scanned.store["messages"], 0);
    let damaged = |kind: &str| ["damaged", "unknown_version", "special_file", "not_followed"].contains(&kind);
    let found = scanned.problems.iter().find(|problem| damaged(text(problem, "kind")));
    assert_eq!(found, None, "a file that is not mail cannot be damaged mail");
}

#[test]
fn a_source_tree_is_not_mail() {
    let machine = Machine::new();
    let root = machine.store("src").root;
    for (name, content) in [
        ("main.c", "int main(void) { return 0; }\n"),
        ("tools/build.py", "import sys\nfrom os import path\n"),
        ("include/new/vector.h", "#pragma once\n"),
        ("cur/cursor.c", "/* current position */\n"),
        ("tmp/.keep", ""),
        ("storage/m.c", "m\n"),
        ("u.1", ".TH U 1\n"),
        ("m.4", "divert(-1)\n"),
        ("mailboxes/readme", "Tests of mailboxes\n"),
        ("input/a-H", "header\n"),
        ("store/0/1/msg/hello.msg", "hello\n"),
        ("docs/From here", "From here on, Mon is not a day\n"),
        ("tests/1", "case one\n"),
        ("tests/2", "case two\n"),
        ("context", "Context: none\n"),
        ("active/deferred/hold/x", "x"),
        ("Data/example.org/index.html", "<html>"),
    ] {
        place(root.join(name), content);
    }
    assert_no_mail(&ScanResult::scan(&machine, "src").without_problems());
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    assert_no_mail(&ScanResult::at(&machine, &own).without_problems());
}

#[test]
fn a_news_spool_is_not_mail() {
    let machine = Machine::new();
    let root = machine.store("news").root;
    for group in ["comp/lang/c", "comp/lang/c/moderated", "de/comp/os", "control/cancel"] {
        let name = group.replace('/', ".");
        for number in 1_234..1_260 {
            let article = format!(
                "Path: news.example!not-for-mail\nFrom: a@elsewhere.example\nNewsgroups: {name}\nSubject: {number}\n\
                 Message-ID: <{number}@news.example>\nDate: Mon, 5 Jan 2026 12:00:00 +0000\nLines: 1\n\nbody\n"
            );
            place(root.join("articles").join(group).join(number.to_string()), article);
        }
        place(root.join("articles").join(group).join(".overview"), "1234\tSubject\tFrom\tDate\n");
    }
    place(root.join("active"), "comp.lang.c 0000001259 0000001234 y\n");
    place(root.join("incoming/.tmp/1"), "");
    assert_no_mail(&ScanResult::scan(&machine, "news").without_problems());
}

#[test]
fn a_photo_library_is_not_mail() {
    let machine = Machine::new();
    let root = machine.store("photos").root;
    for number in 1..60_u8 {
        let photo = [b"\xff\xd8\xff\xe1\0\x10Exif\0\0".as_slice(), &[number; 3_000]].concat();
        place(root.join(format!("2026/01/IMG_{number:04}.jpg")), &photo);
        place(root.join(format!("originals/{:x}/{number}", number % 16)), &photo);
        place(root.join(format!("thumbs/{number:02}/{number}.")), photo);
    }
    place(root.join("catalog.sqlite"), [b"SQLite format 3\0".as_slice(), &[0; 4_080]].concat());
    place(root.join("new/keep"), "");
    place(root.join("tmp/keep"), "");
    assert_no_mail(&ScanResult::scan(&machine, "photos").without_problems());
}

#[test]
fn a_git_repository_is_not_mail() {
    let machine = Machine::new();
    let root = machine.store("repository").root;
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "init.defaultBranch=main"]);
        git.args(arguments).current_dir(&root).env("HOME", machine.path("home")).env("GIT_CONFIG_NOSYSTEM", "1");
        answer(&mut git)
    };
    git(&["init", "--quiet"]);
    for number in 1..=20 {
        fs::write(root.join(number.to_string()), format!("From: change\nSubject: {number}\n\n")).expect("a file");
        git(&["add", "."]);
        git(&["commit", "--quiet", "--message", &format!("Change {number}")]);
    }
    git(&["branch", "new"]);
    git(&["branch", "cur/tmp"]);
    git(&["format-patch", "--quiet", "--output-directory", "patches", "HEAD~10"]);
    let series = git(&["format-patch", "--stdout", "HEAD~10"]);
    fs::write(root.join("patches/0000-all.patch"), series).expect("a file can be written");
    git(&["gc", "--quiet"]);
    assert_no_mail(&ScanResult::scan(&machine, "repository").without_problems());
}

#[test]
fn empty_directories_are_not_mail() {
    let machine = Machine::new();
    let root = machine.store("tree").root;
    for name in
        ["a/b/c", "new", "tmp", "storage", "mailboxes/INBOX", "user", "uuid/a/b", "input", "msglog", "Mail/inbox"]
    {
        fs::create_dir_all(root.join(name)).expect("a directory can be made");
    }
    place(root.join("keep"), "");
    assert_no_mail(&ScanResult::scan(&machine, "tree").without_problems());
}

#[test]
fn texts_that_begin_like_an_mbox_are_not_mail() {
    let machine = Machine::new();
    let root = machine.store("texts").root;
    for (name, content) in [
        ("novel.txt", "From the beginning, it was a Monday.\n"),
        ("patch", "From 1f3c5a2e9d8b7a6c5d4e3f2a1b0c9d8e7f6a5b4c Mon Sep 17 00:00:00 2001\nFrom: Ann\n\n---\n"),
        ("from", "From \n"),
        ("date", "From ann Mon Jan 32 25:61:00 2026\nFrom: ann\n\n"),
        ("cut", "From ann@example.org Mon Jan"),
        ("query.sql", "From users select *\n"),
    ] {
        place(root.join(name), content);
    }
    assert_no_mail(&ScanResult::scan(&machine, "texts").without_problems());
}

#[test]
fn usr_has_no_mail() {
    let machine = Machine::new();
    let begun = Instant::now();
    // Files in /usr may change during the scan, so the sums are not compared with `du`.
    let scanned = ScanResult::run(machine.runway("scan /usr --threads 2 --format json"));
    assert_no_mail(&scanned);
    assert!(begun.elapsed().as_secs() < 100, "it took {:?}", begun.elapsed());
}
