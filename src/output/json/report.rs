//! The report as JSON.

use jiff::civil::Date;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::forecast::record::Resolved;
use crate::forecast::{Forecast, Quantiles};
use crate::model::json::{self, Versioned};
use crate::model::series::{IdentityFields, Resource};
use crate::planning::growth::change::UsageChange;
use crate::planning::report::{EarlierForecast, Report, ResourceForecast, StoreGrowth, Subject};
use crate::planning::verdict::{Status, Verdict};
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

impl<'a> WhatIf<'a> {
    fn of(scenario: &'a ScenarioForecast) -> WhatIf<'a> {
        let forecast = &scenario.forecast;
        WhatIf { resource: forecast.resource, exhaustion: forecast.exhaustion(), scenario }
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            series: &'a str,
            #[serde(flatten)]
            identity: Option<IdentityFields<'a>>,
            status: Status,
            lines: &'a [ResourceForecast],
            change: &'a Option<UsageChange>,
            growing: &'a Option<StoreGrowth>,
            what_if: Vec<WhatIf<'a>>,
        }
        let scenarios = self.what_ifs.iter().flat_map(Comparison::computed);
        let fields = Fields {
            series: &self.name,
            identity: self.lines.first().map(|line| line.forecast.identity.fields(&self.name)),
            status: self.status(),
            lines: &self.lines,
            change: &self.change,
            growing: &self.growing,
            what_if: scenarios.map(WhatIf::of).collect(),
        };
        fields.serialize(serializer)
    }
}

impl Serialize for ResourceForecast {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            #[serde(flatten)]
            verdict: &'a Verdict,
            headline: &'a str,
            forecast: Versioned<'a, Forecast>,
            before: &'a Option<EarlierForecast>,
            came_due: &'a [Resolved],
        }
        let fields = Fields {
            verdict: &self.verdict,
            headline: &self.headline,
            forecast: Versioned::new(&self.forecast),
            before: &self.before,
            came_due: &self.resolved,
        };
        fields.serialize(serializer)
    }
}

impl Serialize for EarlierForecast {
    /// Leaves the levels out.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            as_of: Date,
            #[serde(flatten)]
            verdict: &'a Verdict,
            #[serde(serialize_with = "json::whole")]
            used: f64,
            exhaustion: Option<Quantiles<Option<Date>>>,
        }
        let forecast = &self.forecast;
        let (as_of, used) = (forecast.as_of, forecast.used);
        Fields { as_of, verdict: &self.verdict, used, exhaustion: forecast.exhaustion() }.serialize(serializer)
    }
}
