//! The verdict on a forecast under a policy.

pub(crate) mod quotas;

use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use strum_macros::IntoStaticStr;

use crate::forecast::{Forecast, Outlook, PLANNING_DAYS, Quantiles, State, Trend};
use crate::model::dates::{self, day};
use crate::model::numbers::{counted, in_use, percent, probability};
use crate::model::schema::Day;
use crate::model::{bytes::Units, days::Days};

/// The policy that turns a forecast into a status.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// The time it takes to get more space: decide, order, deliver, install.
    pub lead_time: Days,
    /// The time between two reviews: what is due before the next one is due now.
    pub review_interval: Days,
    /// Below this share in use, an expected date is amber and not red.
    pub used_floor: f64,
    /// From this share in use on, the status is at least amber.
    pub used_warning: f64,
    /// From this share in use on, the status is red.
    pub used_critical: f64,
}

impl Policy {
    /// The day on which space ordered today is available.
    pub fn lead_time_ends(&self, today: Date) -> Date {
        today.saturating_add(i64::from(self.lead_time.0).days())
    }
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            lead_time: Days(90),
            review_interval: Days(7),
            used_floor: 0.60,
            used_warning: 0.85,
            used_critical: 0.95,
        }
    }
}

/// The status of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "UPPERCASE")]
pub enum Status {
    /// Nothing to do before the next review.
    Green,
    /// There is no forecast yet.
    Unknown,
    /// Plan now.
    Amber,
    /// Act now.
    Red,
}

impl Status {
    /// The status as a word.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// The judgement of a forecast.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct Verdict {
    /// What is to be done.
    pub status: Status,
    /// The reason for the status.
    pub reason: String,
    /// The earliest plausible date (10 %) less the lead time; `None` if it is more than three years after the last scan, or
    /// if full already.
    #[schemars(with = "Option<Day>")]
    pub order_by: Option<Date>,
    /// The probability that the limit is reached within the lead time, from 0 to 1; `None` without a forecast.
    #[serde(rename = "p_full_within_lead_time")]
    pub full_within_lead_time: Option<f64>,
    /// The share of the limit in use, 1 if it is full; `None` without a limit.
    pub used_share: Option<f64>,
}

/// Judges a forecast as of today. The horizon does not matter.
pub fn judge(forecast: &Forecast, policy: &Policy, today: Date) -> Verdict {
    let outlook = forecast.outlook.as_ref().filter(|_| forecast.limit.is_some());
    let used_share = forecast.used_share();
    let is_full = forecast.state == State::Already;
    let order_by = forecast.days_to_full(0.1).filter(|_| !is_full).and_then(|earliest| {
        let ahead = i64::from(earliest) - i64::from(policy.lead_time.0);
        let ahead = (ahead <= i64::from(PLANNING_DAYS)).then_some(ahead)?;
        forecast.as_of.checked_add(ahead.days()).ok()
    });
    let age = (today - forecast.as_of).get_days().max(0) as u32;
    let within = outlook.map(|o| o.passage.share_within(f64::from(age + policy.lead_time.0)));
    let (status, reason) = rule(forecast, outlook, used_share, policy, today);
    Verdict { status, reason, full_within_lead_time: if is_full { Some(1.0) } else { within }, order_by, used_share }
}

/// Worst first. [`crate::planning::report::Report::rule`] states it in words.
fn rule(
    forecast: &Forecast,
    outlook: Option<&Outlook>,
    used_share: Option<f64>,
    policy: &Policy,
    today: Date,
) -> (Status, String) {
    let lead_time_ends = policy.lead_time_ends(today);
    let next_review = lead_time_ends.saturating_add(i64::from(policy.review_interval.0).days());
    let used = used_share.unwrap_or(0.0);
    let in_use = || format!("{} is in use{}", in_use(used), if forecast.measured_now { " now" } else { "" });
    let is_due = |p: f64, by: Date| {
        let left = (by - forecast.as_of).get_days();
        forecast.days_to_full(p).is_some_and(|days| i64::from(days) <= i64::from(left))
    };
    if forecast.state == State::Already {
        let reason = if forecast.measured_now { "nothing is free now" } else { "the limit is reached" };
        (Status::Red, reason.to_owned())
    } else if used >= policy.used_critical {
        (Status::Red, in_use())
    } else if is_due(0.5, lead_time_ends) {
        let reason = format!("the expected date lies within the lead time of {}", policy.lead_time);
        // Others may take the room of a volume that is nearly empty itself.
        match forecast.size_moves || used >= policy.used_floor {
            true => (Status::Red, reason),
            false => (Status::Amber, format!("{reason}, but under {} is in use", percent(policy.used_floor))),
        }
    } else if is_due(0.1, next_review) {
        let reason = "the earliest plausible date lies within the lead time and the review interval";
        (Status::Amber, reason.to_owned())
    } else if used >= policy.used_warning {
        (Status::Amber, in_use())
    } else if outlook.is_some() {
        (Status::Green, "no action is due before the next review".to_owned())
    } else if forecast.limit.is_none() {
        (Status::Unknown, "no limit is set".to_owned())
    } else {
        (Status::Unknown, "there is no forecast yet".to_owned())
    }
}

