//! Start, length and time span of a window.

use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, ZonedDateTime};

use crate::model::dates::{self, SECONDS_PER_DAY};

/// A year.
const MOST_SECONDS: i64 = 366 * 86_400;

/// The start of a window, as written.
#[derive(Clone, Debug, PartialEq)]
pub enum WindowStart {
    /// Local time without a zone.
    Civil(DateTime),
    /// With an offset from UTC, or a `Z`.
    Fixed(Timestamp),
    /// With the name of a time zone.
    Zoned(Box<ZonedDateTime>),
}

/// The length of a window: more than zero and at most a year.
///
/// ```
/// use mailrunway::planning::window::times::WindowLength;
/// assert_eq!("90m".parse::<WindowLength>().unwrap().seconds(), 5_400);
/// assert!("0h".parse::<WindowLength>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowLength(i64);

impl WindowLength {
    /// The length in seconds.
    pub fn seconds(self) -> i64 {
        self.0
    }
}

impl FromStr for WindowStart {
    type Err = String;

    fn from_str(text: &str) -> Result<WindowStart, String> {
        let bad = || {
            format!(
                "`{text}` is not a valid time: write 2026-12-06T22:00, optionally with Z, +01:00 or [Europe/Berlin]"
            )
        };
        // A date alone would silently mean midnight.
        if !text.contains(':') {
            return Err(bad());
        }
        if text.contains('[') {
            let zoned: ZonedDateTime = text.parse().map_err(|error| format!("{}: {error}", bad()))?;
            return Ok(WindowStart::Zoned(Box::new(zoned)));
        }
        match text.parse() {
            Ok(fixed) => Ok(WindowStart::Fixed(fixed)),
            Err(_) => text.parse().map(WindowStart::Civil).map_err(|_| bad()),
        }
    }
}

impl FromStr for WindowLength {
    type Err = String;

    fn from_str(text: &str) -> Result<WindowLength, String> {
        let bad = |why: &str| format!("`{text}` is not a valid length{why}: write 90m, 4h or 2d");
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = match &text[digits.len()..] {
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return Err(bad("")),
        };
        // `parse` would accept a sign.
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(bad(""));
        }
        let seconds = digits.parse::<i64>().ok().and_then(|number| number.checked_mul(unit));
        match seconds {
            Some(0) => Err(bad(", it is zero")),
            Some(seconds) if seconds <= MOST_SECONDS => Ok(WindowLength(seconds)),
            _ => Err(bad(", it is more than a year")),
        }
    }
}

/// A window of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// The start.
    pub from: ZonedDateTime,
    /// The end, after the start.
    pub to: ZonedDateTime,
}

impl Window {
    /// A start without a zone is in `zone`. `None` outside of the calendar.
    pub fn new(begin: &WindowStart, lasts: WindowLength, zone: &TimeZone) -> Option<Window> {
        let from = match begin {
            WindowStart::Civil(civil) => civil.to_zoned_datetime(zone.clone()).ok()?,
            WindowStart::Fixed(fixed) => fixed.to_zoned_datetime(zone.clone()),
            WindowStart::Zoned(zoned) => zoned.as_ref().clone(),
        };
        let to = from.checked_add(SignedDuration::from_secs(lasts.0)).ok()?;
        Some(Window { from, to })
    }

    /// The length in days.
    pub fn days(&self) -> f64 {
        days_between(self.from.timestamp(), self.to.timestamp())
    }

    /// The window shifted by days, at the same local time. `None` outside of the calendar.
    pub fn shifted(&self, days: i32) -> Option<Window> {
        let lasts = SignedDuration::from_secs(self.to.timestamp().as_second() - self.from.timestamp().as_second());
        let from = self.from.checked_add(days.days()).ok()?;
        let to = from.checked_add(lasts).ok()?;
        Some(Window { from, to })
    }

