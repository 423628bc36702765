//! Arrivals upwards, deletions downwards, and the net change as a line.

use super::axes::{Plane, Tick, amounts, dates, edges};
use super::labels::{Occupied, write};
use super::legend::{self, Sign};
use super::scene::{Anchor, Point, Rect, Scene, Text, at};
use super::theme::{self, MARGIN, Rgb};
use super::{Canvas, Figure, empty_chart, numbers};
use crate::model::bytes::Units;
use crate::model::dates::days;
use crate::model::series::Resource;
use crate::planning::growth::flows::{self, ScanFlow};
use crate::planning::growth::timeline::StoreTimeline;

/// The mail that arrived at a store and was deleted from it between its scans.
#[derive(Clone, Debug)]
pub(crate) struct FlowsFigure<'a> {
    pub store: &'a str,
    /// The oldest first.
    pub flows: Vec<ScanFlow>,
    pub units: Units,
}

impl<'a> FlowsFigure<'a> {
    pub(crate) fn new(timeline: &'a StoreTimeline, units: Units) -> FlowsFigure<'a> {
        FlowsFigure { store: &timeline.store, flows: flows::between_scans(timeline), units }
    }

    fn show(&self, bytes: f64) -> String {
        numbers::amount(Resource::Bytes, bytes, self.units)
    }
}

/// A flow above this multiple of the 90 % quantile is cut: the others would be too low to read.
const WILD: f64 = 4.0;
/// The height of a side with such a flow, as a multiple of the 90 % quantile.
const CUT: f64 = 1.8;
/// The largest flow of a side times this is the end of the axis.
const AIR: f64 = 1.06;
/// The room for the label of a bar that is cut, in pixels.
const CUT_ROOM: f64 = 24.0;
/// Bars narrower than this have no gap between them, in pixels.
const NARROW: f64 = 4.0;
/// From this number of periods on, the net line has no dots.
const MARKED: usize = 60;
/// The least width of a period, in pixels; narrower ones are merged.
const NARROWEST: f64 = 5.0;

/// Bytes a week over a period.
#[derive(Clone, Copy, Debug)]
struct WeeklyRate {
    from: f64,
    to: f64,
    arrived: f64,
    deleted: f64,
}

impl WeeklyRate {
    fn new(flow: &ScanFlow) -> WeeklyRate {
        let (from, to) = (dates::midnight(flow.from), dates::midnight(flow.to));
        // Two scans on one day are drawn a day apart.
        let to = to.max(from + 1.0);
        let a_week = |bytes: u64| bytes as f64 * 7.0 / (to - from);
        WeeklyRate { from, to, arrived: a_week(arrived(flow)), deleted: a_week(deleted(flow)) }
    }

    fn net(&self) -> f64 {
        self.arrived - self.deleted
    }
}

fn arrived(flow: &ScanFlow) -> u64 {
    bytes(flow.bytes.arrived + flow.bytes.imported)
}

fn deleted(flow: &ScanFlow) -> u64 {
    bytes(flow.bytes.deleted.abs())
}

fn bytes(bytes: i128) -> u64 {
    u64::try_from(bytes).unwrap_or(if bytes < 0 { 0 } else { u64::MAX })
}

impl Figure for FlowsFigure<'_> {
    fn title(&self) -> String {
        format!("{}: what came and what went", self.store)
    }

    fn subtitle(&self) -> String {
        "Bytes of messages that arrived and stayed, and of those that went, from scan to scan".to_owned()
    }

