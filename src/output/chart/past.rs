//! Past forecasts against the levels that followed: the issued fans, and the measured line through them.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::axes::{Plane, dates};
use super::legend::{self, Sign};
use super::levels::{self, DayAmount};
use super::plot::Plot;
use super::scene::{Anchor, Point, Rect, Scene};
use super::theme::{self, MARGIN};
use super::{Canvas, Figure, text};
use crate::history::issued::IssuedForecast;
use crate::model::{bytes::Units, dates::day, quantiles::Quantiles, series::Series};

/// The most forecasts in a figure.
const MOST_FORECASTS: usize = 6;

#[derive(Clone, Debug)]
pub(crate) struct PastFigure<'a> {
    pub series: &'a Series,
    /// In order of issue; up to eight stay readable.
    pub issued: Vec<&'a IssuedForecast>,
    pub units: Units,
}

impl<'a> PastFigure<'a> {
    /// Chooses some of the forecasts of the series, evenly from the oldest on.
    pub(crate) fn new(series: &'a Series, issued: &'a [IssuedForecast], units: Units) -> PastFigure<'a> {
        let own = issued.iter().filter(|one| one.series == series.name && one.resource == series.resource);
        // The record is in order, so of several forecasts on one day the last counts.
        let by_day: BTreeMap<Date, &IssuedForecast> = own.map(|one| (one.as_of, one)).collect();
        let step = by_day.len().div_ceil(MOST_FORECASTS).max(1);
        PastFigure { series, issued: by_day.into_values().step_by(step).collect(), units }
    }

    /// Draws the past limits if the last is near; otherwise writes its height.
    fn draw_limit(&self, plot: &mut Plot, limit: Option<f64>) {
        let Some(limit) = limit else { return };
        let shown = self.series.resource.show_number(limit, self.units);
        let area = plot.plane.area;
        let (words, ys) = if limit <= plot.plane.amounts.1 {
            plot.line(levels::steps(&plot.plane, &levels::limits(self.series, limit)), theme::LIMIT_LINE);
            let y = plot.plane.y(limit);
            (format!("limit {shown}"), [y - 9.0, y + 20.0])
        } else {
            (format!("↑ limit {shown}, above"), [area.top + 16.0, area.top + 36.0])
        };
        let along = |i: u32| area.left + 8.0 + f64::from(i) * 0.12 * area.width();
        let places = ys.into_iter().flat_map(|y| (0..7).map(move |i| (along(i), y, Anchor::Start)));
        plot.label(&words, theme::LIMIT_LABEL, places);
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

/// The median and the 80 % range of a forecast, from its day of issue on.
struct Fan {
    low: Vec<DayAmount>,
    median: Vec<DayAmount>,
    high: Vec<DayAmount>,
}

impl Figure for PastFigure<'_> {
    fn title(&self) -> String {
        format!("{}, {}: forecasts against outcomes", self.series.name, self.series.resource)
    }

    fn subtitle(&self) -> String {
        "Each fan is a forecast from its day of issue, with its 80 % range".to_owned()
    }

    fn in_words(&self) -> String {
        let days: Vec<String> = self.issued.iter().map(|forecast| day(forecast.as_of)).collect();
        format!("The measured levels, in front of the forecasts issued on these days: {}.", days.join(", "))
    }

    /// Ranges at the back, then medians, then the measured line.
    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        let mut measured = levels::measured(self.series);
        let mut fans: Vec<Fan> = self.issued.iter().filter_map(|issued| Fan::new(issued)).collect();
        let first = fans.iter().map(|fan| fan.median[0].0).reduce(f64::min);
        let (Some(&(last, _)), Some(first)) = (measured.last(), first) else {
            return text::explain_empty(scene, canvas, "no forecast was issued that could be compared");
        };
        let span = (last - first).max(SHORTEST);
        let days = (first - BEFORE * span, first + span * (1.0 + AFTER));
        measured.retain(|(day, _)| (days.0..=days.1).contains(day));
        for fan in &mut fans {
            for line in [&mut fan.low, &mut fan.median, &mut fan.high] {
                *line = levels::up_to(line, days.1);
            }
        }
        let limit = self.series.limit.filter(|&limit| limit > 0.0 && levels::drawable(limit));
        let amounts = amounts(&measured, &fans, limit);
        let plane = Plane { area: canvas.room(theme::PLOT_TOP, theme::BELOW_PLOT), days, amounts };
        let (mut plot, ticks) = Plot::new(scene, plane, self.series.resource, self.units);
        plot.amount_axis(&ticks);
        draw_fans(&mut plot, &fans);
        let line: Vec<Point> = measured.iter().map(|&(day, used)| plot.plane.at(day, used)).collect();
        plot.occupied.take_line(&line);
        self.draw_limit(&mut plot, limit);
        plot.scene.line(line.clone(), theme::HISTORY_LINE.halo());
        plot.scene.line(line, theme::HISTORY_LINE);
        mark_issue_days(&mut plot, &fans);
        plot.date_axis();
        let entries = [
            (Sign::line(theme::HISTORY_LINE), "measured"),
            (Sign::line(theme::FAN_MEDIANS[0]), "median forecast"),
            (Sign::edged(theme::FANS[0], theme::FAN_EDGES[0].color), "80 % range"),
        ];
        let (edges, note) = ((MARGIN, plot.plane.area.right), legend::axis_note(&plot.plane));
        legend::row(scene, edges, canvas.legend_baseline(), &entries, legend::CLOSE, note);
    }
}

