//! The report for programs.

mod growing;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use self::growing::GrowingJson;
use crate::forecast::Quantiles;
use crate::model::escape;
use crate::model::series::Resource;
use crate::output::json::forecast::Line as ForecastLine;
use crate::output::json::whatif as scenario;
use crate::planning::growth::change::{ChangePart, NamedChange, SizeClassChange, UsageChange};
use crate::planning::report::{Report, ResourceForecast, Subject};
use crate::planning::verdict::Status;

/// The version of the JSON; a change that breaks a reader raises it.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Page<'a> {
    schema_version: u32,
    hosts: &'a [String],
    today: Date,
    status: Status,
    summary: String,
    warnings: &'a [String],
    last_scan: Option<ScanJson>,
    lead_time_days: u32,
    horizon_days: u32,
    subjects: Vec<SubjectJson<'a>>,
}

#[derive(Serialize)]
struct ScanJson {
    taken_at: Timestamp,
    snapshots: usize,
    complete: bool,
}

#[derive(Serialize)]
struct SubjectJson<'a> {
    name: &'a str,
    status: Status,
    lines: Vec<LineJson<'a>>,
    change: Option<ChangeJson<'a>>,
    growing: Option<GrowingJson<'a>>,
    what_if: Vec<WhatIfJson<'a>>,
}

/// The split of the growth; each list sums to `of_stores`, and the parts to `bytes`.
#[derive(Serialize)]
struct ChangeJson<'a> {
    from: Date,
    to: Date,
    complete: bool,
    bytes: i128,
    of_stores: i128,
    parts: &'a [ChangePart],
    domains: &'a [NamedChange],
    mailboxes: &'a [NamedChange],
    folders: &'a [NamedChange],
    sizes: &'a [SizeClassChange],
}

/// A row of what-if; the first is how it goes on.
#[derive(Serialize)]
struct WhatIfJson<'a> {
    resource: Resource,
    exhaustion: Option<Quantiles<Option<Date>>>,
    #[serde(flatten)]
    row: scenario::RowLine<'a>,
}

#[derive(Serialize)]
struct LineJson<'a> {
    status: Status,
    headline: &'a str,
    reason: &'a str,
    full_within_lead_time: Option<f64>,
    order_by: Option<Date>,
    used_share: Option<f64>,
    forecast: ForecastLine<'a>,
    before: Option<BeforeJson>,
    came_due: Vec<DueJson>,
}

/// The week before.
#[derive(Serialize)]
struct BeforeJson {
    as_of: Date,
    status: Status,
    used: u64,
    exhaustion: Option<Quantiles<Option<Date>>>,
    full_within_lead_time: Option<f64>,
}

/// A level that was forecast, and what came.
#[derive(Serialize)]
struct DueJson {
    as_of: Date,
    days: u32,
    forecast: Quantiles<u64>,
    came: u64,
}

/// The report as one JSON object.
pub fn render(report: &Report) -> String {
    let page = Page {
        schema_version: SCHEMA_VERSION,
        hosts: &report.hosts,
        today: report.today,
        status: report.status(),
        summary: report.summary(),
        warnings: &report.warnings,
        last_scan: report.last_scan.as_ref().map(|scan| ScanJson {
            taken_at: scan.taken_at,
            snapshots: scan.snapshots,
            complete: scan.complete,
        }),
        lead_time_days: report.policy.lead_time.0,
        horizon_days: report.horizon.0,
        subjects: report.subjects.iter().map(subject).collect(),
    };
    escape::json(&page) + "\n"
}

fn subject(subject: &Subject) -> SubjectJson<'_> {
    let rows = subject.what_ifs.iter().flat_map(scenario::rows).map(|(held, row)| WhatIfJson {
        resource: held.forecast.resource,
        exhaustion: held.forecast.exhaustion(),
        row,
    });
    SubjectJson {
        name: &subject.name,
        status: subject.status(),
        lines: subject.lines.iter().map(line).collect(),
        change: subject.change.as_ref().map(change),
        growing: subject.growing.as_ref().map(growing::of),
        what_if: rows.collect(),
    }
}

fn change(change: &UsageChange) -> ChangeJson<'_> {
    ChangeJson {
        from: change.from,
        to: change.to,
        complete: change.complete,
        bytes: change.whole,
        of_stores: change.of_stores,
        parts: &change.parts,
        domains: &change.domains,
        mailboxes: &change.mailboxes,
        folders: &change.folders,
        sizes: &change.sizes,
    }
}

fn line(line: &ResourceForecast) -> LineJson<'_> {
    LineJson {
        status: line.verdict.status,
        headline: &line.headline,
        reason: &line.verdict.reason,
        full_within_lead_time: line.verdict.full_within_lead_time,
        order_by: line.verdict.order_by,
        used_share: line.verdict.used_share,
        forecast: ForecastLine::of(&line.forecast),
        before: line.before.as_ref().map(|before| BeforeJson {
            as_of: before.forecast.as_of,
            status: before.verdict.status,
            used: whole(before.forecast.used),
            exhaustion: before.forecast.exhaustion(),
            full_within_lead_time: before.verdict.full_within_lead_time,
        }),
        came_due: line
            .resolved
            .iter()
            .map(|one| DueJson {
                as_of: one.as_of,
                days: one.days,
                forecast: one.issued.map(whole),
                came: whole(one.came),
            })
            .collect(),
    }
}

fn whole(amount: f64) -> u64 {
    amount.round() as u64
}
