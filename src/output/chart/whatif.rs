//! Scenarios on one runway: the history, and the median level in each of them.

mod view;

use self::view::{ScenarioCurve, ScenariosView};
use super::axes::Plane;
use super::axes::dates::date_of;
use super::column::{self, ColumnLabel, LabelColumn};
use super::legend::{self, Sign};
use super::levels;
use super::plot::{Place, Plot};
use super::scene::{Anchor, Point, Rect, Scene, Text, at};
use super::theme::{self, Stroke};
use super::{Canvas, Figure, text};
use crate::model::{bytes::Units, dates, escape, series::Series};
use crate::planning::whatif::{Comparison, ScenarioForecast};

#[derive(Clone, Debug)]
pub(crate) struct WhatIfFigure<'a> {
    pub series: &'a Series,
    /// The unchanged forecast first; [`WhatIfFigure::MOST`] are drawn.
    pub scenarios: Vec<&'a ScenarioForecast>,
    pub units: Units,
}

impl<'a> WhatIfFigure<'a> {
    /// The most lines that remain distinguishable.
    pub(crate) const MOST: usize = theme::SCENARIOS.len();

    pub(crate) fn new(series: &'a Series, comparison: &'a Comparison, units: Units) -> WhatIfFigure<'a> {
        WhatIfFigure { series, scenarios: comparison.computed().collect(), units }
    }

    /// Labels the last limit of each line where there is room beside it.
    fn label_limits(&self, plot: &mut Plot, limits: &[&ScenarioCurve]) {
        let (plane, right) = (plot.plane, plot.plane.area.right);
        for (i, curve) in limits.iter().enumerate() {
            let Some(&(from, size)) = curve.limits.iter().rfind(|(from, _)| *from <= plane.days.1) else { continue };
            let shown = self.series.resource.show_number(size, self.units);
            let short = format!("{}limit {shown}", if size > plane.amounts.1 { "↑ " } else { "" });
            let (style, long) = match i {
                0 => (theme::LIMIT_LABEL, short.clone()),
                _ => (theme::EXHAUSTION_RANGE, format!("{short}: {}", escape::printable(curve.scenario.name()))),
            };
            let long = text::shortened(&long, style, LIMIT_NAME * plane.area.width());
            let (from, y) = (plane.x(from.max(plane.days.0)), plane.y(size.min(plane.amounts.1)));
            let along = |y| (0..8).map(move |i| (from + 8.0 + f64::from(i) * 0.1 * (right - from), y, Anchor::Start));
            let rows = [y - 9.0, y + 20.0];
            let ends = rows.map(|y| (right - 8.0, y, Anchor::End));
            let places: Vec<Place> = rows.into_iter().flat_map(along).chain(ends).collect();
            let label = |words: &str| {
                let text = |&(x, y, anchor): &Place| vec![Text::new(at(x, y), anchor, style, words)];
                places.iter().map(text).collect::<Vec<_>>()
            };
            plot.write(&[label(&long), label(&short)].concat());
        }
    }
}

/// The greatest share of the width for the names.
const NAMES: f64 = 0.42;
const BEYOND: &str = "beyond the horizon";
/// The greatest share of the plot's width for the label of a limit.
const LIMIT_NAME: f64 = 0.6;

impl Figure for WhatIfFigure<'_> {
    fn title(&self) -> String {
        format!("{}, {}: what if", self.series.name, self.series.resource)
    }

    fn subtitle(&self) -> String {
        "Median levels; a date is the median day on which the limit is reached".to_owned()
    }

    fn in_words(&self) -> String {
        let row = |scenario: &&ScenarioForecast| {
            let label = label(scenario);
            format!("{}: {}", label.name, label.values[0])
        };
        let scenarios: Vec<String> = self.scenarios.iter().map(row).collect();
        format!("The exhaustion date in each scenario. {}.", scenarios.join("; "))
    }

    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        let Some(view) = ScenariosView::new(self) else {
            return text::explain_empty(scene, canvas, "no scenario has a forecast");
        };
        let room = canvas.room(theme::PLOT_TOP, theme::BELOW_PLOT);
        let labels = view.curves.iter().map(|curve| label(curve.scenario)).collect();
        let column = LabelColumn::new(labels, column::LINES, room.height(), NAMES * canvas.size().0);
        let area = Rect { right: room.right - column.width(), ..room };
        let plane = Plane { area, days: view.days, amounts: view.amounts };
        let (mut plot, ticks) = Plot::new(scene, plane, self.series.resource, self.units);
        plot.amount_axis(&ticks);
        let ends = draw_curves(&mut plot, &view);
        let limits = view.distinct_limits();
        draw_limits(&mut plot, &limits);
        mark_dates(&mut plot, &view);
        let history = view.history.iter().map(|&(day, used)| plot.plane.at(day, used)).collect();
        plot.line(history, theme::HISTORY_LINE);
        mark_as_of(&mut plot, view.as_of);
        self.label_limits(&mut plot, &limits);
        plot.date_axis();
        let Plot { scene, plane, .. } = plot;
        column.draw(scene, plane.area, &ends);
        let signs = [
            (Sign::line(theme::HISTORY_LINE), levels::measured_name(self.series)),
            (Sign::Ring(theme::INK), "median exhaustion date"),
            (Sign::line(Stroke::solid(theme::INK, theme::AXIS_WIDTH)), "beyond the limit"),
        ];
        let (edges, note) = ((plane.area.left, room.right), legend::axis_note(&plane));
        legend::row(scene, edges, canvas.legend_baseline(), &signs, legend::CLOSE, note);
    }
}

