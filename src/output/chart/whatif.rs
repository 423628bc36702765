//! Scenarios on one runway: the history, and the median level in each of them.

mod view;

use self::view::ScenariosView;
use super::axes::dates::date_of;
use super::axes::{Plane, edges};
use super::column::{self, ColumnLabel, LabelColumn};
use super::labels::{Occupied, write};
use super::legend::{self, Sign};
use super::scene::{Anchor, Point, Rect, Scene, Text, at};
use super::theme::{self, MARGIN};
use super::{Canvas, Figure, empty_chart, limits, numbers, text};
use crate::model::bytes::Units;
use crate::model::series::Series;
use crate::model::{dates, escape};
use crate::planning::whatif::{Comparison, ScenarioForecast};

/// A series under several scenarios.
#[derive(Clone, Debug)]
pub(crate) struct WhatIfFigure<'a> {
    pub series: &'a Series,
    /// The unchanged forecast first; [`WhatIfFigure::MOST`] are drawn.
    pub scenarios: Vec<&'a ScenarioForecast>,
    pub units: Units,
}

impl<'a> WhatIfFigure<'a> {
    /// The number of lines that can be told apart.
    pub(crate) const MOST: usize = theme::SCENARIOS.len();

    pub(crate) fn new(series: &'a Series, comparison: &'a Comparison, units: Units) -> WhatIfFigure<'a> {
        WhatIfFigure { series, scenarios: comparison.computed().collect(), units }
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

    fn description(&self) -> String {
        let row = |scenario: &&ScenarioForecast| {
            let label = label(scenario);
            format!("{}: {}", label.name, label.values[0])
        };
        let scenarios: Vec<String> = self.scenarios.iter().map(row).collect();
        format!("{} The day on which it is full in each scenario. {}.", self.subtitle(), scenarios.join("; "))
    }

    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        let (width, height) = canvas.size();
        let Some(view) = ScenariosView::new(self) else {
            return empty_chart::explain(scene, canvas, "no scenario has a forecast");
        };
        let room =
            Rect { left: MARGIN, top: theme::PLOT_TOP, right: width - MARGIN, bottom: height - theme::BELOW_PLOT };
        let labels = view.curves.iter().map(|curve| label(curve.scenario)).collect();
        let column = LabelColumn::new(labels, column::LINES, room.height(), NAMES * width);
        let room = Rect { right: room.right - column.width(), ..room };
        let (plane, ticks) = edges::plane(room, view.days, view.amounts, (self.series.resource, self.units));
        edges::amount_axis(scene, &plane, &ticks);
        let mut occupied = Occupied::new(plane.area);
        let ends = draw_curves(scene, &view, &plane, &mut occupied);
        let limits = draw_limits(scene, &view, &plane, &mut occupied);
        mark_dates(scene, &view, &plane, &mut occupied);
        let history: Vec<Point> = view.history.iter().map(|&(day, used)| plane.at(day, used)).collect();
        occupied.take_line(&history);
        scene.line(history, theme::HISTORY, theme::HISTORY_WIDTH);
        mark_as_of(scene, &view, &plane, &mut occupied);
        self.label_limits(scene, &limits, &plane, &mut occupied);
        edges::date_axis(scene, &plane);
        column.draw(scene, plane.area, &ends);
        let signs = [
            (Sign::line(theme::HISTORY, theme::HISTORY_WIDTH), "measured"),
            (Sign::Ring { color: theme::INK }, "median date on which it is full"),
            (Sign::line(theme::INK, theme::AXIS_WIDTH), "beyond the limit"),
        ];
        let note = if plane.amounts.0 > 0.0 { &legend::NOT_FROM_ZERO[..] } else { &[] };
        legend::row_and_note(scene, (plane.area.left, width - MARGIN), height, &signs, note);
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

/// Draws each median, thin beyond its date; returns the height of its end.
fn draw_curves(scene: &mut Scene, view: &ScenariosView, plane: &Plane, occupied: &mut Occupied) -> Vec<(f64, Sign)> {
    let mut ends = Vec::new();
    // The unchanged forecast is in front.
    for curve in view.curves.iter().rev() {
        let clamped = |(day, used): (f64, f64)| plane.at(day, used.clamp(plane.amounts.0, plane.amounts.1));
        let (before, beyond) = curve.split();
        let (before, beyond): (Vec<Point>, Vec<Point>) =
            (before.into_iter().map(clamped).collect(), beyond.into_iter().map(clamped).collect());
        let (color, dash) = (theme::SCENARIOS[curve.place], theme::SCENARIO_DASHES[curve.place]);
        occupied.take_line(&before);
        occupied.take_line(&beyond);
        let last = beyond.last().or(before.last()).map_or(plane.area.bottom, |point| point.y);
        scene.line(beyond, color, theme::AXIS_WIDTH);
        match dash {
            Some(dash) => scene.dashed(before, color, theme::SCENARIO_WIDTH, dash),
            None => scene.line(before, color, theme::SCENARIO_WIDTH),
        }
        ends.push((last, Sign::Line { color, width: theme::SCENARIO_WIDTH, dash, dot: None }));
    }
    ends.reverse();
    ends
}

/// Marks the median dates on the limits.
fn mark_dates(scene: &mut Scene, view: &ScenariosView, plane: &Plane, occupied: &mut Occupied) {
    for curve in view.curves.iter().rev() {
        let reached = curve.reached.filter(|&day| day <= plane.days.1);
        let Some((day, limit)) = reached.and_then(|day| Some((day, limits::on(&curve.limits, day)?))) else {
            continue;
        };
        if limit > plane.amounts.1 {
            continue;
        }
        let center = plane.at(day, limit);
        legend::ring(scene, center, theme::SCENARIOS[curve.place]);
        occupied.take(Rect { left: center.x, top: center.y, right: center.x, bottom: center.y }.grown(8.0));
    }
}

/// A line at the last observation.
fn mark_as_of(scene: &mut Scene, view: &ScenariosView, plane: &Plane, occupied: &mut Occupied) {
    let x = plane.x(view.as_of);
    scene.line(vec![at(x, plane.area.top), at(x, plane.area.bottom)], theme::AXIS, theme::HAIRLINE);
    occupied.cross(x);
    let words = format!("as of {}", dates::day(date_of(view.as_of)));
    let label =
        |x: f64, y: f64, anchor| vec![Text { at: at(x, y), anchor, style: theme::AS_OF_LABEL, text: words.clone() }];
    let ys = [plane.area.bottom - 10.0, plane.area.top + 16.0, plane.area.bottom - 32.0];
    let places: Vec<_> =
        ys.into_iter().flat_map(|y| [label(x + 6.0, y, Anchor::Start), label(x - 6.0, y, Anchor::End)]).collect();
    write(scene, occupied.place(&places));
}

/// A limit in the plot.
struct DrawnLimit<'a> {
    /// Where it begins.
    x: f64,
    size: f64,
    /// The scenario that has it; `None` for the unchanged forecast.
    scenario: Option<&'a str>,
}

