//! Past forecasts against what came: the issued fans, and the measured line through them.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::axes::{Plane, dates, edges};
use super::labels::{Occupied, write};
use super::legend::{self, Sign};
use super::scene::{Anchor, Point, Rect, Scene, Text, at};
use super::theme::{self, MARGIN};
use super::{Canvas, Figure, empty_chart, limits, numbers};
use crate::history::issued::IssuedForecast;
use crate::model::bytes::Units;
use crate::model::dates::day;
use crate::model::series::Series;

/// The forecasts of a figure at most.
const MOST_FORECASTS: usize = 6;

/// The forecasts issued for a series, and its measured values.
#[derive(Clone, Debug)]
pub(crate) struct PastFigure<'a> {
    pub series: &'a Series,
    /// The forecasts, in order; up to eight stay readable.
    pub issued: Vec<&'a IssuedForecast>,
    pub units: Units,
}

impl<'a> PastFigure<'a> {
    /// Chooses some of the forecasts of the series, evenly from the oldest on.
    pub(crate) fn new(series: &'a Series, issued: &'a [IssuedForecast], units: Units) -> PastFigure<'a> {
        let own = issued.iter().filter(|one| one.series == series.name && one.resource == series.resource);
        // The record is in order: of several models asked on one day, the last counts.
        let by_day: BTreeMap<Date, &IssuedForecast> = own.map(|one| (one.as_of, one)).collect();
        let step = by_day.len().div_ceil(MOST_FORECASTS).max(1);
        PastFigure { series, issued: by_day.into_values().step_by(step).collect(), units }
    }
}

/// The time shown before the first forecast and after the last observation, as a share of the time between them.
const BEFORE: f64 = 0.12;
const AFTER: f64 = 0.05;
/// The least time shown, in days.
const SHORTEST: f64 = 28.0;
/// A limit up to this multiple of the highest amount is drawn as a line.
const NEAR: f64 = 1.25;
/// A fan is cut at this multiple of the highest measured amount or median.
const WILD: f64 = 2.0;
/// The axis does not start at zero if the spread is below this share of the highest amount.
const FLAT: f64 = 0.6;
/// Sums and ratios of larger amounts could overflow.
const LARGEST: f64 = 1e30;

/// A level and its 80 % range on a day.
#[derive(Clone, Copy, Debug)]
struct Level {
    day: f64,
    low: f64,
    median: f64,
    high: f64,
}

impl Figure for PastFigure<'_> {
    fn title(&self) -> String {
        format!("{}, {}: forecasts against what came", self.series.name, self.series.resource)
    }

    fn subtitle(&self) -> String {
        "Each fan is what was said on a day, with its 80 % range".to_owned()
    }

    fn description(&self) -> String {
        let days: Vec<String> = self.issued.iter().map(|forecast| day(forecast.as_of)).collect();
        format!(
            "{} What came, in front of the forecasts that were issued on these days: {}.",
            self.subtitle(),
            days.join(", ")
        )
    }

    /// Ranges at the back, then medians, then the measured line.
    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        let (width, height) = canvas.size();
        let measured = measured(self.series);
        let fans: Vec<Vec<Level>> = self.issued.iter().map(|one| levels(one)).filter(|fan| fan.len() > 1).collect();
        let (Some(last), Some(first)) = (measured.last(), fans.iter().map(|fan| fan[0].day).reduce(f64::min)) else {
            return empty_chart::explain(scene, canvas, "no forecast was issued that could be compared");
        };
        let span = (last.0 - first).max(SHORTEST);
        let days = (first - BEFORE * span, first + span * (1.0 + AFTER));
        let measured: Vec<(f64, f64)> =
            measured.into_iter().filter(|(day, _)| (days.0..=days.1).contains(day)).collect();
        let fans: Vec<Vec<Level>> = fans.iter().map(|fan| cut(fan, days.1)).collect();
        let limit = self.series.limit.filter(|&limit| limit > 0.0 && limit < LARGEST);
        let heights = heights(&measured, &fans, limit);
        let room =
            Rect { left: MARGIN, top: theme::PLOT_TOP, right: width - MARGIN, bottom: height - theme::BELOW_PLOT };
        let (plane, ticks) = edges::plane(room, days, heights, (self.series.resource, self.units));
        edges::amount_axis(scene, &plane, &ticks);
        let mut occupied = Occupied::new(plane.area);
        draw_fans(scene, &plane, &fans, &mut occupied);
        let line: Vec<Point> = measured.iter().map(|&(day, used)| plane.at(day, used)).collect();
        occupied.take_line(&line);
        self.draw_limit(scene, limit, &plane, &mut occupied);
        scene.line(line.clone(), theme::PAPER, theme::HISTORY_WIDTH + 2.0 * theme::SEAM);
        scene.line(line, theme::HISTORY, theme::HISTORY_WIDTH);
        mark_issue_days(scene, &plane, &fans, &mut occupied);
        edges::date_axis(scene, &plane);
        draw_legend(scene, &plane, height);
    }
}

