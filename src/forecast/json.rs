//! A forecast as JSON: one flat object, amounts in whole units of the resource.

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::{Event, Forecast, Full, Growth, HistoryLength, Level, MODEL, Probability, Quantiles, State};
use crate::model::json::{whole, whole_option, whole_signed};
use crate::model::series::{EventSource, Resource};

#[derive(Serialize)]
struct ForecastJson<'a> {
    series: &'a str,
    resource: Resource,
    as_of: Date,
    observations: usize,
    #[serde(serialize_with = "whole")]
    used: f64,
    #[serde(serialize_with = "whole_option")]
    limit: Option<f64>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    have: Option<HistoryLength>,
    #[serde(skip_serializing_if = "Option::is_none")]
    need: Option<HistoryLength>,
    exhaustion: Option<Quantiles<Option<Date>>>,
    probability: Vec<Probability>,
    level: &'a [Level],
    growth_per_day: Option<Growth>,
    events: &'a [Event],
    #[serde(skip_serializing_if = "Option::is_none")]
    either: Option<&'a Full>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spread: Option<f64>,
    model: &'static str,
}

#[derive(Serialize)]
struct EventJson {
    date: Date,
    /// A step by its direction.
    kind: &'static str,
    #[serde(serialize_with = "whole_signed")]
    size: f64,
    /// `detected` where nothing but the size shows the event.
    source: &'static str,
}

impl Serialize for Forecast {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let outlook = self.outlook.as_ref();
        let (have, need) = match self.state {
            State::NotEnoughHistory { have, need } => (Some(have), Some(need)),
            _ => (None, None),
        };
        let forecast = ForecastJson {
            series: &self.series,
            resource: self.resource,
            as_of: self.as_of,
            observations: self.observations,
            used: self.used,
            limit: self.limit,
            state: self.state.word(),
            have,
            need,
            exhaustion: self.exhaustion(),
            probability: self.probability(),
            level: outlook.map_or(&[], |outlook| &outlook.level),
            growth_per_day: outlook.map(|outlook| outlook.growth_per_day),
            events: outlook.map_or(&[], |outlook| &outlook.events),
            either: self.either.as_ref(),
            reason: outlook.and_then(|outlook| outlook.reason.as_deref()),
            spread: (self.spread != 1.0).then_some(self.spread),
            model: MODEL,
        };
        forecast.serialize(serializer)
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let source = self.source.map_or("detected", EventSource::word);
        EventJson { date: self.date, kind: self.word(), size: self.size, source }.serialize(serializer)
    }
}