    /// The middle of the window: after it, undoing the work takes longer than the remaining time.
    pub fn middle(&self) -> ZonedDateTime {
        let half = (self.to.timestamp().as_second() - self.from.timestamp().as_second()) / 2;
        self.from.checked_add(SignedDuration::from_secs(half)).unwrap_or_else(|_| self.from.clone())
    }
}

/// Days from one time to another; may be negative.
pub fn days_between(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / SECONDS_PER_DAY
}

/// A time for a reader: `Sun 6 Dec 2026 22:00`.
pub fn show(time: &ZonedDateTime) -> String {
    format!("{} {} {}", time.strftime("%a"), dates::day(time.date()), time.strftime("%H:%M"))
}

/// A window for a reader: `Sun 6 Dec 2026 22:00 to Mon 7 Dec 2026 02:00 (+01:00)`.
pub fn show_window(window: &Window) -> String {
    let to = match window.from.date() == window.to.date() {
        true => window.to.strftime("%H:%M").to_string(),
        false => show(&window.to),
    };
    let zone = window.from.time_zone().iana_name().map_or_else(|| window.from.offset().to_string(), str::to_owned);
    format!("{} to {to} ({zone})", show(&window.from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(begin: &str, lasts: &str) -> Window {
        Window::new(&begin.parse().unwrap(), lasts.parse().unwrap(), &TimeZone::fixed(jiff::tz::offset(2))).unwrap()
    }

    #[test]
    fn lengths_are_positive_whole_numbers_with_a_unit() {
        for (text, seconds) in [("1m", 60), ("90m", 5_400), ("4h", 14_400), ("2d", 172_800), ("366d", MOST_SECONDS)] {
            assert_eq!(text.parse(), Ok(WindowLength(seconds)), "{text}");
        }
        let wrong =
            ["", "h", "4", "-4h", "+4h", "1.5h", "4 h", "4w", "4H", "0m", "00h", "367d", "9999999999999999999m", "٤h"];
        for text in wrong {
            assert!(text.parse::<WindowLength>().is_err(), "{text}");
        }
        // An overflow in seconds is refused.
        assert!("9223372036854775807d".parse::<WindowLength>().unwrap_err().contains("more than a year"));
    }

    #[test]
    fn a_start_is_in_its_own_zone_or_the_local_one() {
        let at = |text: &str| window(text, "4h").from.timestamp().to_string();
        assert_eq!(at("2026-12-06T22:00"), "2026-12-06T20:00:00Z");
        assert_eq!(at("2026-12-06 22:00:30"), "2026-12-06T20:00:30Z");
        assert_eq!(at("2026-12-06T22:00Z"), "2026-12-06T22:00:00Z");
        assert_eq!(at("2026-12-06T22:00-05:00"), "2026-12-07T03:00:00Z");
        assert_eq!(at("2026-12-06T22:00[UTC]"), "2026-12-06T22:00:00Z");
        for text in
            ["", "tonight", "2026-12-06", "22:00", "2026-13-06T22:00", "2026-12-06T25:00", "2026-12-06T22:00[No/Where]"]
        {
            assert!(text.parse::<WindowStart>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_window_ends_after_its_length() {
        let night = window("2026-12-06T22:00Z", "4h");
        assert_eq!((night.days(), night.middle().timestamp().to_string()), (1.0 / 6.0, "2026-12-07T00:00:00Z".into()));
        assert_eq!(show_window(&night), "Mon 7 Dec 2026 00:00 to 04:00 (+02)");
        assert_eq!(
            show_window(&window("2026-12-06T22:00", "4h")),
            "Sun 6 Dec 2026 22:00 to Mon 7 Dec 2026 02:00 (+02)"
        );
        let later = night.shifted(-7).unwrap();
        assert_eq!((later.days(), later.from.timestamp().to_string()), (1.0 / 6.0, "2026-11-29T22:00:00Z".into()));
        let last = "9999-12-30T22:00Z".parse().unwrap();
        assert_eq!(Window::new(&last, WindowLength(MOST_SECONDS), &TimeZone::UTC), None);
    }
}
