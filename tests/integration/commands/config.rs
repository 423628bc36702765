//! `mailrunway config`: the commented settings, and what is settled.

use crate::support::machine::Machine;

#[test]
fn init_writes_settings_that_set_nothing_and_leaves_those_that_exist() {
    let machine = Machine::new();
    let config =
        |words: &str| machine.runway(words).without("MAILRUNWAY_CONFIG").env("XDG_CONFIG_HOME", machine.path("home/c"));
    let written = config("config init").by_ordinary_user().run().succeeds().words();
    assert!(written.starts_with("Written: ") && written.contains("mailrunway.toml"), "{written}");
    let printed = config("config init -o -").run().succeeds().text();
    let file = machine.path("home/c/mailrunway/mailrunway.toml");
    assert_eq!(std::fs::read_to_string(&file).expect("it is written"), printed);
    config("config init").by_ordinary_user().run().fails(1, &["there is a settings file already", "config check"]);
    machine.write("broken.toml", "[scan]\nthread = 4\n");
    machine.run("config init -c broken.toml").fails(1, &["there is a settings file already: broken.toml"]);
    let checked = config("config check --format json").by_ordinary_user().run().succeeds();
    assert!(!checked.text().contains(r#""from":"file""#), "{}", checked.text());
}

#[test]
fn check_says_what_is_settled_and_where_from() {
    let machine = Machine::new();
    machine.settings("[policy]\nlead_time = '60d'\n[scan]\nthreads = 3\n[[store]]\nname = 'vmail'\npath = '/none'\n");
    let check = machine.runway("config check --lead-time 70d --format json").env("MAILRUNWAY_THREADS", "5");
    let outcome = check.run().succeeds();
    let of = |key: &str| {
        let lines = outcome.text();
        let line =
            lines.lines().find(|line| line.contains(&format!(r#""key":"{key}""#))).unwrap_or_default().to_owned();
        line.split_once(r#""value":"#).map(|(_, rest)| rest.to_owned()).unwrap_or_default()
    };
    assert_eq!(of("policy.lead_time"), r#""70 days","from":"flag"}"#);
    assert_eq!(of("scan.threads"), r#""5","from":"environment"}"#);
    assert_eq!(of("scan.audit_every"), r#""10","from":"default"}"#);
    assert_eq!(of("store vmail"), r#""/none","from":"file","line":5}"#);
    assert!(outcome.stderr().contains("the path of store vmail is not a directory now: /none"), "{}", outcome.stderr());
}

#[test]
fn check_refuses_what_no_command_could_use() {
    let machine = Machine::new();
    machine.settings("[policy]\nlead_tme = '60d'\n");
    machine.run("config check").fails(1, &["the settings are wrong", "line 2", "lead_tme"]);
    machine.run("config check -c none.toml").fails(1, &["cannot read the settings: none.toml"]);
}
