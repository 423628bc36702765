//! Past forecasts against the levels that followed: a panel for each time ahead.

use std::collections::BTreeMap;

use super::axes::{Plane, dates::noon};
use super::legend::{self, Sign};
use super::levels::{self, DayAmount, drawable};
use super::plot::Plot;
use super::scene::{Anchor, Point, Rect, Scene, Text, at};
use super::theme::{self, MARGIN};
use super::{Canvas, Figure, fonts, text};
use crate::forecast::record::Resolved;
use crate::history::issued::ahead;
use crate::model::{bytes::Units, quantiles::Quantiles, series::Series};

/// The most panels; the longest times ahead are shown.
const MOST_PANELS: usize = 4;

#[derive(Clone, Debug)]
pub(crate) struct PastFigure<'a> {
    series: &'a Series,
    panels: Vec<Panel<'a>>,
    units: Units,
}

/// The forecasts made `days` ahead that have come due, in order of issue; at least one.
#[derive(Clone, Debug)]
struct Panel<'a> {
    days: u32,
    resolved: Vec<&'a Resolved>,
}

impl<'a> PastFigure<'a> {
    pub(crate) fn new(series: &'a Series, resolved: &'a [Resolved], units: Units) -> PastFigure<'a> {
        let mut by_days: BTreeMap<u32, Vec<&Resolved>> = BTreeMap::new();
        for one in resolved.iter().filter(|one| drawable(one.issued.p10) && drawable(one.issued.p90)) {
            by_days.entry(one.days).or_default().push(one);
        }
        let shorter = by_days.len().saturating_sub(MOST_PANELS);
        let panels = by_days.into_iter().skip(shorter).map(|(days, resolved)| Panel { days, resolved }).collect();
        PastFigure { series, panels, units }
    }

    /// The first and the last day shown.
    fn days(&self) -> Option<(f64, f64)> {
        let due = || self.panels.iter().flat_map(|panel| &panel.resolved).map(|one| noon(one.resolved_on()));
        let last = due().reduce(f64::max)?;
        let first = due().fold(last - SHORTEST, f64::min);
        let around = AROUND * (last - first);
        Some((first - around, last + around))
    }

    /// The lowest and the highest amount of the axis, which all panels share.
    fn amounts(&self, measured: &[DayAmount]) -> (f64, f64) {
        let issued = || self.panels.iter().flat_map(|panel| &panel.resolved).map(|one| one.issued);
        let measured = || measured.iter().map(|(_, amount)| *amount);
        let highest = measured().chain(issued().map(|used| used.p50)).fold(0.0, f64::max);
        let high = issued().map(|used| used.p90).fold(highest, f64::max).min(highest * WILD);
        let lowest = measured().chain(issued().map(|used| used.p10)).fold(high, f64::min);
        let low = levels::axis_start(lowest, high, FLAT, 0.08);
        (low, high + 0.04 * (high - low))
    }
}

/// The time shown before the first day with a forecast and after the last, as a share of the time between them.
const AROUND: f64 = 0.03;
/// The least time between them, in days.
const SHORTEST: f64 = 28.0;
/// A range is cut at this multiple of the highest measured amount or median.
const WILD: f64 = 1.5;
/// The axis does not start at zero if the spread is below this share of the highest amount.
const FLAT: f64 = 0.6;
/// Ranges for days farther apart than this are not joined.
const MOST_APART: i32 = 35;
/// Half the width of a single range, in pixels.
const HALF_WIDTH: f64 = 3.0;
/// Between two panels.
const GAP: f64 = 34.0;
/// The room of a panel's title, and that below a panel without dates.
const TITLE: f64 = 26.0;
const BELOW: f64 = 10.0;
/// The least distance from a date to the edge of its panel: half the width of a name stays off the next panel.
const INSET: f64 = 17.0;

