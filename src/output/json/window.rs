//! The answer to a window as a line of JSON.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::model::json;
use crate::output::view::window::checklist::Step;
use crate::planning::window::answer::{Answer, SeriesAnswer};
use crate::planning::{window::safe::Safe, window::work::Need};

#[derive(Serialize)]
struct WindowJson<'a> {
    decision: &'static str,
    from: Timestamp,
    to: Timestamp,
    confidence: f64,
    /// The last day on which such a window is GO; `null` for NO-GO, or if that day lies beyond the horizon.
    go_until: Option<Date>,
    /// The first day on which a window that is NO-GO now becomes GO by announced events.
    go_from: Option<Date>,
    series: &'a [SeriesAnswer],
    backup: Option<TargetJson<'a>>,
    checklist: &'a [Step],
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

fn decision(is_go: bool) -> &'static str {
    if is_go { "go" } else { "no_go" }
}

/// The answer and its checklist as a line of JSON.
pub fn line(answer: &Answer, steps: &[Step]) -> String {
    let (go_until, go_from) = match answer.safe {
        Safe::Until(date) => (Some(date), None),
        Safe::Throughout => (None, None),
        Safe::Not { earlier, later } => (earlier, later),
    };
    json::line(&WindowJson {
        decision: decision(answer.is_go()),
        from: answer.window.from.timestamp(),
        to: answer.window.to.timestamp(),
        confidence: answer.confidence,
        go_until,
        go_from,
        series: &answer.parts,
        backup: answer.target.as_ref().map(|target| TargetJson {
            mount: &target.mount,
            needed_bytes: target.need.bytes,
            available_bytes: target.available.0,
            needed_inodes: target.need.inodes,
            available_inodes: target.available.1,
            fits: answer.target_fits(),
        }),
        checklist: steps,
    })
}

#[derive(Serialize)]
struct NeedJson {
    purpose: &'static str,
    amount: u64,
    assumption: &'static str,
}

impl Serialize for SeriesAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let standing = &self.standing;
        let whole = |amount: f64| amount.round() as u64;
        let (low, high) = standing.range.map(|(low, high)| (whole(low), whole(high))).unzip();
        let need = |need: &Need| NeedJson {
            purpose: need.purpose.word(),
            amount: need.amount.get(self.resource),
            assumption: need.purpose.assumption(),
        };
        let mut fields = serializer.serialize_struct("SeriesAnswer", 14)?;
        fields.serialize_field("series", &self.series)?;
        fields.serialize_field("resource", &self.resource)?;
        fields.serialize_field("scanned_at", &self.scanned_at)?;
        fields.serialize_field("measured_now", &self.measured_now)?;
        fields.serialize_field("decision", decision(standing.is_go))?;
        fields.serialize_field("basis", &standing.basis)?;
        fields.serialize_field("used", &whole(self.used))?;
        fields.serialize_field("limit", &whole(self.limit))?;
        fields.serialize_field(
            "free",
            &BTreeMap::from([("p10", low), ("p50", Some(whole(standing.free))), ("p90", high)]),
        )?;
        fields.serialize_field("needs", &self.needs.iter().map(need).collect::<Vec<_>>())?;
        fields.serialize_field("needed", &self.total())?;
        fields.serialize_field("p_enough", &standing.enough)?;
        fields.serialize_field("missing", &standing.missing.map(|missing| missing.ceil() as u64))?;
        fields.end()
    }
}
