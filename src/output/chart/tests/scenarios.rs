//! Figures of scenarios, usual and odd.

use jiff::ToSpan;
use jiff::civil::Date;

use super::gallery::*;
use super::kinds::Look;
use crate::forecast::{Forecast, Growth, Level, Outlook, Passage, Quantiles, State, Trend, passage::Grid};
use crate::model::{bytes::Units, series::Series};
use crate::output::chart::*;
use crate::planning::verdict::{Policy, judge};
use crate::planning::whatif::{Delay, ScenarioForecast};

/// The name of a scenario, its growth in GiB a day, its step, and its limits.
type Course = (String, f64, f64, Vec<(Date, f64)>);

fn show(look: &mut Look, name: &str, series: &Series, courses: &[Course]) {
    let scenarios: Vec<ScenarioForecast> = courses.iter().map(|course| scenario(series, course)).collect();
    look(name, &WhatIfFigure { series, scenarios: scenarios.iter().collect(), units: Units::Iec });
}

fn scenario(series: &Series, (name, pace, step, limits): &Course) -> ScenarioForecast {
    let used = series.used().unwrap_or(0.0);
    let median = |week: i32| (day(week * 7), used + step + pace * GIB as f64 * f64::from(week * 7));
    let medians: Vec<(Date, f64)> = (1..=156).map(median).collect();
    let limit_on = |day: Date| limits.iter().rev().find(|(from, _)| *from <= day).map(|(_, limit)| *limit);
    let reached =
        medians.iter().find(|(day, used)| limit_on(*day).is_some_and(|limit| *used >= limit)).map(|(day, _)| *day);
    let outlook = Outlook {
        exhaustion: Quantiles::from_fn(|p| reached.map(|day| day.saturating_add((((p - 0.5) * 160.0) as i32).days()))),
        passage: Passage::never(&Grid::up_to(1)),
        probability: Vec::new(),
        level: medians.iter().map(|&(date, used)| Level { date, used: Quantiles::from_fn(|_| used) }).collect(),
        growth_per_day: Growth { p10: 0.0, p50: 0.0, p90: 0.0 },
        trend: Trend::Grows,
        has_dates: true,
        left_out: Vec::new(),
        clear_outs: None,
        events: Vec::new(),
        reason: None,
    };
    let forecast = Forecast {
        identity: Default::default(),
        series: series.name.clone(),
        resource: series.resource,
        as_of: TODAY,
        observations: series.observations.len(),
        history_days: 364,
        used,
        limit: series.limit,
        announced: Vec::new(),
        size_moves: false,
        measured_now: false,
        imported: 0,
        spread: 1.0,
        either: None,
        state: State::Expected,
        outlook: Some(outlook),
    };
    ScenarioForecast {
        scenario: Some(name.clone()),
        limits: limits.clone(),
        verdict: judge(&forecast, &Policy::default(), forecast.as_of),
        forecast,
        at_once: 0.0,
        delay: Delay::Unknown,
        delay_p10: Delay::Unknown,
        basis: Vec::new(),
    }
}

/// Shows each figure with its name.
pub(crate) fn all(look: &mut Look) {
    let gib = GIB as f64;
    let limit = |size: f64| vec![(TODAY, size * gib)];
    let more = vec![(TODAY, 2_400.0 * gib), (day(71), 2_900.0 * gib)];
    let usual: Vec<Course> = vec![
        ("no change".into(), 1.0, 0.0, limit(2_400.0)),
        ("retain=Trash:30d".into(), 0.95, -120.0 * gib, limit(2_400.0)),
        ("growth=+20%".into(), 1.2, 0.0, limit(2_400.0)),
        ("add=500GiB@2027-02-01".into(), 1.0, 0.0, more.clone()),
    ];
    let mut eight = usual.clone();
    eight.extend([
        ("retain=*:3y".into(), 0.4, -500.0 * gib, limit(2_400.0)),
        ("mailboxes=+300".into(), 1.1, 30.0 * gib, limit(2_400.0)),
        ("move=lists.example.org".into(), 0.8, -200.0 * gib, limit(2_400.0)),
        ("compress=zstd".into(), 0.7, -80.0 * gib, limit(2_400.0)),
    ]);
    let now = series(104, growing, Some(2_400.0 * gib));
    show(look, "whatif", &now, &usual);
    show(look, "whatif-eight", &now, &eight);
    show(look, "whatif-one", &now, &usual[..1]);
    let odd: Vec<Course> = names(12, true).into_iter().map(|name| (name, 1.0, 0.0, limit(2_400.0))).collect();
    show(look, "whatif-odd", &now, &odd);
    let odd: Vec<Course> = names(8, true)
        .into_iter()
        .enumerate()
        .map(|(i, name)| (name, 0.4, 0.0, limit(2_400.0 + 90.0 * i as f64)))
        .collect();
    show(look, "whatif-limits", &now, &odd);
    show(
        look,
        "whatif-beyond",
        &now,
        &[("no change".into(), 0.01, 0.0, limit(9_400.0)), ("growth=-99%".into(), -0.2, 0.0, limit(9_400.0))],
    );
    show(look, "whatif-no-limit", &series(30, growing, None), &[("no change".into(), 1.0, 0.0, Vec::new())]);
    show(look, "whatif-young", &series(1, growing, None), &usual);
    show(look, "whatif-no-history", &series(0, growing, None), &usual);
    show(look, "whatif-zeros", &series(9, |_| 0.0, Some(0.0)), &[("no change".into(), 0.0, 0.0, limit(0.0))]);
    show(
        look,
        "whatif-wild",
        &series(9, |_| f64::MAX, Some(f64::NAN)),
        &[("no change".into(), f64::INFINITY, f64::MAX, limit(f64::MAX))],
    );
    show(look, "whatif-full", &now, &[("no change".into(), 1.0, 0.0, limit(1_500.0)), usual[3].clone()]);
    show(look, "whatif-empty", &now, &[]);
}
