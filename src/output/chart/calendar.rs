//! The calendar: what arrived in each week of each year.

mod scale;

use std::collections::BTreeMap;

use jiff::civil::{Date, ISOWeekDate, Weekday, date};

use self::scale::Scale;
use super::scene::{Anchor, Rect, Scene, Text, at};
use super::theme::{self, MARGIN, TextStyle};
use super::{Canvas, figures, fonts, headings, legend, quiet};
use crate::model::bytes::Units;
use crate::model::dates;
use crate::model::series::Resource;

/// What a calendar of arrivals shows.
#[derive(Clone, Copy, Debug)]
pub struct Calendar<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// What arrived in the week in which each day lies, in units of the resource; weeks that are not named are not
    /// known. The last dozen years are shown.
    pub weeks: &'a [(Date, u64)],
    /// What is counted.
    pub resource: Resource,
    /// How sizes are written.
    pub units: Units,
}

/// More years than this are not shown.
const MOST_YEARS: i16 = 12;
/// The most weeks that a year has.
const WEEKS: f64 = 53.0;
/// A row is at most so high.
const HIGHEST_ROW: f64 = 96.0;
/// Above the rows: the months.
const MONTHS: f64 = 24.0;
/// Between the cells and what is written beside them.
const BESIDE: f64 = 10.0;

/// Amounts by year and week.
type Weeks = BTreeMap<(i16, i8), u64>;

/// Composes the picture: a row for each year, the newest below.
pub(crate) fn scene(chart: &Calendar, canvas: Canvas) -> Scene {
    let (width, height) = (f64::from(canvas.width), f64::from(canvas.height));
    let mut scene = Scene::default();
    headings::headings(&mut scene, chart.title, chart.verdict, width);
    let weeks = weeks(chart.weeks);
    let (Some((&(first, _), _)), Some((&(last, _), _))) = (weeks.first_key_value(), weeks.last_key_value()) else {
        quiet::nothing_yet(&mut scene, canvas, "no scan told when the mail arrived");
        return scene;
    };
    let show = |amount: f64| figures::amount(chart.resource, amount, chart.units);
    let years: Vec<i16> = (first..=last).collect();
    let sum = |year: &i16| show(weeks.range((*year, 0)..=(*year, 99)).map(|(_, &amount)| amount as f64).sum());
    let sums: Vec<String> = years.iter().map(sum).collect();
    let names: Vec<String> = years.iter().map(i16::to_string).collect();
    let widest = |texts: &[String], style| texts.iter().map(|text| fonts::width(text, style)).fold(0.0, f64::max);
    let grid = Rect {
        left: MARGIN + widest(&names, theme::ROW_LABEL) + BESIDE,
        right: width - MARGIN - widest(&sums, theme::FIGURES).max(fonts::width("in all", theme::TICK)) - BESIDE,
        top: theme::PLOT_TOP + MONTHS,
        bottom: height - theme::BELOW_ROWS,
    };
    let pitch = (grid.height() / years.len() as f64).min(HIGHEST_ROW);
    let scale = Scale::of(weeks.values().copied(), chart.resource, chart.units);
    let grid = Rect { bottom: grid.top + pitch * years.len() as f64, ..grid };
    months(&mut scene, grid);
    for (i, year) in years.iter().enumerate() {
        let row = Rect { top: grid.top + pitch * i as f64, bottom: grid.top + pitch * (i + 1) as f64, ..grid };
        cells(&mut scene, *year, &weeks, &scale, row);
        let word = |x: f64, anchor, style: TextStyle, text: &str| {
            let baseline = (row.top + row.bottom) / 2.0 + theme::HALF_CAPITAL * style.size;
            Text { at: at(x, baseline), anchor, style, text: text.to_owned() }
        };
        scene.text(word(grid.left - BESIDE, Anchor::End, theme::ROW_LABEL, &names[i]));
        scene.text(word(grid.right + BESIDE, Anchor::Start, theme::FIGURES, &sums[i]));
    }
    let signs = scale.signs();
    let signs: Vec<_> = signs.iter().map(|(sign, words)| (*sign, words.as_str())).collect();
    let baseline = (grid.bottom + 34.0).min(height - theme::LEGEND_ABOVE_EDGE);
    legend::row(&mut scene, (MARGIN, width - MARGIN), baseline, &signs);
    scene
}

