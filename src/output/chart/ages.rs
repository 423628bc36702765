//! The age pyramid of the stored mail, now and a year ago, the youngest below.

use jiff::civil::Date;

use super::scene::{Anchor, Rect, Scene, Text, at};
use super::theme::{self, LABEL_GAP, MARGIN, Rgb, TextStyle};
use super::{Canvas, Figure, fonts, numbers, text};
use crate::model::{bytes::Units, dates, numbers::plural};
use crate::planning::growth::ages::{self, Age, AgeClass, AgePyramid};
use crate::planning::growth::timeline::StoreTimeline;

#[derive(Clone, Debug)]
pub(crate) struct AgesFigure<'a> {
    pub store: &'a str,
    pub pyramid: AgePyramid,
    pub units: Units,
}

/// An age class in bytes.
#[derive(Clone, Debug)]
struct Row {
    label: String,
    now: u64,
    before: Option<u64>,
}

/// The least and the greatest height of a row.
const ROW: (f64, f64) = (19.0, 66.0);
/// The share of a row that its bar fills.
const BAR: f64 = 0.74;
/// The greatest share of the width for the names.
const NAMES: f64 = 0.28;
/// The height of the headings above the rows.
const HEADINGS: f64 = 30.0;
/// The least length of the longest bar, where its label can be shortened.
const LEAST_BAR: f64 = 24.0;
const BESIDE: f64 = 12.0;

/// The bars of one day, on one side of the names.
struct Side {
    /// Where the bars begin.
    base: f64,
    /// The room for bars and labels; negative to the left.
    reach: f64,
    date: Date,
    amounts: Vec<Option<u64>>,
    /// The label at the end of each bar.
    values: Vec<String>,
    color: Rgb,
    style: TextStyle,
}

impl Side {
    /// The direction of the bars, and the anchor of labels beside them.
    fn direction(&self) -> (f64, Anchor) {
        if self.reach > 0.0 { (1.0, Anchor::Start) } else { (-1.0, Anchor::End) }
    }
}

impl Figure for AgesFigure<'_> {
    fn title(&self) -> String {
        format!("{}: age of the stored mail", self.store)
    }

    fn subtitle(&self) -> String {
        "Bytes of messages by the time since they arrived".to_owned()
    }

    fn in_words(&self) -> String {
        let show = |bytes: u64| self.units.show(bytes as f64);
        let row = |row: &Row| match row.before.filter(|_| self.pyramid.before.is_some()) {
            Some(before) => format!("{}: {}, before {}", row.label, show(row.now), show(before)),
            None => format!("{}: {}", row.label, show(row.now)),
        };
        let rows: Vec<String> = self.rows().iter().map(row).collect();
        let before = self.pyramid.before.map_or_else(String::new, |before| format!(" and {}", dates::day(before)));
        let now = dates::day(self.pyramid.now);
        format!("The mail by its age, {now}{before}. {}.", rows.join("; "))
    }

    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        let (width, _) = canvas.size();
        if self.pyramid.classes.is_empty() {
            return text::explain_empty(scene, canvas, "no scan recorded the age of the mail");
        }
        let room = canvas.room(theme::PLOT_TOP + HEADINGS, MARGIN);
        let classes = fitting(self.rows(), (room.height() / ROW.0) as usize);
        let pitch = (room.height() / classes.len() as f64).min(ROW.1);
        let spare = room.height() - pitch * classes.len() as f64;
        let bottom = room.bottom - spare / 2.0;
        let top = bottom - pitch * classes.len() as f64;
        let middles: Vec<f64> = (0..classes.len()).map(|i| bottom - pitch * (i as f64 + 0.5)).collect();
        let names: Vec<String> =
            classes.iter().map(|row| text::shortened(&row.label, theme::ROW_LABEL, NAMES * width)).collect();
        let widest = fonts::widest(&names, theme::ROW_LABEL);
        let before = self.pyramid.before.filter(|_| classes.iter().any(|row| row.before.is_some()));
        let center = if before.is_some() { width / 2.0 } else { room.left + widest / 2.0 };
        let (right, left) = (center + widest / 2.0 + BESIDE, center - widest / 2.0 - BESIDE);
        let nows = classes.iter().map(|row| Some(row.now)).collect();
        let mut sides = vec![self.side((right, room.right - right), self.pyramid.now, nows)];
        if let Some(before) = before {
            let befores = classes.iter().map(|row| row.before).collect();
            sides.push(self.side((left, room.left - left), before, befores));
        }
        let scale = scale(&sides);
        for side in &sides {
            self.write_heading(scene, side, top - 13.0);
            draw_bars(scene, side, &middles, (pitch * BAR, scale));
            scene.segment(at(side.base, top - 3.0), at(side.base, bottom + 3.0), theme::AXIS_LINE);
        }
        for (name, middle) in names.into_iter().zip(middles) {
            scene.text(Text::centered(at(center, middle), Anchor::Middle, theme::ROW_LABEL, name));
        }
    }
}

