//! Past forecasts against what came: the fans that were issued, and the line that reality drew through them.

use jiff::civil::Date;

use super::axes::{Plane, dates, edges};
use super::labels::{Occupied, write};
use super::legend::{self, Sign};
use super::scene::{Anchor, Point, Rect, Scene, Text, at};
use super::theme::{self, MARGIN};
use super::{Canvas, figures, headings, limits, quiet};
use crate::forecast::Quantiles;
use crate::model::bytes::Units;
use crate::model::dates::day;
use crate::model::series::Series;

/// What a chart of past forecasts shows: what was forecast, and what came.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// What came, and the limits.
    pub series: &'a Series,
    /// The forecasts that were issued, in order; up to eight stay readable.
    pub forecasts: &'a [PastForecast<'a>],
    /// How sizes are written.
    pub units: Units,
}

/// A forecast as it was issued. Amounts are in units of the resource.
#[derive(Clone, Copy, Debug)]
pub struct PastForecast<'a> {
    /// The day from which it looked ahead.
    pub as_of: Date,
    /// What was in use then.
    pub used: f64,
    /// The levels so many days ahead, in order.
    pub levels: &'a [(u32, Quantiles<f64>)],
}

/// What is shown before the first forecast and after the last observation, in parts of the time between them.
const BEFORE: f64 = 0.12;
const AFTER: f64 = 0.05;
/// Less than this is not shown of a forecast, in days.
const SHORTEST: f64 = 28.0;
/// A limit up to so many times the highest is near.
const NEAR: f64 = 1.25;
/// A fan may rise to so many times what was measured before it is cut.
const WILD: f64 = 2.0;
/// If all that is shown lies within this share of the highest, the axis does not start at zero.
const FLAT: f64 = 0.6;
/// Amounts beyond this leave the range of numbers when they are summed or divided.
const LARGEST: f64 = 1e30;

/// A level and its 80 % range on a day.
#[derive(Clone, Copy, Debug)]
struct Level {
    day: f64,
    low: f64,
    median: f64,
    high: f64,
}

/// Composes the picture: ranges behind, medians before them, what came in front.
pub(crate) fn scene(chart: &Past, canvas: Canvas) -> Scene {
    let (width, height) = (f64::from(canvas.width), f64::from(canvas.height));
    let mut scene = Scene::default();
    headings::headings(&mut scene, chart.title, chart.verdict, width);
    let came = came(chart.series);
    let fans: Vec<Vec<Level>> = chart.forecasts.iter().map(levels).filter(|fan| fan.len() > 1).collect();
    let (Some(last), Some(first)) = (came.last(), fans.iter().map(|fan| fan[0].day).reduce(f64::min)) else {
        quiet::nothing_yet(&mut scene, canvas, "no forecast was issued that could be compared");
        return scene;
    };
    let span = (last.0 - first).max(SHORTEST);
    let days = (first - BEFORE * span, first + span * (1.0 + AFTER));
    let came: Vec<(f64, f64)> = came.into_iter().filter(|(day, _)| (days.0..=days.1).contains(day)).collect();
    let fans: Vec<Vec<Level>> = fans.iter().map(|fan| cut(fan, days.1)).collect();
    let limit = chart.series.limit.filter(|&limit| limit > 0.0 && limit < LARGEST);
    let heights = heights(&came, &fans, limit);
    let room = Rect { left: MARGIN, top: theme::PLOT_TOP, right: width - MARGIN, bottom: height - theme::BELOW_PLOT };
    let (plane, ticks) = edges::plane(room, days, heights, (chart.series.resource, chart.units));
    edges::amount_axis(&mut scene, &plane, &ticks);
    let mut occupied = Occupied::new(plane.area);
    draw_fans(&mut scene, &plane, &fans, &mut occupied);
    let line: Vec<Point> = came.iter().map(|&(day, used)| plane.at(day, used)).collect();
    occupied.take_line(&line);
    draw_limit(&mut scene, chart, limit, &plane, &mut occupied);
    scene.line(line.clone(), theme::PAPER, theme::HISTORY_WIDTH + 2.0 * theme::SEAM);
    scene.line(line, theme::HISTORY, theme::HISTORY_WIDTH);
    issued(&mut scene, &plane, &fans, &mut occupied);
    edges::date_axis(&mut scene, &plane);
    explain(&mut scene, &plane, height);
    scene
}

