//! The report as one HTML page that needs nothing else: no network, no script, no file beside it.

use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::{Line, Report};
use crate::dates;
use crate::error::{Error, Result};
use crate::escape;

/// The name's ending makes minijinja escape every value.
const TEMPLATE: &str = "page.html";

#[derive(Serialize)]
struct Page {
    status: &'static str,
    hosts: String,
    today: String,
    summary: String,
    scan: Option<ScanView>,
    lead_time: String,
    lines: Vec<LineView>,
    largest: Vec<[String; 4]>,
    growers: Vec<[String; 4]>,
    growth_days: u32,
    rule: [String; 5],
    version: &'static str,
}

#[derive(Serialize)]
struct ScanView {
    taken_at: String,
    snapshots: usize,
    complete: bool,
}

#[derive(Serialize)]
struct LineView {
    status: &'static str,
    name: String,
    resource: String,
    headline: String,
    within: String,
    order_by: String,
    used: String,
    growth: Option<String>,
    reason: String,
    chart: Option<String>,
}

/// The report as a page.
///
/// # Errors
/// If the template is wrong, which a test would have shown.
pub fn render(report: &Report) -> Result<String> {
    let failed = |e: minijinja::Error| Error::new("cannot write the page").because(e);
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_template(TEMPLATE, include_str!("page.html")).map_err(failed)?;
    environment
        .get_template(TEMPLATE)
        .and_then(|template| template.render(minijinja::value::Serde(page(report))))
        .map_err(failed)
}

fn page(report: &Report) -> Page {
    let hosts: Vec<_> = report.hosts.iter().map(|host| escape::printable(host)).collect();
    let summary = report.worst().map_or_else(
        || "there is nothing to forecast".to_owned(),
        |line| {
            let name = escape::printable(&line.forecast.series);
            unbroken(&format!("{name}, {}: {}", line.forecast.resource, line.headline))
        },
    );
    Page {
        status: report.status().word(),
        hosts: hosts.join(", "),
        today: dates::day(report.today),
        summary,
        scan: report.last_scan.as_ref().map(|scan| ScanView {
            taken_at: scan.taken_at.to_string(),
            snapshots: scan.snapshots,
            complete: scan.complete,
        }),
        lead_time: report.policy.lead_time.to_string(),
        lines: report.lines.iter().map(|line| line_view(report, line)).collect(),
        largest: report.largest.iter().map(|mailbox| mailbox.cells(report.units)).collect(),
        growers: report.growers.iter().map(|mailbox| mailbox.cells(report.units)).collect(),
        growth_days: report.growth_days,
        rule: report.rule(),
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// The text without a line break before a percent sign.
fn unbroken(text: &str) -> String {
    text.replace(" %", "\u{a0}%")
}

fn line_view(report: &Report, line: &Line) -> LineView {
    LineView {
        status: line.verdict.status.word(),
        name: escape::printable(&line.forecast.series).into_owned(),
        resource: line.forecast.resource.to_string(),
        headline: unbroken(&line.headline),
        within: unbroken(&line.within_lead_time()),
        order_by: line.order_by(report.today),
        used: unbroken(&line.used(report.units)),
        growth: line.weekly_growth(report.units).as_deref().map(unbroken),
        reason: unbroken(&line.verdict.reason),
        chart: line.chart.clone(),
    }
}
