//! Days as numbers, and which of them an axis names: weeks, months, quarters or years.

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

/// The days since 1970 in the middle of a date, which is where a whole day is shown.
pub(crate) fn noon(date: Date) -> f64 {
    midnight(date) + 0.5
}

/// The days since 1970 of a time.
pub(crate) fn instant(time: Timestamp) -> f64 {
    time.as_second() as f64 / SECONDS
}

/// The date in which a day falls, or the nearest that there is.
pub(crate) fn date_of(day: f64) -> Date {
    // The cast saturates, and four million days reach past the years that jiff knows.
    let days = day.floor().clamp(-4e6, 4e6) as i32;
    EPOCH.saturating_add(days.days())
}

/// From one named date to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Day,
    Weeks(i32),
    Months(i8),
    Years(i16),
}

/// The steps that people count in, smallest first.
const STEPS: [Step; 14] = [
    Step::Day,
    Step::Weeks(1),
    Step::Weeks(2),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
    Step::Years(10),
    Step::Years(20),
    Step::Years(50),
    Step::Years(100),
];

impl Step {
    /// The least number of days from one to the next.
    fn length(self) -> f64 {
        match self {
            Step::Day => 1.0,
            Step::Weeks(n) => 7.0 * f64::from(n),
            Step::Months(n) => 30.0 * f64::from(n),
            Step::Years(n) => 365.0 * f64::from(n),
        }
    }

    /// The last date of the step's rhythm that is not after `day`.
    fn start(self, day: Date) -> Date {
        match self {
            Step::Day => day,
            Step::Weeks(n) => {
                // 5 January 1970, day 4, was a Monday.
                let since = midnight(day) as i32 - 4;
                day.saturating_sub(since.rem_euclid(7 * n).days())
            }
            Step::Months(n) => {
                let first = day.first_of_month();
                first.saturating_sub(i32::from((first.month() - 1) % n).months())
            }
            Step::Years(n) => {
                let first = day.first_of_year();
                first.saturating_sub(i32::from(first.year().rem_euclid(n)).years())
            }
        }
    }

    fn next(self, day: Date) -> Date {
        match self {
            Step::Day => day.saturating_add(1.day()),
            Step::Weeks(n) => day.saturating_add(n.weeks()),
            Step::Months(n) => day.saturating_add(i32::from(n).months()),
            Step::Years(n) => day.saturating_add(i32::from(n).years()),
        }
    }

    /// The name of a date and, on the second row, what the name leaves open.
    fn names(self, day: Date) -> (String, Option<String>) {
        match self {
            Step::Day | Step::Weeks(_) => (day.day().to_string(), Some(format!("{} {}", month(day), day.year()))),
            Step::Months(_) => (month(day).to_owned(), Some(day.year().to_string())),
            Step::Years(_) => (day.year().to_string(), None),
        }
    }
}

/// The dates to name on an axis from one day to another, where at least so many days lie between two names.
pub(crate) fn ticks((from, to): (f64, f64), apart: f64) -> Vec<Tick> {
    let step = STEPS.into_iter().find(|step| step.length() >= apart).unwrap_or(STEPS[STEPS.len() - 1]);
    let mut ticks = Vec::new();
    let mut said = None;
    let mut day = step.start(date_of(from));
    while midnight(day) <= to && ticks.len() < 200 {
        if midnight(day) >= from {
            let (label, below) = step.names(day);
            let news = below.clone().filter(|_| said != below);
            said = below;
            ticks.push(Tick { value: midnight(day), label, below: news });
        }
        let next = step.next(day);
        if next <= day {
            break; // the end of the calendar
        }
        day = next;
    }
    ticks
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
