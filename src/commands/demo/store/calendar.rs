//! The calendar of the mail: less at weekends, in August and at the end of the year.

use jiff::civil::{Date, Weekday};

/// A day's share of the mail of an ordinary week.
pub(super) fn share_of_week(day: Date) -> f64 {
    let weekday = match day.weekday() {
        Weekday::Saturday => 0.05,
        Weekday::Sunday => 0.04,
        Weekday::Monday => 0.20,
        Weekday::Friday => 0.16,
        _ => 0.55 / 3.0,
    };
    weekday * holiday(day)
}

fn holiday(day: Date) -> f64 {
    match (day.month(), day.day()) {
        (12, 24..) | (1, 1..=2) => 0.25,
        (8, _) => 0.65,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;

    #[test]
    fn an_ordinary_week_has_full_traffic_and_a_holiday_less() {
        let week = |monday: Date| (0..7).map(|d| share_of_week(monday.saturating_add(d.days()))).sum::<f64>();
        assert!((week(date(2026, 3, 2)) - 1.0).abs() < 1e-12);
        assert!(week(date(2026, 8, 3)) < 0.7);
        assert!(week(date(2025, 12, 22)) < 0.8);
    }
}
