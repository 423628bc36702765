//! What a chart of scenarios looks at: the part of history and future that is shown, in numbers.

use crate::output::chart::axes::dates::{instant, noon};
use crate::output::chart::{ScenarioLine, WhatIf, limits};

/// How much more of the past than of the future is shown.
const PAST_PER_FUTURE: f64 = 1.0;
/// How far ahead is looked at least, and where nothing is reached, in days.
const SHORTEST: f64 = 28.0;
const NOTHING_AHEAD: f64 = 365.0;
/// What is shown after the last date.
const AFTER: f64 = 1.12;
/// A limit so many times above everything else would press the lines flat.
const FAR_ABOVE: f64 = 2.5;
/// A line may rise to so many times the highest limit before it is cut.
const BEYOND_LIMIT: f64 = 1.15;
/// If all that is shown lies within this share of the highest, the axis does not start at zero.
const FLAT: f64 = 0.4;
/// Amounts beyond this leave the range of numbers when they are summed or divided.
const LARGEST: f64 = 1e30;

/// Amounts on days, in order.
pub(crate) type Line = Vec<(f64, f64)>;

/// The part of a chart that is looked at. All numbers are finite, but the beginning of a limit.
#[derive(Clone, Debug)]
pub(crate) struct View<'a> {
    pub history: Line,
    pub courses: Vec<Course<'a>>,
    /// The time of the last observation.
    pub as_of: f64,
    pub days: (f64, f64),
    pub amounts: (f64, f64),
}

/// How it goes on in a scenario.
#[derive(Clone, Debug)]
pub(crate) struct Course<'a> {
    pub scenario: &'a ScenarioLine<'a>,
    /// Its place among the scenarios, which gives its look.
    pub place: usize,
    /// The median level from the last observation on.
    pub level: Line,
    /// The limits, each from a day on, those of the past among them.
    pub limits: Line,
    /// The median day on which its limit is reached.
    pub reached: Option<f64>,
}

impl<'a> View<'a> {
    /// `None` where no scenario has a level.
    pub(super) fn of(chart: &WhatIf, shown: &'a [ScenarioLine<'a>]) -> Option<View<'a>> {
        let observed = chart.series.observations.iter().map(|o| (instant(o.time), o.used));
        let history: Line = observed.filter(|(_, used)| used.abs() < LARGEST).collect();
        let first = shown.iter().filter_map(|scenario| scenario.level.first()).map(|(date, _)| noon(*date));
        let as_of = history.last().map(|last| last.0).or_else(|| first.reduce(f64::min))?;
        let start = history.last().copied();
        let courses = shown.iter().enumerate().map(|(place, scenario)| course(chart, scenario, place, start));
        let mut courses: Vec<Course> = courses.filter(|course| !course.level.is_empty()).collect();
        let horizon = courses.iter().filter_map(|course| course.level.last()).map(|last| last.0).reduce(f64::max)?;
        let farthest = (horizon - as_of).max(1.0);
        let past = history.first().map_or(0.0, |first| as_of - first.0);
        let latest = courses.iter().filter_map(|course| course.reached).reduce(f64::max);
        let all_reached = courses.iter().all(|course| course.reached.is_some());
        let calm = NOTHING_AHEAD.max(past.min(2.0 * NOTHING_AHEAD));
        let ahead = match latest.map(|day| (day - as_of) * AFTER) {
            Some(ahead) if all_reached => ahead.max(SHORTEST),
            Some(ahead) => ahead.max(calm),
            None => calm,
        };
        let ahead = ahead.min(farthest);
        let from = as_of - past.min((ahead * PAST_PER_FUTURE).max(SHORTEST));
        let days = (from, as_of + ahead);
        courses.iter_mut().for_each(|course| course.level = up_to(&course.level, days.1));
        let history: Line = history.into_iter().filter(|(day, _)| *day >= from).collect();
        let amounts = amounts(&history, &courses, days.1);
        Some(View { history, courses, as_of, days, amounts })
    }
}

impl Course<'_> {
    /// The level up to the day on which the limit is reached, and from that day on.
    pub(super) fn split(&self) -> (Line, Line) {
        let Some(day) = self.reached else { return (self.level.clone(), Vec::new()) };
        let before = up_to(&self.level, day);
        let beyond = self.level.iter().copied().filter(|(later, _)| *later > day);
        let beyond: Line = before.last().copied().into_iter().chain(beyond).collect();
        (before, if beyond.len() > 1 { beyond } else { Vec::new() })
    }
}

fn course<'a>(chart: &WhatIf, scenario: &'a ScenarioLine<'a>, place: usize, start: Option<(f64, f64)>) -> Course<'a> {
    let drawable = |(_, amount): &(f64, f64)| amount.abs() < LARGEST;
    let known = |pairs: &[(jiff::civil::Date, f64)]| -> Line {
        pairs.iter().map(|(date, amount)| (noon(*date), *amount)).filter(drawable).collect()
    };
    let from = start.map_or(f64::NEG_INFINITY, |start| start.0);
    let ahead: Line = known(scenario.level).into_iter().filter(|(day, _)| *day > from).collect();
    let level = if ahead.is_empty() { ahead } else { start.into_iter().chain(ahead).collect() };
    let to_come = known(scenario.limits);
    let now = chart.series.limit.or(to_come.first().map(|(_, limit)| *limit)).filter(|limit| limit.abs() < LARGEST);
    let past = now.map_or_else(Vec::new, |now| limits::of(chart.series, now));
    let mut limits: Line = past.into_iter().filter(drawable).chain(to_come).collect();
    limits.dedup_by_key(|(_, limit)| *limit);
    let reached = scenario.exhaustion.p50.map(noon).map(|day| day.max(from));
    Course { scenario, place, level, limits, reached }
}

/// A line up to a day, where it ends between its points.
fn up_to(line: &[(f64, f64)], to: f64) -> Line {
    let within = line.iter().take_while(|(day, _)| *day <= to).count();
    let mut shown = line[..within].to_vec();
    if let (Some(before), Some(after)) = (shown.last().copied(), line.get(within)) {
        let share = (to - before.0) / (after.0 - before.0);
        shown.push((to, before.1 + (after.1 - before.1) * share));
    }
    shown
}

/// The amounts that are shown.
fn amounts(history: &[(f64, f64)], courses: &[Course], to: f64) -> (f64, f64) {
    let used = || history.iter().chain(courses.iter().flat_map(|course| &course.level)).map(|(_, used)| *used);
    let highest = used().fold(0.0, f64::max);
    let in_view = courses.iter().flat_map(|course| &course.limits).filter(|(from, _)| *from <= to);
    let near = in_view.map(|(_, limit)| *limit).filter(|&limit| limit <= highest * FAR_ABOVE).fold(0.0, f64::max);
    let top = if near > 0.0 { highest.min(near * BEYOND_LIMIT).max(near) } else { highest };
    let low = used().fold(f64::INFINITY, f64::min).clamp(0.0, top);
    let spread = top - low;
    let low = if spread < FLAT * top && spread > 1e-6 * top { (low - 0.15 * spread).max(0.0) } else { 0.0 };
    let high = top + 0.09 * (top - low);
    (low, if high > low { high } else { low + 1.0 })
}
