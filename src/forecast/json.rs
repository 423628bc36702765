//! A forecast as JSON: one flat object, amounts in whole units of the resource.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::{Event, Forecast, Full, Growth, HistoryLength, Level, MODEL, Probability, Quantiles, State};
use crate::model::json;
use crate::model::schema::{Day, serialized_as};
use crate::model::series::{EventSource, IdentityFields, Observation, Resource};

/// The forecast of one resource of a series.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Forecast")]
struct ForecastFields<'a> {
    /// The name for people: with more than the name where that is not unique.
    series: &'a str,
    #[serde(flatten)]
    identity: IdentityFields<'a>,
    /// The resource, in whose units amounts are.
    resource: Resource,
    /// The day of the last observation, in UTC, from which days ahead count.
    #[schemars(with = "Day")]
    as_of: Date,
    /// The number of observations.
    observations: usize,
    /// The last used amount, in units of the resource.
    #[serde(serialize_with = "json::whole")]
    #[schemars(with = "u64")]
    used: f64,
    /// The limit, in units of the resource; `None` without one.
    limit: Option<u64>,
    /// Whether the size of the volume moves by itself: the room that is left is then forecast.
    size_moves: bool,
    /// Whether `used` was measured for this answer, and not by a scan.
    measured_now: bool,
    /// The number of observations that another tool made.
    imported: usize,
    /// What can be said of the date.
    #[schemars(extend("enum" = State::WORDS))]
    state: &'static str,
    /// The present history, if it is too short.
    #[serde(skip_serializing_if = "Option::is_none")]
    have: Option<HistoryLength>,
    /// The needed history, if it is too short.
    #[serde(skip_serializing_if = "Option::is_none")]
    need: Option<HistoryLength>,
    /// The date on which the limit is first reached; `None` without a limit or a forecast, and a quantile beyond the horizon.
    #[schemars(with = "Option<Quantiles<Option<Day>>>")]
    exhaustion: Option<Quantiles<Option<Date>>>,
    /// The probability that the limit is reached within some times.
    probability: Vec<Probability>,
    /// The future levels, without the limit, by date.
    level: &'a [Level],
    /// The growth a day, in units of the resource; `None` without a forecast.
    growth_per_day: Option<Growth>,
    /// The events that do not count as growth, by date.
    events: &'a [Event],
    /// The outliers among the observations, which do not count.
    left_out: &'a [Observation],
    /// When the volume runs out of bytes or inodes, whichever comes first, if both are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    either: Option<&'a Full>,
    /// The reason for the width of the range, if the ages of the mail are the only evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    range_reason: Option<&'a str>,
    /// The factor by which the record of earlier forecasts widens this one, unless it is 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    spread: Option<f64>,
    /// The name and version of the model.
    model: &'static str,
}

serialized_as!(Forecast, ForecastFields<'_>);

impl Serialize for Forecast {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let outlook = self.outlook.as_ref();
        let (have, need) = match self.state {
            State::NotEnoughHistory { have, need } => (Some(have), Some(need)),
            _ => (None, None),
        };
        let fields = ForecastFields {
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

/// A change other than growth.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Event")]
struct EventFields {
    /// The first day on which it was observed, in UTC.
    #[schemars(with = "Day")]
    date: Date,
    /// Its kind.
    #[schemars(extend("enum" = Event::WORDS))]
    kind: &'static str,
    /// The added amount, in units of the resource; negative if removed.
    #[serde(serialize_with = "json::whole_signed")]
    #[schemars(with = "i64")]
    size: f64,
    /// Who reported it: the forecast by its size, a scan, or a person.
    #[schemars(extend("enum" = ["detected", "found", "declared"]))]
    source: &'static str,
}

serialized_as!(Event, EventFields);

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let source = self.source.map_or("detected", EventSource::word);
        EventFields { date: self.date, kind: self.word(), size: self.size, source }.serialize(serializer)
    }
}
