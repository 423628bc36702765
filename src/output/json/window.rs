//! The answer as one line of JSON.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::model::escape;
use crate::model::series::Resource;
use crate::output::view::window::checklist::Step;
use crate::planning::window::answer::{Answer, SeriesAnswer};
use crate::planning::window::headroom::StandingBasis;
use crate::planning::window::safe::Safe;

/// The version of the JSON; a change that breaks a reader raises it.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Line<'a> {
    schema_version: u32,
    decision: &'static str,
    from: Timestamp,
    to: Timestamp,
    confidence: f64,
    go_until: Option<Date>,
    go_from: Option<Date>,
    series: Vec<PartLine<'a>>,
    backup: Option<TargetLine<'a>>,
    checklist: Vec<StepLine<'a>>,
}

#[derive(Serialize)]
struct PartLine<'a> {
    series: &'a str,
    resource: Resource,
    scanned_at: Timestamp,
    decision: &'static str,
    basis: &'static str,
    used: u64,
    limit: u64,
    free: Free,
    needs: Vec<NeedLine>,
    needed: u64,
    p_enough: Option<f64>,
    missing: Option<u64>,
}

#[derive(Serialize)]
struct Free {
    p10: Option<u64>,
    p50: u64,
    p90: Option<u64>,
}

#[derive(Serialize)]
struct NeedLine {
    purpose: &'static str,
    amount: u64,
    assumption: &'static str,
}

#[derive(Serialize)]
struct TargetLine<'a> {
    mount: &'a str,
    needed_bytes: u64,
    available_bytes: u64,
    needed_inodes: u64,
    available_inodes: Option<u64>,
    fits: bool,
}

#[derive(Serialize)]
struct StepLine<'a> {
    when: &'static str,
    step: &'a str,
}

fn decision(is_go: bool) -> &'static str {
    if is_go { "go" } else { "no_go" }
}

/// The answer on one line. `go_until` is the last day on which such a window is GO, null where there is none or that is
/// beyond the horizon; `go_from` is the first after it that is GO by what is announced, of what is NO-GO.
///
/// # Panics
/// Never: plain values can be written as JSON.
pub fn line(answer: &Answer, steps: &[Step]) -> String {
    let (go_until, go_from) = match answer.safe {
        Safe::Until(date) => (Some(date), None),
        Safe::Throughout => (None, None),
        Safe::Not { earlier, later } => (earlier, later),
    };
    let line = Line {
        schema_version: SCHEMA_VERSION,
        decision: decision(answer.is_go()),
        from: answer.window.from.timestamp(),
        to: answer.window.to.timestamp(),
        confidence: answer.confidence,
        go_until,
        go_from,
        series: answer.parts.iter().map(part).collect(),
        backup: answer.target.as_ref().map(|target| TargetLine {
            mount: &target.mount,
            needed_bytes: target.need.bytes,
            available_bytes: target.available.0,
            needed_inodes: target.need.inodes,
            available_inodes: target.available.1,
            fits: answer.target_fits(),
        }),
        checklist: steps.iter().map(|step| StepLine { when: step.time.word(), step: step.text.trim() }).collect(),
    };
    escape::json(&line)
}

fn part(part: &SeriesAnswer) -> PartLine<'_> {
    let standing = part.standing;
    let whole = |amount: f64| amount.round() as u64;
    PartLine {
        series: &part.series,
        resource: part.resource,
        scanned_at: part.scanned_at,
        decision: decision(standing.is_go),
        basis: match standing.basis {
            StandingBasis::Forecast => "forecast",
            StandingBasis::Growth => "growth",
        },
        used: whole(part.used),
        limit: whole(part.limit),
        free: Free {
            p10: standing.range.map(|(low, _)| whole(low)),
            p50: whole(standing.free),
            p90: standing.range.map(|(_, high)| whole(high)),
        },
        needs: part
            .needs
            .iter()
            .map(|need| NeedLine {
                purpose: need.purpose.word(),
                amount: need.amount.get(part.resource),
                assumption: need.purpose.assumption(),
            })
            .collect(),
        needed: part.total(),
        p_enough: standing.enough,
        missing: standing.missing.map(|missing| missing.ceil() as u64),
    }
}
