//! Stores of servers that the tests cannot start: queues of Postfix and Exim, Zimbra, CommuniGate.

use crate::support::machine::Machine;
use crate::support::samples::{LETTER, mbox_file, place};
use crate::support::scan_result::{ScanResult, number, text};

/// Noon of 2026-01-05.
const ARRIVED: &str = "2026-01-05T12:00:00Z";

/// A store with these files.
fn with(files: &[(&str, &str)]) -> Machine {
    let machine = Machine::new();
    let root = machine.store("store").root;
    for (name, content) in files {
        place(root.join(name), content);
    }
    machine
}

#[test]
fn an_exim_queue_is_read() {
    let (id, other) = ("1vckmi-0000000001a-2Z3x", "1vckmi-0001Xy-2Z");
    let head = |id: &str| {
        format!(
            "{id}-H\nDebian-exim 101 103\n<ann@example.org>\n1767614400 0\n-received_time_usec .123456\n-local\nXX\n1\n\
             bob@elsewhere.example\n\n026F From: ann@example.org\n013  Subject: x\n"
        )
    };
    let body = |id: &str| format!("{id}-D\nbody\n");
    let machine = with(&[]);
    let root = machine.path("store/exim4");
    for (id, split) in [(id, ""), (other, "k/")] {
        place(root.join(format!("input/{split}{id}-H")), head(id));
        place(root.join(format!("input/{split}{id}-D")), body(id));
        place(root.join(format!("msglog/{split}{id}")), "2026-01-05 12:00:00 Received from ann@example.org\n");
    }
    place(root.join("db/retry"), "binary");
    let scanned = ScanResult::scan(&machine, "store").without_problems();
    assert_eq!(scanned.addresses(), ["exim exim4"]);
    let queue = scanned.mailbox("exim exim4");
    assert_eq!(number(queue, "messages"), 2);
    let files: usize = [id, other].iter().map(|id| head(id).len() + body(id).len()).sum();
    assert_eq!(number(queue, "message_bytes"), files as u64, "both files of each message");
    assert_eq!(number(scanned.folder("exim exim4", "input"), "messages"), 2);
    assert_eq!(queue["oldest"], ARRIVED, "from the header file and the id");
}

#[test]
fn a_postfix_queue_is_read() {
    let record = |kind: char, content: &str| {
        let mut bytes = vec![kind as u8, u8::try_from(content.len()).expect("it is short")];
        bytes.extend(content.bytes());
        bytes
    };
    let message = [
        record('C', &format!("{:>15} {:>15} {:>15} {:>15} {:>15}", 85, 700, 1, 0, 85)),
        record('T', "1767614400 271758"),
        record('S', "ann@example.org"),
        record('R', "bob@elsewhere.example"),
        record('M', ""),
        record('N', "From: ann@example.org"),
        record('N', ""),
        record('N', "body"),
        record('X', ""),
        record('E', ""),
    ]
    .concat();
    let machine = with(&[]);
    let root = machine.path("store/postfix");
    for queue in ["active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "trace"]
    {
        std::fs::create_dir_all(root.join(queue)).expect("a directory can be made");
    }
    for name in ["deferred/4/4CA1B99", "deferred/0/0F00DAA", "hold/4BBBB12"] {
        place(root.join(name), &message);
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(root.join(name), mode).expect("the mode can be set");
    }
    place(root.join("defer/4/4CA1B99"), "<bob@elsewhere.example>: connection refused\n");
    let scanned = ScanResult::scan(&machine, "store").without_problems();
    assert_eq!(scanned.addresses(), ["postfix postfix"]);
    let figures = |folder: &str| {
        let folder = scanned.folder("postfix postfix", folder);
        ["messages", "message_bytes", "logical_bytes"].map(|figure| number(folder, figure))
    };
    let length = message.len() as u64;
    assert_eq!(figures("deferred"), [2, 2 * length, 170]);
    assert_eq!(figures("hold"), [1, length, 85]);
    assert_eq!(number(scanned.mailbox("postfix postfix"), "messages"), 3, "files in defer are not mail");
    assert_eq!(scanned.mailbox("postfix postfix")["newest"], ARRIVED);
}

#[test]
fn a_zimbra_volume_is_read() {
    let machine = with(&[
        ("zimbra/store/0/3/msg/0/257-300.msg", LETTER),
        ("zimbra/store/0/3/msg/0/258-301.msg", LETTER),
        ("zimbra/store/0/3/msg/1/4097-5000.msg", LETTER),
        ("zimbra/store/0/5/msg/0/257-2.msg", LETTER),
        ("zimbra/store/incoming/a", ""),
    ]);
    let scanned = ScanResult::scan(&machine, "store").without_problems();
    assert_eq!(scanned.addresses(), ["zimbra 3", "zimbra 5"]);
    let figures = ["messages", "message_bytes"].map(|figure| number(scanned.mailbox("zimbra 3"), figure));
    assert_eq!(figures, [3, 3 * LETTER.len() as u64]);
}

#[test]
fn a_communigate_account_is_read() {
    let machine = with(&[
        ("Domains/example.org/ann.macnt/INBOX.mdir/1-S-20260105120000", LETTER),
        ("Domains/example.org/ann.macnt/INBOX.mdir/2--20260105120000", LETTER),
        ("Domains/example.org/ann.macnt/account.settings", "{}"),
    ]);
    let scanned = ScanResult::scan(&machine, "store").without_problems();
    assert_eq!(scanned.addresses(), ["communigate ann@example.org"]);
    let inbox = scanned.folder("communigate ann@example.org", "INBOX");
    assert_eq!([number(inbox, "messages"), number(inbox, "message_bytes")], [2, 2 * LETTER.len() as u64]);
    assert_eq!(text(inbox, "oldest"), ARRIVED);
    assert!(text(inbox, "path").ends_with("INBOX.mdir"), "{inbox}");
    let mbox = machine.path("store/Domains/example.org/ann.macnt/Sent.mbox");
    place(mbox.clone(), mbox_file());
    let scanned = ScanResult::scan(&machine, "store");
    // Its mboxes have another form: they must be counted or reported.
    let is_counted = number(&scanned.store, "messages") == 3;
    assert!(is_counted || !scanned.problem(&mbox).is_empty(), "{:#}", scanned.store);
}