impl Fan {
    /// `None` if there is nothing to draw.
    fn new(forecast: &IssuedForecast) -> Option<Fan> {
        let from = dates::noon(forecast.as_of);
        let start = (from, Quantiles::from_fn(|_| forecast.used));
        let ahead = forecast.levels.iter().map(|level| (from + f64::from(level.days), level.used));
        let drawable = |used: &Quantiles<f64>| [used.p10, used.p50, used.p90].into_iter().all(levels::drawable);
        let shown: Vec<(f64, Quantiles<f64>)> =
            std::iter::once(start).chain(ahead).filter(|(_, used)| drawable(used)).collect();
        let line = |pick: fn(&Quantiles<f64>) -> f64| shown.iter().map(|(day, used)| (*day, pick(used))).collect();
        (shown.len() > 1).then(|| Fan { low: line(|q| q.p10), median: line(|q| q.p50), high: line(|q| q.p90) })
    }
}

/// The lowest and the highest amount of the axis.
fn amounts(measured: &[DayAmount], fans: &[Fan], limit: Option<f64>) -> (f64, f64) {
    let with_measured = |line: fn(&Fan) -> &Vec<DayAmount>| {
        measured.iter().chain(fans.iter().flat_map(line)).map(|(_, amount)| *amount)
    };
    let highest = with_measured(|fan| &fan.median).fold(0.0, f64::max);
    let possible = with_measured(|fan| &fan.high).fold(highest, f64::max).min(highest * WILD);
    let high = limit.filter(|&limit| limit <= possible * NEAR).map_or(possible, |limit| limit.max(possible));
    let lowest = with_measured(|fan| &fan.low).fold(f64::INFINITY, f64::min);
    let low = levels::axis_start(lowest, high, FLAT, 0.08);
    (low, high + 0.08 * (high - low))
}

/// Draws the ranges, later ones over earlier ones, then the medians.
fn draw_fans(plot: &mut Plot, fans: &[Fan]) {
    let plane = plot.plane;
    let traced = |line: &[DayAmount]| -> Vec<Point> { line.iter().map(|&level| plane.clamped(level)).collect() };
    for (i, fan) in fans.iter().enumerate() {
        let outline = [traced(&fan.high), traced(&fan.low).into_iter().rev().collect()].concat();
        plot.scene.area(outline.clone(), theme::FANS[i % 2]);
        plot.scene.line(outline, theme::FAN_EDGES[i % 2]);
    }
    for (i, fan) in fans.iter().enumerate() {
        plot.line(traced(&fan.median), theme::FAN_MEDIANS[i % 2]);
    }
}

/// Marks the days of issue, with labels where they fit.
fn mark_issue_days(plot: &mut Plot, fans: &[Fan]) {
    let plane = plot.plane;
    let starts = || fans.iter().filter_map(|fan| fan.median.first()).map(|&(day, used)| (day, plane.at(day, used)));
    for (i, (_, point)) in starts().enumerate() {
        let radii = (theme::ISSUED_DOT, theme::ISSUED_DOT - 2.0);
        plot.scene.ring(point, radii, theme::FAN_MEDIANS[i % 2].color);
        plot.occupied.take(Rect::around(point, theme::ISSUED_DOT));
    }
    for (issued, Point { x, y }) in starts() {
        let above = [12.0, 20.0, 32.0, 46.0, 62.0].map(|up| (x + 4.0, y - up, Anchor::End));
        let below = [22.0, 30.0, 42.0, 56.0, 72.0].map(|down| (x - 4.0, y + down, Anchor::Start));
        let places = below.into_iter().zip(above).flat_map(|(below, above)| [below, above]);
        plot.label(&day(dates::date_of(issued)), theme::EVENT_LABEL, places);
    }
}
