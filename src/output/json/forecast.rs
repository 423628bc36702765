//! A forecast as one line of JSON, in the words of the contract.

use jiff::civil::Date;
use serde::Serialize;

use crate::forecast::{Event, Forecast, HistoryLength, MODEL, Probability, Quantiles, State};
use crate::model::escape;
use crate::model::series::{Resource, Source};

/// The version of the JSON; a change that breaks a reader raises it.
const SCHEMA_VERSION: u32 = 1;

/// A forecast in the words of the contract. Amounts are whole units of the resource.
#[derive(Serialize)]
pub struct Line<'a> {
    schema_version: u32,
    series: &'a str,
    resource: Resource,
    as_of: Date,
    observations: usize,
    used: u64,
    limit: Option<u64>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    have: Option<HistoryLength>,
    #[serde(skip_serializing_if = "Option::is_none")]
    need: Option<HistoryLength>,
    exhaustion: Option<Quantiles<Option<Date>>>,
    probability: Vec<Probability>,
    level: Vec<LevelLine>,
    growth_per_day: Option<GrowthLine>,
    events: Vec<EventLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    either: Option<EitherLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spread: Option<f64>,
    model: &'static str,
}

/// When the volume is full by bytes or inodes, whichever comes first.
#[derive(Serialize)]
struct EitherLine<'a> {
    exhaustion: Quantiles<Option<Date>>,
    probability: &'a [Probability],
}

#[derive(Serialize)]
struct LevelLine {
    date: Date,
    #[serde(flatten)]
    used: Quantiles<u64>,
}

#[derive(Serialize)]
struct GrowthLine {
    p10: i64,
    p50: i64,
    p90: i64,
}

#[derive(Serialize)]
struct EventLine {
    date: Date,
    kind: &'static str,
    size: i64,
    /// Who knows of it, or `detected` by its size alone.
    source: &'static str,
}

/// The forecast as JSON in one line, without the line's end.
pub fn line(forecast: &Forecast) -> String {
    escape::json(&Line::of(forecast))
}

impl Line<'_> {
    /// The line of a forecast.
    pub fn of(forecast: &Forecast) -> Line<'_> {
        let outlook = forecast.outlook.as_ref();
        let (have, need) = match forecast.state {
            State::NotEnoughHistory { have, need } => (Some(have), Some(need)),
            _ => (None, None),
        };
        Line {
            schema_version: SCHEMA_VERSION,
            series: &forecast.series,
            resource: forecast.resource,
            as_of: forecast.as_of,
            observations: forecast.observations,
            used: forecast.used.round() as u64,
            limit: forecast.limit.map(|limit| limit.round() as u64),
            state: forecast.state.word(),
            have,
            need,
            exhaustion: forecast.exhaustion(),
            probability: forecast.probability(),
            level: outlook.map_or_else(Vec::new, |o| {
                o.level
                    .iter()
                    .map(|l| LevelLine { date: l.date, used: l.used.map(|used| used.round() as u64) })
                    .collect()
            }),
            growth_per_day: outlook.map(|o| {
                let whole = |growth: f64| growth.round() as i64;
                let growth = o.growth_per_day;
                GrowthLine { p10: whole(growth.p10), p50: whole(growth.p50), p90: whole(growth.p90) }
            }),
            events: outlook.map_or_else(Vec::new, |o| o.events.iter().map(EventLine::from).collect()),
            either: forecast
                .either
                .as_ref()
                .map(|full| EitherLine { exhaustion: full.exhaustion, probability: &full.probability }),
            reason: outlook.and_then(|outlook| outlook.reason.as_deref()),
            spread: (forecast.spread != 1.0).then_some(forecast.spread),
            model: MODEL,
        }
    }
}

impl From<&Event> for EventLine {
    fn from(event: &Event) -> Self {
        EventLine {
            date: event.date,
            kind: event.word(),
            size: event.size.round() as i64,
            source: event.source.map_or("detected", Source::word),
        }
    }
}
