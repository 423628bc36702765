//! The report as JSON.

use jiff::civil::Date;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::forecast::Quantiles;
use crate::model::{json::Versioned, series::Resource};
use crate::planning::report::{EarlierForecast, Report, ResourceForecast, Subject};
use crate::planning::whatif::{Comparison, ScenarioForecast};

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Report", 9)?;
        fields.serialize_field("hosts", &self.hosts)?;
        fields.serialize_field("today", &self.today)?;
        fields.serialize_field("status", &self.status())?;
        fields.serialize_field("summary", &self.summary())?;
        fields.serialize_field("warnings", &self.warnings)?;
        fields.serialize_field("last_scan", &self.last_scan)?;
        fields.serialize_field("lead_time_days", &self.policy.lead_time.0)?;
        fields.serialize_field("horizon_days", &self.horizon.0)?;
        fields.serialize_field("subjects", &self.subjects)?;
        fields.end()
    }
}

/// The forecast under a scenario; the first is without changes.
#[derive(Serialize)]
struct WhatIf<'a> {
    resource: Resource,
    exhaustion: Option<Quantiles<Option<Date>>>,
    #[serde(flatten)]
    scenario: &'a ScenarioForecast,
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let scenarios = self.what_ifs.iter().flat_map(Comparison::computed);
        let what_ifs: Vec<WhatIf> = scenarios
            .map(|scenario| WhatIf {
                resource: scenario.forecast.resource,
                exhaustion: scenario.forecast.exhaustion(),
                scenario,
            })
            .collect();
        let mut fields = serializer.serialize_struct("Subject", 6)?;
        fields.serialize_field("name", &self.name)?;
        fields.serialize_field("status", &self.status())?;
        fields.serialize_field("lines", &self.lines)?;
        fields.serialize_field("change", &self.change)?;
        fields.serialize_field("growing", &self.growing)?;
        fields.serialize_field("what_if", &what_ifs)?;
        fields.end()
    }
}

impl Serialize for ResourceForecast {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let verdict = &self.verdict;
        let mut fields = serializer.serialize_struct("ResourceForecast", 9)?;
        fields.serialize_field("status", &verdict.status)?;
        fields.serialize_field("headline", &self.headline)?;
        fields.serialize_field("reason", &verdict.reason)?;
        fields.serialize_field("full_within_lead_time", &verdict.full_within_lead_time)?;
        fields.serialize_field("order_by", &verdict.order_by)?;
        fields.serialize_field("used_share", &verdict.used_share)?;
        fields.serialize_field("forecast", &Versioned::new(&self.forecast))?;
        fields.serialize_field("before", &self.before)?;
        fields.serialize_field("came_due", &self.resolved)?;
        fields.end()
    }
}

impl Serialize for EarlierForecast {
    /// Leaves the levels out.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("EarlierForecast", 5)?;
        fields.serialize_field("as_of", &self.forecast.as_of)?;
        fields.serialize_field("status", &self.verdict.status)?;
        fields.serialize_field("used", &(self.forecast.used.round() as u64))?;
        fields.serialize_field("exhaustion", &self.forecast.exhaustion())?;
        fields.serialize_field("full_within_lead_time", &self.verdict.full_within_lead_time)?;
        fields.end()
    }
}