    fn description(&self) -> String {
        let (Some(first), Some(last)) = (self.flows.first(), self.flows.last()) else { return self.subtitle() };
        let sum = |bytes: fn(&ScanFlow) -> u64| self.flows.iter().map(|flow| bytes(flow) as f64).sum();
        let (arrived, deleted): (f64, f64) = (sum(arrived), sum(deleted));
        let net = numbers::change(Resource::Bytes, arrived - deleted, self.units);
        format!(
            "{} Week by week, {}: {} arrived in all, {} were deleted, net {net}.",
            self.subtitle(),
            days(first.from, last.to),
            self.show(arrived),
            self.show(deleted)
        )
    }

    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        let (width, height) = canvas.size();
        if self.flows.is_empty() {
            return empty_chart::explain(scene, canvas, "two scans are needed to tell what came and what went");
        }
        let room =
            Rect { left: MARGIN, top: theme::PLOT_TOP, right: width - MARGIN, bottom: height - theme::BELOW_PLOT };
        let flows = merged(&self.flows, room.width());
        let rates: Vec<WeeklyRate> = flows.iter().map(WeeklyRate::new).collect();
        let (up, down) = (reach(&rates, |rate| rate.arrived), reach(&rates, |rate| rate.deleted));
        let (plane, ticks) = plane(&rates, (up, down), room, self.units);
        edges::amount_axis(scene, &plane, &ticks);
        for rate in &rates {
            draw_bar(scene, &plane, rate, rate.arrived.min(up), theme::ARRIVED);
            draw_bar(scene, &plane, rate, -rate.deleted.min(down), theme::DELETED);
        }
        let zero = plane.y(0.0);
        scene.line(vec![at(plane.area.left, zero), at(plane.area.right, zero)], theme::AXIS, theme::AXIS_WIDTH);
        draw_net(scene, &plane, &rates, (up, down));
        self.label_cut_bars(scene, &plane, &rates, (up, down));
        edges::date_axis(scene, &plane);
        let dot = (rates.len() < MARKED).then_some(theme::HISTORY_DOT);
        let signs = [
            (Sign::filled(theme::ARRIVED), "arrived"),
            (Sign::filled(theme::DELETED), "deleted"),
            (Sign::Line { color: theme::INK, width: theme::MEDIAN_WIDTH, dash: None, dot }, "net"),
        ];
        let is_a_week = |flow: &ScanFlow| (flow.to - flow.from).get_days() == 7;
        let note = if flows.iter().all(is_a_week) { &[][..] } else { &["height: at the pace of a week"] };
        legend::row_and_note(scene, (plane.area.left, plane.area.right), height, &signs, note);
    }
}

impl FlowsFigure<'_> {
    /// Writes the amounts of the bars that are cut, the largest first.
    fn label_cut_bars(&self, scene: &mut Scene, plane: &Plane, rates: &[WeeklyRate], (up, down): (f64, f64)) {
        let above = rates.iter().filter(|rate| rate.arrived > up).map(|rate| (rate, rate.arrived, "↑"));
        let below = rates.iter().filter(|rate| rate.deleted > down).map(|rate| (rate, -rate.deleted, "↓"));
        let mut cut: Vec<(&WeeklyRate, f64, &str)> = above.chain(below).collect();
        cut.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        let mut occupied = Occupied::new(plane.area);
        for (rate, bytes, arrow) in cut {
            let middle = plane.x((rate.from + rate.to) / 2.0);
            let y = if bytes > 0.0 { plane.y(up) - 7.0 } else { plane.y(-down) + 17.0 };
            let words = format!("{arrow} {}", self.show(bytes.abs()));
            let label =
                |anchor, x: f64| vec![Text { at: at(x, y), anchor, style: theme::EVENT_LABEL, text: words.clone() }];
            let places =
                [label(Anchor::Middle, middle), label(Anchor::Start, middle - 5.0), label(Anchor::End, middle + 5.0)];
            write(scene, occupied.place(&places));
        }
    }
}

