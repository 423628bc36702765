//! The flows: what came upwards, what went downwards, and the net of it as a line.

use jiff::civil::Date;

use super::axes::{Plane, Tick, amounts, dates, edges};
use super::labels::{Occupied, write};
use super::legend::{self, Sign};
use super::scene::{Anchor, Point, Rect, Scene, Text, at};
use super::theme::{self, MARGIN, Rgb};
use super::{Canvas, figures, headings, quiet};
use crate::model::bytes::Units;
use crate::model::dates::days;
use crate::model::series::Resource;

/// What a chart of flows shows: what came and what went.
#[derive(Clone, Copy, Debug)]
pub struct Flows<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// The periods, weeks as a rule, in order.
    pub weeks: &'a [WeekFlow],
    /// How sizes are written.
    pub units: Units,
}

/// What came and what went in a period, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct WeekFlow {
    /// The day of the scan before.
    pub from: Date,
    /// The day of the scan at its end.
    pub to: Date,
    /// What came.
    pub arrived: u64,
    /// What went.
    pub deleted: u64,
}

/// A flow so many times the ninth of ten is cut off, or all others would be pressed flat.
const WILD: f64 = 4.0;
/// What is shown of a side with such a flow, in ninths of ten.
const CUT: f64 = 1.8;
/// What stays free beyond the largest flow of a side.
const AIR: f64 = 1.06;
/// What stays free beyond a flow that is cut off, for its amount, in pixels.
const CUT_ROOM: f64 = 24.0;
/// Bars narrower than this have no gap between them, in pixels.
const NARROW: f64 = 4.0;
/// With so many periods or more, the net of each is not marked.
const MARKED: usize = 60;
/// Periods are told together until each has so many pixels.
const NARROWEST: f64 = 5.0;

/// A period at the pace of a week.
#[derive(Clone, Copy, Debug)]
struct Pace {
    from: f64,
    to: f64,
    arrived: f64,
    deleted: f64,
}

impl Pace {
    fn of(flow: &WeekFlow) -> Pace {
        let (from, to) = (dates::midnight(flow.from), dates::midnight(flow.to));
        // Two scans of one day are a day apart at least for the eye.
        let to = to.max(from + 1.0);
        let a_week = |amount: u64| amount as f64 * 7.0 / (to - from);
        Pace { from, to, arrived: a_week(flow.arrived), deleted: a_week(flow.deleted) }
    }

    fn net(&self) -> f64 {
        self.arrived - self.deleted
    }
}

/// Composes the picture.
pub(crate) fn scene(chart: &Flows, canvas: Canvas) -> Scene {
    let (width, height) = (f64::from(canvas.width), f64::from(canvas.height));
    let mut scene = Scene::default();
    headings::headings(&mut scene, chart.title, chart.verdict, width);
    if chart.weeks.is_empty() {
        quiet::nothing_yet(&mut scene, canvas, "two scans are needed to tell what came and what went");
        return scene;
    }
    let room = Rect { left: MARGIN, top: theme::PLOT_TOP, right: width - MARGIN, bottom: height - theme::BELOW_PLOT };
    let weeks = together(chart.weeks, room.width());
    let paces: Vec<Pace> = weeks.iter().map(Pace::of).collect();
    let (up, down) = (reach(&paces, |pace| pace.arrived), reach(&paces, |pace| pace.deleted));
    let (plane, ticks) = plane(chart, &paces, (up, down), room);
    edges::amount_axis(&mut scene, &plane, &ticks);
    for pace in &paces {
        bar(&mut scene, &plane, pace, pace.arrived.min(up), theme::ARRIVED);
        bar(&mut scene, &plane, pace, -pace.deleted.min(down), theme::DELETED);
    }
    let zero = plane.y(0.0);
    scene.line(vec![at(plane.area.left, zero), at(plane.area.right, zero)], theme::AXIS, theme::AXIS_WIDTH);
    net(&mut scene, &plane, &paces, (up, down));
    cut_off(&mut scene, chart, &plane, &paces, (up, down));
    edges::date_axis(&mut scene, &plane);
    let dot = (paces.len() < MARKED).then_some(theme::HISTORY_DOT);
    let signs = [
        (Sign::filled(theme::ARRIVED), "arrived"),
        (Sign::filled(theme::DELETED), "deleted"),
        (Sign::Line { color: theme::INK, width: theme::MEDIAN_WIDTH, dash: None, dot }, "net"),
    ];
    let is_a_week = |week: &WeekFlow| (week.to - week.from).get_days() == 7;
    let note = if weeks.iter().all(is_a_week) { &[][..] } else { &["height: at the pace of a week"] };
    legend::row_and_note(&mut scene, (plane.area.left, plane.area.right), height, &signs, note);
    scene
}

/// The picture in words.
pub(crate) fn told(chart: &Flows) -> String {
    let (Some(first), Some(last)) = (chart.weeks.first(), chart.weeks.last()) else { return String::new() };
    let sum = |amount: fn(&WeekFlow) -> u64| chart.weeks.iter().map(|week| amount(week) as f64).sum();
    let show = |amount: f64| figures::amount(Resource::Bytes, amount, chart.units);
    let (arrived, deleted): (f64, f64) = (sum(|week| week.arrived), sum(|week| week.deleted));
    let net = figures::change(Resource::Bytes, arrived - deleted, chart.units);
    let days = days(first.from, last.to);
    format!("Week by week, {days}: {} arrived in all, {} were deleted, net {net}.", show(arrived), show(deleted))
}

