//! A row: the forecast under one scenario, beside the forecast as it goes on.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Effect, Holdings, Scenario, SeriesContext, effect};
use crate::forecast::{Forecast, Forecaster, Plan, State};
use crate::model::bytes::Units;
use crate::model::error::Result;
use crate::model::series::{EventKind, Series};
use crate::planning::verdict;
use crate::planning::verdict::Policy;

/// A series under one scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioForecast {
    /// The scenario as it was written, or `as it goes on`; it may be hostile.
    pub name: String,
    /// The forecast under it, with median levels by date in `outlook.level`.
    pub forecast: Forecast,
    /// The limit from each day on, in units of the resource; the first of the day of the last observation. Empty without a
    /// limit.
    pub limits: Vec<(Date, f64)>,
    /// The probability that it is full within the lead time from today.
    pub full_within_lead_time: Option<f64>,
    /// What it frees at once, in units of the resource.
    pub at_once: f64,
    /// By how much later the median date is than as it goes on.
    pub delay: Delay,
    /// The same of the earliest plausible date, of 10 %.
    pub delay_p10: Delay,
    /// From what it was computed, a sentence a change.
    pub basis: Vec<String>,
}

/// By how much later a date is than another, in weeks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delay {
    /// So many weeks; negative if it is earlier.
    Weeks(f64),
    /// At least so many weeks: it lies beyond the horizon now.
    AtLeast(f64),
    /// So many weeks earlier, at least: it lay beyond the horizon before.
    EarlierByAtLeast(f64),
    /// Both lie beyond the horizon.
    Beyond,
    /// There is no forecast, or no limit.
    Unknown,
}

/// A series as it goes on, and under scenarios.
#[derive(Debug)]
pub struct Comparison {
    /// As it goes on.
    pub base: ScenarioForecast,
    /// Under each scenario, in their order, or why that cannot be said.
    pub rows: Vec<Result<ScenarioForecast>>,
}

impl Comparison {
    /// The rows that could be computed, as it goes on first.
    pub fn computed(&self) -> impl Iterator<Item = &ScenarioForecast> {
        std::iter::once(&self.base).chain(self.rows.iter().flatten())
    }

    /// Forecasts a series as it goes on, and under scenarios; `None` if it has no observation. The holdings are those of the
    /// stores that fill it.
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
            horizon_days: forecaster.horizon_days(),
            growth_per_day: base.outlook.as_ref().map_or(0.0, |outlook| outlook.growth_per_day.p50.max(0.0)),
            units,
        };
        let row = |name: String, forecast: Forecast, effect: Effect| ScenarioForecast {
            name,
            limits: limits(series, base.as_of, &effect.plan),
            full_within_lead_time: verdict::judge(&forecast, policy, today).full_within_lead_time,
            at_once: effect.at_once,
            delay: bought(&base, &forecast, context.horizon_days, |quantiles| quantiles.p50),
            delay_p10: bought(&base, &forecast, context.horizon_days, |quantiles| quantiles.p10),
            basis: effect.basis,
            forecast,
        };
        let under = |scenario: &Scenario| {
            let effect = effect::effect(scenario, holdings, &context)?;
            let forecast = forecaster.forecast_under(series, &effect.plan).unwrap_or_else(|| base.clone());
            Ok(row(scenario.to_string(), forecast, effect))
        };
        Some(Comparison {
            rows: scenarios.iter().map(under).collect(),
            base: row(Scenario::unchanged().to_string(), base.clone(), Effect::default()),
        })
    }
}

/// The limit from each day on: as it was announced, and as it is planned.
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
    limits.dedup_by(|next, held| next.1 == held.1);
    limits
}

type OneDate = fn(&crate::forecast::Quantiles<Option<Date>>) -> Option<Date>;

/// By how much later one date of a forecast is than that of another.
fn bought(base: &Forecast, other: &Forecast, horizon_days: u32, date: OneDate) -> Delay {
    let told = |forecast: &Forecast| forecast.exhaustion().filter(|_| forecast.limit.is_some());
    let (Some(before), Some(after)) = (told(base), told(other)) else { return Delay::Unknown };
    let days = |date: Date| f64::from((date - base.as_of).get_days());
    let weeks = |days: f64| days / 7.0;
    match (date(&before), date(&after)) {
        (Some(before), Some(after)) => Delay::Weeks(weeks(days(after) - days(before))),
        (Some(before), None) => Delay::AtLeast(weeks(f64::from(horizon_days) - days(before))),
        (None, Some(after)) => Delay::EarlierByAtLeast(weeks(f64::from(horizon_days) - days(after))),
        (None, None) => Delay::Beyond,
    }
}

impl ScenarioForecast {
    /// The median date on which it is full; `None` beyond the horizon, or where nothing is known.
    pub fn expected(&self) -> Option<Date> {
        self.forecast.expected().filter(|_| self.forecast.limit.is_some())
    }

    /// Whether the limit is reached now.
    pub fn is_full(&self) -> bool {
        self.forecast.state == State::Already
    }
}