/// The picture in words.
pub(crate) fn told(chart: &Past) -> String {
    let issued: Vec<String> = chart.forecasts.iter().map(|forecast| day(forecast.as_of)).collect();
    format!("What came, in front of the forecasts that were issued on these days: {}.", issued.join(", "))
}

/// What was measured.
fn came(series: &Series) -> Vec<(f64, f64)> {
    let all = series.observations.iter().map(|o| (dates::instant(o.time), o.used));
    all.filter(|(_, used)| used.abs() < LARGEST).collect()
}

/// A forecast from the day on which it was issued.
fn levels(forecast: &PastForecast) -> Vec<Level> {
    let from = dates::noon(forecast.as_of);
    let start = Level { day: from, low: forecast.used, median: forecast.used, high: forecast.used };
    let ahead = forecast.levels.iter().map(|(days, used)| Level {
        day: from + f64::from(*days),
        low: used.p10,
        median: used.p50,
        high: used.p90,
    });
    let drawable = |level: &Level| [level.low, level.median, level.high].iter().all(|used| used.abs() < LARGEST);
    std::iter::once(start).chain(ahead).filter(drawable).collect()
}

/// A fan up to a day, where it ends on the line between its levels.
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

/// The amounts that are shown.
fn heights(came: &[(f64, f64)], fans: &[Vec<Level>], limit: Option<f64>) -> (f64, f64) {
    let levels = || fans.iter().flatten();
    let measured = came.iter().map(|(_, used)| *used).chain(levels().map(|level| level.median)).fold(0.0, f64::max);
    let possible = levels().map(|level| level.high).fold(measured, f64::max).min(measured * WILD);
    let high = limit.filter(|&limit| limit <= possible * NEAR).map_or(possible, |limit| limit.max(possible));
    let lows = came.iter().map(|(_, used)| *used).chain(levels().map(|level| level.low));
    let low = lows.fold(f64::INFINITY, f64::min).clamp(0.0, high);
    let spread = high - low;
    let low = if spread < FLAT * high && spread > 1e-6 * high { (low - 0.08 * spread).max(0.0) } else { 0.0 };
    let high = high + 0.08 * (high - low);
    (low, if high > low { high } else { low + 1.0 })
}

/// Draws the ranges, a later over an earlier one, then all medians.
fn draw_fans(scene: &mut Scene, plane: &Plane, fans: &[Vec<Level>], occupied: &mut Occupied) {
    let held = |used: f64| used.clamp(plane.amounts.0, plane.amounts.1);
    let traced = |fan: &[Level], of: fn(&Level) -> f64| -> Vec<Point> {
        fan.iter().map(|level| plane.at(level.day, held(of(level)))).collect()
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

/// Marks the days of issue on the line, and names them where there is room.
fn issued(scene: &mut Scene, plane: &Plane, fans: &[Vec<Level>], occupied: &mut Occupied) {
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

/// Draws the limits as they were, if the last is near; otherwise says where it is.
fn draw_limit(scene: &mut Scene, chart: &Past, limit: Option<f64>, plane: &Plane, occupied: &mut Occupied) {
    let Some(limit) = limit else { return };
    let shown = figures::amount(chart.series.resource, limit, chart.units);
    let area = plane.area;
    let (words, ys) = if limit <= plane.amounts.1 {
        let line = limits::steps(plane, &limits::of(chart.series, limit));
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

fn explain(scene: &mut Scene, plane: &Plane, height: f64) {
    let dash = Some(theme::FAN_DASHES[0]);
    let signs = [
        (Sign::line(theme::HISTORY, theme::HISTORY_WIDTH), "what came"),
        (Sign::Line { color: theme::FAN_MEDIANS[0], width: theme::MEDIAN_WIDTH, dash, dot: None }, "median forecast"),
        (Sign::Box { fill: theme::FANS[0], edge: theme::FAN_EDGES[0] }, "80 % range"),
    ];
    let note = if plane.amounts.0 > 0.0 { &legend::NOT_FROM_ZERO[..] } else { &[] };
    legend::row_and_note(scene, (MARGIN, plane.area.right), height, &signs, note);
}
