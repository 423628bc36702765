//! A backtest as a line of JSON.

use jiff::civil::Date;
use serde::Serialize;

use crate::forecast::backtest::outcomes::Outcomes;
use crate::forecast::backtest::score::{Score, resolved};
use crate::forecast::backtest::{Backtest, TooShort, Who, span};
use crate::forecast::{HistoryLength, MODEL};
use crate::model::json;
use crate::model::series::{IdentityFields, Resource};

#[derive(Serialize)]
struct BacktestJson<'a> {
    /// `null` for all series together.
    series: Option<&'a str>,
    #[serde(flatten)]
    identity: Option<IdentityFields<'a>>,
    resource: Option<Resource>,
    state: &'static str,
    from: Option<Date>,
    to: Option<Date>,
    origins: usize,
    resolved: usize,
    scores: Scores,
    outcomes: ByTarget,
    model: &'static str,
}

#[derive(Serialize)]
struct Scores {
    mailrunway: Score,
    line: Score,
    line_30d: Score,
}

#[derive(Serialize)]
struct ByTarget {
    dates: Outcomes,
    levels: Outcomes,
}

#[derive(Serialize)]
struct TooShortJson<'a> {
    series: &'a str,
    #[serde(flatten)]
    identity: IdentityFields<'a>,
    resource: Resource,
    state: &'static str,
    have: HistoryLength,
    need: HistoryLength,
}

pub(crate) fn line(backtest: &Backtest) -> String {
    scored(&[backtest], Some(backtest))
}

/// All series together, with `null` for the series.
pub(crate) fn pooled(backtests: &[&Backtest]) -> String {
    scored(backtests, None)
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

fn scored(backtests: &[&Backtest], series: Option<&Backtest>) -> String {
    let score = |who| Score::pool(backtests, who);
    let span = span(backtests);
    json::line(&BacktestJson {
        series: series.map(|series| series.series.as_str()),
        identity: series.map(|series| series.identity.fields(&series.series)),
        resource: series.map(|series| series.resource),
        state: "scored",
        from: span.map(|span| span.0),
        to: span.map(|span| span.1),
        origins: backtests.iter().map(|backtest| backtest.origins.len()).sum(),
        resolved: resolved(backtests),
        scores: Scores { mailrunway: score(Who::Mailrunway), line: score(Who::Line), line_30d: score(Who::RecentLine) },
        outcomes: ByTarget { dates: Outcomes::dates(backtests), levels: Outcomes::levels(backtests) },
        model: MODEL,
    })
}
