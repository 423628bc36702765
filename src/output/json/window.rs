//! The answer as one line of JSON.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::model::json;
use crate::model::series::Resource;
use crate::output::view::window::checklist::Step;
use crate::planning::window::answer::{Answer, SeriesAnswer};
use crate::planning::window::headroom::StandingBasis;
use crate::planning::window::safe::Safe;

#[derive(Serialize)]
struct WindowJson<'a> {
    decision: &'static str,
    from: Timestamp,
    to: Timestamp,
    confidence: f64,
    go_until: Option<Date>,
    go_from: Option<Date>,
    series: Vec<SeriesJson<'a>>,
    backup: Option<TargetJson<'a>>,
    checklist: Vec<StepJson<'a>>,
}

#[derive(Serialize)]
struct SeriesJson<'a> {
    series: &'a str,
    resource: Resource,
    scanned_at: Timestamp,
    decision: &'static str,
    basis: &'static str,
    used: u64,
    limit: u64,
    free: FreeJson,
    needs: Vec<NeedJson>,
    needed: u64,
    p_enough: Option<f64>,
    missing: Option<u64>,
}

#[derive(Serialize)]
struct FreeJson {
    p10: Option<u64>,
    p50: u64,
    p90: Option<u64>,
}

#[derive(Serialize)]
struct NeedJson {
    purpose: &'static str,
    amount: u64,
    assumption: &'static str,
}

#[derive(Serialize)]
struct TargetJson<'a> {
    mount: &'a str,
    needed_bytes: u64,
    available_bytes: u64,
    needed_inodes: u64,
    available_inodes: Option<u64>,
    fits: bool,
}

#[derive(Serialize)]
struct StepJson<'a> {
    when: &'static str,
    step: &'a str,
}

fn decision(is_go: bool) -> &'static str {
    if is_go { "go" } else { "no_go" }
}

/// The answer as JSON on one line, without the line's end. `go_until` is the last day on which such a window is GO; `null` for
/// NO-GO, or if that day lies beyond the horizon. `go_from` is the first day on which a window that is NO-GO now becomes GO by
/// announced events.
pub fn line(answer: &Answer, steps: &[Step]) -> String {
    let (go_until, go_from) = match answer.safe {
        Safe::Until(date) => (Some(date), None),
        Safe::Throughout => (None, None),
        Safe::Not { earlier, later } => (earlier, later),
    };
    let line = WindowJson {
        decision: decision(answer.is_go()),
        from: answer.window.from.timestamp(),
        to: answer.window.to.timestamp(),
        confidence: answer.confidence,
        go_until,
        go_from,
        series: answer.parts.iter().map(part).collect(),
        backup: answer.target.as_ref().map(|target| TargetJson {
            mount: &target.mount,
            needed_bytes: target.need.bytes,
            available_bytes: target.available.0,
            needed_inodes: target.need.inodes,
            available_inodes: target.available.1,
            fits: answer.target_fits(),
        }),
        checklist: steps.iter().map(|step| StepJson { when: step.time.word(), step: step.text.trim() }).collect(),
    };
    json::line(&line)
}

fn part(part: &SeriesAnswer) -> SeriesJson<'_> {
    let standing = part.standing;
    let whole = |amount: f64| amount.round() as u64;
    SeriesJson {
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
        free: FreeJson {
            p10: standing.range.map(|(low, _)| whole(low)),
            p50: whole(standing.free),
            p90: standing.range.map(|(_, high)| whole(high)),
        },
        needs: part
            .needs
            .iter()
            .map(|need| NeedJson {
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
