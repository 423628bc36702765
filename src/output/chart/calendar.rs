//! The arrivals of each week, a row for each year.

use std::collections::BTreeMap;

use jiff::civil::{ISOWeekDate, Weekday, date};

use super::axes::amounts;
use super::legend::{self, Sign};
use super::scene::{Anchor, Rect, Scene, Text, at};
use super::theme::{self, MARGIN, Rgb, SHADES};
use super::{Canvas, Figure, fonts, text};
use crate::model::{bytes::Units, dates, series::Resource};
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
}

const MOST_YEARS: i16 = 12;
/// The most weeks of an ISO year.
const WEEKS: f64 = 53.0;
const HIGHEST_ROW: f64 = 96.0;
/// The height of the months above the rows.
const MONTHS: f64 = 24.0;
const BESIDE: f64 = 10.0;

/// Weeks by ISO year and number.
type Weeks = BTreeMap<(i16, i8), WeekCell>;

/// The sum of a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct WeekCell {
    bytes: u64,
    is_over: bool,
}

impl Figure for CalendarFigure<'_> {
    fn title(&self) -> String {
        format!("{}: arrivals by week", self.store)
    }

    fn subtitle(&self) -> String {
        "Bytes of the messages that arrived in each week, Monday to Sunday, and are still there".to_owned()
    }

    fn in_words(&self) -> String {
        let mut years: BTreeMap<i16, f64> = BTreeMap::new();
        let weeks = by_year_and_week(&self.weeks);
        for ((year, _), week) in &weeks {
            *years.entry(*year).or_default() += week.bytes as f64;
        }
        let years: Vec<String> = years.iter().map(|(year, sum)| format!("{year}: {}", self.units.show(*sum))).collect();
        let unfinished = if has_unfinished(&weeks) { " The last week is not over." } else { "" };
        format!("A row for each year. In all: {}.{unfinished}", years.join("; "))
    }

    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        let weeks = by_year_and_week(&self.weeks);
        let (Some((&(first, _), _)), Some((&(last, _), _))) = (weeks.first_key_value(), weeks.last_key_value()) else {
            return text::explain_empty(scene, canvas, "no scan recorded when the mail arrived");
        };
        let bytes = |year: i16| weeks.range((year, 0)..=(year, 99)).map(|(_, week)| week.bytes as f64).sum();
        let sums: Vec<String> = (first..=last).map(|year| self.units.show(bytes(year))).collect();
        let names: Vec<String> = (first..=last).map(|year| year.to_string()).collect();
        let room = canvas.room(theme::PLOT_TOP + MONTHS, theme::BELOW_ROWS);
        let pitch = (room.height() / names.len() as f64).min(HIGHEST_ROW);
        let grid = Rect {
            left: room.left + fonts::widest(&names, theme::ROW_LABEL) + BESIDE,
            right: room.right - fonts::widest(&sums, theme::FIGURES).max(fonts::width("in all", theme::TICK)) - BESIDE,
            bottom: room.top + pitch * names.len() as f64,
            ..room
        };
        let shading = Shading::new(weeks.values().map(|week| week.bytes), self.units);
        draw_months(scene, grid);
        for (i, (year, (name, sum))) in (first..=last).zip(names.into_iter().zip(sums)).enumerate() {
            let row = Rect { top: grid.top + pitch * i as f64, bottom: grid.top + pitch * (i + 1) as f64, ..grid };
            draw_weeks(scene, year, &weeks, &shading, row);
            let middle = row.center().y;
            scene.text(Text::centered(at(grid.left - BESIDE, middle), Anchor::End, theme::ROW_LABEL, name));
            scene.text(Text::centered(at(grid.right + BESIDE, middle), Anchor::Start, theme::FIGURES, sum));
        }
        let signs = shading.signs(has_unfinished(&weeks));
        let signs: Vec<_> = signs.iter().map(|(sign, words)| (*sign, words.as_str())).collect();
        let baseline = (grid.bottom + 34.0).min(canvas.legend_baseline());
        legend::row(scene, (MARGIN, room.right), baseline, &signs, legend::CLOSE, &[]);
    }
}

/// The weeks of the last [`MOST_YEARS`] years.
fn by_year_and_week(all: &[CalendarWeek]) -> Weeks {
    let mut weeks = Weeks::new();
    for arrived in all {
        let week = arrived.monday.iso_week_date();
        let cell = WeekCell { bytes: arrived.mail.bytes, is_over: arrived.is_over };
        weeks.insert((week.year(), week.week()), cell);
    }
    let last = weeks.last_key_value().map_or(0, |(&(year, _), _)| year);
    weeks.split_off(&(last.saturating_sub(MOST_YEARS - 1), 0))
}

fn has_unfinished(weeks: &Weeks) -> bool {
    weeks.values().any(|week| !week.is_over)
}

