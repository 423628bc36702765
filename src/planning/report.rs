//! The report, before it is rendered in any format.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::forecast::{Forecast, State, Trend, record::Resolved};
use crate::model::numbers::{count, in_use, percent, probability};
use crate::model::schema::{Day, Time};
use crate::model::{bytes::Units, dates, days::Days, escape, series::Resource};
use crate::planning::growth::mailboxes::{Grower, LargestMailbox, QuotaUse, Reclaimable, TotalGrowth};
use crate::planning::verdict::{Policy, Status, Verdict};
use crate::planning::{
    growth::change::UsageChange, growth::large_messages::LargeMessageClass, verdict::quotas::QuotaRanking,
    whatif::Comparison,
};

/// The report on all volumes and limited stores.
#[derive(Debug)]
pub struct Report {
    /// The hosts that were scanned, or whose past was imported.
    pub hosts: Vec<String>,
    /// The day of the report.
    pub today: Date,
    /// The newest snapshot.
    pub last_scan: Option<LastScan>,
    /// The policy of the verdicts.
    pub policy: Policy,
    /// The horizon of the forecasts.
    pub horizon: Days,
    /// The units of sizes.
    pub units: Units,
    /// Warnings as printable sentences.
    pub warnings: Vec<String>,
    /// Volumes and stores, the most urgent first.
    pub subjects: Vec<Subject>,
}

/// The last scan.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct LastScan {
    /// The start of the scan.
    #[schemars(with = "Time")]
    pub taken_at: Timestamp,
    /// The number of snapshots in the history.
    pub snapshots: usize,
    /// Whether the scan read everything.
    pub complete: bool,
}

/// A volume, or a store with a limit of its own.
#[derive(Debug)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Its forecasts by resource, the most urgent first; at least one.
    pub lines: Vec<ResourceForecast>,
    /// The change since a scan at least a week before the last one.
    pub change: Option<UsageChange>,
    /// The mailboxes of its stores, unless an earlier subject lists them.
    pub growing: Option<StoreGrowth>,
    /// The scenarios of the settings, for each resource.
    pub what_ifs: Vec<Comparison>,
}

/// The largest and the fastest growing mailboxes of some stores.
#[derive(Clone, Debug, PartialEq, JsonSchema, Serialize)]
pub struct StoreGrowth {
    /// The growth of the stores; `None` without an earlier scan. Growers and large messages cover the same period.
    #[serde(flatten, serialize_with = "total_growth")]
    #[schemars(with = "GrowthFields")]
    pub grown: Option<TotalGrowth>,
    /// The mailboxes that grew most.
    pub growers: Vec<Grower>,
    /// The largest mailboxes.
    pub largest: Vec<LargestMailbox>,
    /// The mailboxes that reach their quota first; `None` without quotas.
    pub quotas: Option<QuotaRanking>,
    /// The mailboxes with the largest share of their quota in use.
    #[serde(skip)]
    pub fullest: Vec<QuotaUse>,
    /// Very large messages, by size class.
    #[serde(rename = "very_large")]
    pub large: Vec<LargeMessageClass>,
    /// Reclaimable mail.
    #[serde(flatten)]
    pub reclaimable: Reclaimable,
}

#[derive(JsonSchema, Serialize)]
struct GrowthFields {
    /// The day of the earliest earlier scan, in UTC; `None` without one.
    #[schemars(with = "Option<Day>")]
    from: Option<Date>,
    /// The day of the last scan, in UTC; `None` without an earlier one.
    #[schemars(with = "Option<Day>")]
    to: Option<Date>,
    /// Bytes on disk more than before, or fewer if negative; `None` without an earlier scan.
    grown: Option<i128>,
}

/// Writes nulls where no growth is known.
fn total_growth<S: Serializer>(grown: &Option<TotalGrowth>, serializer: S) -> Result<S::Ok, S::Error> {
    let bytes = grown.map(|grown| grown.bytes);
    GrowthFields { from: grown.map(|grown| grown.from), to: grown.map(|grown| grown.to), grown: bytes }
        .serialize(serializer)
}

/// The forecast of one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceForecast {
    /// The forecast.
    pub forecast: Forecast,
    /// Its verdict.
    pub verdict: Verdict,
    /// The forecast in a sentence.
    pub headline: String,
    /// The forecast of a week ago.
    pub before: Option<EarlierForecast>,
    /// Earlier forecasts that have come due.
    pub resolved: Vec<Resolved>,
}

/// The forecast as of an earlier scan.
#[derive(Clone, Debug, PartialEq)]
pub struct EarlierForecast {
    /// The forecast.
    pub forecast: Forecast,
    /// Its verdict as of that day.
    pub verdict: Verdict,
}

