//! Lengths of time in whole days.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use crate::model::{numbers::plural, with_unit::with_unit};

/// Fifty years, so that dates stay inside the calendar, and forecasts in memory.
const MOST: u32 = 50 * 365;

/// A number of days.
///
/// ```
/// use mailrunway::model::days::Days;
/// assert_eq!("12w".parse(), Ok(Days(84)));
/// assert_eq!(Days(3 * 365).to_string(), "3 years");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days(pub u32);

impl Days {
    /// Reads a horizon, which is at least a day.
    pub(crate) fn horizon(text: &str) -> Result<Days, String> {
        match text.parse()? {
            Days(0) => Err(format!("a horizon of `{text}` shows nothing (write 90d, 12w or 3y)")),
            days => Ok(days),
        }
    }

    /// The settings' text for a bare number.
    pub(crate) fn meant(number: f64) -> String {
        format!("{number}d")
    }
}

impl FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` is not a valid length of time up to 50 years (write 90d, 12w or 3y)");
        let (number, unit) = text.split_at(text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len());
        let days = match unit {
            "d" => 1,
            "w" => 7,
            "y" => 365,
            _ => return Err(bad()),
        };
        let days = number.parse::<u32>().ok().and_then(|n| n.checked_mul(days)).filter(|&days| days <= MOST);
        days.map(Days).ok_or_else(bad)
    }
}

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Days, D::Error> {
        with_unit(deserializer, str::parse, Days::meant)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (number, unit) = match self.0 {
            days if days > 0 && days % 365 == 0 => (days / 365, "year"),
            days => (days, "day"),
        };
        write!(f, "{number} {}", plural(number.into(), unit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_weeks_and_years_parse() {
        for (text, days) in [("0d", 0), ("90d", 90), ("2w", 14), ("3y", 1095), ("50y", 18_250)] {
            assert_eq!(text.parse(), Ok(Days(days)));
        }
        for text in ["", "90", "d", "-1d", "1.5y", "90 d", "9m", "99999999999d", "4294967295y", "51y", "18251d"] {
            assert!(text.parse::<Days>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_horizon_is_at_least_one_day() {
        assert_eq!(Days::horizon("1d"), Ok(Days(1)));
        assert!(Days::horizon("0w").is_err() && Days::horizon("1").is_err());
    }

    #[test]
    fn durations_are_shown_in_days_or_whole_years() {
        assert_eq!([1, 90, 365, 730].map(|days| Days(days).to_string()), ["1 day", "90 days", "1 year", "2 years"]);
    }
}
