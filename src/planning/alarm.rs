//! When a monitoring system should alarm.

use jiff::civil::Date;

use crate::forecast::{Forecast, State};
use crate::model::days::Days;

/// From which values on there is an alarm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// WARNING if the earliest plausible date is nearer.
    pub warning: Days,
    /// CRITICAL if the expected date is nearer, and at least `used_floor` is in use. By the earliest plausible date, four
    /// times as many alarms would be false: see tests/bench/README.md.
    pub critical: Days,
    /// Below this share in use a forecast alone is no more than a WARNING.
    pub used_floor: f64,
    /// WARNING from this share in use on.
    pub used_warning: f64,
    /// CRITICAL from this share in use on.
    pub used_critical: f64,
    /// UNKNOWN if the last scan is older.
    pub max_age: Days,
}

/// A level that is set stays until the date is farther away than the threshold by this factor.
const SLACK: f64 = 1.2;

/// The level of an alarm, as the guidelines for monitoring plugins order it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum_macros::IntoStaticStr)]
#[strum(serialize_all = "UPPERCASE")]
pub enum Alarm {
    /// No alarm.
    Ok,
    /// The history is too old.
    Unknown,
    /// Somebody should look at it in working hours.
    Warning,
    /// Somebody should look at it now.
    Critical,
}

impl Alarm {
    /// The word for monitoring systems.
    pub fn word(self) -> &'static str {
        self.into()
    }

    /// The exit status of a plugin.
    pub fn exit_status(self) -> u8 {
        match self {
            Alarm::Ok => 0,
            Alarm::Warning => 1,
            Alarm::Critical => 2,
            Alarm::Unknown => 3,
        }
    }

    /// The worst of all; unknown if there is none.
    pub fn worst(all: &[Checked]) -> Alarm {
        all.iter().map(|one| one.alarm).max().unwrap_or(Alarm::Unknown)
    }
}

/// The days from today to the dates: 0 if they have passed, `None` if there are none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Runway {
    /// To the earliest plausible date (10 %).
    pub earliest: Option<u32>,
    /// To the expected date (50 %).
    pub expected: Option<u32>,
}

/// A checked series.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The forecast.
    pub forecast: Forecast,
    /// The alarm.
    pub alarm: Alarm,
    /// The days to the dates.
    pub runway: Runway,
    /// The days since the last scan, if they are too many.
    pub too_old: Option<u32>,
    /// Whether it is of the machine that checks.
    pub is_here: bool,
}

impl Checked {
    /// Checks a series, by its forecast of now and, if there was one, of a week before.
    pub fn new(
        forecast: Forecast,
        before: Option<&Forecast>,
        scanned_on: Date,
        thresholds: &Thresholds,
        today: Date,
    ) -> Checked {
        let (runway, used_share) = (Runway::of(&forecast, today), forecast.used_share());
        let by_forecast = |runway, share, factor| thresholds.by_forecast(runway, share, factor);
        let now = by_forecast(runway, used_share, 1.0);
        let then = before.map_or(Alarm::Ok, |then| by_forecast(Runway::of(then, then.as_of), then.used_share(), 1.0));
        let held = then.min(by_forecast(runway, used_share, SLACK));
        let mut alarm = now.max(held).max(thresholds.by_use(&forecast));
        let age = (today - scanned_on).get_days().max(0) as u32;
        let too_old = (age > thresholds.max_age.0).then_some(age);
        // What is full now is full, however old the last scan.
        if too_old.is_some() && !(alarm == Alarm::Critical && forecast.measured_now) {
            alarm = Alarm::Unknown;
        }
        Checked { forecast, alarm, runway, too_old, is_here: true }
    }

    /// The same, checked on this machine.
    pub fn seen_from(self, host: &str) -> Checked {
        let is_here = self.forecast.identity.fields(&self.forecast.series).host.is_none_or(|of| of == host);
        Checked { is_here, ..self }
    }
}

impl Thresholds {
    /// The level by the dates, with all times multiplied by a factor.
    fn by_forecast(&self, runway: Runway, used_share: Option<f64>, factor: f64) -> Alarm {
        let is_within =
            |days: Option<u32>, time: Days| days.is_some_and(|days| f64::from(days) < factor * f64::from(time.0));
        match (is_within(runway.expected, self.critical), is_within(runway.earliest, self.warning)) {
            (true, _) if used_share.is_some_and(|share| share >= self.used_floor) => Alarm::Critical,
            (true, _) | (_, true) => Alarm::Warning,
            _ => Alarm::Ok,
        }
    }

