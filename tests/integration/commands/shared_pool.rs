//! Volumes whose size moves by itself, because others take from the same pool.

use serde_json::Value;

use crate::support::machine::Machine;

const MIB: i64 = 1 << 20;

/// A machine with a table of a volume: its use and its size in MiB, every `days` days from 2025-06-02 on.
fn machine(days: i64, scans: i64, at: impl Fn(i64) -> (i64, i64)) -> Machine {
    let machine = Machine::new();
    let row = |scan: i64| {
        let (used, size) = at(scan);
        format!("pool,{},{},{}\n", 1_748_822_400 + scan * days * 86_400, used * MIB, size * MIB)
    };
    machine.write("in.csv", format!("series,time,used,limit\n{}", (0..scans).map(row).collect::<String>()));
    machine
}

/// The forecast of the day of its last row, as JSON and as text.
fn forecast(machine: &Machine) -> (Value, String) {
    let line = machine.run("forecast --input in.csv --format json").succeeds().json();
    let today = line["as_of"].as_str().expect("it is a date");
    let ask = |more: &str| machine.run(&format!("forecast --input in.csv --today {today} {more}")).succeeds();
    (ask("--format json").json(), ask("").words())
}

/// Others take 20 MiB a week of 700, the mail 1 MiB: 175 MiB are left, for 58 days.
fn shrinking() -> Machine {
    machine(7, 26, |week| (100 + week, 800 - 20 * week))
}

#[test]
fn a_pool_that_shrinks_by_itself_is_full_when_no_room_is_left() {
    let machine = shrinking();
    let (line, text) = forecast(&machine);
    assert_eq!((&line["size_moves"], &line["as_of"]), (&true.into(), &"2025-11-24".into()));
    assert_eq!((line["used"].as_i64(), line["limit"].as_i64()), (Some(125 * MIB), Some(300 * MIB)));
    let median = line["exhaustion"]["p50"].as_str().expect("it is expected");
    assert!(("2026-01-10".."2026-02-01").contains(&median), "{median}");
    let growth = line["growth_per_day"]["p50"].as_i64().expect("it is a size");
    assert!((growth - 3 * MIB).abs() < MIB / 20, "{growth}");
    // Others fill it: that little of it is in use itself does not make it less urgent.
    assert_eq!(line["status"], "red");
    for words in [
        "RED pool, bytes: Full ",
        "125 MiB of 300 MiB in use (41 %)",
        "the size of this volume moves by itself: the room that is left (175 MiB) is forecast",
        "room shrinks by 21.",
    ] {
        assert!(text.contains(words), "`{words}` is missing from {text}");
    }
    let levels = machine.run("forecast --input in.csv --format json --at 2025-12-22").succeeds().json();
    let left = 300 * MIB - levels["level"][0]["p50"].as_i64().expect("it is a size");
    assert!((left - 91 * MIB).abs() < 4 * MIB, "{left} bytes are left after four more weeks");
    machine.run("chart --input in.csv -o chart.svg").succeeds();
    let drawn = std::fs::read_to_string(machine.path("chart.svg")).expect("it was drawn");
    assert!(drawn.contains("size less room left") && drawn.contains("limit 300 MiB"));
    machine.run("backtest --input in.csv --format json").succeeds();
}

#[test]
fn a_pool_whose_size_wobbles_keeps_its_trend_of_the_room() {
    let wobble = [0, 31, -22, 9, -40, 17, 26, -13, 5, -33, 20];
    let machine = machine(7, 60, |week| (500 + 4 * week, 1_100 + wobble[week as usize * 7 % 11]));
    let (line, text) = forecast(&machine);
    assert_eq!(line["size_moves"], true);
    let weekly = line["growth_per_day"]["p50"].as_f64().expect("it is a size") * 7.0 / MIB as f64;
    assert!((0.0..9.0).contains(&weekly), "{weekly}");
    assert!(text.contains("room shrinks by "), "{text}");
    let room = line["limit"].as_i64().zip(line["used"].as_i64()).map(|(limit, used)| limit - used);
    assert_eq!(room, Some((1_100 + wobble[59 * 7 % 11] - 736) * MIB), "the room of the last scan");
}

#[test]
fn snapshots_that_take_room_and_give_it_back_count() {
    // Every night 3 MiB, until they go after two weeks; the mail grows by 1 MiB a night.
    let machine = machine(1, 200, |day| (300 + day, 1_000 - 3 * (day % 14)));
    let (line, text) = forecast(&machine);
    assert_eq!(line["size_moves"], true, "{text}");
    assert_eq!(line["limit"].as_i64().zip(line["used"].as_i64()), Some(((1_000 - 9) * MIB, 499 * MIB)));
    let median = line["exhaustion"]["p50"].as_str().unwrap_or("beyond");
    assert!(("2026-05".."2028").contains(&median), "492 MiB at 1 to 4 MiB a night, from December 2025: {median}");
}

#[test]
fn a_disk_that_is_added_twice_in_two_years_is_a_limit_that_moves() {
    let machine = machine(7, 104, |week| (500 + 3 * week, 1_000 + 300 * (week / 40)));
    let (line, text) = forecast(&machine);
    assert_eq!((&line["size_moves"], line["limit"].as_i64()), (&false.into(), Some(1_600 * MIB)));
    let weekly = line["growth_per_day"]["p50"].as_f64().expect("it is a size") * 7.0 / MIB as f64;
    assert!((2.7..3.3).contains(&weekly), "{weekly}");
    assert!(text.contains(" grows by ") && !text.contains("by itself"), "{text}");
}