/// Names the months above the weeks in which they begin.
fn draw_months(scene: &mut Scene, grid: Rect) {
    let heading = |x: f64, words: &str| Text::new(at(x, grid.top - 8.0), Anchor::Start, theme::TICK, words);
    let mut free_from = f64::NEG_INFINITY;
    for month in 1..=12 {
        // 2024 begins with its first ISO week; other years are at most three days off.
        let day = date(2024, month, 1);
        let x = grid.left + f64::from(day.day_of_year() - 1) / 7.0 / WEEKS * grid.width();
        let name = heading(x + 1.0, dates::month(day));
        if name.bounds().left > free_from {
            free_from = name.bounds().right + 2.0;
            scene.text(name);
        }
        scene.segment(at(x, grid.top - 5.0), at(x, grid.top), theme::THIN_LINE);
    }
    scene.text(heading(grid.right + BESIDE, "in all"));
}

/// Draws the weeks of a year: shaded by bytes, an empty box for none, a dark edge for one that is not over, a dot for unknown.
fn draw_weeks(scene: &mut Scene, year: i16, weeks: &Weeks, shading: &Shading, row: Rect) {
    let pitch = row.width() / WEEKS;
    let gap = (pitch * 0.08).clamp(0.4, 2.0);
    for week in 1..=53i8 {
        let left = row.left + f64::from(week - 1) * pitch;
        let cell = Rect { left, right: left + pitch, ..row }.grown(-gap);
        match weeks.get(&(year, week)) {
            Some(week) => {
                let (fill, edge) = shading.shade(week.bytes);
                legend::edged(scene, cell, fill, if week.is_over { edge } else { theme::INK });
            }
            None if ISOWeekDate::new(year, week, Weekday::Monday).is_ok() => {
                scene.dot(cell.center(), 1.0, theme::AXIS);
            }
            None => {}
        }
    }
}

/// The percentile of the weeks at the top of the scale. Weeks above it, mostly imports, have the darkest shade.
const WITHIN: usize = 97;

/// Five even steps of lightness for amounts, distinct in grey print.
#[derive(Clone, Copy, Debug)]
struct Shading {
    /// Bytes from shade to shade.
    step: f64,
    units: Units,
}

impl Shading {
    fn new(amounts: impl Iterator<Item = u64>, units: Units) -> Shading {
        let mut amounts: Vec<u64> = amounts.filter(|&amount| amount > 0).collect();
        amounts.sort_unstable();
        let high = amounts.get((amounts.len() * WITHIN / 100).min(amounts.len().saturating_sub(1)));
        let high = high.map_or(1.0, |&amount| amount as f64);
        Shading { step: amounts::step((0.0, high), Resource::Bytes, units, SHADES.len()), units }
    }

    /// The fill and the edge of a week.
    fn shade(&self, amount: u64) -> (Rgb, Rgb) {
        if amount == 0 {
            return (theme::PAPER, theme::AXIS);
        }
        let shade = SHADES[((amount as f64 / self.step).ceil() as usize).clamp(1, SHADES.len()) - 1];
        (shade, shade)
    }

    fn signs(&self, with_unfinished: bool) -> Vec<(Sign, String)> {
        let high = self.step * SHADES.len() as f64;
        let named = amounts::ticks((0.0, high), Resource::Bytes, self.units, SHADES.len());
        let mut signs = vec![
            (Sign::Dot { color: theme::AXIS, radius: 1.4 }, "not known".to_owned()),
            (Sign::edged(theme::PAPER, theme::AXIS), "none".to_owned()),
        ];
        for (i, &shade) in SHADES.iter().enumerate() {
            let words = match named.get(i + 1) {
                Some(bound) if i == 0 => format!("up to {}", bound.label),
                Some(bound) if i + 1 < SHADES.len() => bound.label.clone(),
                _ => "more".to_owned(),
            };
            signs.push((Sign::filled(shade), words));
        }
        if with_unfinished {
            signs.push((Sign::edged(theme::PAPER, theme::INK), "week not over".to_owned()));
        }
        signs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::growth::timeline::MailSum;

    #[test]
    fn weeks_have_their_iso_number() {
        let mondays = [date(2026, 12, 28), date(2027, 1, 4), date(2000, 1, 3)];
        let week = |monday| CalendarWeek { monday, mail: MailSum { messages: 1, bytes: 5 }, is_over: true };
        let weeks = by_year_and_week(&mondays.map(week));
        assert_eq!(weeks.into_keys().collect::<Vec<_>>(), [(2026, 53), (2027, 1)], "2000 is too long ago");
    }

    #[test]
    fn a_week_that_is_not_over_is_marked() {
        let of = |is_over| {
            let mail = MailSum { messages: 1, bytes: 5 };
            let weeks = vec![CalendarWeek { monday: date(2026, 11, 23), mail, is_over }];
            let words = CalendarFigure { store: "vmail", weeks, units: Units::Plain }.in_words();
            words.ends_with(" The last week is not over.")
        };
        assert_eq!((of(true), of(false)), (false, true));
        let shading = Shading { step: 1.0, units: Units::Plain };
        assert_eq!(shading.signs(true).len(), shading.signs(false).len() + 1);
    }

    #[test]
    fn zero_has_a_different_shade_than_one() {
        let shading = Shading::new([0, 1, 900, 1_000].into_iter(), Units::Plain);
        assert_eq!(shading.step, 200.0);
        let shades = [0, 1, 200, 201, 1_000, u64::MAX].map(|amount| shading.shade(amount).0);
        assert_eq!(shades, [theme::PAPER, SHADES[0], SHADES[0], SHADES[1], SHADES[4], SHADES[4]]);
    }
}