impl<'a> AgesFigure<'a> {
    pub(crate) fn new(timeline: &'a StoreTimeline, units: Units) -> AgesFigure<'a> {
        let none = || AgePyramid { now: Date::default(), before: None, classes: Vec::new() };
        AgesFigure { store: &timeline.store, pyramid: ages::pyramid(timeline).unwrap_or_else(none), units }
    }

    fn rows(&self) -> Vec<Row> {
        let row = |class: &AgeClass| Row {
            label: label(class.from, class.under),
            now: class.now.bytes,
            before: class.before.map(|sum| sum.bytes),
        };
        self.pyramid.classes.iter().map(row).collect()
    }

    /// One side. The labels have amounts and shares, or only shares if both would leave no room for bars.
    fn side(&self, (base, reach): (f64, f64), date: Date, amounts: Vec<Option<u64>>) -> Side {
        let total = total(&amounts);
        let share = |amount: u64| numbers::share(amount as f64, total);
        let both = |amount: u64| format!("{}, {}", self.units.show(amount as f64), share(amount));
        let labels = |value: &dyn Fn(u64) -> String| -> Vec<String> {
            amounts.iter().map(|amount| amount.map_or_else(|| "not known".to_owned(), value)).collect()
        };
        let fit = |values: &Vec<String>| fonts::widest(values, theme::VALUE) <= reach.abs() - LABEL_GAP - LEAST_BAR;
        let values = Some(labels(&both)).filter(fit).unwrap_or_else(|| labels(&share));
        let (color, style) =
            if reach > 0.0 { (theme::MEDIAN, theme::OURS_LABEL) } else { (theme::PEER, theme::PEER_LABEL) };
        Side { base, reach, date, amounts, values, color, style }
    }

    /// Writes the day and the total of a side.
    fn write_heading(&self, scene: &mut Scene, side: &Side, baseline: f64) {
        let date = dates::day(side.date);
        let both = format!("{date}: {}", self.units.show(total(&side.amounts)));
        let text = if fonts::width(&both, side.style) <= side.reach.abs() { both } else { date };
        scene.text(Text::new(at(side.base, baseline), side.direction().1, side.style, text));
    }
}

/// The rows that fit, with the oldest merged into the last one.
fn fitting(mut rows: Vec<Row>, most: usize) -> Vec<Row> {
    let most = most.max(2);
    if rows.len() <= most {
        return rows;
    }
    let old = rows.split_off(most - 1);
    let now = old.iter().fold(0, |sum: u64, row| sum.saturating_add(row.now));
    let before = old.iter().filter_map(|row| row.before).reduce(u64::saturating_add);
    rows.push(Row { label: "older".to_owned(), now, before });
    rows
}

/// An age range in weeks, months or years.
fn label(from: Option<Age>, under: Option<Age>) -> String {
    let unit = |age: Age| match age {
        Age::Weeks(number) => (number, "week"),
        Age::Months(number) => (number, "month"),
        Age::Years(number) => (number, "year"),
    };
    let named = |(number, unit): (u8, &str)| format!("{number} {}", plural(number.into(), unit));
    match (from.map(unit), under.map(unit)) {
        (None, None) => "any age".to_owned(),
        (None, Some(under)) => format!("under {}", named(under)),
        (Some(from), None) => format!("{} and older", named(from)),
        (Some(from), Some(under)) if from.1 == under.1 => format!("{} to {}", from.0, named(under)),
        (Some(from), Some(under)) => format!("{} to {}", named(from), named(under)),
    }
}

fn total(amounts: &[Option<u64>]) -> f64 {
    amounts.iter().flatten().map(|&amount| amount as f64).sum()
}

/// Pixels per byte: the largest scale at which every bar and its label stay on their side.
fn scale(sides: &[Side]) -> f64 {
    let of_side = |side: &Side| {
        let scale = |(amount, value): (&Option<u64>, &String)| {
            let amount = amount.filter(|&amount| amount > 0)?;
            let room = side.reach.abs() - fonts::width(value, theme::VALUE) - LABEL_GAP;
            Some(room.max(0.0) / amount as f64)
        };
        side.amounts.iter().zip(&side.values).filter_map(scale).reduce(f64::min)
    };
    sides.iter().filter_map(of_side).reduce(f64::min).unwrap_or(0.0)
}

/// Draws the bars of a side. `height` is that of a bar.
fn draw_bars(scene: &mut Scene, side: &Side, middles: &[f64], (height, scale): (f64, f64)) {
    let (sign, anchor) = side.direction();
    for ((amount, value), middle) in side.amounts.iter().zip(&side.values).zip(middles) {
        let amount = amount.unwrap_or(0);
        // An amount above zero stays visible.
        let length = (amount as f64 * scale).max(if amount > 0 { 1.0 } else { 0.0 });
        let end = side.base + sign * length;
        if length > 0.0 {
            let (top, bottom) = (middle - height / 2.0, middle + height / 2.0);
            scene.rect(Rect::between(at(side.base, top), at(end, bottom)), side.color);
        }
        scene.text(Text::centered(at(end + sign * LABEL_GAP, *middle), anchor, theme::VALUE, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_labelled_in_weeks_months_or_years() {
        use Age::{Months, Weeks, Years};
        let bounds = [Weeks(1), Weeks(4), Months(3), Years(1), Years(2)].map(Some);
        let mut labels = vec![label(None, bounds[0])];
        labels.extend(bounds.windows(2).map(|two| label(two[0], two[1])));
        labels.push(label(Some(Years(10)), None));
        let expected = [
            "under 1 week",
            "1 to 4 weeks",
            "4 weeks to 3 months",
            "3 months to 1 year",
            "1 to 2 years",
            "10 years and older",
        ];
        assert_eq!(labels, expected);
    }
}
