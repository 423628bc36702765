//! The part of the history and of the scenarios that a figure shows, in numbers.

use crate::output::chart::levels::{self, DayAmount, drawable};
use crate::output::{chart::WhatIfFigure, chart::axes::dates::noon};
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

/// All numbers are finite except the first day of a limit.
#[derive(Clone, Debug)]
pub(crate) struct ScenariosView<'a> {
    pub history: Vec<DayAmount>,
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
    pub level: Vec<DayAmount>,
    /// Past and future limits, each with its first day.
    pub limits: Vec<DayAmount>,
    /// The median day on which its limit is reached.
    pub reached: Option<f64>,
}

impl<'a> ScenariosView<'a> {
    /// `None` if no scenario has a level.
    pub(super) fn new(figure: &WhatIfFigure<'a>) -> Option<ScenariosView<'a>> {
        let mut history = levels::measured(figure.series);
        let shown = &figure.scenarios[..figure.scenarios.len().min(WhatIfFigure::MOST)];
        let start = history.last().copied();
        let first = shown.iter().filter_map(|scenario| medians(scenario).next()).map(|(day, _)| day);
        let as_of = start.map(|(day, _)| day).or_else(|| first.reduce(f64::min))?;
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
        curves.iter_mut().for_each(|curve| curve.level = levels::up_to(&curve.level, days.1));
        history.retain(|(day, _)| *day >= from);
        let amounts = amounts(&history, &curves, days.1);
        Some(ScenariosView { history, curves, as_of, days, amounts })
    }

    /// The curves that have limits in view, of those with the same limits the first.
    pub(super) fn distinct_limits(&self) -> Vec<&ScenarioCurve<'_>> {
        let mut distinct: Vec<&ScenarioCurve> = Vec::new();
        for curve in &self.curves {
            let in_view = curve.limits.iter().any(|(from, _)| *from <= self.days.1);
            if in_view && distinct.iter().all(|other| other.limits != curve.limits) {
                distinct.push(curve);
            }
        }
        distinct
    }
}

impl ScenarioCurve<'_> {
    /// The level up to the day on which the limit is reached, and from that day on.
    pub(super) fn split(&self) -> [Vec<DayAmount>; 2] {
        let Some(day) = self.reached else { return [self.level.clone(), Vec::new()] };
        let before = levels::up_to(&self.level, day);
        let after = self.level.iter().copied().filter(|(later, _)| *later > day);
        let beyond: Vec<DayAmount> = before.last().copied().into_iter().chain(after).collect();
        [before, if beyond.len() > 1 { beyond } else { Vec::new() }]
    }
}

/// The median level by day.
fn medians(scenario: &ScenarioForecast) -> impl Iterator<Item = DayAmount> {
    let outlook = scenario.forecast.outlook.iter();
    let shown = |used: f64| if scenario.forecast.size_moves { used.max(0.0) } else { used };
    outlook.flat_map(|outlook| &outlook.level).map(move |level| (noon(level.date), shown(level.used.p50)))
}

fn curve<'a>(
    figure: &WhatIfFigure,
    scenario: &'a ScenarioForecast,
    place: usize,
    start: Option<DayAmount>,
) -> ScenarioCurve<'a> {
    let is_drawable = |(_, amount): &DayAmount| drawable(*amount);
    let from = start.map_or(f64::NEG_INFINITY, |(day, _)| day);
    let mut ahead = medians(scenario).filter(is_drawable).filter(|(day, _)| *day > from).peekable();
    let start = start.filter(|_| ahead.peek().is_some());
    let level = start.into_iter().chain(ahead).collect();
    let to_come = scenario.limits.iter().map(|(date, limit)| (noon(*date), *limit)).filter(is_drawable);
    let now = figure.series.limit.or(to_come.clone().next().map(|(_, limit)| limit)).filter(|&limit| drawable(limit));
    let past = now.map_or_else(Vec::new, |now| levels::limits(figure.series, now));
    let mut limits: Vec<DayAmount> = past.into_iter().filter(is_drawable).chain(to_come).collect();
    limits.dedup_by_key(|(_, limit)| *limit);
    let reached = scenario.forecast.exhaustion().and_then(|dates| dates.p50).map(|date| noon(date).max(from));
    ScenarioCurve { scenario, place, level, limits, reached }
}

/// The lowest and the highest amount of the axis.
fn amounts(history: &[(f64, f64)], curves: &[ScenarioCurve], to: f64) -> (f64, f64) {
    let used = || history.iter().chain(curves.iter().flat_map(|curve| &curve.level)).map(|(_, used)| *used);
    let highest = used().fold(0.0, f64::max);
    let in_view = curves.iter().flat_map(|curve| &curve.limits).filter(|(from, _)| *from <= to);
    let near = in_view.map(|(_, limit)| *limit).filter(|&limit| limit <= highest * FAR_ABOVE).fold(0.0, f64::max);
    let top = if near > 0.0 { highest.min(near * BEYOND_LIMIT).max(near) } else { highest };
    let low = levels::axis_start(used().fold(f64::INFINITY, f64::min), top, FLAT, 0.15);
    (low, top + 0.09 * (top - low))
}
