//! The committed help shows every change of the command line in review: `INSTA_UPDATE=always cargo test
//! --release --test integration help` updates it.

use std::process::Command;

/// What a command prints for `--help`.
fn help(command: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_mailrunway")).args(command).arg("--help").env_clear().output().unwrap();
    assert!(output.status.success());
    assert!(output.stderr.is_empty());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn help_of_mailrunway() {
    insta::assert_snapshot!(help(&[]));
}

#[test]
fn help_of_scan() {
    insta::assert_snapshot!(help(&["scan"]));
}

#[test]
fn help_of_forecast() {
    insta::assert_snapshot!(help(&["forecast"]));
}

#[test]
fn help_of_chart() {
    insta::assert_snapshot!(help(&["chart"]));
}

#[test]
fn help_of_report() {
    insta::assert_snapshot!(help(&["report"]));
}

#[test]
fn help_of_window() {
    insta::assert_snapshot!(help(&["window"]));
}

#[test]
fn help_of_backtest() {
    insta::assert_snapshot!(help(&["backtest"]));
}

#[test]
fn help_of_history() {
    insta::assert_snapshot!(help(&["history"]));
}

#[test]
fn help_of_history_event_add() {
    insta::assert_snapshot!(help(&["history", "event", "add"]));
}

#[test]
fn help_of_demo() {
    insta::assert_snapshot!(help(&["demo"]));
}