/// The forecast in a sentence, without the status.
pub fn headline(forecast: &Forecast, verdict: &Verdict, horizon: Days, units: Units) -> String {
    let show = |amount: f64| forecast.resource.show(amount, units);
    let Some(limit) = forecast.limit else { return format!("{} in use, no limit is set", show(forecast.used)) };
    let beyond = |outlook: &Outlook| {
        let within = probability(outlook.passage.share_within(f64::from(horizon.0)));
        let earliest = outlook.exhaustion.p10.filter(|_| verdict.order_by.is_some());
        let earliest = earliest.map(|date| format!("; earliest plausible {}", day(date)));
        format!("P(full within {horizon}) is {within}{}", earliest.unwrap_or_default())
    };
    let order = verdict.order_by.map(|date| format!("; order by {}", day(date))).unwrap_or_default();
    match (forecast.state, &forecast.outlook) {
        (State::Already, _) => {
            let now = if forecast.measured_now { " now" } else { "" };
            format!("Full{now}: {} of {} in use", show(forecast.used), show(limit))
        }
        (State::Expected, Some(outlook)) => format!("Full {}{order}", when(&outlook.exhaustion, horizon)),
        (State::Beyond, Some(outlook)) => format!("Not within {horizon}: {}{order}", beyond(outlook)),
        (State::NotGrowing, Some(outlook)) if outlook.trend == Trend::Shrinks => {
            format!("Shrinking: {}", beyond(outlook))
        }
        (State::NotGrowing, Some(outlook)) => format!("Not growing: {}", beyond(outlook)),
        (State::NotEnoughHistory { .. }, _) => {
            let next = forecast.as_of.tomorrow().unwrap_or(forecast.as_of);
            format!("Collecting: the next scan gives a first range, on {} or later", day(next))
        }
        (_, _) => "No forecast".to_owned(),
    }
}

/// What a reader should know about the evidence, in half sentences.
pub fn notes(forecast: &Forecast, units: Units) -> Vec<String> {
    let notes = [
        of_now(forecast, units),
        of_room(forecast, units),
        of_clear_outs(forecast),
        first_weeks(forecast),
        of_outliers(forecast, units),
        of_imported(forecast),
    ];
    notes.into_iter().flatten().collect()
}

/// What is free, if it was asked for this answer.
fn of_now(forecast: &Forecast, units: Units) -> Option<String> {
    let free = forecast.limit.filter(|_| forecast.measured_now)? - forecast.used;
    Some(format!("{} are free now, which no scan has seen yet", forecast.resource.show(free.max(0.0), units)))
}

/// What the history lacks, and from which day on it is there; `None` after six weeks.
fn first_weeks(forecast: &Forecast) -> Option<String> {
    let days = forecast.history_days;
    let (enough, weeks) = [(14, "two weeks"), (42, "six weeks")].into_iter().find(|&(enough, _)| days < enough)?;
    let from = forecast.as_of.saturating_add((i64::from(enough) - i64::from(days)).days());
    let known = format!("{} over {}", counted(forecast.observations as u64, "scan"), counted(u64::from(days), "day"));
    forecast.outlook.as_ref()?;
    Some(format!("known from {known}: the range narrows by {}, with {weeks} of scans", day(from)))
}

/// The outliers that do not count.
fn of_outliers(forecast: &Forecast, units: Units) -> Option<String> {
    let left_out = &forecast.outlook.as_ref()?.left_out;
    let last = left_out.last()?;
    let of = format!("{} on {}", forecast.resource.show(last.used, units), day(dates::utc_day(last.time)));
    Some(match left_out.len() {
        1 => format!("left out as an outlier beside its neighbours: {of}"),
        count => format!("{count} scans are left out as outliers beside their neighbours, the last of {of}"),
    })
}

/// How much of the history another tool measured.
fn of_imported(forecast: &Forecast) -> Option<String> {
    match forecast.imported {
        0 => None,
        all if all == forecast.observations => Some("all of its past is imported: scan the store as well".to_owned()),
        some => Some(format!("{some} of its {} observations are imported", forecast.observations)),
    }
}

