//! The part of the history and of the scenarios that a figure shows, in numbers.

use crate::output::chart::axes::dates::{instant, noon};
use crate::output::chart::{WhatIfFigure, limits};
use crate::planning::whatif::ScenarioForecast;

/// Days of history per day of forecast, at most.
const PAST_PER_FUTURE: f64 = 1.0;
/// The least days ahead, and the days ahead where no limit is reached.
const SHORTEST: f64 = 28.0;
const NOTHING_AHEAD: f64 = 365.0;
/// The days up to the last date times this are shown.
const AFTER: f64 = 1.12;
/// A limit above this multiple of the highest level would flatten the lines: it is not drawn.
const FAR_ABOVE: f64 = 2.5;
/// A line is cut at this multiple of the highest limit.
const BEYOND_LIMIT: f64 = 1.15;
/// The axis does not start at zero if the spread is below this share of the highest amount.
const FLAT: f64 = 0.4;
/// Sums and ratios of larger amounts could overflow.
const LARGEST: f64 = 1e30;

/// Days and amounts, in order.
type DayAmounts = Vec<(f64, f64)>;

/// All numbers are finite except the first day of a limit.
#[derive(Clone, Debug)]
pub(crate) struct ScenariosView<'a> {
    pub history: DayAmounts,
    pub curves: Vec<ScenarioCurve<'a>>,
    /// The time of the last observation.
    pub as_of: f64,
    pub days: (f64, f64),
    pub amounts: (f64, f64),
}

#[derive(Clone, Debug)]
pub(crate) struct ScenarioCurve<'a> {
    pub scenario: &'a ScenarioForecast,
    /// The place among the scenarios, which determines color and dash.
    pub place: usize,
    /// The median level from the last observation on.
    pub level: DayAmounts,
    /// Past and future limits, each with its first day.
    pub limits: DayAmounts,
    /// The median day on which its limit is reached.
    pub reached: Option<f64>,
}

impl<'a> ScenariosView<'a> {
    /// `None` if no scenario has a level.
    pub(super) fn new(figure: &WhatIfFigure<'a>) -> Option<ScenariosView<'a>> {
        let observed = figure.series.observations.iter().map(|o| (instant(o.time), o.used));
        let history: DayAmounts = observed.filter(|(_, used)| used.abs() < LARGEST).collect();
        let shown = &figure.scenarios[..figure.scenarios.len().min(WhatIfFigure::MOST)];
        let first = shown.iter().filter_map(|scenario| medians(scenario).first().copied()).map(|(date, _)| noon(date));
        let as_of = history.last().map(|last| last.0).or_else(|| first.reduce(f64::min))?;
        let start = history.last().copied();
        let curves = shown.iter().enumerate().map(|(place, scenario)| curve(figure, scenario, place, start));
        let mut curves: Vec<ScenarioCurve> = curves.filter(|curve| !curve.level.is_empty()).collect();
        let horizon = curves.iter().filter_map(|curve| curve.level.last()).map(|last| last.0).reduce(f64::max)?;
        let farthest = (horizon - as_of).max(1.0);
        let past = history.first().map_or(0.0, |first| as_of - first.0);
        let latest = curves.iter().filter_map(|curve| curve.reached).reduce(f64::max);
        let all_reached = curves.iter().all(|curve| curve.reached.is_some());
        let calm = NOTHING_AHEAD.max(past.min(2.0 * NOTHING_AHEAD));
        let ahead = match latest.map(|day| (day - as_of) * AFTER) {
            Some(ahead) if all_reached => ahead.max(SHORTEST),
            Some(ahead) => ahead.max(calm),
            None => calm,
        };
        let ahead = ahead.min(farthest);
        let from = as_of - past.min((ahead * PAST_PER_FUTURE).max(SHORTEST));
        let days = (from, as_of + ahead);
        curves.iter_mut().for_each(|curve| curve.level = up_to(&curve.level, days.1));
        let history: DayAmounts = history.into_iter().filter(|(day, _)| *day >= from).collect();
        let amounts = amounts(&history, &curves, days.1);
        Some(ScenariosView { history, curves, as_of, days, amounts })
    }
}

impl ScenarioCurve<'_> {
    /// The level up to the day on which the limit is reached, and from that day on.
    pub(super) fn split(&self) -> (DayAmounts, DayAmounts) {
        let Some(day) = self.reached else { return (self.level.clone(), Vec::new()) };
        let before = up_to(&self.level, day);
        let beyond = self.level.iter().copied().filter(|(later, _)| *later > day);
        let beyond: DayAmounts = before.last().copied().into_iter().chain(beyond).collect();
        (before, if beyond.len() > 1 { beyond } else { Vec::new() })
    }
}

