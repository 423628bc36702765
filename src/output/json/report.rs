//! The report as JSON.

use jiff::civil::Date;
use serde::Serialize;

use crate::forecast::record::Resolved;
use crate::forecast::{Forecast, Quantiles};
use crate::model::json;
use crate::model::series::Resource;
use crate::output::json::whatif;
use crate::output::json::whatif::ScenarioJson;
use crate::planning::growth::change::UsageChange;
use crate::planning::report::{EarlierForecast, LastScan, Report, ResourceForecast, StoreGrowth, Subject};
use crate::planning::verdict::Status;

#[derive(Serialize)]
struct ReportJson<'a> {
    hosts: &'a [String],
    today: Date,
    status: Status,
    summary: String,
    warnings: &'a [String],
    last_scan: Option<&'a LastScan>,
    lead_time_days: u32,
    horizon_days: u32,
    subjects: Vec<SubjectJson<'a>>,
}

#[derive(Serialize)]
struct SubjectJson<'a> {
    name: &'a str,
    status: Status,
    lines: Vec<ResourceJson<'a>>,
    change: Option<&'a UsageChange>,
    growing: Option<&'a StoreGrowth>,
    what_if: Vec<WhatIfJson<'a>>,
}

/// The forecast under a scenario; the first is without changes.
#[derive(Serialize)]
struct WhatIfJson<'a> {
    resource: Resource,
    exhaustion: Option<Quantiles<Option<Date>>>,
    #[serde(flatten)]
    scenario: ScenarioJson<'a>,
}

/// The verdict with its headline after the status.
#[derive(Serialize)]
struct ResourceJson<'a> {
    status: Status,
    headline: &'a str,
    reason: &'a str,
    full_within_lead_time: Option<f64>,
    order_by: Option<Date>,
    used_share: Option<f64>,
    #[serde(serialize_with = "json::versioned")]
    forecast: &'a Forecast,
    before: Option<EarlierJson>,
    came_due: &'a [Resolved],
}

/// The week before, without its levels.
#[derive(Serialize)]
struct EarlierJson {
    as_of: Date,
    status: Status,
    #[serde(serialize_with = "json::whole")]
    used: f64,
    exhaustion: Option<Quantiles<Option<Date>>>,
    full_within_lead_time: Option<f64>,
}

/// The report as one JSON object on a line.
pub fn render(report: &Report) -> String {
    let page = ReportJson {
        hosts: &report.hosts,
        today: report.today,
        status: report.status(),
        summary: report.summary(),
        warnings: &report.warnings,
        last_scan: report.last_scan.as_ref(),
        lead_time_days: report.policy.lead_time.0,
        horizon_days: report.horizon.0,
        subjects: report.subjects.iter().map(SubjectJson::from).collect(),
    };
    json::line(&page) + "\n"
}

impl<'a> From<&'a Subject> for SubjectJson<'a> {
    fn from(subject: &'a Subject) -> Self {
        let rows = subject.what_ifs.iter().flat_map(whatif::rows).map(|(row, scenario)| WhatIfJson {
            resource: row.forecast.resource,
            exhaustion: row.forecast.exhaustion(),
            scenario,
        });
        SubjectJson {
            name: &subject.name,
            status: subject.status(),
            lines: subject.lines.iter().map(ResourceJson::from).collect(),
            change: subject.change.as_ref(),
            growing: subject.growing.as_ref(),
            what_if: rows.collect(),
        }
    }
}

impl<'a> From<&'a ResourceForecast> for ResourceJson<'a> {
    fn from(line: &'a ResourceForecast) -> Self {
        ResourceJson {
            status: line.verdict.status,
            headline: &line.headline,
            reason: &line.verdict.reason,
            full_within_lead_time: line.verdict.full_within_lead_time,
            order_by: line.verdict.order_by,
            used_share: line.verdict.used_share,
            forecast: &line.forecast,
            before: line.before.as_ref().map(EarlierJson::from),
            came_due: &line.resolved,
        }
    }
}

impl From<&EarlierForecast> for EarlierJson {
    fn from(before: &EarlierForecast) -> Self {
        EarlierJson {
            as_of: before.forecast.as_of,
            status: before.verdict.status,
            used: before.forecast.used,
            exhaustion: before.forecast.exhaustion(),
            full_within_lead_time: before.verdict.full_within_lead_time,
        }
    }
}
