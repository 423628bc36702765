//! Arrivals upwards, deletions downwards, and the net change as a line.

use super::axes::{Plane, Tick, amounts, dates};
use super::legend::{self, Sign};
use super::plot::{self, Plot};
use super::scene::{Anchor, Point, Rect, Scene, at};
use super::theme::{self, Rgb};
use super::{Canvas, Figure, numbers, text};
use crate::model::{bytes::Units, dates::days, series::Resource};
use crate::planning::growth::flows::{self, ScanFlow};
use crate::planning::growth::timeline::StoreTimeline;

/// Arrivals at a store and deletions from it, between its scans.
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

    /// Writes the amounts of the bars that are cut, the largest first.
    fn label_cut_bars(&self, plot: &mut Plot, rates: &[WeeklyRate], (up, down): (f64, f64)) {
        let above = rates.iter().filter(|rate| rate.arrived > up).map(|rate| (rate, rate.arrived, "↑"));
        let below = rates.iter().filter(|rate| rate.deleted > down).map(|rate| (rate, -rate.deleted, "↓"));
        let mut cut: Vec<(&WeeklyRate, f64, &str)> = above.chain(below).collect();
        cut.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        for (rate, bytes, arrow) in cut {
            let middle = plot.plane.x((rate.from + rate.to) / 2.0);
            let y = if bytes > 0.0 { plot.plane.y(up) - 7.0 } else { plot.plane.y(-down) + 17.0 };
            let places =
                [(middle, y, Anchor::Middle), (middle - 5.0, y, Anchor::Start), (middle + 5.0, y, Anchor::End)];
            plot.label(&format!("{arrow} {}", self.units.show(bytes.abs())), theme::EVENT_LABEL, places);
        }
    }
}

/// A flow above this multiple of the 90 % quantile is cut, or the others would be too low to read.
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

/// Bytes per week over a period.
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
        let a_week = |bytes: f64| bytes * 7.0 / (to - from);
        WeeklyRate { from, to, arrived: a_week(arrived(flow)), deleted: a_week(deleted(flow)) }
    }

    fn net(&self) -> f64 {
        self.arrived - self.deleted
    }
}

fn arrived(flow: &ScanFlow) -> f64 {
    (flow.bytes.arrived + flow.bytes.imported).max(0) as f64
}

fn deleted(flow: &ScanFlow) -> f64 {
    flow.bytes.deleted.abs() as f64
}

impl Figure for FlowsFigure<'_> {
    fn title(&self) -> String {
        format!("{}: arrivals and deletions", self.store)
    }

    fn subtitle(&self) -> String {
        "Bytes of messages that arrived and stayed, and of deleted messages, from scan to scan".to_owned()
    }

    fn in_words(&self) -> String {
        let (Some(first), Some(last)) = (self.flows.first(), self.flows.last()) else { return String::new() };
        let arrived: f64 = self.flows.iter().map(arrived).sum();
        let deleted: f64 = self.flows.iter().map(deleted).sum();
        let net = numbers::signed(arrived - deleted, |bytes| self.units.show(bytes));
        let [arrived, deleted] = [arrived, deleted].map(|bytes| self.units.show(bytes));
        let days = days(first.from, last.to);
        format!("Week by week, {days}: {arrived} arrived in all, {deleted} were deleted, net {net}.")
    }

    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        if self.flows.is_empty() {
            return text::explain_empty(scene, canvas, "arrivals and deletions need two scans");
        }
        let room = canvas.room(theme::PLOT_TOP, theme::BELOW_PLOT);
        let flows = merged(&self.flows, room.width());
        let rates: Vec<WeeklyRate> = flows.iter().map(WeeklyRate::new).collect();
        let (up, down) = (reach(&rates, |rate| rate.arrived), reach(&rates, |rate| rate.deleted));
        let (amounts, ticks) = amounts_and_ticks(&rates, (up, down), room.height(), self.units);
        let days = (rates[0].from, rates.iter().map(|rate| rate.to).fold(rates[0].to, f64::max));
        let mut plot = Plot::beside(scene, Plane { area: room, days, amounts }, &ticks);
        plot.amount_axis(&ticks);
        for rate in &rates {
            draw_bar(&mut plot, rate, rate.arrived.min(up), theme::ARRIVED);
            draw_bar(&mut plot, rate, -rate.deleted.min(down), theme::DELETED);
        }
        plot.across(plot.plane.y(0.0), theme::AXIS_LINE);
        draw_net(plot.scene, &plot.plane, &rates, (up, down));
        self.label_cut_bars(&mut plot, &rates, (up, down));
        plot.date_axis();
        let dot = (rates.len() < MARKED).then_some(theme::HISTORY_DOT);
        let signs = [
            (Sign::filled(theme::ARRIVED), "arrived"),
            (Sign::filled(theme::DELETED), "deleted"),
            (Sign::Line { stroke: theme::NET_LINE, dot }, "net"),
        ];
        let is_a_week = |flow: &ScanFlow| (flow.to - flow.from).get_days() == 7;
        let note = if flows.iter().all(is_a_week) { &[][..] } else { &["heights: bytes per week"] };
        let Rect { left, right, .. } = plot.plane.area;
        legend::row(scene, (left, right), canvas.legend_baseline(), &signs, legend::CLOSE, note);
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