fn measured(series: &Series) -> Vec<(f64, f64)> {
    let all = series.observations.iter().map(|o| (dates::instant(o.time), o.used));
    all.filter(|(_, used)| used.abs() < LARGEST).collect()
}

/// A forecast from the day on which it was issued.
fn levels(forecast: &IssuedForecast) -> Vec<Level> {
    let from = dates::noon(forecast.as_of);
    let start = Level { day: from, low: forecast.used, median: forecast.used, high: forecast.used };
    let ahead = forecast.levels.iter().map(|level| Level {
        day: from + f64::from(level.days),
        low: level.used.p10,
        median: level.used.p50,
        high: level.used.p90,
    });
    let drawable = |level: &Level| [level.low, level.median, level.high].iter().all(|used| used.abs() < LARGEST);
    std::iter::once(start).chain(ahead).filter(drawable).collect()
}

/// A fan up to a day, interpolated at its end.
fn cut(fan: &[Level], to: f64) -> Vec<Level> {
    let within = fan.iter().take_while(|level| level.day <= to).count();
    let mut shown = fan[..within].to_vec();
    if let (Some(before), Some(after)) = (shown.last().copied(), fan.get(within)) {
        let share = (to - before.day) / (after.day - before.day);
        let between = |of: fn(&Level) -> f64| of(&before) + (of(after) - of(&before)) * share;
        let (low, median, high) = (between(|l| l.low), between(|l| l.median), between(|l| l.high));
        shown.push(Level { day: to, low, median, high });
    }
    shown
}

/// The lowest and the highest amount of the axis.
fn heights(measured: &[(f64, f64)], fans: &[Vec<Level>], limit: Option<f64>) -> (f64, f64) {
    let levels = || fans.iter().flatten();
    let highest = measured.iter().map(|(_, used)| *used).chain(levels().map(|level| level.median)).fold(0.0, f64::max);
    let possible = levels().map(|level| level.high).fold(highest, f64::max).min(highest * WILD);
    let high = limit.filter(|&limit| limit <= possible * NEAR).map_or(possible, |limit| limit.max(possible));
    let lows = measured.iter().map(|(_, used)| *used).chain(levels().map(|level| level.low));
    let low = lows.fold(f64::INFINITY, f64::min).clamp(0.0, high);
    let spread = high - low;
    let low = if spread < FLAT * high && spread > 1e-6 * high { (low - 0.08 * spread).max(0.0) } else { 0.0 };
    let high = high + 0.08 * (high - low);
    (low, if high > low { high } else { low + 1.0 })
}

/// Draws the ranges, later ones over earlier ones, then the medians.
fn draw_fans(scene: &mut Scene, plane: &Plane, fans: &[Vec<Level>], occupied: &mut Occupied) {
    let clamped = |used: f64| used.clamp(plane.amounts.0, plane.amounts.1);
    let traced = |fan: &[Level], of: fn(&Level) -> f64| -> Vec<Point> {
        fan.iter().map(|level| plane.at(level.day, clamped(of(level)))).collect()
    };
    for (i, fan) in fans.iter().enumerate() {
        let mut back = traced(fan, |level| level.low);
        back.reverse();
        let outline = [traced(fan, |level| level.high), back].concat();
        scene.area(outline.clone(), theme::FANS[i % 2]);
        scene.line(outline, theme::FAN_EDGES[i % 2], theme::HAIRLINE);
    }
    for (i, fan) in fans.iter().enumerate() {
        let median = traced(fan, |level| level.median);
        occupied.take_line(&median);
        scene.dashed(median, theme::FAN_MEDIANS[i % 2], theme::MEDIAN_WIDTH, theme::FAN_DASHES[i % 2]);
    }
}

