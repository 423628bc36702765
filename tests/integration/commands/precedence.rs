//! Flags override environment variables, which override the settings file, which overrides the defaults.

use super::series_tables::measured;
use crate::support::machine::Machine;

#[test]
fn the_history_follows_the_precedence() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    store.deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.settings(&format!("history = '{}'\n", machine.path("of-file").display()));
    let made = |name: &str| machine.path(name).join("mailrunway-history.json").is_file();
    let scan = || machine.runway("scan vmail").without("MAILRUNWAY_HISTORY");
    scan().run().succeeds();
    assert!(made("of-file"), "the file");
    scan().env("MAILRUNWAY_HISTORY", "of-environment").run().succeeds();
    assert!(made("of-environment"), "the environment");
    scan().env("MAILRUNWAY_HISTORY", "of-nobody").arg("--history").arg("of-flag").run().succeeds();
    assert!(made("of-flag") && !made("of-nobody"), "the flag");
    let other = scan().env("XDG_DATA_HOME", machine.path("home/data")).without("MAILRUNWAY_CONFIG");
    other.by_ordinary_user().run().succeeds();
    assert!(made("home/data/mailrunway/history"), "the default");
}

#[test]
fn the_lead_time_follows_the_precedence() {
    let machine = measured();
    let forecast = || machine.runway("forecast --input in.csv --today 2026-03-09");
    let default = forecast().run().succeeds().words();
    assert!(default.contains("P(full within 90 days)"), "{default}");
    machine.settings("[policy]\nlead_time = '10w'\n");
    let of_file = forecast().run().succeeds().words();
    assert!(of_file.contains("P(full within 70 days)"), "{of_file}");
    let of_environment = forecast().env("MAILRUNWAY_LEAD_TIME", "60d").run().succeeds().words();
    assert!(of_environment.contains("P(full within 60 days)"), "{of_environment}");
    let of_flag = forecast().env("MAILRUNWAY_LEAD_TIME", "60d").arg("--lead-time").arg("50d").run().succeeds().words();
    assert!(of_flag.contains("P(full within 50 days)"), "{of_flag}");
}

#[test]
fn the_config_flag_overrides_the_environment() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    machine.write("named.toml", format!("[[store]]\nname = 'post'\npath = '{}'\n", machine.path("vmail").display()));
    let scan = machine.run("scan post -c named.toml --format json").succeeds().json();
    assert_eq!(scan["stores"][0]["store"], "post");
    let by_path = machine.run("scan vmail -c named.toml --format json").succeeds().json();
    assert_eq!(by_path["stores"][0]["store"], "post", "a path in the settings has the name given there");
}

#[test]
fn options_set_the_units() {
    let machine = measured();
    let text =
        |units: &str| machine.run(&format!("forecast --input in.csv {units} --today 2026-03-09")).succeeds().text();
    assert!(text("").contains("of 4.00 MiB in use"), "{}", text(""));
    assert!(text("--si").contains("of 4.19 MB in use"), "{}", text("--si"));
    assert!(text("--bytes").contains("of 4194304 in use"), "{}", text("--bytes"));
}