/// The range of the axis, and its ticks above and below zero.
fn amounts_and_ticks(
    rates: &[WeeklyRate],
    (up, down): (f64, f64),
    height: f64,
    units: Units,
) -> ((f64, f64), Vec<Tick>) {
    let is_cut = |amount: fn(&WeeklyRate) -> f64, reach: f64| rates.iter().any(|rate| amount(rate) > reach);
    let whole = (up + down).max(1.0);
    let beyond = |reach: f64, cut: bool| reach * AIR + if cut { CUT_ROOM / height * whole } else { 0.0 };
    let high = beyond(up, is_cut(|rate| rate.arrived, up)).max(whole * 0.02);
    let low = -beyond(down, is_cut(|rate| rate.deleted, down));
    let most = high.max(-low);
    let at_most = (plot::most_amounts(height) as f64 * most / (high - low)).round().max(1.0) as usize;
    let ticks = amounts::ticks((0.0, most), Resource::Bytes, units, at_most);
    let below = ticks.iter().filter(|tick| tick.value > 0.0 && -tick.value >= low);
    let below = below.map(|tick| Tick::new(-tick.value, format!("\u{2212}{}", tick.label)));
    let above = ticks.iter().filter(|tick| tick.value <= high).cloned();
    ((low, high), above.chain(below).collect())
}

fn draw_bar(plot: &mut Plot, rate: &WeeklyRate, amount: f64, color: Rgb) {
    let (left, right) = (plot.plane.x(rate.from), plot.plane.x(rate.to));
    let gap = if right - left < NARROW { 0.0 } else { ((right - left) * 0.12).min(3.0) };
    if amount != 0.0 {
        let (zero, end) = (plot.plane.y(0.0), plot.plane.y(amount));
        plot.scene.rect(Rect::between(at(left + gap, zero), at(right - gap, end)), color);
    }
}

/// Draws arrivals minus deletions, with a seam between the line and the bars.
fn draw_net(scene: &mut Scene, plane: &Plane, rates: &[WeeklyRate], (up, down): (f64, f64)) {
    let point = |rate: &WeeklyRate| plane.at((rate.from + rate.to) / 2.0, rate.net().clamp(-down, up));
    let points: Vec<Point> = rates.iter().map(point).collect();
    scene.line(points.clone(), theme::NET_LINE.halo());
    scene.line(points.clone(), theme::NET_LINE);
    if points.len() < MARKED {
        for point in points {
            scene.dot(point, theme::HISTORY_DOT + theme::SEAM, theme::PAPER);
            scene.dot(point, theme::HISTORY_DOT, theme::INK);
        }
    }
}
