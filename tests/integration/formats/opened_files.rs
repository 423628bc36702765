//! The files that a scan opens, by `strace`: directories and regular files, all read-only.

use std::os::unix::net::UnixListener;
use std::process::Command;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::support::machine::Machine;
use crate::support::samples::{LETTER, SAMPLES, place};
use crate::support::scan_result::answer;

/// Pipes in places where the reader of a format would open a file.
const PIPES: [&str; 11] = [
    "maildir.example/ann/Maildir/cur/1767614400.P77.mx1:2,S",
    "maildir.example/ann/Maildir/maildirsize",
    "sdbox.example/ann/sdbox/mailboxes/INBOX/dbox-Mails/u.77",
    "mdbox.example/ann/mdbox/storage/m.77",
    "mdbox.example/ann/mdbox/storage/dovecot.map.index",
    "mdbox.example/ann/mdbox/mailboxes/INBOX/dbox-Mails/dovecot.index",
    "mbox.example/ann/mail/mbox77",
    "mh.example/ann/Mail/inbox/77",
    "cyrus/a/user/ann/77.",
    "cyrus/a/user/ann/Sent77/cyrus.header",
    "elsewhere/store77.edb",
];

/// The calls, by `strace`, that open a path below the store.
fn opened(machine: &Machine) -> Vec<String> {
    let log = machine.path("calls");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-s", "4096", "-e", "trace=open,openat,openat2,creat", "-o"]).arg(&log);
    strace.arg(env!("CARGO_BIN_EXE_mailrunway")).arg("scan").arg(machine.path("vmail"));
    strace.arg("--history").arg(machine.path("history")).env("HOME", machine.path("home"));
    answer(&mut strace);
    let store = machine.path("vmail").display().to_string();
    let calls = std::fs::read_to_string(log).expect("strace wrote it");
    // With O_PATH nothing is opened: it finds a place to stat.
    calls.lines().filter(|call| call.contains(&store) && !call.contains("O_PATH")).map(str::to_owned).collect()
}

#[test]
#[ignore = "needs strace: run tests/run"]
fn a_scan_opens_only_regular_files_and_only_for_reading() {
    let machine = Machine::new();
    let root = machine.store("vmail").root;
    for sample in &SAMPLES {
        (sample.make)(&root);
    }
    for name in PIPES {
        place(root.join(name), LETTER);
        std::fs::remove_file(root.join(name)).expect("it was just made");
        mknodat(CWD, root.join(name), FileType::Fifo, Mode::from(0o644), 0).expect("a pipe can be made");
    }
    UnixListener::bind(root.join("78")).expect("a socket can be bound");
    std::os::unix::fs::symlink("../../../../elsewhere", root.join("maildir.example/ann/Maildir/cur/link78"))
        .expect("a link can be made");
    let calls = opened(&machine);
    let of = |file: &str| calls.iter().find(|call| call.contains(&format!("{file}\"")));
    for file in ["m.1", "u.1", "cyrus.index"] {
        assert!(of(file).is_some(), "the log shows that {file} was opened: {calls:#?}");
    }
    for name in PIPES {
        let (directory, file) = name.rsplit_once('/').expect("they lie in directories");
        let call = calls.iter().find(|call| call.contains(directory) && call.contains(&format!("{file}\"")));
        assert_eq!(call, None, "{name} is a pipe");
    }
    assert_eq!([of("/78"), of("\"78"), of("link78")], [None; 3], "a socket and a link");
    let writes =
        |call: &&String| ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "creat("].iter().any(|w| call.contains(w));
    assert_eq!(calls.iter().find(writes), None, "nothing is opened to write");
}
