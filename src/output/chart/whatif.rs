//! Scenarios on one runway: the history, and how it goes on in each of them.

mod view;

use jiff::civil::Date;

use self::view::View;
use super::axes::dates::date_of;
use super::axes::{Plane, edges};
use super::column::{self, Column, Label};
use super::labels::{Occupied, write};
use super::legend::{self, Sign};
use super::scene::{Anchor, Point, Rect, Scene, Text, at};
use super::theme::{self, MARGIN};
use super::{Canvas, figures, headings, limits, quiet, text};
use crate::forecast::Quantiles;
use crate::model::bytes::Units;
use crate::model::series::Series;
use crate::model::{dates, escape};

/// What a chart of scenarios shows: the history, and the level as each scenario has it.
#[derive(Clone, Copy, Debug)]
pub struct WhatIf<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// The history.
    pub series: &'a Series,
    /// The scenarios, that in which all goes on as it does first; [`WhatIf::MOST`] are shown.
    pub scenarios: &'a [ScenarioLine<'a>],
    /// How sizes are written.
    pub units: Units,
}

impl WhatIf<'_> {
    /// So many lines can be told apart, and are shown at most.
    pub const MOST: usize = theme::SCENARIOS.len();
}

/// The level as a scenario has it. Amounts are in units of the resource.
#[derive(Clone, Copy, Debug)]
pub struct ScenarioLine<'a> {
    /// What is done: `retain=Trash:30d`.
    pub name: &'a str,
    /// The median level on days to come, in order.
    pub level: &'a [(Date, f64)],
    /// The limits that hold in it, each from a day on, in order.
    pub limits: &'a [(Date, f64)],
    /// The days on which its limit is reached; `None` beyond the horizon.
    pub exhaustion: Quantiles<Option<Date>>,
}

/// The names take at most this part of the width.
const NAMES: f64 = 0.42;
/// What is said where a limit is not reached.
const BEYOND: &str = "beyond the horizon";
/// A limit of one scenario is named with at most this part of the plot's width.
const LIMIT_NAME: f64 = 0.6;

/// Composes the picture.
pub(crate) fn scene(chart: &WhatIf, canvas: Canvas) -> Scene {
    let (width, height) = (f64::from(canvas.width), f64::from(canvas.height));
    let mut scene = Scene::default();
    headings::headings(&mut scene, chart.title, chart.verdict, width);
    let shown = &chart.scenarios[..chart.scenarios.len().min(WhatIf::MOST)];
    let Some(view) = View::of(chart, shown) else {
        quiet::nothing_yet(&mut scene, canvas, "no scenario has a forecast");
        return scene;
    };
    let room = Rect { left: MARGIN, top: theme::PLOT_TOP, right: width - MARGIN, bottom: height - theme::BELOW_PLOT };
    let labels = view.courses.iter().map(|course| label(course.scenario)).collect();
    let column = Column::of(labels, column::LINES, room.height(), NAMES * width);
    let room = Rect { right: room.right - column.width(), ..room };
    let (plane, ticks) = edges::plane(room, view.days, view.amounts, (chart.series.resource, chart.units));
    edges::amount_axis(&mut scene, &plane, &ticks);
    let mut occupied = Occupied::new(plane.area);
    let ends = courses(&mut scene, &view, &plane, &mut occupied);
    let limits = draw_limits(&mut scene, &view, &plane, &mut occupied);
    rings(&mut scene, &view, &plane, &mut occupied);
    let history: Vec<Point> = view.history.iter().map(|&(day, used)| plane.at(day, used)).collect();
    occupied.take_line(&history);
    scene.line(history, theme::HISTORY, theme::HISTORY_WIDTH);
    as_of(&mut scene, &view, &plane, &mut occupied);
    name_limits(&mut scene, chart, &limits, &plane, &mut occupied);
    edges::date_axis(&mut scene, &plane);
    column.draw(&mut scene, plane.area, &ends);
    let signs = [
        (Sign::line(theme::HISTORY, theme::HISTORY_WIDTH), "measured"),
        (Sign::Ring { color: theme::INK }, "median date on which it is full"),
        (Sign::line(theme::INK, theme::AXIS_WIDTH), "beyond the limit"),
    ];
    let note = if plane.amounts.0 > 0.0 { &legend::NOT_FROM_ZERO[..] } else { &[] };
    legend::row_and_note(&mut scene, (plane.area.left, width - MARGIN), height, &signs, note);
    scene
}

