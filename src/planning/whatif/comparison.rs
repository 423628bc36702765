//! The forecasts of a series without changes and under scenarios.

use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::{Effect, Holdings, Scenario, SeriesContext, effect};
use crate::forecast::{Forecast, Forecaster, PLANNING_DAYS, Plan, State};
use crate::model::schema::Day;
use crate::model::series::{EventKind, Series};
use crate::model::{bytes::Units, error, json};
use crate::planning::verdict::{self, Policy, Verdict};

/// The forecast of a series under one scenario.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct ScenarioForecast {
    /// The text of the scenario, unescaped; `None` without changes.
    pub scenario: Option<String>,
    /// The forecast; `outlook.level` has the levels by date.
    #[serde(skip)]
    pub forecast: Forecast,
    /// The limit from each day on, in units of the resource, from the last observation. Empty without a limit.
    #[serde(serialize_with = "dated_limits")]
    #[schemars(with = "Vec<DatedLimit>")]
    pub limits: Vec<(Date, f64)>,
    /// The verdict on it.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The amount freed at once, in units of the resource.
    #[serde(rename = "frees", serialize_with = "json::whole")]
    #[schemars(with = "u64")]
    pub at_once: f64,
    /// The delay of the median date.
    #[serde(rename = "buys")]
    #[schemars(with = "Option<DelayFields>")]
    pub delay: Delay,
    /// The delay of the earliest plausible date (10 %).
    #[serde(rename = "buys_at_least")]
    #[schemars(with = "Option<DelayFields>")]
    pub delay_p10: Delay,
    /// The figures behind the effect, a sentence for each change.
    pub basis: Vec<String>,
}

/// The delay of a date in weeks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delay {
    /// Negative if the date is earlier.
    Weeks(f64),
    /// A lower bound: the new date lies beyond three years and the horizon.
    AtLeast(f64),
    /// A lower bound of an earlier date: the old date lies beyond them.
    EarlierByAtLeast(f64),
    /// Both dates lie beyond them.
    Beyond,
    /// There is no forecast, no limit, or no change.
    Unknown,
}

/// The delay of a date.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Delay")]
struct DelayFields {
    /// Weeks, to a tenth; negative if the date is earlier.
    weeks: f64,
    /// False for a lower bound: one of the dates lies beyond three years and the horizon.
    exact: bool,
}

impl Serialize for Delay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = match *self {
            Delay::Weeks(weeks) => Some((weeks, true)),
            Delay::AtLeast(weeks) => Some((weeks, false)),
            Delay::EarlierByAtLeast(weeks) => Some((-weeks, false)),
            Delay::Beyond | Delay::Unknown => None,
        };
        fields.map(|(weeks, exact)| DelayFields { weeks: (weeks * 10.0).round() / 10.0, exact }).serialize(serializer)
    }
}

/// A limit from a day on.
#[derive(JsonSchema, Serialize)]
struct DatedLimit {
    /// The day.
    #[schemars(with = "Day")]
    from: Date,
    /// In units of the resource.
    limit: u64,
}

fn dated_limits<S: Serializer>(limits: &[(Date, f64)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(limits.iter().map(|&(from, limit)| DatedLimit { from, limit: limit.round() as u64 }))
}

/// The forecasts of a series without changes and under scenarios.
#[derive(Debug)]
pub struct Comparison {
    /// Without changes.
    pub base: ScenarioForecast,
    /// Under each scenario, or the error.
    pub rows: Vec<error::Result<ScenarioForecast>>,
}

impl Comparison {
    /// The forecasts without errors, the one without changes first.
    pub fn computed(&self) -> impl Iterator<Item = &ScenarioForecast> {
        std::iter::once(&self.base).chain(self.rows.iter().flatten())
    }

    /// `None` if the series has no observation. `holdings` are the contents of its stores.
    pub fn new(
        forecaster: &Forecaster,
        series: &Series,
        scenarios: &[Scenario],
        holdings: &Holdings,
        (policy, today, units): (&Policy, Date, Units),
    ) -> Option<Comparison> {
        let base = forecaster.forecast(series)?;
        let context = SeriesContext {
            resource: series.resource,
            as_of: base.as_of,
            reach_days: forecaster.horizon_days().max(PLANNING_DAYS),
            growth_per_day: base.outlook.as_ref().map_or(0.0, |outlook| outlook.growth_per_day.p50.max(0.0)),
            units,
        };
        let row = |scenario: Option<String>, forecast: Forecast, effect: Effect| ScenarioForecast {
            scenario,
            limits: limits(series, base.as_of, &effect.plan),
            verdict: verdict::judge(&forecast, policy, today),
            at_once: effect.at_once,
            delay: bought(&base, &forecast, context.reach_days, 0.5),
            delay_p10: bought(&base, &forecast, context.reach_days, 0.1),
            basis: effect.basis,
            forecast,
        };
        let under = |scenario: &Scenario| {
            let effect = effect::effect(scenario, holdings, &context)?;
            let forecast = forecaster.forecast_under(series, &effect.plan).unwrap_or_else(|| base.clone());
            Ok(row(Some(scenario.to_string()), forecast, effect))
        };
        let unchanged = row(None, base.clone(), Effect::default());
        Some(Comparison {
            rows: scenarios.iter().map(under).collect(),
            base: ScenarioForecast { delay: Delay::Unknown, delay_p10: Delay::Unknown, ..unchanged },
        })
    }
}

/// The limit from each day on, with announced and planned changes.
fn limits(series: &Series, as_of: Date, plan: &Plan) -> Vec<(Date, f64)> {
    let Some(limit) = series.limit else { return Vec::new() };
    let announced = series.known.iter().filter(|event| event.date > as_of && event.kind == EventKind::Capacity);
    let planned = plan.parts().iter().map(|part| as_of.saturating_add((part.from as i64).days()));
    let mut days: Vec<Date> = announced.clone().map(|event| event.date).chain(planned).chain([as_of]).collect();
    days.sort_unstable();
    let at = |day: Date| {
        let known: f64 = announced.clone().filter(|event| event.date <= day).map(|event| event.size).sum();
        (day, limit + known + plan.at(f64::from((day - as_of).get_days())).limit)
    };
    let mut limits: Vec<(Date, f64)> = days.into_iter().map(at).collect();
    limits.dedup_by(|next, last| next.1 == last.1);
    limits
}

/// The delay of the date that is reached with probability `p`.
fn bought(base: &Forecast, other: &Forecast, reach_days: u32, p: f64) -> Delay {
    if [base, other].iter().any(|forecast| forecast.exhaustion().is_none()) {
        return Delay::Unknown;
    }
    let days = |forecast: &Forecast| forecast.days_to_full(p).filter(|&days| days <= reach_days).map(f64::from);
    let (weeks, reach) = (|days: f64| days / 7.0, f64::from(reach_days));
    match (days(base), days(other)) {
        (Some(before), Some(after)) => Delay::Weeks(weeks(after - before)),
        (Some(before), None) => Delay::AtLeast(weeks(reach - before)),
        (None, Some(after)) => Delay::EarlierByAtLeast(weeks(reach - after)),
        (None, None) => Delay::Beyond,
    }
}

impl ScenarioForecast {
    /// The text of the scenario, for a reader.
    pub fn name(&self) -> &str {
        self.scenario.as_deref().unwrap_or("no change")
    }

    /// Whether the limit is reached already.
    pub fn is_full(&self) -> bool {
        self.forecast.state == State::Already
    }
}
