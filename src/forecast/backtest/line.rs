//! The usual method: a straight line through the observations.

use jiff::Timestamp;

use crate::model::{dates::SECONDS_PER_DAY, series::Observation};

/// The window of the recent line, open at its start as in Prometheus.
const RECENT_DAYS: f64 = 30.0;

/// A least squares line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Line {
    /// Level at the origin, in units of the resource.
    now: f64,
    /// Growth a day.
    per_day: f64,
}

impl Line {
    /// `None` without observations at two times.
    pub(super) fn through(observations: &[Observation], origin: Timestamp) -> Option<Line> {
        let n = observations.len() as f64;
        let day = |o: &Observation| o.time.duration_since(origin).as_secs_f64() / SECONDS_PER_DAY;
        let mean_day = observations.iter().map(day).sum::<f64>() / n;
        let mean_used = observations.iter().map(|o| o.used).sum::<f64>() / n;
        let spread: f64 = observations.iter().map(|o| (day(o) - mean_day).powi(2)).sum();
        let together: f64 = observations.iter().map(|o| (day(o) - mean_day) * (o.used - mean_used)).sum();
        let per_day = together / spread;
        // Not finite without observations, or with all at one time.
        per_day.is_finite().then_some(Line { now: mean_used - per_day * mean_day, per_day })
    }

    /// The line through the last 30 days.
    pub(super) fn of_recent(observations: &[Observation], origin: Timestamp) -> Option<Line> {
        let age = |o: &Observation| origin.duration_since(o.time).as_secs_f64() / SECONDS_PER_DAY;
        Line::through(&observations[observations.partition_point(|o| age(o) >= RECENT_DAYS)..], origin)
    }

    /// The level `days` after the origin.
    pub(super) fn level(self, days: f64) -> f64 {
        self.now + self.per_day * days
    }

    /// Whole days until it reaches a limit; infinite if never.
    pub(super) fn reaches(self, limit: f64) -> f64 {
        if self.now >= limit {
            0.0
        } else if self.per_day > 0.0 {
            ((limit - self.now) / self.per_day).ceil()
        } else {
            f64::INFINITY
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64, used: f64) -> Observation {
        Observation { time: Timestamp::from_second(day * 86_400).unwrap(), used }
    }

    #[test]
    fn a_line_matches_least_squares_by_hand() {
        // Means 20 and 4; products 30 × 5 + 0 + 0.. over squares 200: (−10 × −3 + 0 × 1 + 10 × 2) / 200 = 0.25.
        let observations = [at(10, 1.0), at(20, 5.0), at(30, 6.0)];
        let line = Line::through(&observations, observations[2].time).unwrap();
        assert_eq!(line, Line { now: 6.5, per_day: 0.25 });
        assert_eq!(line.level(8.0), 8.5);
        assert_eq!([line.reaches(6.5), line.reaches(7.0), line.reaches(7.1)], [0.0, 2.0, 3.0]);
        let falling = Line { per_day: -0.25, ..line };
        assert_eq!([falling.reaches(6.0), falling.reaches(7.0)], [0.0, f64::INFINITY]);
    }

    #[test]
    fn the_recent_line_leaves_out_observations_thirty_days_old() {
        let observations = [at(0, 99.0), at(10, 1.0), at(30, 5.0)];
        let line = Line::of_recent(&observations, observations[2].time).unwrap();
        assert_eq!(line, Line { now: 5.0, per_day: 0.2 });
        assert_eq!(Line::of_recent(&observations[..1], observations[2].time), None);
        assert_eq!(Line::of_recent(&observations[2..], observations[2].time), None, "one point makes no line");
    }
}