/// The picture in words.
pub(crate) fn told(chart: &Calendar) -> String {
    let mut years: BTreeMap<i16, f64> = BTreeMap::new();
    for ((year, _), amount) in weeks(chart.weeks) {
        *years.entry(year).or_default() += amount as f64;
    }
    let show = |(year, sum): (&i16, &f64)| format!("{year}: {}", figures::amount(chart.resource, *sum, chart.units));
    let years: Vec<String> = years.iter().map(show).collect();
    format!("What arrived in each week, a row for each year. In all: {}.", years.join("; "))
}

/// The amounts of the last years; what lies in one week is summed.
fn weeks(all: &[(Date, u64)]) -> Weeks {
    let mut weeks = Weeks::new();
    for (day, amount) in all {
        let week = day.iso_week_date();
        let sum = weeks.entry((week.year(), week.week())).or_default();
        *sum = u64::saturating_add(*sum, *amount);
    }
    let last = weeks.last_key_value().map_or(0, |(&(year, _), _)| year);
    weeks.split_off(&(last.saturating_sub(MOST_YEARS - 1), 0))
}

/// Names the months above the weeks in which they begin.
fn months(scene: &mut Scene, grid: Rect) {
    let mut free_from = f64::NEG_INFINITY;
    for month in 1..=12 {
        // Of a year that begins with its first week, as it does within three days either way.
        let day = date(2024, month, 1);
        let x = grid.left + f64::from(day.day_of_year() - 1) / 7.0 / WEEKS * grid.width();
        let text = dates::month(day).to_owned();
        let name = Text { at: at(x + 1.0, grid.top - 8.0), anchor: Anchor::Start, style: theme::TICK, text };
        if name.bounds().left > free_from {
            free_from = name.bounds().right + 2.0;
            scene.text(name);
        }
        scene.line(vec![at(x, grid.top - 5.0), at(x, grid.top)], theme::AXIS, theme::HAIRLINE);
    }
    let x = grid.right + BESIDE;
    let text = "in all".to_owned();
    scene.text(Text { at: at(x, grid.top - 8.0), anchor: Anchor::Start, style: theme::TICK, text });
}

/// Draws the weeks of a year: shaded by amount, an empty box for none, a dot where nothing is known.
fn cells(scene: &mut Scene, year: i16, weeks: &Weeks, scale: &Scale, row: Rect) {
    let pitch = row.width() / WEEKS;
    let gap = (pitch * 0.08).clamp(0.4, 2.0);
    for week in 1..=53i8 {
        let left = row.left + f64::from(week - 1) * pitch;
        let cell = Rect { left, right: left + pitch, ..row }.grown(-gap);
        match weeks.get(&(year, week)) {
            Some(&amount) => {
                let (fill, edge) = scale.shade(amount);
                legend::edged(scene, cell, fill, edge);
            }
            None if ISOWeekDate::new(year, week, Weekday::Monday).is_ok() => {
                let center = at((cell.left + cell.right) / 2.0, (cell.top + cell.bottom) / 2.0);
                scene.dot(center, 1.0, theme::AXIS);
            }
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_for_the_week_in_which_they_lie() {
        // 1 January 2027 is a Friday, and lies in the last week of 2026.
        let all = [(date(2026, 12, 28), 5), (date(2027, 1, 1), 7), (date(2027, 1, 4), 11), (date(2000, 1, 3), 1)];
        let weeks = weeks(&all);
        assert_eq!(weeks.into_iter().collect::<Vec<_>>(), [((2026, 53), 12), ((2027, 1), 11)]);
    }
}
