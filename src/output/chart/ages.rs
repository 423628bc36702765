//! The age pyramid: how much of the stored mail is how old, now and before.

use jiff::civil::Date;

use super::scene::{Anchor, Rect, Scene, Text, at};
use super::theme::{self, LABEL_GAP, MARGIN, Rgb, TextStyle};
use super::{Canvas, figures, fonts, headings, quiet, text};
use crate::model::bytes::Units;
use crate::model::series::Resource;
use crate::model::{dates, escape};

/// What a chart of ages shows: how much of the stored mail is how old.
#[derive(Clone, Copy, Debug)]
pub struct Ages<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// The classes of age, the youngest first. Those that find no room are told together, in the last.
    pub rows: &'a [AgeRow<'a>],
    /// The day of the newer amounts.
    pub as_of: Date,
    /// The day of the older ones; `None` shows the newer alone.
    pub before: Option<Date>,
    /// What is counted.
    pub resource: Resource,
    /// How sizes are written.
    pub units: Units,
}

/// A class of age. Amounts are in units of the resource.
#[derive(Clone, Copy, Debug)]
pub struct AgeRow<'a> {
    /// Its name: `1 to 3 months`.
    pub label: &'a str,
    /// How much is so old now.
    pub now: u64,
    /// How much was so old before, where that is known.
    pub before: Option<u64>,
}

/// Rows are at least and at most so high.
const ROW: (f64, f64) = (19.0, 66.0);
/// The part of a row that its bar fills.
const BAR: f64 = 0.74;
/// The column of names takes at most this part of the width.
const NAMES: f64 = 0.28;
/// Above the rows: what each side is.
const SIDES: f64 = 30.0;
/// The longest bar is at least so long, if the values can be shortened for it.
const LEAST_BAR: f64 = 24.0;
/// Between the names and the bars.
const BESIDE: f64 = 12.0;

/// The bars of one day, to one side of the names.
struct Side {
    /// Where the bars begin.
    base: f64,
    /// How far they may reach with their values; negative to the left.
    reach: f64,
    date: Date,
    amounts: Vec<Option<u64>>,
    /// What is written at the end of each bar.
    values: Vec<String>,
    color: Rgb,
    style: TextStyle,
}

/// Where rows are, counted from below.
#[derive(Clone, Copy)]
struct Rows {
    bottom: f64,
    pitch: f64,
    count: usize,
}

impl Rows {
    fn top(&self) -> f64 {
        self.bottom - self.pitch * self.count as f64
    }

    fn middle(&self, row: usize) -> f64 {
        self.bottom - self.pitch * (row as f64 + 0.5)
    }

    /// Where the letters of a row stand.
    fn baseline(&self, row: usize, style: TextStyle) -> f64 {
        self.middle(row) + theme::HALF_CAPITAL * style.size
    }
}

/// Composes the picture: the youngest below.
pub(crate) fn scene(chart: &Ages, canvas: Canvas) -> Scene {
    let (width, height) = (f64::from(canvas.width), f64::from(canvas.height));
    let mut scene = Scene::default();
    headings::headings(&mut scene, chart.title, chart.verdict, width);
    if chart.rows.is_empty() {
        quiet::nothing_yet(&mut scene, canvas, "no scan told the age of the mail");
        return scene;
    }
    let room = Rect { left: MARGIN, top: theme::PLOT_TOP + SIDES, right: width - MARGIN, bottom: height - MARGIN };
    let classes = fitting(chart.rows, (room.height() / ROW.0) as usize);
    let pitch = (room.height() / classes.len() as f64).min(ROW.1);
    let spare = room.height() - pitch * classes.len() as f64;
    let rows = Rows { bottom: room.bottom - spare / 2.0, pitch, count: classes.len() };
    let name = |row: &AgeRow| text::shortened(&escape::printable(row.label), theme::ROW_LABEL, NAMES * width);
    let names: Vec<String> = classes.iter().map(name).collect();
    let widest = names.iter().map(|name| fonts::width(name, theme::ROW_LABEL)).fold(0.0, f64::max);
    let before = chart.before.filter(|_| chart.rows.iter().any(|row| row.before.is_some()));
    let center = if before.is_some() { width / 2.0 } else { room.left + widest / 2.0 };
    let (right, left) = (center + widest / 2.0 + BESIDE, center - widest / 2.0 - BESIDE);
    let nows = classes.iter().map(|row| Some(row.now)).collect();
    let mut sides = vec![side(chart, (right, room.right - right), chart.as_of, nows)];
    if let Some(before) = before {
        let befores = classes.iter().map(|row| row.before).collect();
        sides.push(side(chart, (left, room.left - left), before, befores));
    }
    let scale = scale(&sides);
    for side in &sides {
        heading(&mut scene, chart, side, rows.top() - 13.0);
        bars(&mut scene, side, rows, scale);
        scene.line(
            vec![at(side.base, rows.top() - 3.0), at(side.base, rows.bottom + 3.0)],
            theme::AXIS,
            theme::AXIS_WIDTH,
        );
    }
    for (i, name) in names.into_iter().enumerate() {
        let at = at(center, rows.baseline(i, theme::ROW_LABEL));
        scene.text(Text { at, anchor: Anchor::Middle, style: theme::ROW_LABEL, text: name });
    }
    scene
}

