//! The committed help, manual pages and completions show every change of the command line in review:
//! `INSTA_UPDATE=always cargo test --release --test integration help` updates them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use textwrap::core::display_width;

/// What a command prints for `--help` on a terminal of 80 columns.
pub fn help(command: &[&str]) -> String {
    page(command, "80")
}

fn page(command: &[&str], columns: &str) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_mailrunway"));
    let output = program.args(command).arg("--help").env_clear().env("COLUMNS", columns).output().unwrap();
    assert!(output.status.success());
    assert!(output.stderr.is_empty());
    String::from_utf8(output.stdout).unwrap()
}

/// What a command without settings prints.
fn program(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_mailrunway")).args(arguments).env_clear().output().unwrap();
    assert!(output.status.success());
    output.stdout
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
fn help_of_check() {
    insta::assert_snapshot!(help(&["check"]));
}

#[test]
fn help_of_metrics() {
    insta::assert_snapshot!(help(&["metrics"]));
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
fn help_of_import() {
    insta::assert_snapshot!(help(&["import"]));
}

#[test]
fn help_of_import_prometheus() {
    insta::assert_snapshot!(help(&["import", "prometheus"]));
}

#[test]
fn help_of_export() {
    insta::assert_snapshot!(help(&["export"]));
}

#[test]
fn help_of_schema() {
    insta::assert_snapshot!(help(&["schema"]));
}

#[test]
fn help_of_config_check() {
    insta::assert_snapshot!(help(&["config", "check"]));
}

#[test]
fn help_of_demo() {
    insta::assert_snapshot!(help(&["demo"]));
}

/// The names of the commands that a page lists.
fn commands(page: &str) -> Vec<String> {
    let (_, listed) = page.split_once("\nCommands:\n").unwrap_or_default();
    let names = listed.lines().take_while(|line| line.starts_with("  ")).filter(|line| !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    names.map(str::to_owned).collect()
}

/// Compares files of `data/` with generated ones, or writes them if `INSTA_UPDATE` says so.
fn assert_committed(directory: &str, generated: BTreeMap<String, Vec<u8>>) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(directory);
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir(&directory).unwrap();
        generated.iter().for_each(|(name, bytes)| fs::write(directory.join(name), bytes).unwrap());
    }
    let committed = files_of(&directory);
    let different: Vec<&String> =
        generated.iter().filter(|(name, bytes)| committed.get(*name) != Some(*bytes)).map(|(name, _)| name).collect();
    assert!(different.is_empty(), "{different:?} in {} are not those of this program", directory.display());
    assert_eq!(committed.len(), generated.len(), "{} has files of no command", directory.display());
}

fn files_of(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(directory).unwrap().map(Result::unwrap);
    files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())).collect()
}

#[test]
fn the_manual_pages_are_committed() {
    let directory = tempfile::tempdir().unwrap();
    let written = program(&["man", directory.path().to_str().unwrap()]);
    assert!(written.is_empty());
    let pages = files_of(directory.path());
    assert!(pages.len() > 30, "{pages:?}");
    let page = String::from_utf8(pages["mailrunway-scan.1"].clone()).unwrap();
    for section in ["NAME", "SYNOPSIS", "OPTIONS", "EXIT STATUS", "FILES", "EXAMPLES"] {
        assert!(page.contains(section), "{section}");
    }
    assert_committed("man", pages);
}

#[test]
fn the_completions_are_committed() {
    let shells = [("bash", "mailrunway.bash"), ("zsh", "_mailrunway"), ("fish", "mailrunway.fish")];
    let scripts = shells.map(|(shell, file)| (file.to_owned(), program(&["completions", shell])));
    assert_committed("completions", scripts.into());
}

/// The words of every command, also of those that only have commands below them; none for the program itself.
pub fn all_commands() -> Vec<Vec<String>> {
    let (mut open, mut all) = (vec![Vec::new()], Vec::new());
    while let Some(command) = open.pop() {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        open.extend(commands(&help(&words)).into_iter().map(|below| [command.as_slice(), &[below]].concat()));
        all.push(command);
    }
    all
}

#[test]
fn every_page_fits_into_80_columns() {
    let pages = all_commands();
    for command in &pages {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        for columns in ["80", "200"] {
            let page = page(&words, columns);
            let wide: Vec<&str> = page.lines().filter(|line| display_width(line) > 80).collect();
            assert!(wide.is_empty(), "{words:?} in {columns} columns: {wide:?}");
        }
    }
    assert!(pages.len() >= 19, "only {} pages were found", pages.len());
}