/// The periods, as many of them in one as is needed for bars that can be seen.
fn together(weeks: &[WeekFlow], width: f64) -> Vec<WeekFlow> {
    let each = (weeks.len() as f64 * NARROWEST / width).ceil().max(1.0) as usize;
    let one = |weeks: &[WeekFlow]| {
        let sum = |amount: fn(&WeekFlow) -> u64| weeks.iter().map(amount).fold(0, u64::saturating_add);
        let (from, to) = (weeks[0].from, weeks[weeks.len() - 1].to);
        WeekFlow { from, to, arrived: sum(|week| week.arrived), deleted: sum(|week| week.deleted) }
    };
    // From the newest on, so that the last bar is whole.
    let mut groups: Vec<WeekFlow> = weeks.rchunks(each).map(one).collect();
    groups.reverse();
    groups
}

/// How far a side reaches: to its largest flow, unless that is wild.
fn reach(paces: &[Pace], amount: fn(&Pace) -> f64) -> f64 {
    let mut amounts: Vec<f64> = paces.iter().map(amount).filter(|&amount| amount > 0.0).collect();
    amounts.sort_by(f64::total_cmp);
    let Some(&largest) = amounts.last() else { return 0.0 };
    let ninth = amounts[(amounts.len() * 9 / 10).min(amounts.len() - 1)];
    if largest > WILD * ninth { CUT * ninth } else { largest }
}

/// The plot with zero within it, and the amounts to name on both sides of it.
fn plane(chart: &Flows, paces: &[Pace], (up, down): (f64, f64), room: Rect) -> (Plane, Vec<Tick>) {
    let is_cut = |amount: fn(&Pace) -> f64, reach: f64| paces.iter().any(|pace| amount(pace) > reach);
    let whole = (up + down).max(1.0);
    let beyond = |reach: f64, cut: bool| reach * AIR + if cut { CUT_ROOM / room.height() * whole } else { 0.0 };
    let high = beyond(up, is_cut(|pace| pace.arrived, up)).max(whole * 0.02);
    let low = -beyond(down, is_cut(|pace| pace.deleted, down));
    let most = high.max(-low);
    let at_most = (edges::amounts_in(room.height()) as f64 * most / (high - low)).round().max(1.0) as usize;
    let above = amounts::ticks((0.0, most), Resource::Bytes, chart.units, at_most);
    let below = above.iter().filter(|tick| tick.value > 0.0 && -tick.value >= low).map(|tick| Tick {
        value: -tick.value,
        label: format!("\u{2212}{}", tick.label),
        below: None,
    });
    let ticks: Vec<Tick> = above.iter().filter(|tick| tick.value <= high).cloned().chain(below).collect();
    let days = (paces[0].from, paces.iter().map(|pace| pace.to).fold(paces[0].to, f64::max));
    (Plane { area: edges::beside(room, &ticks), days, amounts: (low, high) }, ticks)
}

fn bar(scene: &mut Scene, plane: &Plane, pace: &Pace, amount: f64, color: Rgb) {
    let (left, right) = (plane.x(pace.from), plane.x(pace.to));
    let gap = if right - left < NARROW { 0.0 } else { ((right - left) * 0.12).min(3.0) };
    let (zero, end) = (plane.y(0.0), plane.y(amount));
    if amount != 0.0 {
        let bar = Rect { left: left + gap, right: right - gap, top: zero.min(end), bottom: zero.max(end) };
        scene.area(bar.corners(), color);
    }
}

/// Draws what came less what went, on a seam that keeps it apart from the bars.
fn net(scene: &mut Scene, plane: &Plane, paces: &[Pace], (up, down): (f64, f64)) {
    let point = |pace: &Pace| plane.at((pace.from + pace.to) / 2.0, pace.net().clamp(-down, up));
    let points: Vec<Point> = paces.iter().map(point).collect();
    scene.line(points.clone(), theme::PAPER, theme::MEDIAN_WIDTH + 2.0 * theme::SEAM);
    scene.line(points.clone(), theme::INK, theme::MEDIAN_WIDTH);
    if points.len() < MARKED {
        for point in points {
            scene.dot(point, theme::HISTORY_DOT + theme::SEAM, theme::PAPER);
            scene.dot(point, theme::HISTORY_DOT, theme::INK);
        }
    }
}

/// Writes the amounts of flows that are cut off at their ends, the largest first.
fn cut_off(scene: &mut Scene, chart: &Flows, plane: &Plane, paces: &[Pace], (up, down): (f64, f64)) {
    let above = paces.iter().filter(|pace| pace.arrived > up).map(|pace| (pace, pace.arrived, "↑"));
    let below = paces.iter().filter(|pace| pace.deleted > down).map(|pace| (pace, -pace.deleted, "↓"));
    let mut cut: Vec<(&Pace, f64, &str)> = above.chain(below).collect();
    cut.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let mut occupied = Occupied::new(plane.area);
    for (pace, amount, arrow) in cut {
        let middle = plane.x((pace.from + pace.to) / 2.0);
        let y = if amount > 0.0 { plane.y(up) - 7.0 } else { plane.y(-down) + 17.0 };
        let words = format!("{arrow} {}", figures::amount(Resource::Bytes, amount.abs(), chart.units));
        let label =
            |anchor, x: f64| vec![Text { at: at(x, y), anchor, style: theme::EVENT_LABEL, text: words.clone() }];
        let places =
            [label(Anchor::Middle, middle), label(Anchor::Start, middle - 5.0), label(Anchor::End, middle + 5.0)];
        write(scene, occupied.place(&places));
    }
}
