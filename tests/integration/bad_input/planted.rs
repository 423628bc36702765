//! Links, pipes and directories that somebody else planted where a history, its files or an output file belongs.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::support::machine::{Machine, NOBODY};

/// The user who plants; neither root nor `nobody`.
const SOMEBODY: u32 = 12_345;

/// Commands that read a history, write into it, or do both.
const COMMANDS: [&str; 5] = [
    "scan vmail",
    "forecast",
    "report",
    "history list",
    "history event add --date 2026-01-01 --kind step --size +1MiB",
];

/// A machine with a scan by root in `history`, and one by `nobody` in `home/history`.
fn scanned() -> Machine {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.run("scan vmail").succeeds();
    machine.runway("scan vmail --history home/history").by_ordinary_user().run().succeeds();
    machine
}

/// Both users are refused by every command, each in its own history.
#[track_caller]
fn all_refused(machine: &Machine, saying: &[&str]) {
    for command in COMMANDS {
        machine.run(command).fails(1, saying);
        machine.runway(&format!("{command} --history home/history")).by_ordinary_user().run().fails(1, saying);
    }
}

fn make_pipe(path: &std::path::Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo runs").success());
}

#[test]
fn links_in_place_of_the_directories_of_a_history_are_refused() {
    for part in ["unfinished", "snapshots", "forecasts", "cache"] {
        let machine = scanned();
        machine.write("elsewhere/.mailrunway-old/letter", "somebody's");
        machine.allow("elsewhere", 0o777);
        let old = fs::File::open(machine.path("elsewhere/.mailrunway-old")).expect("it can be opened");
        old.set_modified(SystemTime::now() - Duration::from_secs(30 * 86_400)).expect("the time can be set");
        for history in ["history", "home/history"] {
            let directory = machine.path(history).join(part);
            let _ = fs::rename(&directory, machine.path(history).with_file_name("moved"));
            symlink(machine.path("elsewhere"), &directory).expect("a link can be made");
        }
        all_refused(&machine, &["this is not a directory", part, "find out who put it there"]);
        assert!(machine.path("elsewhere/.mailrunway-old/letter").is_file(), "by {part}");
        let names = fs::read_dir(machine.path("elsewhere")).expect("it can be listed");
        assert_eq!(names.count(), 1, "nothing is added by {part}");
    }
}

#[test]
fn links_and_pipes_in_place_of_the_files_of_a_history_are_refused() {
    for (file, commands) in [("mailrunway-history.json", &COMMANDS[..]), ("ledger.json", &COMMANDS[1..3])] {
        for is_pipe in [true, false] {
            let machine = scanned();
            for history in ["history", "home/history"] {
                let place = machine.path(history).join(file);
                let target = machine.path(history).with_file_name("moved");
                fs::rename(&place, &target).or_else(|_| fs::write(&target, "{}")).expect("there is a file");
                match is_pipe {
                    true => make_pipe(&place),
                    false => symlink(&target, &place).expect("a link can be made"),
                }
            }
            for command in commands {
                let saying = ["this is not a regular file", file];
                machine.run(command).fails(1, &saying);
                machine.runway(&format!("{command} --history home/history")).by_ordinary_user().run().fails(1, &saying);
            }
        }
    }
}

#[test]
fn a_pipe_in_place_of_a_table_is_not_waited_for() {
    let machine = scanned();
    let mut snapshots = fs::read_dir(machine.path("history/snapshots")).expect("it is there").flatten();
    let table = snapshots.next().expect("there is one").path().join("store.parquet");
    fs::remove_file(&table).expect("there is a file");
    make_pipe(&table);
    for command in ["history list", "scan vmail", "history verify"] {
        let (status, stdout, stderr) = machine.run(command).parts();
        assert_eq!(status, i32::from(command == "history verify"), "{stderr}");
        let told = if command == "history verify" { stdout } else { stderr };
        assert!(told.contains("store.parquet") && told.contains("this is not a regular file"), "{told}");
    }
}

#[test]
fn a_history_that_others_may_write_is_refused() {
    for (part, mode) in [("", 0o777), ("", 0o770), ("unfinished", 0o722), ("snapshots", 0o730)] {
        let machine = scanned();
        for history in ["history", "home/history"] {
            machine.allow(&format!("{history}/{part}"), mode);
        }
        all_refused(&machine, &["others may write here", "chmod go-w", part]);
    }
}