    /// The level by the share in use.
    fn by_use(&self, forecast: &Forecast) -> Alarm {
        match forecast.used_share() {
            _ if forecast.state == State::Already => Alarm::Critical,
            Some(share) if share >= self.used_critical => Alarm::Critical,
            Some(share) if share >= self.used_warning => Alarm::Warning,
            _ => Alarm::Ok,
        }
    }
}

impl Runway {
    fn of(forecast: &Forecast, today: Date) -> Runway {
        let passed = (today - forecast.as_of).get_days().max(0) as u32;
        let days = |p| forecast.days_to_full(p).map(|days| days.saturating_sub(passed));
        Runway { earliest: days(0.1), expected: days(0.5) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{Forecaster, Options};
    use crate::model::series::{Observation, Resource, Series};
    use jiff::civil::date;
    use jiff::{Timestamp, ToSpan};

    const TODAY: Date = date(2025, 12, 31);
    const THRESHOLDS: Thresholds = Thresholds {
        warning: Days(90),
        critical: Days(30),
        used_floor: 0.6,
        used_warning: 0.85,
        used_critical: 0.95,
        max_age: Days(10),
    };

    /// Forty weeks up to 1,000 at the end of 2025, by `growth` a week.
    fn forecast(growth: f64, limit: f64) -> Forecast {
        let end: Timestamp = "2025-12-31T00:00:00Z".parse().unwrap();
        let at = |week: i64| Observation {
            time: Timestamp::from_second(end.as_second() - week * 7 * 86_400).unwrap(),
            used: 1_000.0 - growth * week as f64,
        };
        let series = Series::new("s".into(), Resource::Bytes, (0..40).map(at).collect(), Some(limit));
        Forecaster::new(Options::default()).forecast(&series).unwrap()
    }

    fn alarm(growth: f64, limit: f64, before: Option<f64>, scanned_on: Date) -> Alarm {
        let before = before.map(|limit| forecast(growth, limit));
        Checked::new(forecast(growth, limit), before.as_ref(), scanned_on, &THRESHOLDS, TODAY).alarm
    }

    #[test]
    fn the_level_follows_date_and_use() {
        assert_eq!(alarm(10.0, 1_000.0, None, TODAY), Alarm::Critical, "full");
        assert_eq!(alarm(10.0, 1_050.0, None, TODAY), Alarm::Critical, "over 95 % in use");
        assert_eq!(alarm(1.0, 1_150.0, None, TODAY), Alarm::Warning, "over 85 % in use");
        assert_eq!(alarm(20.0, 1_200.0, None, TODAY), Alarm::Warning, "in about ten weeks");
        assert_eq!(alarm(60.0, 1_200.0, None, TODAY), Alarm::Critical, "in about three weeks");
        assert_eq!(alarm(1.0, 3_000.0, None, TODAY), Alarm::Ok);
    }

    #[test]
    fn an_early_plausible_date_alone_is_no_more_than_a_warning() {
        let days = |limit| Runway::of(&forecast(20.0, limit), TODAY);
        let is_between = |limit: &f64| days(*limit).earliest < Some(30) && days(*limit).expected >= Some(30);
        let limit = (1_010..1_200).map(f64::from).find(is_between).unwrap();
        assert_eq!(alarm(20.0, limit, None, TODAY), Alarm::Warning);
    }

    #[test]
    fn below_the_floor_a_date_alone_is_no_more_than_a_warning() {
        let floor = Thresholds { used_floor: 0.9, ..THRESHOLDS };
        let checked = Checked::new(forecast(60.0, 1_200.0), None, TODAY, &floor, TODAY);
        assert_eq!(checked.alarm, Alarm::Warning);
    }

    #[test]
    fn a_level_stays_until_the_date_is_a_fifth_farther_away() {
        let runway = |limit| Runway::of(&forecast(20.0, limit), TODAY).earliest.unwrap();
        let limit = (1_200..2_000).step_by(5).map(f64::from).find(|&limit| runway(limit) >= 95).unwrap();
        assert!(runway(limit) < 108);
        assert_eq!(alarm(20.0, limit, None, TODAY), Alarm::Ok);
        assert_eq!(alarm(20.0, limit, Some(1_200.0), TODAY), Alarm::Warning);
        let farther = (1_200..3_000).step_by(5).map(f64::from).find(|&limit| runway(limit) >= 110).unwrap();
        assert_eq!(alarm(20.0, farther, Some(1_200.0), TODAY), Alarm::Ok);
    }

    #[test]
    fn an_old_history_is_unknown() {
        let old = TODAY.saturating_sub(11.days());
        assert_eq!(alarm(1.0, 3_000.0, None, old), Alarm::Unknown);
        assert_eq!(alarm(10.0, 1_000.0, None, old), Alarm::Unknown, "it may have been cleared out since");
    }
}