/// The picture in words.
pub(crate) fn told(chart: &Ages) -> String {
    let show = |amount: u64| figures::amount(chart.resource, amount as f64, chart.units);
    let row = |row: &AgeRow| match row.before.filter(|_| chart.before.is_some()) {
        Some(before) => format!("{}: {}, before {}", row.label, show(row.now), show(before)),
        None => format!("{}: {}", row.label, show(row.now)),
    };
    let rows: Vec<String> = chart.rows.iter().map(row).collect();
    let before = chart.before.map_or_else(String::new, |before| format!(" and {}", dates::day(before)));
    format!("The mail by its age, {}{before}. {}.", dates::day(chart.as_of), rows.join("; "))
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

/// A side; at the end of each bar stand the amount and its share of the whole of the side, or the share alone where both
/// would leave no room for a bar.
fn side(chart: &Ages, (base, reach): (f64, f64), date: Date, amounts: Vec<Option<u64>>) -> Side {
    let whole = whole(&amounts);
    let share = |amount: u64| figures::share(amount as f64, whole);
    let both = |amount: u64| {
        let shown = figures::amount(chart.resource, amount as f64, chart.units);
        format!("{shown}, {}", share(amount))
    };
    let told = |value: &dyn Fn(u64) -> String| -> Vec<String> {
        amounts.iter().map(|amount| amount.map_or_else(|| "not known".to_owned(), value)).collect()
    };
    let room = reach.abs() - LABEL_GAP - LEAST_BAR;
    let fit = |values: &Vec<String>| values.iter().all(|value| fonts::width(value, theme::VALUE) <= room);
    let values = Some(told(&both)).filter(fit).unwrap_or_else(|| told(&share));
    let (color, style) =
        if reach > 0.0 { (theme::MEDIAN, theme::OURS_LABEL) } else { (theme::PEER, theme::PEER_LABEL) };
    Side { base, reach, date, amounts, values, color, style }
}

fn whole(amounts: &[Option<u64>]) -> f64 {
    amounts.iter().flatten().map(|&amount| amount as f64).sum()
}

/// Pixels for a unit: the most with which every bar and its value keep to their side.
fn scale(sides: &[Side]) -> f64 {
    let mut scale = f64::INFINITY;
    for side in sides {
        for (amount, value) in side.amounts.iter().zip(&side.values) {
            let room = side.reach.abs() - fonts::width(value, theme::VALUE) - LABEL_GAP;
            if let Some(amount) = amount.filter(|&amount| amount > 0) {
                scale = scale.min(room.max(0.0) / amount as f64);
            }
        }
    }
    if scale.is_finite() { scale } else { 0.0 }
}

/// Says which day a side is of, and how much there was in all.
fn heading(scene: &mut Scene, chart: &Ages, side: &Side, baseline: f64) {
    let whole = figures::amount(chart.resource, whole(&side.amounts), chart.units);
    let anchor = if side.reach > 0.0 { Anchor::Start } else { Anchor::End };
    let date = dates::day(side.date);
    let both = format!("{date}: {whole}");
    let text = if fonts::width(&both, side.style) <= side.reach.abs() { both } else { date };
    scene.text(Text { at: at(side.base, baseline), anchor, style: side.style, text });
}

fn bars(scene: &mut Scene, side: &Side, rows: Rows, scale: f64) {
    let (sign, anchor) = if side.reach > 0.0 { (1.0, Anchor::Start) } else { (-1.0, Anchor::End) };
    for (i, (amount, value)) in side.amounts.iter().zip(&side.values).enumerate() {
        // What is more than nothing is seen.
        let least = if amount.is_some_and(|amount| amount > 0) { 1.0 } else { 0.0 };
        let length = amount.map_or(0.0, |amount| amount as f64 * scale).max(least);
        let end = side.base + sign * length;
        let (middle, half) = (rows.middle(i), rows.pitch * BAR / 2.0);
        let (left, right) = (side.base.min(end), side.base.max(end));
        if length > 0.0 {
            scene.area(Rect { left, right, top: middle - half, bottom: middle + half }.corners(), side.color);
        }
        let at = at(end + sign * LABEL_GAP, rows.baseline(i, theme::VALUE));
        scene.text(Text { at, anchor, style: theme::VALUE, text: value.clone() });
    }
}