/// The picture in words.
pub(crate) fn told(chart: &WhatIf) -> String {
    let told = |scenario: &ScenarioLine| {
        let label = label(scenario);
        format!("{}: {}", label.name, label.figures[0])
    };
    let scenarios: Vec<String> = chart.scenarios.iter().map(told).collect();
    format!("The day on which it is full in each scenario. {}.", scenarios.join("; "))
}

/// The name of a scenario, and when its limit is reached.
fn label(scenario: &ScenarioLine) -> Label {
    let on = scenario.exhaustion;
    let figures = match (on.p10, on.p50, on.p90) {
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
    Label { name: scenario.name.to_owned(), figures }
}

/// Draws each median: as a broken line up to its date, and thin beyond; returns where each ends.
fn courses(scene: &mut Scene, view: &View, plane: &Plane, occupied: &mut Occupied) -> Vec<(f64, Sign)> {
    let mut ends = Vec::new();
    // That in which all goes on lies in front.
    for course in view.courses.iter().rev() {
        let held = |(day, used): (f64, f64)| plane.at(day, used.clamp(plane.amounts.0, plane.amounts.1));
        let (before, beyond) = course.split();
        let (before, beyond): (Vec<Point>, Vec<Point>) =
            (before.into_iter().map(held).collect(), beyond.into_iter().map(held).collect());
        let (color, dash) = (theme::SCENARIOS[course.place], theme::SCENARIO_DASHES[course.place]);
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
fn rings(scene: &mut Scene, view: &View, plane: &Plane, occupied: &mut Occupied) {
    for course in view.courses.iter().rev() {
        let reached = course.reached.filter(|&day| day <= plane.days.1);
        let Some((day, limit)) = reached.and_then(|day| Some((day, limits::on(&course.limits, day)?))) else {
            continue;
        };
        if limit > plane.amounts.1 {
            continue;
        }
        let center = plane.at(day, limit);
        legend::ring(scene, center, theme::SCENARIOS[course.place]);
        occupied.take(Rect { left: center.x, top: center.y, right: center.x, bottom: center.y }.grown(8.0));
    }
}

/// A line at the last observation.
fn as_of(scene: &mut Scene, view: &View, plane: &Plane, occupied: &mut Occupied) {
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

/// A limit that is drawn: from which place on it is what size, and whose it is if not everyone's.
type Named<'a> = (f64, f64, Option<&'a str>);

/// Draws the limit that holds as all goes on, and those of scenarios that differ from it.
fn draw_limits<'a>(scene: &mut Scene, view: &View<'a>, plane: &Plane, occupied: &mut Occupied) -> Vec<Named<'a>> {
    let mut drawn: Vec<&[(f64, f64)]> = Vec::new();
    let mut named = Vec::new();
    for course in &view.courses {
        let Some(&(from, last)) = course.limits.iter().rfind(|(from, _)| *from <= view.days.1) else { continue };
        if drawn.contains(&&course.limits[..]) {
            continue;
        }
        let in_view = course.limits.iter().any(|(from, size)| *from <= plane.days.1 && *size <= plane.amounts.1);
        let line = if in_view { limits::steps(plane, &course.limits) } else { Vec::new() };
        occupied.take_line(&line);
        match drawn.is_empty() {
            true => scene.line(line, theme::LIMIT, theme::LIMIT_WIDTH),
            false => scene.dashed(line, theme::LIMIT, theme::MARK_WIDTH, theme::IDEAL_DASH),
        }
        named.push((plane.x(from.max(plane.days.0)), last, (!drawn.is_empty()).then_some(course.scenario.name)));
        drawn.push(&course.limits);
    }
    named
}

/// Names the limits where there is room beside their ends.
fn name_limits(scene: &mut Scene, chart: &WhatIf, named: &[Named], plane: &Plane, occupied: &mut Occupied) {
    let area = plane.area;
    for (from, size, whose) in named {
        let shown = figures::amount(chart.series.resource, *size, chart.units);
        let short = format!("{}limit {shown}", if *size > plane.amounts.1 { "↑ " } else { "" });
        let (style, long) = match whose {
            None => (theme::LIMIT_LABEL, short.clone()),
            Some(whose) => (theme::EXHAUSTION_RANGE, format!("{short}: {}", escape::printable(whose))),
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
