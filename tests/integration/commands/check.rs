//! `check` as a monitoring system runs it.

use super::weekly_scans::grown;
use crate::support::machine::Machine;

/// Status and standard output of a check.
fn check(machine: &Machine, words: &str) -> (i32, String) {
    let (status, output, _) = machine.run(&format!("check --today 2026-03-09 {words}")).parts();
    (status, output)
}

#[test]
fn each_state_has_its_word_and_exit_status() {
    let machine = grown();
    for (words, status, word) in [
        ("-w 1d -c 0d", 0, "OK"),
        ("", 1, "WARNING"),
        ("-w 4000d -c 3000d", 1, "WARNING"),
        ("--used-warning 20% --used-critical 30%", 2, "CRITICAL"),
        ("--max-age 0d --today 2026-03-10", 3, "UNKNOWN"),
        ("-w soon", 3, "UNKNOWN"),
        ("-w 1d -c 2d", 3, "UNKNOWN"),
        ("nobody", 3, "UNKNOWN"),
    ] {
        let words = words.replace("--today 2026-03-10", "");
        let today = if status == 3 && words.contains("max-age") { "2026-03-10" } else { "2026-03-09" };
        let (actual, output, _) = machine.run(&format!("check --today {today} {words}")).parts();
        assert_eq!(actual, status, "{words}: {output}");
        assert!(output.starts_with(&format!("MAILRUNWAY {word} - ")), "{words}: {output}");
    }
    let elsewhere = Machine::new();
    assert_eq!(elsewhere.run("check").parts().0, 3, "there is no history");
    assert_eq!(elsewhere.run("check --help").parts().0, 0);
}

#[test]
fn the_answer_comes_before_words_on_standard_error() {
    let machine = grown();
    for words in ["nobody", "-w soon"] {
        let said = machine.runway(&format!("check {words}")).in_shell("exec \"$@\" 2>&1").run().parts().1;
        assert!(said.starts_with("MAILRUNWAY UNKNOWN - ") && said.contains("\nerror: "), "{said}");
    }
}

#[test]
fn performance_data_are_in_base_units() {
    let machine = grown();
    let (_, output) = check(&machine, "");
    let (first, details) = output.split_once('\n').expect("it has details");
    let (text, values) = first.split_once(" | ").expect("it has performance data");
    assert!(text.contains("vmail: full ") && text.contains("(80 %: ") && text.contains(" in use"), "{text}");
    assert!(details.starts_with("WARNING: vmail: full "), "{details}");
    let [runway, expected, used] = values.split(' ').collect::<Vec<_>>()[..] else { panic!("{values}") };
    let seconds = |value: &str, name: &str, thresholds: &str| -> u64 {
        let days = value.strip_prefix(&format!("'vmail_{name}'=")).and_then(|rest| rest.strip_suffix(thresholds));
        days.and_then(|days| days.parse().ok()).expect(value)
    };
    let runway = seconds(runway, "runway", "s;7776000:;;0;");
    let expected = seconds(expected, "expected", "s;;2592000:;0;");
    assert!((20 * 86_400..90 * 86_400).contains(&runway) && runway < expected, "{runway} {expected}");
    let limits =
        format!("B;{};{};0;{}", (0.85 * f64::from(4 << 20)).round(), (0.95 * f64::from(4 << 20)).round(), 4 << 20);
    assert!(used.starts_with("'vmail_used'=") && used.ends_with(&limits), "{used}");
}

#[test]
fn a_check_records_nothing_and_needs_no_right_to_write() {
    let machine = grown();
    let outcome = machine.run("check --today 2026-03-09").exits_with(1);
    assert!(outcome.changed().is_empty(), "{:?}", outcome.changed());
}

#[test]
fn names_in_json_stay_when_another_machine_appears() {
    let machine = grown();
    let fields = |line: &serde_json::Value| ["host", "kind", "name", "store"].map(|key| line[key].clone());
    let forecast = || machine.run("forecast --today 2026-03-09 --format json").succeeds().json_lines();
    let (before, output) = (forecast(), check(&machine, "").1);
    let label = |output: &str| output.split('\'').nth(1).expect("it has a label").to_owned();
    let root = machine.path("vmail");
    machine.settings(&format!(
        "host = 'other'\n[[store]]\nname = 'vmail'\npath = '{}'\nlimit = '4MiB'\nfilesystem = false\n",
        root.display()
    ));
    machine.run("scan --taken-at 2026-03-09T05:00:00Z").succeeds();
    let host = before[0]["host"].as_str().expect("it is a text").to_owned();
    machine.settings(&format!(
        "host = '{host}'\n[[store]]\nname = 'vmail'\npath = '{}'\nlimit = '4MiB'\nfilesystem = false\n",
        root.display()
    ));
    let after = forecast();
    assert_eq!((before.len(), after.len()), (1, 2));
    let same = after.iter().find(|line| line["host"] == before[0]["host"]).expect("it is still there");
    assert_eq!(fields(same), fields(&before[0]));
    assert_ne!(same["series"], before[0]["series"], "the name for people has the machine now");
    let both = check(&machine, "").1;
    assert!(both.contains(&format!("'{}'", label(&output))) && both.contains("'other:vmail_runway'"), "{both}");
}
