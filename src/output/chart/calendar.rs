//! The arrivals of each week, a row for each year.

mod shading;

use std::collections::BTreeMap;

use jiff::civil::{ISOWeekDate, Weekday, date};

use self::shading::Shading;
use super::scene::{Anchor, Rect, Scene, Text, at};
use super::theme::{self, MARGIN, TextStyle};
use super::{Canvas, Figure, empty_chart, fonts, legend, numbers};
use crate::model::bytes::Units;
use crate::model::dates;
use crate::model::series::Resource;
use crate::planning::growth::calendar::{self, CalendarWeek};
use crate::planning::growth::timeline::StoreTimeline;

/// The mail of a store by week of arrival, the newest year below. Weeks that are missing are unknown.
#[derive(Clone, Debug)]
pub(crate) struct CalendarFigure<'a> {
    pub store: &'a str,
    pub weeks: Vec<CalendarWeek>,
    pub units: Units,
}

impl<'a> CalendarFigure<'a> {
    pub(crate) fn new(timeline: &'a StoreTimeline, units: Units) -> CalendarFigure<'a> {
        CalendarFigure { store: &timeline.store, weeks: calendar::weeks(timeline), units }
    }

    fn show(&self, bytes: f64) -> String {
        numbers::amount(Resource::Bytes, bytes, self.units)
    }
}

const MOST_YEARS: i16 = 12;
/// Columns: the most weeks of an ISO year.
const WEEKS: f64 = 53.0;
const HIGHEST_ROW: f64 = 96.0;
/// The height of the months above the rows.
const MONTHS: f64 = 24.0;
const BESIDE: f64 = 10.0;

/// Bytes by ISO year and week.
type Weeks = BTreeMap<(i16, i8), u64>;

impl Figure for CalendarFigure<'_> {
    fn title(&self) -> String {
        format!("{}: arrivals by week", self.store)
    }

    fn subtitle(&self) -> String {
        "Bytes of the messages that arrived in each week and are still there".to_owned()
    }

    fn description(&self) -> String {
        let mut years: BTreeMap<i16, f64> = BTreeMap::new();
        for ((year, _), bytes) in by_year_and_week(&self.weeks) {
            *years.entry(year).or_default() += bytes as f64;
        }
        let years: Vec<String> = years.iter().map(|(year, sum)| format!("{year}: {}", self.show(*sum))).collect();
        format!("{} What arrived in each week, a row for each year. In all: {}.", self.subtitle(), years.join("; "))
    }

    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        let (width, height) = canvas.size();
        let weeks = by_year_and_week(&self.weeks);
        let (Some((&(first, _), _)), Some((&(last, _), _))) = (weeks.first_key_value(), weeks.last_key_value()) else {
            return empty_chart::explain(scene, canvas, "no scan told when the mail arrived");
        };
        let years: Vec<i16> = (first..=last).collect();
        let sum = |year: &i16| self.show(weeks.range((*year, 0)..=(*year, 99)).map(|(_, &bytes)| bytes as f64).sum());
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
        let shading = Shading::new(weeks.values().copied(), self.units);
        let grid = Rect { bottom: grid.top + pitch * years.len() as f64, ..grid };
        draw_months(scene, grid);
        for (i, year) in years.iter().enumerate() {
            let row = Rect { top: grid.top + pitch * i as f64, bottom: grid.top + pitch * (i + 1) as f64, ..grid };
            draw_weeks(scene, *year, &weeks, &shading, row);
            let word = |x: f64, anchor, style: TextStyle, text: &str| {
                let baseline = (row.top + row.bottom) / 2.0 + theme::HALF_CAPITAL * style.size;
                Text { at: at(x, baseline), anchor, style, text: text.to_owned() }
            };
            scene.text(word(grid.left - BESIDE, Anchor::End, theme::ROW_LABEL, &names[i]));
            scene.text(word(grid.right + BESIDE, Anchor::Start, theme::FIGURES, &sums[i]));
        }
        let signs = shading.signs();
        let signs: Vec<_> = signs.iter().map(|(sign, words)| (*sign, words.as_str())).collect();
        let baseline = (grid.bottom + 34.0).min(height - theme::LEGEND_ABOVE_EDGE);
        legend::row(scene, (MARGIN, width - MARGIN), baseline, &signs);
    }
}

/// The bytes of the last [`MOST_YEARS`] years.
fn by_year_and_week(all: &[CalendarWeek]) -> Weeks {
    let mut weeks = Weeks::new();
    for arrived in all {
        let week = arrived.monday.iso_week_date();
        let sum = weeks.entry((week.year(), week.week())).or_default();
        *sum = u64::saturating_add(*sum, arrived.bytes);
    }
    let last = weeks.last_key_value().map_or(0, |(&(year, _), _)| year);
    weeks.split_off(&(last.saturating_sub(MOST_YEARS - 1), 0))
}

/// Names the months above the weeks in which they begin.
fn draw_months(scene: &mut Scene, grid: Rect) {
    let mut free_from = f64::NEG_INFINITY;
    for month in 1..=12 {
        // 2024 begins with its first ISO week; other years are at most three days off.
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

/// Draws the weeks of a year: shaded by bytes, an empty box for none, a dot for unknown.
fn draw_weeks(scene: &mut Scene, year: i16, weeks: &Weeks, shading: &Shading, row: Rect) {
    let pitch = row.width() / WEEKS;
    let gap = (pitch * 0.08).clamp(0.4, 2.0);
    for week in 1..=53i8 {
        let left = row.left + f64::from(week - 1) * pitch;
        let cell = Rect { left, right: left + pitch, ..row }.grown(-gap);
        match weeks.get(&(year, week)) {
            Some(&amount) => {
                let (fill, edge) = shading.shade(amount);
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
    use jiff::civil::Date;

    use super::*;

    #[test]
    fn days_count_for_their_iso_week() {
        // 1 January 2027 is a Friday, and lies in the last week of 2026.
        let all = [(date(2026, 12, 28), 5), (date(2027, 1, 1), 7), (date(2027, 1, 4), 11), (date(2000, 1, 3), 1)];
        let week = |(monday, bytes): (Date, u64)| CalendarWeek { monday, messages: 1, bytes };
        let weeks = by_year_and_week(&all.map(week));
        assert_eq!(weeks.into_iter().collect::<Vec<_>>(), [((2026, 53), 12), ((2027, 1), 11)]);
    }
}