/// How the clear-outs of a series count.
fn of_clear_outs(forecast: &Forecast) -> Option<String> {
    let days = forecast.outlook.as_ref()?.clear_outs?.round();
    let every = match days {
        7.0 => "every week".to_owned(),
        days if days % 7.0 == 0.0 => format!("every {} weeks", days / 7.0),
        days => format!("every {}", counted(days as u64, "day")),
    };
    Some(format!("cleared out about {every}: the level before each clear-out is forecast"))
}

/// What is forecast of a volume whose size moves by itself; `None` of any other.
fn of_room(forecast: &Forecast, units: Units) -> Option<String> {
    let left = forecast.limit.filter(|_| forecast.size_moves)? - forecast.used;
    let left = forecast.resource.show(left.max(0.0), units);
    Some(format!("the size of this volume moves by itself: the room that is left ({left}) is forecast"))
}

/// The expected date and the 80 % range, for two table cells.
pub fn day_and_range(exhaustion: &Quantiles<Option<Date>>, horizon: Days) -> [String; 2] {
    let expected = exhaustion.p50.map_or_else(|| format!("not within {horizon}"), day);
    let range = match (exhaustion.p10, exhaustion.p90) {
        (Some(from), Some(to)) => dates::days(from, to),
        (Some(from), None) => format!("from {}", day(from)),
        (None, _) => "beyond".to_owned(),
    };
    [expected, range]
}

/// A date with its 80 % range, or that it lies beyond the horizon.
pub fn when(exhaustion: &Quantiles<Option<Date>>, horizon: Days) -> String {
    let e = exhaustion;
    let Some(expected) = e.p50 else {
        let earliest = e.p10.map(|date| format!(", earliest plausible {}", day(date))).unwrap_or_default();
        return format!("not within {horizon}{earliest}");
    };
    let range = match (e.p10, e.p90) {
        (Some(from), Some(to)) => dates::days(from, to),
        (Some(from), None) => format!("{} to beyond {horizon}", day(from)),
        _ => "open".to_owned(),
    };
    format!("{} (80 %: {range})", day(expected))
}

