//! Pictures of scenarios: what is usual, and what is odd.

use jiff::ToSpan;
use jiff::civil::Date;

use super::gallery::*;
use crate::forecast::Quantiles;
use crate::model::bytes::Units;
use crate::model::series::Series;
use crate::output::chart::*;

/// What a scenario is made of: its name, how fast it grows, by how much it jumps, and its limits.
type Course = (String, f64, f64, Vec<(Date, f64)>);

fn show(look: &mut dyn FnMut(&str, &Chart), name: &str, series: &Series, courses: &[Course]) {
    let gib = GIB as f64;

    let used = series.used().unwrap_or(0.0);
    let levels: Vec<Vec<(Date, f64)>> = courses
        .iter()
        .map(|(_, pace, jump, _)| {
            (1..=156).map(|week| (day(week * 7), used + jump + pace * gib * f64::from(week * 7))).collect()
        })
        .collect();
    let scenario = |((name, _, _, limits), level): (&'_ Course, &'_ Vec<(Date, f64)>)| {
        let limit_on = |day: Date| limits.iter().rev().find(|(from, _)| *from <= day).map(|(_, limit)| *limit);
        let reached =
            level.iter().find(|(day, used)| limit_on(*day).is_some_and(|limit| *used >= limit)).map(|(day, _)| *day);
        let exhaustion =
            Quantiles::from_fn(|p| reached.map(|day| day.saturating_add((((p - 0.5) * 160.0) as i32).days())));
        (name.clone(), level.clone(), limits.clone(), exhaustion)
    };
    let kept: Vec<_> = courses.iter().zip(&levels).map(scenario).collect();
    let scenarios: Vec<ScenarioLine> = kept
        .iter()
        .map(|(name, level, limits, exhaustion)| ScenarioLine { name, level, limits, exhaustion: *exhaustion })
        .collect();
    let verdict = "Keeping Trash for 30 days buys 14 weeks; 4 TiB more buy two years.";
    look(name, &Chart::WhatIf(WhatIf { title: TITLE, verdict, series, scenarios: &scenarios, units: Units::Iec }));
}

/// Shows each picture with its name.
pub(crate) fn all(look: &mut dyn FnMut(&str, &Chart)) {
    let gib = GIB as f64;
    let held = |size: f64| vec![(TODAY, size * gib)];
    let more = vec![(TODAY, 2_400.0 * gib), (day(71), 2_900.0 * gib)];
    let usual: Vec<Course> = vec![
        ("no change".into(), 1.0, 0.0, held(2_400.0)),
        ("retain=Trash:30d".into(), 0.95, -120.0 * gib, held(2_400.0)),
        ("growth=+20%".into(), 1.2, 0.0, held(2_400.0)),
        ("add=500GiB@2027-02-01".into(), 1.0, 0.0, more.clone()),
    ];
    let mut eight = usual.clone();
    eight.extend([
        ("retain=*:3y".into(), 0.4, -500.0 * gib, held(2_400.0)),
        ("mailboxes=+300".into(), 1.1, 30.0 * gib, held(2_400.0)),
        ("move=lists.example.org".into(), 0.8, -200.0 * gib, held(2_400.0)),
        ("compress=zstd".into(), 0.7, -80.0 * gib, held(2_400.0)),
    ]);
    let now = series(104, growing, Some(2_400.0 * gib));
    show(look, "whatif", &now, &usual);
    show(look, "whatif-eight", &now, &eight);
    show(look, "whatif-one", &now, &usual[..1]);
    let odd: Vec<Course> = names(12, true).into_iter().map(|name| (name, 1.0, 0.0, held(2_400.0))).collect();
    show(look, "whatif-odd", &now, &odd);
    let odd: Vec<Course> = names(8, true)
        .into_iter()
        .enumerate()
        .map(|(i, name)| (name, 0.4, 0.0, held(2_400.0 + 90.0 * i as f64)))
        .collect();
    show(look, "whatif-limits", &now, &odd);
    show(
        look,
        "whatif-beyond",
        &now,
        &[("no change".into(), 0.01, 0.0, held(9_400.0)), ("growth=-99%".into(), -0.2, 0.0, held(9_400.0))],
    );
    show(look, "whatif-no-limit", &series(30, growing, None), &[("no change".into(), 1.0, 0.0, Vec::new())]);
    show(look, "whatif-young", &series(1, growing, None), &usual);
    show(look, "whatif-no-history", &series(0, growing, None), &usual);
    show(look, "whatif-zeros", &series(9, |_| 0.0, Some(0.0)), &[("no change".into(), 0.0, 0.0, held(0.0))]);
    show(
        look,
        "whatif-wild",
        &series(9, |_| f64::MAX, Some(f64::NAN)),
        &[("no change".into(), f64::INFINITY, f64::MAX, held(f64::MAX))],
    );
    show(look, "whatif-full", &now, &[("no change".into(), 1.0, 0.0, held(1_500.0)), usual[3].clone()]);
    show(look, "whatif-empty", &now, &[]);
}