/// The name of a scenario, and its exhaustion date.
fn label(scenario: &ScenarioForecast) -> ColumnLabel {
    let on = scenario.forecast.exhaustion().unwrap_or_default();
    let values = match (on.p10, on.p50, on.p90) {
        (_, None, _) if scenario.limits.is_empty() => vec!["no limit is known".to_owned()],
        (Some(from), None, _) => {
            vec![format!("{BEYOND}; 10 % by {}", dates::day(from)), BEYOND.to_owned(), "beyond".to_owned()]
        }
        (None, None, _) => vec![BEYOND.to_owned(), "beyond".to_owned()],
        (Some(from), Some(median), Some(to)) => {
            let median = dates::day(median);
            vec![format!("{median} (80 %: {})", dates::days(from, to)), median]
        }
        (_, Some(median), _) => vec![dates::day(median)],
    };
    ColumnLabel { name: scenario.name().to_owned(), values }
}

/// Draws each median, thin beyond its date; returns the height of its end and its sign.
fn draw_curves(plot: &mut Plot, view: &ScenariosView) -> Vec<(f64, Sign)> {
    let plane = plot.plane;
    let mut ends = Vec::new();
    // The unchanged forecast is in front.
    for curve in view.curves.iter().rev() {
        let [before, beyond] =
            curve.split().map(|line| -> Vec<Point> { line.into_iter().map(|level| plane.clamped(level)).collect() });
        let stroke = theme::SCENARIOS[curve.place];
        ends.push((beyond.last().or(before.last()).map_or(plane.area.bottom, |point| point.y), Sign::line(stroke)));
        plot.line(beyond, Stroke::solid(stroke.color, theme::AXIS_WIDTH));
        plot.line(before, stroke);
    }
    ends.reverse();
    ends
}

/// Marks the median dates on the limits.
fn mark_dates(plot: &mut Plot, view: &ScenariosView) {
    for curve in view.curves.iter().rev() {
        let reached = curve.reached.filter(|&day| day <= plot.plane.days.1);
        let limit = reached.and_then(|day| Some((day, levels::limit_on(&curve.limits, day)?)));
        let Some((day, limit)) = limit.filter(|(_, limit)| *limit <= plot.plane.amounts.1) else { continue };
        let center = plot.plane.at(day, limit);
        plot.scene.ring(center, theme::RING, theme::SCENARIOS[curve.place].color);
        plot.occupied.take(Rect::around(center, 8.0));
    }
}

/// A line at the last observation.
fn mark_as_of(plot: &mut Plot, as_of: f64) {
    let (x, Rect { top, bottom, .. }) = (plot.plane.x(as_of), plot.plane.area);
    plot.scene.segment(at(x, top), at(x, bottom), theme::THIN_LINE);
    plot.occupied.cross(x);
    let places = [bottom - 10.0, top + 16.0, bottom - 32.0]
        .into_iter()
        .flat_map(|y| [(x + 6.0, y, Anchor::Start), (x - 6.0, y, Anchor::End)]);
    plot.label(&format!("as of {}", dates::day(date_of(as_of))), theme::TICK, places);
}

/// Draws the unchanged limits, then those of scenarios that differ.
fn draw_limits(plot: &mut Plot, limits: &[&ScenarioCurve]) {
    let plane = plot.plane;
    for (i, curve) in limits.iter().enumerate() {
        let in_view = curve.limits.iter().any(|(from, size)| *from <= plane.days.1 && *size <= plane.amounts.1);
        let line = if in_view { levels::steps(&plane, &curve.limits) } else { Vec::new() };
        plot.line(line, if i == 0 { theme::LIMIT_LINE } else { theme::SCENARIO_LIMIT_LINE });
    }
}