/// Draws the unchanged limit, and those of scenarios that differ.
fn draw_limits<'a>(
    scene: &mut Scene,
    view: &ScenariosView<'a>,
    plane: &Plane,
    occupied: &mut Occupied,
) -> Vec<DrawnLimit<'a>> {
    let mut drawn: Vec<&[(f64, f64)]> = Vec::new();
    let mut named = Vec::new();
    for curve in &view.curves {
        let Some(&(from, last)) = curve.limits.iter().rfind(|(from, _)| *from <= view.days.1) else { continue };
        if drawn.contains(&&curve.limits[..]) {
            continue;
        }
        let in_view = curve.limits.iter().any(|(from, size)| *from <= plane.days.1 && *size <= plane.amounts.1);
        let line = if in_view { limits::steps(plane, &curve.limits) } else { Vec::new() };
        occupied.take_line(&line);
        match drawn.is_empty() {
            true => scene.line(line, theme::LIMIT, theme::LIMIT_WIDTH),
            false => scene.dashed(line, theme::LIMIT, theme::MARK_WIDTH, theme::IDEAL_DASH),
        }
        let scenario = (!drawn.is_empty()).then_some(curve.scenario.name());
        named.push(DrawnLimit { x: plane.x(from.max(plane.days.0)), size: last, scenario });
        drawn.push(&curve.limits);
    }
    named
}

impl WhatIfFigure<'_> {
    /// Labels the limits where there is room beside their ends.
    fn label_limits(&self, scene: &mut Scene, named: &[DrawnLimit], plane: &Plane, occupied: &mut Occupied) {
        let area = plane.area;
        for DrawnLimit { x: from, size, scenario } in named {
            let shown = numbers::amount(self.series.resource, *size, self.units);
            let short = format!("{}limit {shown}", if *size > plane.amounts.1 { "↑ " } else { "" });
            let (style, long) = match scenario {
                None => (theme::LIMIT_LABEL, short.clone()),
                Some(scenario) => (theme::EXHAUSTION_RANGE, format!("{short}: {}", escape::printable(scenario))),
            };
            let long = text::shortened(&long, style, LIMIT_NAME * area.width());
            let y = plane.y(size.min(plane.amounts.1));
            let along =
                |y: f64| (0..8).map(move |i| (from + 8.0 + f64::from(i) * 0.1 * (area.right - from), y, Anchor::Start));
            let rows = [y - 9.0, y + 20.0];
            let ends = rows.into_iter().map(|y| (area.right - 8.0, y, Anchor::End));
            let stands: Vec<(f64, f64, Anchor)> = rows.into_iter().flat_map(along).chain(ends).collect();
            let label = |words: &String, &(x, y, anchor): &(f64, f64, Anchor)| {
                vec![Text { at: at(x, y), anchor, style, text: words.clone() }]
            };
            let places: Vec<_> =
                [&long, &short].into_iter().flat_map(|words| stands.iter().map(|stand| label(words, stand))).collect();
            write(scene, occupied.place(&places));
        }
    }
}
