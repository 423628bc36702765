//! Sentence, figures and chart of one series do not contradict each other.

use serde_json::Value;

use crate::support::machine::Machine;

/// A machine with a table of weekly levels in MiB, `in.csv`, the last on 2026-11-29.
fn machine(levels: impl IntoIterator<Item = i64>, limit: i64) -> Machine {
    let levels: Vec<i64> = levels.into_iter().collect();
    let at = |place: usize| 1_795_910_400 - (levels.len() - 1 - place) as i64 * 7 * 86_400;
    let rows =
        levels.iter().enumerate().map(|(place, level)| format!("s,{},{},{}\n", at(place), level << 20, limit << 20));
    let machine = Machine::new();
    machine.write("in.csv", format!("series,time,used,limit\n{}", rows.collect::<String>()));
    machine
}

/// What is answered on the next day, as JSON and as text.
fn answer(machine: &Machine, more: &str) -> (Value, String) {
    let ask = |format: &str| {
        machine.run(&format!("forecast --input in.csv --today 2026-11-30 --format {format} {more}")).succeeds()
    };
    (ask("json").json(), ask("text").words())
}

#[test]
fn growth_status_and_order_by_do_not_depend_on_the_horizon() {
    let machine = machine((0..80).map(|week| 300 + 3 * week + week % 4), 900);
    let (usual, _) = answer(&machine, "");
    for horizon in ["30d", "1y", "10y"] {
        let (other, _) = answer(&machine, &format!("--horizon {horizon}"));
        for key in ["growth_per_day", "probability", "status", "order_by", "p_full_within_lead_time"] {
            assert_eq!(usual[key], other[key], "{key} with a horizon of {horizon}");
        }
    }
}

#[test]
fn what_shrinks_has_no_date_even_if_it_is_nearly_full() {
    let (line, text) = answer(&machine((0..60).map(|week| 800 - 2 * week), 700), "");
    assert_eq!(
        (&line["state"], &line["status"], &line["order_by"]),
        (&"not_growing".into(), &"red".into(), &Value::Null)
    );
    assert!(
        line["exhaustion"]["p50"].is_null() && line["growth_per_day"]["p50"].as_i64().is_some_and(|a_day| a_day < 0)
    );
    let is_below = |level: &Value| level["p50"].as_i64().is_some_and(|level| level < 682 << 20);
    assert!(line["level"].as_array().is_some_and(|levels| !levels.is_empty() && levels.iter().all(is_below)));
    assert!(text.starts_with("RED s, bytes: Shrinking: P(full within 3 years) is "), "{text}");
    assert!(text.contains("97 % is in use") && text.contains("shrinks by 1."), "{text}");
    assert!(!text.contains("Full 20") && !text.contains("order by") && !text.contains("grows"), "{text}");
}

#[test]
fn what_never_moved_has_dates_only_if_it_is_nearly_full() {
    let (line, text) = answer(&machine([300; 60], 500), "");
    assert_eq!((&line["state"], &line["order_by"]), (&"not_growing".into(), &Value::Null));
    assert!(text.starts_with("GREEN s, bytes: Not growing: ") && text.contains("has not grown since the first scan; "));
    let (line, text) = answer(&machine([480; 60], 500), "");
    assert!(line["exhaustion"]["p50"].is_string() && line["order_by"].is_string(), "{text}");
    assert!(text.contains("has not grown since the first scan: dates by other stores as full as this one"), "{text}");
}

#[test]
fn an_outlier_is_told_and_not_drawn() {
    let levels = |outlier: i64| (0..60).map(move |week| if week == 40 { outlier } else { 300 + 2 * week });
    let machine = machine(levels(20_000), 600);
    let (line, text) = answer(&machine, "");
    assert_eq!(line["left_out"], serde_json::json!([{"time": "2026-07-19T00:00:00Z", "used": 20_000_i64 << 20}]));
    assert!(text.contains("left out as an outlier beside its neighbours: 19.5 GiB on 19 Jul 2026"), "{text}");
    machine.run("chart --input in.csv --today 2026-11-30 -o chart.svg").succeeds();
    let drawn = std::fs::read_to_string(machine.path("chart.svg")).expect("it was drawn");
    assert!(drawn.contains("limit 600 MiB") && !drawn.contains("GiB"), "the axis ends above the limit");
    machine.write(
        "in.csv",
        std::fs::read_to_string(self::machine(levels(380), 600).path("in.csv")).expect("it was written"),
    );
    assert_eq!(answer(&machine, "").0["left_out"], serde_json::json!([]));
}

#[test]
fn rows_in_any_order_give_the_same_answer() {
    let machine = machine((0..60).map(|week| 300 + 2 * week + week % 3), 600);
    let (sorted, _) = answer(&machine, "");
    let table = std::fs::read_to_string(machine.path("in.csv")).expect("it was written");
    let mut rows: Vec<&str> = table.lines().collect();
    rows[1..].rotate_left(17);
    rows[1..].chunks_mut(7).for_each(<[_]>::reverse);
    machine.write("in.csv", rows.join("\n"));
    assert_eq!(answer(&machine, "").0, sorted);
}
