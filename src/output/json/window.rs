//! The answer to a window as a line of JSON.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::model::json;
use crate::model::schema::{Day, Time, serialized_as};
use crate::model::series::{IdentityFields, Resource};
use crate::output::view::window::checklist::Step;
use crate::planning::window::answer::{Answer, SeriesAnswer};
use crate::planning::window::{headroom::StandingBasis, safe::Safe, work::Purpose};

/// GO or NO-GO for a maintenance window, and what to do.
#[derive(JsonSchema, Serialize)]
pub(crate) struct WindowJson<'a> {
    /// Whether there is enough space for all of the work.
    decision: Decision,
    /// The start of the window.
    #[schemars(with = "Time")]
    starts_at: Timestamp,
    /// The end of the window.
    #[schemars(with = "Time")]
    ends_at: Timestamp,
    /// The least probability of enough space for GO, from 0 to 1.
    confidence: f64,
    /// The last day on which such a window is GO; `None` for NO-GO, or if that day lies beyond the horizon.
    #[schemars(with = "Option<Day>")]
    go_until: Option<Date>,
    /// The first day on which a window that is NO-GO now becomes GO by announced events.
    #[schemars(with = "Option<Day>")]
    go_from: Option<Date>,
    /// The answer for each series with a limit.
    series: &'a [SeriesAnswer],
    /// The target of a backup outside of these volumes; `None` without one.
    backup: Option<TargetJson<'a>>,
    /// The steps, in their order.
    checklist: &'a [Step],
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Go,
    NoGo,
}

/// The target of a backup, with its free space now.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Backup")]
struct TargetJson<'a> {
    /// The mount point of its volume.
    mount: &'a str,
    /// Bytes that the backup needs.
    needed_bytes: u64,
    /// Bytes available to ordinary users.
    available_bytes: u64,
    /// Inodes that the backup needs.
    needed_inodes: u64,
    /// Inodes available to ordinary users; `None` if the file system has no fixed number of them.
    available_inodes: Option<u64>,
    /// Whether there is room for it.
    fits: bool,
}

fn decision(is_go: bool) -> Decision {
    if is_go { Decision::Go } else { Decision::NoGo }
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
        starts_at: answer.window.from.timestamp(),
        ends_at: answer.window.to.timestamp(),
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

/// What the work needs of a resource.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Need")]
struct NeedJson {
    /// What for.
    #[schemars(extend("enum" = Purpose::words()))]
    purpose: &'static str,
    /// In units of the resource.
    amount: u64,
    /// The assumption behind it, which errs on the safe side.
    assumption: &'static str,
}

/// Free space at the end of the window without the work, in units of the resource.
#[derive(JsonSchema, Serialize)]
struct Free {
    /// The 10 % quantile; `None` without a forecast.
    p10: Option<u64>,
    /// The median; without a forecast, by the growth so far.
    p50: u64,
    /// The 90 % quantile; `None` without a forecast.
    p90: Option<u64>,
}

/// The answer for one series.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "SeriesAnswer")]
struct SeriesAnswerFields<'a> {
    /// The name for people: with more than the name where that is not unique.
    series: &'a str,
    #[serde(flatten)]
    identity: IdentityFields<'a>,
    /// The resource, in whose units amounts are.
    resource: Resource,
    /// The time of the last scan, or now.
    #[schemars(with = "Time")]
    scanned_at: Timestamp,
    /// Whether `used` was measured for this answer, and not by a scan.
    measured_now: bool,
    /// Whether there is enough space.
    decision: Decision,
    /// What the decision is based on.
    basis: StandingBasis,
    /// The last used amount, in units of the resource.
    used: u64,
    /// The limit, in units of the resource.
    limit: u64,
    /// Free space at the end of the window.
    free: Free,
    /// What the work needs.
    needs: Vec<NeedJson>,
    /// The sum of the needs, in units of the resource.
    needed: u64,
    /// The probability of enough space, from 0 to 1; `None` without a forecast.
    p_enough: Option<f64>,
    /// The space to free first, in units of the resource; `None` if no amount is enough.
    missing: Option<u64>,
}

serialized_as!(SeriesAnswer, SeriesAnswerFields<'_>);

impl Serialize for SeriesAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let standing = &self.standing;
        let whole = |amount: f64| amount.round() as u64;
        let (p10, p90) = standing.range.map(|(low, high)| (whole(low), whole(high))).unzip();
        let needs = self.needs.iter().map(|need| NeedJson {
            purpose: need.purpose.word(),
            amount: need.amount.get(self.resource),
            assumption: need.purpose.assumption(),
        });
        let fields = SeriesAnswerFields {
            series: &self.series,
            identity: self.identity.fields(&self.series),
            resource: self.resource,
            scanned_at: self.scanned_at,
            measured_now: self.measured_now,
            decision: decision(standing.is_go),
            basis: standing.basis,
            used: whole(self.used),
            limit: whole(self.limit),
            free: Free { p10, p50: whole(standing.free), p90 },
            needs: needs.collect(),
            needed: self.total(),
            p_enough: standing.enough,
            missing: standing.missing.map(|missing| missing.ceil() as u64),
        };
        fields.serialize(serializer)
    }
}