/// The median level by date.
fn medians(scenario: &ScenarioForecast) -> Vec<(jiff::civil::Date, f64)> {
    let levels = scenario.forecast.outlook.as_ref().map_or(&[][..], |outlook| &outlook.level);
    levels.iter().map(|level| (level.date, level.used.p50)).collect()
}

fn curve<'a>(
    figure: &WhatIfFigure,
    scenario: &'a ScenarioForecast,
    place: usize,
    start: Option<(f64, f64)>,
) -> ScenarioCurve<'a> {
    let drawable = |(_, amount): &(f64, f64)| amount.abs() < LARGEST;
    let known = |pairs: &[(jiff::civil::Date, f64)]| -> DayAmounts {
        pairs.iter().map(|(date, amount)| (noon(*date), *amount)).filter(drawable).collect()
    };
    let from = start.map_or(f64::NEG_INFINITY, |start| start.0);
    let ahead: DayAmounts = known(&medians(scenario)).into_iter().filter(|(day, _)| *day > from).collect();
    let level = if ahead.is_empty() { ahead } else { start.into_iter().chain(ahead).collect() };
    let to_come = known(&scenario.limits);
    let now = figure.series.limit.or(to_come.first().map(|(_, limit)| *limit)).filter(|limit| limit.abs() < LARGEST);
    let past = now.map_or_else(Vec::new, |now| limits::by_day(figure.series, now));
    let mut limits: DayAmounts = past.into_iter().filter(drawable).chain(to_come).collect();
    limits.dedup_by_key(|(_, limit)| *limit);
    let reached = scenario.forecast.exhaustion().and_then(|dates| dates.p50).map(noon).map(|day| day.max(from));
    ScenarioCurve { scenario, place, level, limits, reached }
}

/// A line up to a day, interpolated at its end.
fn up_to(line: &[(f64, f64)], to: f64) -> DayAmounts {
    let within = line.iter().take_while(|(day, _)| *day <= to).count();
    let mut shown = line[..within].to_vec();
    if let (Some(before), Some(after)) = (shown.last().copied(), line.get(within)) {
        let share = (to - before.0) / (after.0 - before.0);
        shown.push((to, before.1 + (after.1 - before.1) * share));
    }
    shown
}

/// The lowest and the highest amount of the axis.
fn amounts(history: &[(f64, f64)], curves: &[ScenarioCurve], to: f64) -> (f64, f64) {
    let used = || history.iter().chain(curves.iter().flat_map(|curve| &curve.level)).map(|(_, used)| *used);
    let highest = used().fold(0.0, f64::max);
    let in_view = curves.iter().flat_map(|curve| &curve.limits).filter(|(from, _)| *from <= to);
    let near = in_view.map(|(_, limit)| *limit).filter(|&limit| limit <= highest * FAR_ABOVE).fold(0.0, f64::max);
    let top = if near > 0.0 { highest.min(near * BEYOND_LIMIT).max(near) } else { highest };
    let low = used().fold(f64::INFINITY, f64::min).clamp(0.0, top);
    let spread = top - low;
    let low = if spread < FLAT * top && spread > 1e-6 * top { (low - 0.15 * spread).max(0.0) } else { 0.0 };
    let high = top + 0.09 * (top - low);
    (low, if high > low { high } else { low + 1.0 })
}
