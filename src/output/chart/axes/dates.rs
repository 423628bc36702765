//! Days as numbers, and the dates that an axis names: days, months or years.

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};

use super::Tick;
use crate::model::dates::month;

const EPOCH: Date = date(1970, 1, 1);
const SECONDS: f64 = 86_400.0;

/// The days since 1970 at the start of a date in UTC.
pub(crate) fn midnight(date: Date) -> f64 {
    date.duration_since(EPOCH).as_secs_f64() / SECONDS
}

/// The days since 1970 in the middle of a date, where a whole day is drawn.
pub(crate) fn noon(date: Date) -> f64 {
    midnight(date) + 0.5
}

/// The days since 1970 of a time.
pub(crate) fn instant(time: Timestamp) -> f64 {
    time.as_second() as f64 / SECONDS
}

/// The date of a day, or the nearest in the calendar.
pub(crate) fn date_of(day: f64) -> Date {
    // Four million days reach past both ends of the calendar.
    let days = day.floor().clamp(-4e6, 4e6) as i32;
    EPOCH.saturating_add(days.days())
}

/// From one named date to the next. Weeks begin on Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Days(i32),
    Months(i32),
    Years(i32),
}

use Step::{Days, Months, Years};

/// The steps that people count in, smallest first.
fn steps() -> impl Iterator<Item = Step> {
    let days = [1, 7, 14].map(Days).into_iter();
    days.chain([1, 2, 3, 6].map(Months)).chain([1, 2, 5, 10, 20, 50, 100].map(Years))
}

impl Step {
    /// The least number of days from one to the next.
    fn length(self) -> f64 {
        match self {
            Days(n) => f64::from(n),
            Months(n) => 30.0 * f64::from(n),
            Years(n) => 365.0 * f64::from(n),
        }
    }

    /// The last date of the step on or before `day`.
    fn start(self, day: Date) -> Date {
        match self {
            // 5 January 1970, day 4, was a Monday.
            Days(n) => day.saturating_sub((midnight(day) as i32 - 4).rem_euclid(n).days()),
            Months(n) => day.first_of_month().saturating_sub((i32::from(day.month() - 1) % n).months()),
            Years(n) => day.first_of_year().saturating_sub(i32::from(day.year()).rem_euclid(n).years()),
        }
    }

    fn next(self, day: Date) -> Date {
        day.saturating_add(match self {
            Days(n) => n.days(),
            Months(n) => n.months(),
            Years(n) => n.years(),
        })
    }

    /// The name of a date and, on the second row, the rest of the date.
    fn names(self, day: Date) -> (String, Option<String>) {
        match self {
            Days(_) => (day.day().to_string(), Some(format!("{} {}", month(day), day.year()))),
            Months(_) => (month(day).to_owned(), Some(day.year().to_string())),
            Years(_) => (day.year().to_string(), None),
        }
    }
}

/// The dates to name on an axis from one day to another, at least `apart` days from each other.
pub(crate) fn ticks((from, to): (f64, f64), apart: f64) -> Vec<Tick> {
    let step = steps().find(|step| step.length() >= apart).unwrap_or(Years(100));
    // The calendar has an end.
    let next = |day: &Date| Some(step.next(*day)).filter(|next| next > day);
    let days = std::iter::successors(Some(step.start(date_of(from))), next);
    let shown = days.skip_while(|&day| midnight(day) < from).take_while(|&day| midnight(day) <= to).take(200);
    let mut last = None;
    let tick = |day| {
        let (label, below) = step.names(day);
        let is_new = below != last;
        last.clone_from(&below);
        Tick { value: midnight(day), label, below: below.filter(|_| is_new) }
    };
    shown.map(tick).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(from: Date, to: Date, apart: f64) -> Vec<String> {
        let names = |tick: Tick| tick.below.map_or(tick.label.clone(), |below| format!("{} {below}", tick.label));
        ticks((midnight(from), midnight(to)), apart).into_iter().map(names).collect()
    }

    #[test]
    fn short_ranges_have_ticks_on_days_or_mondays() {
        assert_eq!(shown(date(2026, 11, 28), date(2026, 12, 2), 1.0), ["28 Nov 2026", "29", "30", "1 Dec 2026", "2"]);
        assert_eq!(shown(date(2026, 11, 20), date(2026, 12, 10), 4.0), ["23 Nov 2026", "30", "7 Dec 2026"]);
    }

    #[test]
    fn long_ranges_have_ticks_on_quarters_or_years() {
        let quarters = ["Jan 2026", "Apr", "Jul", "Oct", "Jan 2027"];
        assert_eq!(shown(date(2025, 12, 3), date(2027, 2, 1), 70.0), quarters);
        assert_eq!(shown(date(2019, 5, 1), date(2026, 2, 1), 400.0), ["2020", "2022", "2024", "2026"]);
    }

    #[test]
    fn days_convert_to_dates_and_back() {
        for day in [date(1969, 12, 31), date(1970, 1, 1), date(2028, 2, 29)] {
            assert_eq!(date_of(noon(day)), day);
            assert_eq!(date_of(midnight(day)), day);
        }
        assert_eq!(instant("1970-01-02T12:00:00Z".parse().unwrap()), 1.5);
    }

    #[test]
    fn ticks_stop_at_the_end_of_the_calendar() {
        assert!(ticks((midnight(Date::MAX) - 40.0, midnight(Date::MAX)), 1.0).len() < 50);
        assert!(ticks((0.0, 1e9), 0.001).len() <= 200);
    }
}