/// Sorts forecasts by their median date, the earliest first; those with too little history come last.
pub(crate) fn urgency(forecast: &Forecast) -> (u8, Option<Date>) {
    match (&forecast.state, forecast.planning_date()) {
        (State::Already, _) => (0, None),
        (_, Some(date)) => (1, Some(date)),
        (State::NotEnoughHistory { .. }, None) => (3, None),
        (_, None) => (2, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{Forecaster, Options};
    use crate::model::series::{Observation, Resource, Series};
    use jiff::Timestamp;

    /// The forecast of a series that grows by ten a week to 1,000 at the end of 2025.
    fn forecast(limit: f64) -> Forecast {
        let end: Timestamp = "2025-12-31T00:00:00Z".parse().unwrap();
        let observations = (0..40)
            .map(|week| Observation {
                time: Timestamp::from_second(end.as_second() - week * 7 * 86_400).unwrap(),
                used: 1_000.0 - 10.0 * week as f64,
            })
            .collect();
        let series = Series::new("s".into(), Resource::Bytes, observations, Some(limit));
        Forecaster::new(Options::default()).forecast(&series).unwrap()
    }

    const TODAY: Date = jiff::civil::date(2025, 12, 31);

    fn status(limit: f64) -> Status {
        judge(&forecast(limit), &Policy::default(), TODAY).status
    }

    #[test]
    fn the_status_follows_the_policy() {
        assert_eq!(status(1_000.0), Status::Red, "full already");
        assert_eq!(status(1_040.0), Status::Red, "over 95 % in use");
        assert_eq!(status(1_100.0), Status::Red, "in ten weeks, which is within the lead time");
        assert_eq!(status(1_170.0), Status::Amber, "over 85 % in use");
        assert_eq!(status(1_500.0), Status::Green);
    }

    #[test]
    fn below_the_used_floor_a_date_is_amber() {
        let policy = Policy { used_floor: 0.99, ..Policy::default() };
        assert_eq!(judge(&forecast(1_100.0), &policy, TODAY).status, Status::Amber);
    }

    #[test]
    fn order_by_is_the_lead_time_before_the_earliest_plausible_date() {
        let forecast = forecast(1_500.0);
        let verdict = judge(&forecast, &Policy::default(), TODAY);
        let earliest = forecast.outlook.as_ref().unwrap().exhaustion.p10.unwrap();
        assert_eq!(verdict.order_by, Some(earliest.saturating_sub(90.days())));
        let sentence = headline(&forecast, &verdict, Days(1095), Units::Iec);
        assert!(sentence.contains("80 %: ") && sentence.contains(&day(verdict.order_by.unwrap())), "{sentence}");
    }

    #[test]
    fn the_lead_time_runs_from_today_not_from_the_last_scan() {
        let forecast = forecast(1_150.0);
        let at = |today| judge(&forecast, &Policy::default(), today).full_within_lead_time.unwrap();
        assert!(at(TODAY.saturating_add(14.days())) > at(TODAY));
    }

    /// The forecast of weekly levels up to the end of 2025, the oldest first.
    fn forecast_of(levels: &[f64], limit: f64) -> Forecast {
        let end: Timestamp = "2025-12-31T00:00:00Z".parse().unwrap();
        let at = |place: usize| end.as_second() - (levels.len() - 1 - place) as i64 * 7 * 86_400;
        let observe =
            |(place, &used): (usize, &f64)| Observation { time: Timestamp::from_second(at(place)).unwrap(), used };
        let series =
            Series::new("s".into(), Resource::Bytes, levels.iter().enumerate().map(observe).collect(), Some(limit));
        Forecaster::new(Options::default()).forecast(&series).unwrap()
    }

    #[test]
    fn what_never_rose_has_dates_only_if_it_is_nearly_full() {
        let falling: Vec<f64> = (0..30).map(|week| 900.0 - 5.0 * f64::from(week)).collect();
        let noisy: Vec<f64> = falling.iter().zip([3.0, -2.0, 2.0, 0.0].iter().cycle()).map(|(a, b)| a + b).collect();
        for (levels, trend) in [
            (&[500.0; 52][..], "Not growing"),
            (&[500.0; 6], "Not growing"),
            (&falling, "Shrinking"),
            (&noisy, "Shrinking"),
        ] {
            let forecast = forecast_of(levels, 1_000.0);
            let verdict = judge(&forecast, &Policy::default(), TODAY);
            assert_eq!((verdict.status, verdict.order_by), (Status::Green, None));
            assert!(verdict.full_within_lead_time.is_some_and(|p| p < 0.1), "{verdict:?}");
            let sentence = headline(&forecast, &verdict, Days(1_095), Units::default());
            assert!(sentence.starts_with(&format!("{trend}: P(full")) && !sentence.contains("plausible"), "{sentence}");
            assert_eq!(forecast.expected(), None);
        }
        assert!(judge(&forecast_of(&[930.0; 52], 1_000.0), &Policy::default(), TODAY).order_by.is_some());
        let full = judge(&forecast_of(&falling, 760.0), &Policy::default(), TODAY);
        assert_eq!((full.status, full.order_by), (Status::Red, None), "nearly full, but it shrinks");
    }

    #[test]
    fn outliers_are_told() {
        let mut levels: Vec<f64> = (0..30).map(|week| 500.0 + 2.0 * f64::from(week)).collect();
        assert_eq!(of_outliers(&forecast_of(&levels, 1_000.0), Units::default()), None);
        levels[25] = 9_000.0;
        let text = of_outliers(&forecast_of(&levels, 1_000.0), Units::Plain).unwrap();
        assert_eq!(text, "left out as an outlier beside its neighbours: 9000 on 3 Dec 2025");
        levels[10] = 0.0;
        let text = of_outliers(&forecast_of(&levels, 1_000.0), Units::Plain).unwrap();
        assert!(text.starts_with("2 scans are left out") && text.ends_with("the last of 9000 on 3 Dec 2025"), "{text}");
    }

    #[test]
    fn a_store_that_is_cleared_out_regularly_is_not_red_because_it_is_high_in_its_cycle() {
        for (weeks, phases) in [(4, 60), (8, 104), (13, 104)] {
            for extra in 0..weeks {
                let step = 14.0 / f64::from(weeks - 1);
                let levels: Vec<f64> = (0..phases + extra).map(|week| 10.0 + step * f64::from(week % weeks)).collect();
                let forecast = forecast_of(&levels, 30.0);
                let verdict = judge(&forecast, &Policy::default(), TODAY);
                assert_eq!(verdict.status, Status::Green, "{weeks} weeks, {extra} into the cycle: {}", verdict.reason);
                assert!(of_clear_outs(&forecast).is_some_and(|text| text.contains("cleared out about every")));
            }
        }
    }

    #[test]
    fn the_first_weeks_tell_when_the_range_narrows() {
        let text = first_weeks(&forecast_of(&[900.0, 910.0], 2_000.0));
        assert_eq!(
            text.as_deref(),
            Some("known from 2 scans over 7 days: the range narrows by 7 Jan 2026, with two weeks of scans")
        );
        assert_eq!(first_weeks(&forecast_of(&[900.0; 9], 2_000.0)), None);
    }
}