#[test]
#[ignore = "needs root: run tests/run"]
fn a_history_of_another_user_is_refused() {
    let machine = scanned();
    chown(machine.path("home/history"), Some(SOMEBODY), None).expect("root can give it away");
    machine.allow("home/history", 0o755);
    let saying = ["user 12345 owns this", "sudo -u '#12345' mailrunway", "chown -R"];
    machine.runway("history list --history home/history").by_ordinary_user().run().fails(1, &saying);
    for part in ["unfinished", "cache", "mailrunway-history.json"] {
        let machine = scanned();
        for history in ["history", "home/history"] {
            chown(machine.path(history).join(part), Some(SOMEBODY), None).expect("root can give it away");
            machine.allow("history", 0o755);
        }
        all_refused(&machine, &["user 12345 owns this", "sudo -u '#12345' mailrunway", "chown -R", part]);
    }
}

#[test]
#[ignore = "needs root: run tests/run"]
fn root_works_as_the_owner_of_the_history() {
    let machine = scanned();
    machine.forbid("vmail", 0o700);
    let owner = |name: &str| fs::symlink_metadata(machine.path(name)).expect("it is there").uid();
    machine.write("df.csv", "time,used,limit\n2026-01-01,5,9\n2026-01-02,6,9\n");
    machine.forbid("df.csv", 0o600);
    machine.allow("", 0o700);
    let import = "import csv df.csv --volume /srv";
    let outputs = ["report -o report.html", "chart -o runway.png", "export store -o store.csv", "metrics -o m.prom"];
    for command in COMMANDS.iter().chain(&[import, "whatif compress=zstd"]).chain(&outputs) {
        machine.run(&format!("{command} --history home/history")).succeeds();
    }
    for name in ["report.html", "runway.png", "store.csv", "m.prom"] {
        assert_eq!(owner(name), 0, "{name}");
    }
    let theirs =
        walkdir::WalkDir::new(machine.path("home/history")).into_iter().map(|entry| entry.expect("it is listed"));
    for entry in theirs {
        assert_eq!(entry.metadata().expect("it is there").uid(), NOBODY, "{}", entry.path().display());
    }
}

#[test]
#[ignore = "needs root: run tests/run"]
fn root_removes_nothing_through_the_history_of_another_user() {
    let machine = scanned();
    let (planted, theirs) = (machine.path("home/history/unfinished"), machine.path("theirs/old"));
    fs::create_dir_all(&theirs).expect("a directory can be made");
    let old = fs::File::open(&theirs).expect("it can be opened");
    old.set_modified(SystemTime::now() - Duration::from_secs(30 * 86_400)).expect("the time can be set");
    fs::remove_dir(&planted).expect("it is empty");
    symlink(machine.path("theirs"), &planted).expect("a link can be made");
    machine.run("scan vmail --history home/history").fails(1, &["this is not a directory"]);
    assert!(theirs.is_dir());
}

#[test]
#[ignore = "needs root: run tests/run"]
fn links_that_another_user_made_are_not_followed() {
    let machine = scanned();
    machine.write("kept", "root's");
    for (name, target) in [("link", "history"), ("page", "kept"), ("dangling", "new")] {
        symlink(target, machine.path(name)).expect("a link can be made");
    }
    machine.run("history list --history link").succeeds();
    for name in ["link", "page", "dangling"] {
        std::os::unix::fs::lchown(machine.path(name), Some(SOMEBODY), None).expect("root can give it away");
    }
    for command in ["scan vmail", "history list"] {
        let run = machine.run(&format!("{command} --history link"));
        run.fails(1, &["user 12345 made this link, which is not followed: link"]);
    }
    for output in ["page", "dangling"] {
        let report = machine.run(&format!("report --format text -o {output}"));
        report.fails(1, &["user 12345 made this link", output, "name the place it leads to"]);
    }
    assert_eq!(fs::read_to_string(machine.path("kept")).expect("it is there"), "root's");
    assert!(!machine.path("new").exists());
}

#[test]
#[ignore = "needs root: run tests/run"]
fn the_report_does_not_go_into_a_pipe_of_another_user() {
    let machine = scanned();
    make_pipe(&machine.path("pipe"));
    chown(machine.path("pipe"), Some(SOMEBODY), None).expect("root can give it away");
    let reading = "timeout 60 cat pipe > /dev/null & cat=$!; \"$@\"; status=$?; kill $cat; exit $status";
    let report = machine.runway("report --format text -o pipe").in_shell(reading).run();
    report.fails(1, &["user 12345 made this pipe and could read along: pipe", "a pipe of your own"]);
}

#[test]
#[ignore = "needs root: run tests/run"]
fn the_mode_of_another_users_file_is_not_taken_over() {
    let machine = scanned();
    machine.write("page", "theirs");
    machine.allow("page", 0o4777);
    chown(machine.path("page"), Some(SOMEBODY), None).expect("root can give it away");
    machine.allow("page", 0o4777);
    machine.runway("report --format text -o page").in_shell("umask 022; exec \"$@\"").run().succeeds();
    let page = machine.path("page").metadata().expect("it is there");
    assert_eq!((page.uid(), page.permissions().mode() & 0o7777), (0, 0o644));
}
