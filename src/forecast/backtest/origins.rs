//! Chooses the past days of the forecasts.

use super::utc_day;
use crate::forecast::{HistoryLength, grid::span_days};
use crate::model::{days::Days, series::Observation};

/// The indexes of the observations after which a forecast is made: from the first with enough history, at least `every`
/// apart, each the last of its day and followed by a later one.
pub(crate) fn days(observations: &[Observation], need: HistoryLength, every: Days, last: Option<Days>) -> Vec<usize> {
    let day = |at: usize| utc_day(observations[at].time);
    let mut chosen: Vec<usize> = Vec::new();
    for at in 0..observations.len().saturating_sub(1) {
        let enough = at + 1 >= need.observations && span_days(&observations[..=at]) >= need.days;
        let ends_its_day = day(at) < day(at + 1);
        let to_the_end = (day(observations.len() - 1) - day(at)).get_days();
        let recent = last.is_none_or(|last| to_the_end <= last.0 as i32);
        let apart = chosen.last().is_none_or(|&before| (day(at) - day(before)).get_days() >= every.0 as i32);
        if enough && ends_its_day && recent && apart {
            chosen.push(at);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    const NEED: HistoryLength = HistoryLength { observations: 3, days: 14 };

    fn at(hours: &[i64]) -> Vec<Observation> {
        let time = |hour: &i64| Timestamp::from_second(hour * 3_600).unwrap();
        hours.iter().map(|hour| Observation { time: time(hour), used: 1.0 }).collect()
    }

    #[test]
    fn origins_of_weekly_scans_are_four_weeks_apart() {
        let weeks = at(&(0..14).map(|week| week * 168 + 4).collect::<Vec<_>>());
        assert_eq!(days(&weeks, NEED, Days(28), None), [2, 6, 10]);
        assert_eq!(days(&weeks, NEED, Days(28), Some(Days(28))), [9], "the last four weeks");
        assert_eq!(days(&weeks, HistoryLength { days: 20, ..NEED }, Days(28), None), [3, 7, 11]);
        assert!(days(&weeks[..3], NEED, Days(1), None).is_empty(), "no observation follows");
    }

    #[test]
    fn an_origin_includes_all_scans_of_its_day() {
        let scans = at(&[0, 168, 336, 342, 348, 360, 366]);
        assert_eq!(days(&scans, NEED, Days(1), None), [4]);
    }
}
