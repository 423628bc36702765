//! The age pyramid: how much of the stored mail is how old, now and before.

use super::scene::{Anchor, Rect, Scene, Text, at};
use super::theme::{self, LABEL_GAP, MARGIN, Rgb, TextStyle};
use super::{AgeRow, Ages, Canvas, figures, fonts, headings, quiet, text};
use crate::{dates, escape};

/// Rows are at least and at most so high.
const ROW: (f64, f64) = (19.0, 66.0);
/// The part of a row that its bar fills.
const BAR: f64 = 0.74;
/// The column of names takes at most this part of the width.
const NAMES: f64 = 0.28;
/// Above the rows: what each side is.
const SIDES: f64 = 30.0;
/// Between the names and the bars.
const BESIDE: f64 = 12.0;

/// Where one side's bars begin, and how far they may reach with their values; negative to the left.
#[derive(Clone, Copy, Debug)]
struct Side {
    base: f64,
    reach: f64,
}

/// Composes the picture: the youngest below.
pub(super) fn scene(chart: &Ages, canvas: Canvas) -> Scene {
    let (width, height) = (f64::from(canvas.width), f64::from(canvas.height));
    let mut scene = Scene::default();
    headings::headings(&mut scene, chart.title, chart.verdict, width);
    let before = chart.before.filter(|_| chart.rows.iter().any(|row| row.before.is_some()));
    if chart.rows.is_empty() {
        quiet::nothing_yet(&mut scene, canvas, "no scan told the age of the mail");
        return scene;
    }
    let room = Rect { left: MARGIN, top: theme::PLOT_TOP + SIDES, right: width - MARGIN, bottom: height - MARGIN };
    let rows = fitting(chart.rows, (room.height() / ROW.0) as usize);
    let pitch = (room.height() / rows.len() as f64).min(ROW.1);
    let bottom = room.bottom - (room.height() - pitch * rows.len() as f64) / 2.0;
    let names = names(&rows, NAMES * width);
    let widest = names.iter().map(|name| fonts::width(name, theme::ROW_LABEL)).fold(0.0, f64::max);
    let center = if before.is_some() { width / 2.0 } else { room.left + widest / 2.0 };
    let now = Side { base: center + widest / 2.0 + BESIDE, reach: room.right - center - widest / 2.0 - BESIDE };
    let past = Side { base: center - widest / 2.0 - BESIDE, reach: room.left - center + widest / 2.0 + BESIDE };
    let nows: Vec<Option<u64>> = rows.iter().map(|row| Some(row.now)).collect();
    let befores: Vec<Option<u64>> = rows.iter().map(|row| row.before).collect();
    let sides = [Some((now, &nows, theme::MEDIAN)), before.map(|_| (past, &befores, theme::PEER))];
    let values = |amounts: &[Option<u64>]| values(chart, amounts);
    let scale = scale(&sides.map(|side| side.map(|(side, amounts, _)| (side, &amounts[..], values(amounts)))));
    for (side, amounts, color) in sides.into_iter().flatten() {
        let top = bottom - pitch * rows.len() as f64;
        heading(&mut scene, chart, side, amounts, top - 13.0);
        bars(&mut scene, side, (bottom, pitch), amounts, &values(amounts), scale, color);
        let x = side.base;
        scene.line(vec![at(x, top - 3.0), at(x, bottom + 3.0)], theme::AXIS, theme::AXIS_WIDTH);
    }
    for (i, name) in names.into_iter().enumerate() {
        let at = at(center, baseline(bottom, pitch, i, theme::ROW_LABEL));
        scene.text(Text { at, anchor: Anchor::Middle, style: theme::ROW_LABEL, text: name });
    }
    scene
}

/// At most so many rows, the oldest in one.
fn fitting<'a>(rows: &[AgeRow<'a>], most: usize) -> Vec<AgeRow<'a>> {
    let most = most.max(2);
    if rows.len() <= most {
        return rows.to_vec();
    }
    let (kept, old) = rows.split_at(most - 1);
    let sum = |amount: fn(&AgeRow) -> Option<u64>| {
        old.iter().filter_map(amount).reduce(|sum, amount| sum.saturating_add(amount))
    };
    let now = sum(|row| Some(row.now)).unwrap_or(0);
    let older = AgeRow { label: "older", now, before: sum(|row| row.before) };
    kept.iter().copied().chain([older]).collect()
}

