//! A retention rule: its forecast effect equals what Dovecot frees when it applies the rule.

use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::user_activity::ANN;
use crate::support::clock::{self, Clock};
use crate::support::dovecot::Dovecot;
use crate::support::dovecot_agreement::{number, scan};
use crate::support::imap_append::Upload;
use crate::support::messages;
use crate::support::run_command::finish;

const DAY: u64 = 86_400;
/// Messages in the trash; one was moved there every other day.
const THROWN_AWAY: usize = 180;
/// Messages in the inbox.
const KEPT: usize = 20;

/// The `whatif` line of a scenario for the store.
fn whatif(server: &Dovecot, history: &str, scenario: &str) -> Value {
    let settings = server.aside("mailrunway.toml");
    let text = "[[store]]\nname = 'store'\npath = '/'\nlimit = '1GiB'\nfilesystem = false\n";
    std::fs::write(&settings, text).expect("the settings can be written");
    let mut whatif = Command::new(env!("CARGO_BIN_EXE_mailrunway"));
    whatif.args(["whatif", scenario, "--store", "store", "--format", "json", "--config"]).arg(settings);
    whatif.arg("--history").arg(server.aside(history)).env("HOME", server.aside("nobody"));
    let output = finish(whatif, Vec::new(), Duration::from_secs(60));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let mut lines = lines.lines().map(|line| serde_json::from_str(line).expect("each line is JSON"));
    let is_bytes =
        |line: &Value| line["resource"] == "bytes" && line["scenario"] == scenario && line["series"] == "store";
    lines.find(is_bytes).expect("the scenario has a line")
}

/// All mail arrived years before it was moved to the trash, so a rule by arrival would free everything.
#[test]
#[ignore = "needs Dovecot: run tests/run"]
fn a_retention_rule_for_mdbox_trash_frees_what_dovecot_purges() {
    let server = Dovecot::start(&format!("mail_location = mdbox:~/mdbox\n{}", clock::SETTING));
    let clock = Clock::preload(&server);
    let ann = server.account(ANN);
    ann.create(&["Trash"]);
    let message = messages::multipart("holiday", 15_000);
    let upload =
        || Upload { folder: "INBOX", flags: "\\Seen", arrival: "15-Mar-2023 06:07:08 +0545", message: &message };
    ann.append(&(0..THROWN_AWAY + KEPT).map(|_| upload()).collect::<Vec<_>>());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_secs();
    for thrown_away in 1..=THROWN_AWAY {
        let at = now - 2 * DAY * (THROWN_AWAY - thrown_away) as u64 - DAY;
        let uid = thrown_away.to_string();
        clock.doveadm(at, &["move", "-u", ANN, "Trash", "mailbox", "INBOX", "uid", &uid]);
    }
    let on_disk = || number(&scan(&server, "history", &[]).store, "allocated_bytes");
    let before = on_disk();
    let predicted = whatif(&server, "history", "retain=Trash:30d");
    server.doveadm(&["expunge", "-u", ANN, "mailbox", "Trash", "savedbefore", "30d"], b"");
    ann.purge();
    let freed = before - on_disk();
    assert!(freed > 160 * 20_000, "only {freed} of {before} bytes: the test shows nothing");
    let off = number(&predicted, "frees") as f64 / freed as f64 - 1.0;
    assert!(off.abs() < 0.02, "predicted {}, freed {freed}, {:.2} % off", predicted["frees"], 100.0 * off);
}
