//! A forecast as JSON: one flat object, amounts in whole units of the resource.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{Event, Forecast, MODEL, State};
use crate::model::series::EventSource;

impl Serialize for Forecast {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let outlook = self.outlook.as_ref();
        let mut json = serializer.serialize_map(None)?;
        json.serialize_entry("series", &self.series)?;
        json.serialize_entry("resource", &self.resource)?;
        json.serialize_entry("as_of", &self.as_of)?;
        json.serialize_entry("observations", &self.observations)?;
        json.serialize_entry("used", &(self.used.round() as u64))?;
        json.serialize_entry("limit", &self.limit.map(|limit| limit.round() as u64))?;
        json.serialize_entry("size_moves", &self.size_moves)?;
        json.serialize_entry("measured_now", &self.measured_now)?;
        json.serialize_entry("imported", &self.imported)?;
        json.serialize_entry("state", self.state.word())?;
        if let State::NotEnoughHistory { have, need } = &self.state {
            json.serialize_entry("have", have)?;
            json.serialize_entry("need", need)?;
        }
        json.serialize_entry("exhaustion", &self.exhaustion())?;
        json.serialize_entry("probability", &self.probability())?;
        json.serialize_entry("level", outlook.map_or(&[][..], |outlook| &outlook.level))?;
        json.serialize_entry("growth_per_day", &outlook.map(|outlook| outlook.growth_per_day))?;
        json.serialize_entry("events", outlook.map_or(&[][..], |outlook| &outlook.events))?;
        json.serialize_entry("left_out", outlook.map_or(&[][..], |outlook| &outlook.left_out))?;
        if let Some(either) = &self.either {
            json.serialize_entry("either", either)?;
        }
        if let Some(reason) = outlook.and_then(|outlook| outlook.reason.as_ref()) {
            json.serialize_entry("range_reason", reason)?;
        }
        if self.spread != 1.0 {
            json.serialize_entry("spread", &self.spread)?;
        }
        json.serialize_entry("model", MODEL)?;
        json.end()
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_map(None)?;
        json.serialize_entry("date", &self.date)?;
        json.serialize_entry("kind", self.word())?;
        json.serialize_entry("size", &(self.size.round() as i64))?;
        json.serialize_entry("source", self.source.map_or("detected", EventSource::word))?;
        json.end()
    }
}
