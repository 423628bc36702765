//! A forecast as JSON: one flat object, amounts in whole units of the resource.

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::{Event, Forecast, Full, Growth, HistoryLength, Level, MODEL, Probability, Quantiles, State};
use crate::model::json;
use crate::model::series::{EventSource, IdentityFields, Observation, Resource};

#[derive(Serialize)]
struct Fields<'a> {
    series: &'a str,
    #[serde(flatten)]
    identity: IdentityFields<'a>,
    resource: Resource,
    as_of: Date,
    observations: usize,
    #[serde(serialize_with = "json::whole")]
    used: f64,
    limit: Option<u64>,
    size_moves: bool,
    measured_now: bool,
    imported: usize,
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
    left_out: &'a [Observation],
    #[serde(skip_serializing_if = "Option::is_none")]
    either: Option<&'a Full>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spread: Option<f64>,
    model: &'static str,
}

impl Serialize for Forecast {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let outlook = self.outlook.as_ref();
        let (have, need) = match self.state {
            State::NotEnoughHistory { have, need } => (Some(have), Some(need)),
            _ => (None, None),
        };
        let fields = Fields {
            series: &self.series,
            identity: self.identity.fields(&self.series),
            resource: self.resource,
            as_of: self.as_of,
            observations: self.observations,
            used: self.used,
            limit: self.limit.map(|limit| limit.round() as u64),
            size_moves: self.size_moves,
            measured_now: self.measured_now,
            imported: self.imported,
            state: self.state.word(),
            have,
            need,
            exhaustion: self.exhaustion(),
            probability: self.probability(),
            level: outlook.map_or(&[], |outlook| &outlook.level),
            growth_per_day: outlook.map(|outlook| outlook.growth_per_day),
            events: outlook.map_or(&[], |outlook| &outlook.events),
            left_out: outlook.map_or(&[], |outlook| &outlook.left_out),
            either: self.either.as_ref(),
            range_reason: outlook.and_then(|outlook| outlook.reason.as_deref()),
            spread: (self.spread != 1.0).then_some(self.spread),
            model: MODEL,
        };
        fields.serialize(serializer)
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields {
            date: Date,
            kind: &'static str,
            #[serde(serialize_with = "json::whole_signed")]
            size: f64,
            source: &'static str,
        }
        let source = self.source.map_or("detected", EventSource::word);
        Fields { date: self.date, kind: self.word(), size: self.size, source }.serialize(serializer)
    }
}