/// Marks the days of issue, with labels where they fit.
fn mark_issue_days(scene: &mut Scene, plane: &Plane, fans: &[Vec<Level>], occupied: &mut Occupied) {
    let starts = || fans.iter().filter_map(|fan| fan.first()).map(|level| (level, plane.at(level.day, level.median)));
    for (i, (_, point)) in starts().enumerate() {
        scene.dot(point, theme::ISSUED_DOT, theme::FAN_MEDIANS[i % 2]);
        scene.dot(point, theme::ISSUED_DOT - 2.0, theme::PAPER);
        occupied.take(Rect { left: point.x, top: point.y, right: point.x, bottom: point.y }.grown(theme::ISSUED_DOT));
    }
    for (level, point) in starts() {
        let text = day(dates::date_of(level.day));
        let label = |x: f64, y: f64, anchor| {
            vec![Text { at: at(point.x + x, point.y + y), anchor, style: theme::EVENT_LABEL, text: text.clone() }]
        };
        let above = [12.0, 20.0, 32.0, 46.0, 62.0].map(|up| label(4.0, -up, Anchor::End));
        let below = [22.0, 30.0, 42.0, 56.0, 72.0].map(|down| label(-4.0, down, Anchor::Start));
        let mixed = above.into_iter().zip(below).flat_map(|(above, below)| [below, above]);
        write(scene, occupied.place(&mixed.collect::<Vec<_>>()));
    }
}

impl PastFigure<'_> {
    /// Draws the past limits if the last is near; otherwise writes how high it is.
    fn draw_limit(&self, scene: &mut Scene, limit: Option<f64>, plane: &Plane, occupied: &mut Occupied) {
        let Some(limit) = limit else { return };
        let shown = numbers::amount(self.series.resource, limit, self.units);
        let area = plane.area;
        let (words, ys) = if limit <= plane.amounts.1 {
            let line = limits::steps(plane, &limits::by_day(self.series, limit));
            occupied.take_line(&line);
            scene.line(line, theme::LIMIT, theme::LIMIT_WIDTH);
            let y = plane.y(limit);
            (format!("limit {shown}"), [y - 9.0, y + 20.0])
        } else {
            (format!("↑ limit {shown}, above"), [area.top + 16.0, area.top + 36.0])
        };
        let label = |x, y, anchor| vec![Text { at: at(x, y), anchor, style: theme::LIMIT_LABEL, text: words.clone() }];
        let along = |share: f64| area.left + 8.0 + share * area.width();
        let places = ys.into_iter().flat_map(|y| (0..7).map(move |i| (f64::from(i) * 0.12, y)));
        let places: Vec<_> = places.map(|(share, y)| label(along(share), y, Anchor::Start)).collect();
        write(scene, occupied.place(&places));
    }
}

fn draw_legend(scene: &mut Scene, plane: &Plane, height: f64) {
    let dash = Some(theme::FAN_DASHES[0]);
    let signs = [
        (Sign::line(theme::HISTORY, theme::HISTORY_WIDTH), "what came"),
        (Sign::Line { color: theme::FAN_MEDIANS[0], width: theme::MEDIAN_WIDTH, dash, dot: None }, "median forecast"),
        (Sign::Box { fill: theme::FANS[0], edge: theme::FAN_EDGES[0] }, "80 % range"),
    ];
    let note = if plane.amounts.0 > 0.0 { &legend::NOT_FROM_ZERO[..] } else { &[] };
    legend::row_and_note(scene, (MARGIN, plane.area.right), height, &signs, note);
}