impl Panel<'_> {
    /// How often the range held, the longest form first.
    fn titles(&self) -> [String; 3] {
        let (ahead, all) = (ahead(self.days), self.resolved.len());
        let held = self.resolved.iter().filter(|one| one.is_within()).count();
        [
            format!("{ahead} before: 80 % range held {held} of {all}"),
            format!("{ahead} before: {held} of {all}"),
            format!("{ahead}: {held} of {all}"),
        ]
    }

    /// Draws the ranges at the back, then the measured line, then the levels outside their range.
    fn draw(&self, plot: &mut Plot, measured: &[DayAmount]) {
        let plane = plot.plane;
        let near = |one: &&Resolved, next: &&Resolved| (next.as_of - one.as_of).get_days() <= MOST_APART;
        for run in self.resolved.chunk_by(near) {
            let edge = |pick: fn(&Quantiles<f64>) -> f64| -> Vec<Point> {
                let point = |one: &&Resolved| plane.clamped((noon(one.resolved_on()), pick(&one.issued)));
                let mut edge: Vec<Point> = run.iter().map(point).collect();
                let (first, last) = (edge[0], edge[edge.len() - 1]);
                edge.insert(0, at(first.x - HALF_WIDTH, first.y));
                edge.push(at(last.x + HALF_WIDTH, last.y));
                edge
            };
            let (high, low) = (edge(|used| used.p90), edge(|used| used.p10));
            let outline: Vec<Point> = high.iter().chain(low.iter().rev()).chain(high.first()).copied().collect();
            plot.scene.area(outline.clone(), theme::BAND_80);
            plot.scene.line(outline, theme::RANGE_EDGE);
        }
        plot.scene.line(measured.iter().map(|&level| plane.clamped(level)).collect(), theme::HISTORY_LINE);
        for one in self.resolved.iter().filter(|one| !one.is_within()) {
            let point = plane.clamped((noon(one.resolved_on()), one.came));
            plot.scene.dot(point, theme::HISTORY_DOT + theme::SEAM, theme::PAPER);
            plot.scene.dot(point, theme::HISTORY_DOT, theme::LIMIT);
        }
    }
}

impl Figure for PastFigure<'_> {
    fn title(&self) -> String {
        format!("{}, {}: forecasts against outcomes", self.series.name, self.series.resource)
    }

    fn subtitle(&self) -> String {
        "How often the level lay in the 80 % range forecast that long before".to_owned()
    }

    fn in_words(&self) -> String {
        let titles: Vec<String> = self.panels.iter().map(|panel| panel.titles()[0].clone()).collect();
        titles.join("; ")
    }

    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        let Some(days) = self.days() else {
            return text::explain_empty(scene, canvas, "no forecast has come due");
        };
        let mut measured = levels::measured(self.series);
        measured.retain(|(day, _)| (days.0..=days.1).contains(day));
        let columns = self.panels.len().min(2);
        let room = canvas.room(theme::STRIP_TOP, theme::BELOW_PLOT - BELOW);
        let place = |i: usize, room: Rect| {
            let cell = room.row(i / columns, self.panels.len().div_ceil(columns)).column(i % columns, columns, GAP);
            Rect { top: cell.top + TITLE, bottom: cell.bottom - BELOW, ..cell }
        };
        // The first column has the names of the amounts on its left.
        let first = Plane { area: place(0, room), days, amounts: self.amounts(&measured) };
        let (plot, ticks) = Plot::new(scene, first, self.series.resource, self.units);
        let (room, amounts) = (Rect { left: plot.plane.area.left, ..room }, plot.plane.amounts);
        let width = place(0, room).width();
        let fits = |panel: &Panel, form: usize| fonts::width(&panel.titles()[form], theme::PANEL_TITLE) <= width;
        let form = (0..2).find(|&form| self.panels.iter().all(|panel| fits(panel, form))).unwrap_or(2);
        for (i, panel) in self.panels.iter().enumerate() {
            let mut plot = Plot::at(scene, Plane { area: place(i, room), days, amounts });
            let Rect { left, top, right, .. } = plot.plane.area;
            match i % columns {
                0 => plot.amount_axis(&ticks),
                _ => ticks.iter().for_each(|tick| plot.across(plot.plane.y(tick.value), theme::GRID_LINE)),
            }
            panel.draw(&mut plot, &measured);
            let title = text::shortened(&panel.titles()[form], theme::PANEL_TITLE, right - left);
            plot.scene.text(Text::new(at(left, top - 8.0), Anchor::Start, theme::PANEL_TITLE, title));
            match self.panels.get(i + columns) {
                None => plot.inner_date_axis(INSET),
                Some(_) => plot.bottom_axis(Vec::new()),
            }
        }
        let entries = [
            (Sign::line(theme::HISTORY_LINE), levels::measured_name(self.series)),
            (Sign::edged(theme::BAND_80, theme::RANGE_EDGE.color), "80 % range"),
            (Sign::Dot { color: theme::LIMIT, radius: theme::HISTORY_DOT }, "outside it"),
        ];
        let note = legend::axis_note(&Plane { area: room, days, amounts });
        legend::row(scene, (MARGIN, room.right), canvas.legend_baseline(), &entries, legend::CLOSE, note);
    }
}
