//! The mailboxes that reach their quota first.

use std::cmp::Reverse;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Policy, Verdict, day_and_range, judge};
use crate::forecast::{Forecast, State};
use crate::model::{bytes::Units, days::Days, escape, json, numbers::probability};

/// Text columns of [`QuotaForecast::cells`]; the others are numeric.
pub(crate) const TEXT_COLUMNS: usize = 3;

/// Keeps only the first of a stream of forecasts: all of them would not fit in memory.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct QuotaRanking {
    #[serde(skip)]
    policy: Policy,
    #[serde(skip)]
    today: Date,
    #[serde(skip)]
    most: usize,
    /// Mailboxes with a quota.
    pub mailboxes: usize,
    /// Mailboxes expected to reach their quota within the lead time.
    #[serde(rename = "expected_within_lead_time")]
    pub expected: usize,
    /// The first to reach their quota, the soonest first.
    pub first: Vec<QuotaForecast>,
    /// The last mailbox counted in `mailboxes`, and in `expected`.
    #[serde(skip)]
    last: [String; 2],
}

/// The forecast for a mailbox with a quota.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct QuotaForecast {
    /// Its verdict.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Has dates, unless the quota is reached already.
    #[serde(serialize_with = "json::versioned")]
    #[schemars(with = "json::Versioned<'_, Forecast>")]
    pub forecast: Forecast,
    #[serde(skip)]
    urgency: Urgency,
}

/// By median date; beyond three years, by descending probability.
type Urgency = (bool, Option<Date>, Reverse<u64>);

/// Counts distinct names; equal names are adjacent.
fn count_distinct(count: &mut usize, last: &mut String, name: &str) {
    if *count == 0 || last != name {
        *count += 1;
        name.clone_into(last);
    }
}

impl QuotaRanking {
    /// An empty ranking of at most `most` mailboxes.
    pub fn new(policy: Policy, today: Date, most: usize) -> QuotaRanking {
        QuotaRanking { policy, today, most, mailboxes: 0, expected: 0, first: Vec::new(), last: Default::default() }
    }

    /// Adds a forecast; those for bytes and messages of a mailbox are adjacent.
    pub fn add(&mut self, forecast: Forecast) {
        count_distinct(&mut self.mailboxes, &mut self.last[0], &forecast.series);
        if forecast.exhaustion().is_none() {
            return;
        }
        let expected = forecast.planning_date();
        if expected.is_some_and(|date| date <= self.policy.lead_time_ends(self.today)) {
            count_distinct(&mut self.expected, &mut self.last[1], &forecast.series);
        }
        let verdict = judge(&forecast, &self.policy, self.today);
        let within = verdict.full_within_lead_time.unwrap_or(0.0);
        let urgency = (expected.is_none(), expected, Reverse((within * 1e9) as u64));
        let place = self.first.partition_point(|one| one.urgency <= urgency);
        if place < self.most {
            self.first.insert(place, QuotaForecast { forecast, verdict, urgency });
            self.first.truncate(self.most);
        }
    }

    /// Both counts in a sentence, without the full stop.
    pub fn sentence(&self) -> String {
        let mailboxes = match self.mailboxes {
            1 => "1 mailbox has a quota".to_owned(),
            mailboxes => format!("{mailboxes} mailboxes have a quota"),
        };
        let expected = match self.expected {
            0 => "none is".to_owned(),
            1 => "1 is".to_owned(),
            expected => format!("{expected} are"),
        };
        format!("{mailboxes}, and {expected} expected to reach it within {}", self.policy.lead_time)
    }

    /// The headings of [`QuotaForecast::cells`].
    pub fn columns(&self) -> [String; 5] {
        let within = format!("P(within {})", self.policy.lead_time);
        ["mailbox", "reached", "80 % range", "in use", &within].map(str::to_owned)
    }
}

impl QuotaForecast {
    /// Whether the quota is reached, or expected to be within three years.
    pub fn is_expected(&self) -> bool {
        self.urgency.1.is_some() || self.is_reached()
    }

    fn is_reached(&self) -> bool {
        self.forecast.state == State::Already
    }

    /// The table row.
    pub fn cells(&self, horizon: Days, units: Units) -> [String; 5] {
        let forecast = &self.forecast;
        let ([expected, range], within) = match forecast.exhaustion().filter(|_| !self.is_reached()) {
            Some(exhaustion) => {
                (day_and_range(&exhaustion, horizon), probability(self.verdict.full_within_lead_time.unwrap_or(0.0)))
            }
            None => (["already", ""].map(str::to_owned), "-".to_owned()),
        };
        let name = escape::brief(&forecast.series);
        let limit = forecast.limit.unwrap_or(f64::INFINITY);
        [name, expected, range, forecast.resource.show_of(forecast.used, limit, units), within]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{Forecaster, Options};
    use crate::model::dates::utc_day;
    use crate::model::series::{Observation, Resource, Series};
    use jiff::Timestamp;

    const WEEK: i64 = 7 * 86_400;

    fn forecast(name: &str, resource: Resource, a_week: f64, limit: f64) -> Forecast {
        let time = |week: i64| Timestamp::from_second(1_790_000_000 + week * WEEK).unwrap();
        let observed = (0..30).map(|week| Observation { time: time(week), used: 1e6 + week as f64 * a_week }).collect();
        let series = Series::new(name.to_owned(), resource, observed, Some(limit));
        Forecaster::new(Options::default()).forecast(&series).unwrap()
    }

    #[test]
    fn mailboxes_are_ranked_by_date_and_counted_once() {
        let today = utc_day(Timestamp::from_second(1_790_000_000 + 29 * WEEK).unwrap());
        let mut soonest = QuotaRanking::new(Policy::default(), today, 2);
        soonest.add(forecast("still", Resource::Bytes, 0.0, 1e9));
        soonest.add(forecast("fast", Resource::Bytes, 1e5, 4.2e6));
        soonest.add(forecast("fast", Resource::Messages, 1e5, 4.3e6));
        soonest.add(forecast("slow", Resource::Bytes, 1e5, 9e6));
        soonest.add(forecast("full", Resource::Bytes, 1e5, 2e6));
        let first: Vec<(&str, bool)> =
            soonest.first.iter().map(|one| (one.forecast.series.as_str(), one.is_expected())).collect();
        assert_eq!(first, [("full", true), ("fast", true)]);
        assert_eq!((soonest.mailboxes, soonest.expected), (4, 2));
        assert_eq!(soonest.sentence(), "4 mailboxes have a quota, and 2 are expected to reach it within 90 days");
        let cells = soonest.first[0].cells(Days(1_095), Units::Iec);
        assert_eq!((cells[0].as_str(), cells[1].as_str(), cells[4].as_str()), ("full", "already", "-"));
    }
}