impl Subject {
    /// The worst status of its forecasts.
    pub fn status(&self) -> Status {
        self.lines.iter().map(|line| line.verdict.status).max().unwrap_or(Status::Unknown)
    }
}

impl ResourceForecast {
    /// The used amount and the limit.
    pub fn used(&self, units: Units) -> String {
        let (forecast, resource) = (&self.forecast, self.forecast.resource);
        let show = |amount: f64| match resource {
            Resource::Bytes => resource.show(amount, units),
            Resource::Inodes | Resource::Messages => count(amount),
        };
        match (forecast.limit, self.verdict.used_share) {
            (Some(limit), Some(share)) => {
                format!("{} of {} ({})", show(forecast.used), show(limit), in_use(share))
            }
            _ => show(forecast.used),
        }
    }

    /// The weekly growth with its 80 % range.
    pub fn weekly_growth(&self, units: Units) -> Option<String> {
        let outlook = self.forecast.outlook.as_ref()?;
        if outlook.trend == Trend::StandsStill {
            return Some("none since the first scan".to_owned());
        }
        let growth = outlook.growth_per_day;
        let show = |a_day: f64| self.forecast.resource.show(a_day * 7.0, units);
        Some(format!("{} (80 %: {} to {})", show(growth.p50), show(growth.p10), show(growth.p90)))
    }

    /// The probability of being full within the lead time.
    pub fn within_lead_time(&self) -> String {
        self.verdict.full_within_lead_time.map_or_else(|| "unknown".to_owned(), probability)
    }

    /// The order-by date, marked if it has passed.
    pub fn order_by(&self, today: Date) -> String {
        match self.verdict.order_by {
            None if self.forecast.state == State::Already => "now".to_owned(),
            None => "–".to_owned(),
            Some(date) if date < today => format!("now ({} has passed)", dates::day(date)),
            Some(date) => dates::day(date),
        }
    }
}

impl Report {
    /// The worst status of all subjects.
    pub fn status(&self) -> Status {
        self.subjects.iter().map(Subject::status).max().unwrap_or(Status::Unknown)
    }

    /// All forecasts, subject by subject.
    pub fn lines(&self) -> impl Iterator<Item = &ResourceForecast> {
        self.subjects.iter().flat_map(|subject| &subject.lines)
    }

    /// The most urgent forecast of the worst status.
    pub fn worst(&self) -> Option<&ResourceForecast> {
        self.lines().find(|line| line.verdict.status == self.status())
    }

    /// The worst forecast in a printable sentence, without the status.
    pub fn summary(&self) -> String {
        self.worst().map_or_else(
            || "there is nothing to forecast".to_owned(),
            |line| {
                format!("{}, {}: {}", escape::printable(&line.forecast.series), line.forecast.resource, line.headline)
            },
        )
    }

    /// The subject of a mail: status, hosts, summary.
    pub fn subject_line(&self) -> String {
        let hosts: Vec<_> = self.hosts.iter().map(|host| escape::printable(host)).collect();
        format!("[{}] {}: {}", self.status().word(), hosts.join(", "), self.summary())
    }

    /// Whether a status changed in a week, or an expected date moved by more than a tenth of the remaining time. New
    /// forecasts count as changes.
    pub fn has_changed(&self) -> bool {
        self.lines().any(|line| {
            let Some(before) = &line.before else { return true };
            let moved = match (before.forecast.planning_date(), line.forecast.planning_date()) {
                (Some(then), Some(now)) => {
                    let left = (then - before.forecast.as_of).get_days().abs();
                    10 * (now - then).get_days().abs() > left
                }
                (None, None) => false,
                _ => true,
            };
            moved || before.verdict.status != line.verdict.status
        })
    }

    /// The rule for the status, a line for each.
    pub fn rule(&self) -> [String; 5] {
        let policy = &self.policy;
        let (lead_time, review) = (policy.lead_time, policy.review_interval);
        [
            format!(
                "RED: full, or {} in use, or expected within the lead time of {lead_time} with {} in use.",
                percent(policy.used_critical),
                percent(policy.used_floor)
            ),
            format!(
                "AMBER: expected within the lead time, or plausible (10 %) within the lead time plus the review interval of \
                 {review}, or {} in use.",
                percent(policy.used_warning)
            ),
            "GREEN: none of these.".to_owned(),
            "UNKNOWN: there is no forecast yet.".to_owned(),
            "Order by: the earliest plausible date (10 %) less the lead time.".to_owned(),
        ]
    }
}
