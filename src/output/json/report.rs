//! The report as JSON.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::forecast::record::Resolved;
use crate::forecast::{Forecast, Quantiles};
use crate::model::json::{self, Versioned};
use crate::model::schema::{Day, serialized_as};
use crate::model::series::{IdentityFields, Resource};
use crate::planning::growth::change::UsageChange;
use crate::planning::report::{EarlierForecast, LastScan, Report, ResourceForecast, StoreGrowth, Subject};
use crate::planning::verdict::{Status, Verdict};
use crate::planning::whatif::{Comparison, ScenarioForecast};

/// The report on all volumes and limited stores.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Report")]
pub(crate) struct ReportFields<'a> {
    /// The hosts that were scanned, or whose past was imported.
    hosts: &'a [String],
    /// The day of the report, in UTC.
    #[schemars(with = "Day")]
    today: Date,
    /// The worst status of all subjects.
    status: Status,
    /// The worst forecast in a sentence.
    summary: String,
    /// Warnings as sentences.
    warnings: &'a [String],
    /// The newest snapshot; `None` without one.
    last_scan: &'a Option<LastScan>,
    /// The time it takes to get more space, in days.
    lead_time_days: u32,
    /// How far dates and levels go, in days.
    horizon_days: u32,
    /// Volumes and stores, the most urgent first.
    subjects: &'a [Subject],
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = ReportFields {
            hosts: &self.hosts,
            today: self.today,
            status: self.status(),
            summary: self.summary(),
            warnings: &self.warnings,
            last_scan: &self.last_scan,
            lead_time_days: self.policy.lead_time.0,
            horizon_days: self.horizon.0,
            subjects: &self.subjects,
        };
        fields.serialize(serializer)
    }
}

/// The forecast under a scenario; the first is without changes.
#[derive(JsonSchema, Serialize)]
struct WhatIf<'a> {
    /// The resource.
    resource: Resource,
    /// The date on which the limit is first reached; `None` without a limit or a forecast, and a quantile beyond the horizon.
    #[schemars(with = "Option<Quantiles<Option<Day>>>")]
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

/// A volume, or a store with a limit of its own.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Subject")]
struct SubjectFields<'a> {
    /// Its name for people.
    series: &'a str,
    #[serde(flatten)]
    identity: Option<IdentityFields<'a>>,
    /// The worst status of its forecasts.
    status: Status,
    /// Its forecasts by resource, the most urgent first.
    lines: &'a [ResourceForecast],
    /// The change since a scan at least a week before the last one; `None` without one.
    change: &'a Option<UsageChange>,
    /// The mailboxes of its stores; `None` if an earlier subject lists them.
    growing: &'a Option<StoreGrowth>,
    /// The scenarios of the settings, for each resource.
    what_if: Vec<WhatIf<'a>>,
}

serialized_as!(Subject, SubjectFields<'_>);

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let scenarios = self.what_ifs.iter().flat_map(Comparison::computed);
        let fields = SubjectFields {
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

/// The forecast of one resource, with its verdict.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "ResourceForecast")]
struct ResourceForecastFields<'a> {
    #[serde(flatten)]
    verdict: &'a Verdict,
    /// The forecast in a sentence.
    headline: &'a str,
    /// The forecast.
    forecast: Versioned<'a, Forecast>,
    /// The forecast of a week ago; `None` without one.
    before: &'a Option<EarlierForecast>,
    /// Earlier forecasts whose days have come.
    came_due: &'a [Resolved],
}

serialized_as!(ResourceForecast, ResourceForecastFields<'_>);

impl Serialize for ResourceForecast {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = ResourceForecastFields {
            verdict: &self.verdict,
            headline: &self.headline,
            forecast: Versioned::new(&self.forecast),
            before: &self.before,
            came_due: &self.resolved,
        };
        fields.serialize(serializer)
    }
}

/// The forecast as of an earlier scan, with its verdict as of that day, without levels.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "EarlierForecast")]
struct EarlierForecastFields<'a> {
    /// The day of the scan, in UTC.
    #[schemars(with = "Day")]
    as_of: Date,
    #[serde(flatten)]
    verdict: &'a Verdict,
    /// The used amount, in units of the resource.
    #[serde(serialize_with = "json::whole")]
    #[schemars(with = "u64")]
    used: f64,
    /// The date on which the limit is first reached; `None` without a limit or a forecast, and a quantile beyond the horizon.
    #[schemars(with = "Option<Quantiles<Option<Day>>>")]
    exhaustion: Option<Quantiles<Option<Date>>>,
}

serialized_as!(EarlierForecast, EarlierForecastFields<'_>);

impl Serialize for EarlierForecast {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let forecast = &self.forecast;
        let (as_of, used) = (forecast.as_of, forecast.used);
        let fields = EarlierForecastFields { as_of, verdict: &self.verdict, used, exhaustion: forecast.exhaustion() };
        fields.serialize(serializer)
    }
}