/// The periods, merged until each bar is wide enough to be seen.
fn merged(flows: &[ScanFlow], width: f64) -> Vec<ScanFlow> {
    let each = (flows.len() as f64 * NARROWEST / width).ceil().max(1.0) as usize;
    let one = |flows: &[ScanFlow]| {
        let mut sum = flows[0];
        for flow in &flows[1..] {
            sum.to = flow.to;
            sum.bytes += flow.bytes;
        }
        sum
    };
    // From the newest on, so that the last bar is whole.
    let mut groups: Vec<ScanFlow> = flows.rchunks(each).map(one).collect();
    groups.reverse();
    groups
}

/// The height of a side: its largest flow, unless that is an outlier.
fn reach(rates: &[WeeklyRate], amount: fn(&WeeklyRate) -> f64) -> f64 {
    let mut amounts: Vec<f64> = rates.iter().map(amount).filter(|&amount| amount > 0.0).collect();
    amounts.sort_by(f64::total_cmp);
    let Some(&largest) = amounts.last() else { return 0.0 };
    let ninth = amounts[(amounts.len() * 9 / 10).min(amounts.len() - 1)];
    if largest > WILD * ninth { CUT * ninth } else { largest }
}

/// The plot, and the ticks above and below zero.
fn plane(rates: &[WeeklyRate], (up, down): (f64, f64), room: Rect, units: Units) -> (Plane, Vec<Tick>) {
    let is_cut = |amount: fn(&WeeklyRate) -> f64, reach: f64| rates.iter().any(|rate| amount(rate) > reach);
    let whole = (up + down).max(1.0);
    let beyond = |reach: f64, cut: bool| reach * AIR + if cut { CUT_ROOM / room.height() * whole } else { 0.0 };
    let high = beyond(up, is_cut(|rate| rate.arrived, up)).max(whole * 0.02);
    let low = -beyond(down, is_cut(|rate| rate.deleted, down));
    let most = high.max(-low);
    let at_most = (edges::amounts_in(room.height()) as f64 * most / (high - low)).round().max(1.0) as usize;
    let above = amounts::ticks((0.0, most), Resource::Bytes, units, at_most);
    let below = above.iter().filter(|tick| tick.value > 0.0 && -tick.value >= low).map(|tick| Tick {
        value: -tick.value,
        label: format!("\u{2212}{}", tick.label),
        below: None,
    });
    let ticks: Vec<Tick> = above.iter().filter(|tick| tick.value <= high).cloned().chain(below).collect();
    let days = (rates[0].from, rates.iter().map(|rate| rate.to).fold(rates[0].to, f64::max));
    (Plane { area: edges::beside(room, &ticks), days, amounts: (low, high) }, ticks)
}

fn draw_bar(scene: &mut Scene, plane: &Plane, rate: &WeeklyRate, amount: f64, color: Rgb) {
    let (left, right) = (plane.x(rate.from), plane.x(rate.to));
    let gap = if right - left < NARROW { 0.0 } else { ((right - left) * 0.12).min(3.0) };
    let (zero, end) = (plane.y(0.0), plane.y(amount));
    if amount != 0.0 {
        let bar = Rect { left: left + gap, right: right - gap, top: zero.min(end), bottom: zero.max(end) };
        scene.area(bar.corners(), color);
    }
}

/// Draws arrivals less deletions, with a seam between the line and the bars.
fn draw_net(scene: &mut Scene, plane: &Plane, rates: &[WeeklyRate], (up, down): (f64, f64)) {
    let point = |rate: &WeeklyRate| plane.at((rate.from + rate.to) / 2.0, rate.net().clamp(-down, up));
    let points: Vec<Point> = rates.iter().map(point).collect();
    scene.line(points.clone(), theme::PAPER, theme::MEDIAN_WIDTH + 2.0 * theme::SEAM);
    scene.line(points.clone(), theme::INK, theme::MEDIAN_WIDTH);
    if points.len() < MARKED {
        for point in points {
            scene.dot(point, theme::HISTORY_DOT + theme::SEAM, theme::PAPER);
            scene.dot(point, theme::HISTORY_DOT, theme::INK);
        }
    }
}