fn names(rows: &[AgeRow], room: f64) -> Vec<String> {
    rows.iter().map(|row| text::shortened(&escape::printable(row.label), theme::ROW_LABEL, room)).collect()
}

/// What is written at the end of each bar: the amount, and its share of the whole of its side.
fn values(chart: &Ages, amounts: &[Option<u64>]) -> Vec<String> {
    let whole: f64 = amounts.iter().flatten().map(|&amount| amount as f64).sum();
    let value = |amount: &Option<u64>| match *amount {
        None => "not known".to_owned(),
        Some(amount) => {
            let shown = figures::amount(chart.resource, amount as f64, chart.units);
            format!("{shown}, {}", figures::share(amount as f64, whole))
        }
    };
    amounts.iter().map(value).collect()
}

/// Pixels for a unit: the most with which every bar and its value keep to their side.
fn scale(sides: &[Option<(Side, &[Option<u64>], Vec<String>)>]) -> f64 {
    let mut scale = f64::INFINITY;
    for (side, amounts, values) in sides.iter().flatten() {
        for (amount, value) in amounts.iter().zip(values) {
            let room = side.reach.abs() - fonts::width(value, theme::VALUE) - LABEL_GAP;
            if let Some(amount) = amount.filter(|&amount| amount > 0) {
                scale = scale.min(room.max(0.0) / amount as f64);
            }
        }
    }
    if scale.is_finite() { scale } else { 0.0 }
}

/// Says which day a side is of, and how much there was in all.
fn heading(scene: &mut Scene, chart: &Ages, side: Side, amounts: &[Option<u64>], baseline: f64) {
    let now = side.reach > 0.0;
    let whole: f64 = amounts.iter().flatten().map(|&amount| amount as f64).sum();
    let date = if now { Some(chart.as_of) } else { chart.before };
    let words = format!(
        "{}: {}",
        date.map_or_else(String::new, dates::day),
        figures::amount(chart.resource, whole, chart.units)
    );
    let (style, anchor) = if now { (theme::OURS_LABEL, Anchor::Start) } else { (theme::PEER_LABEL, Anchor::End) };
    let text = text::shortened(&words, style, side.reach.abs());
    scene.text(Text { at: at(side.base, baseline), anchor, style, text });
}

fn bars(
    scene: &mut Scene,
    side: Side,
    (bottom, pitch): (f64, f64),
    amounts: &[Option<u64>],
    values: &[String],
    scale: f64,
    color: Rgb,
) {
    let (sign, anchor) = if side.reach > 0.0 { (1.0, Anchor::Start) } else { (-1.0, Anchor::End) };
    for (i, (amount, value)) in amounts.iter().zip(values).enumerate() {
        let length = amount.map_or(0.0, |amount| amount as f64 * scale);
        // What is more than nothing is seen.
        let length = if amount.is_some_and(|amount| amount > 0) { length.max(1.0) } else { 0.0 };
        let end = side.base + sign * length;
        let middle = bottom - pitch * (i as f64 + 0.5);
        let half = pitch * BAR / 2.0;
        let (left, right) = (side.base.min(end), side.base.max(end));
        if length > 0.0 {
            scene.area(Rect { left, right, top: middle - half, bottom: middle + half }.corners(), color);
        }
        let at = at(end + sign * LABEL_GAP, baseline(bottom, pitch, i, theme::VALUE));
        scene.text(Text { at, anchor, style: theme::VALUE, text: value.clone() });
    }
}

/// Where the letters of a row stand.
fn baseline(bottom: f64, pitch: f64, row: usize, style: TextStyle) -> f64 {
    bottom - pitch * (row as f64 + 0.5) + theme::HALF_CAPITAL * style.size
}
