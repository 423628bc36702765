//! A backtest as a line of JSON.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::forecast::backtest::outcomes::Outcomes;
use crate::forecast::backtest::score::{Score, resolved};
use crate::forecast::backtest::{Backtest, TooShort, Who, span};
use crate::forecast::{HistoryLength, MODEL};
use crate::model::json::{self, Versioned};
use crate::model::schema::Day;
use crate::model::series::{IdentityFields, Resource};

/// The scores of one resource of a series; those of all together are on the last line.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "only its schema is used")]
pub(crate) enum BacktestLine<'a> {
    Series(Versioned<'a, SeriesJson<'a>>),
    All(Versioned<'a, AllJson>),
    TooShort(Versioned<'a, TooShortJson<'a>>),
}

/// A series with enough history.
#[derive(JsonSchema, Serialize)]
pub(crate) struct SeriesJson<'a> {
    /// The name for people: with more than the name where that is not unique.
    series: &'a str,
    #[serde(flatten)]
    identity: IdentityFields<'a>,
    /// The resource.
    resource: Resource,
    #[serde(flatten)]
    scored: Scored,
}

/// All series together.
#[derive(JsonSchema, Serialize)]
pub(crate) struct AllJson {
    /// No series.
    series: (),
    /// No resource.
    resource: (),
    #[serde(flatten)]
    scored: Scored,
}

#[derive(JsonSchema, Serialize)]
struct Scored {
    /// That there are scores.
    #[schemars(extend("const" = "scored"))]
    state: &'static str,
    /// The day of the first origin, in UTC; `None` without one.
    #[schemars(with = "Option<Day>")]
    from: Option<Date>,
    /// The day of the last origin, in UTC; `None` without one.
    #[schemars(with = "Option<Day>")]
    to: Option<Date>,
    /// The number of past days from which forecasts were made.
    origins: usize,
    /// The number of forecasts whose limit was reached.
    resolved: usize,
    /// The scores of each method.
    scores: Scores,
    /// Where the outcomes lay in their forecasts: a tenth should lie below the 80 % range, a tenth above it.
    outcomes: ByTarget,
    /// The name and version of the model.
    model: &'static str,
}

#[derive(JsonSchema, Serialize)]
struct Scores {
    /// These forecasts.
    mailrunway: Score,
    /// The least squares line through all observations.
    line: Score,
    /// The same over the last 30 days.
    line_30d: Score,
}

#[derive(JsonSchema, Serialize)]
struct ByTarget {
    /// Of dates.
    dates: Outcomes,
    /// Of levels.
    levels: Outcomes,
}

/// A series with too little history.
#[derive(JsonSchema, Serialize)]
pub(crate) struct TooShortJson<'a> {
    /// The name for people: with more than the name where that is not unique.
    series: &'a str,
    #[serde(flatten)]
    identity: IdentityFields<'a>,
    /// The resource.
    resource: Resource,
    /// That there are no scores.
    #[schemars(extend("const" = "not_enough_history"))]
    state: &'static str,
    /// The present history.
    have: HistoryLength,
    /// The needed history.
    need: HistoryLength,
}

pub(crate) fn line(backtest: &Backtest) -> String {
    json::line(&SeriesJson {
        series: &backtest.series,
        identity: backtest.identity.fields(&backtest.series),
        resource: backtest.resource,
        scored: scored(&[backtest]),
    })
}

/// All series together, with `null` for the series.
pub(crate) fn pooled(backtests: &[&Backtest]) -> String {
    json::line(&AllJson { series: (), resource: (), scored: scored(backtests) })
}

pub(crate) fn too_short(series: &TooShort) -> String {
    json::line(&TooShortJson {
        series: &series.series,
        identity: series.identity.fields(&series.series),
        resource: series.resource,
        state: "not_enough_history",
        have: series.have,
        need: series.need,
    })
}

fn scored(backtests: &[&Backtest]) -> Scored {
    let score = |who| Score::pool(backtests, who);
    let span = span(backtests);
    Scored {
        state: "scored",
        from: span.map(|span| span.0),
        to: span.map(|span| span.1),
        origins: backtests.iter().map(|backtest| backtest.origins.len()).sum(),
        resolved: resolved(backtests),
        scores: Scores { mailrunway: score(Who::Mailrunway), line: score(Who::Line), line_30d: score(Who::RecentLine) },
        outcomes: ByTarget { dates: Outcomes::dates(backtests), levels: Outcomes::levels(backtests) },
        model: MODEL,
    }
}
