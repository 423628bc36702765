//! The report: everything a reader is told, built once, before it is written in any form.

pub mod html;
pub mod text;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::bytes::Units;
use crate::dates;
use crate::days::Days;
use crate::forecast::{Forecast, State};
use crate::growth::holders::{Grower, Largest};
use crate::series::Resource;
use crate::verdict::{self, Policy, Status, Verdict};

/// Everything a reader is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The machines that were scanned.
    pub hosts: Vec<String>,
    /// The day as of which is judged.
    pub today: Date,
    /// The last scan.
    pub last_scan: Option<LastScan>,
    /// When to worry.
    pub policy: Policy,
    /// How far ahead was looked.
    pub horizon: Days,
    /// How sizes are written.
    pub units: Units,
    /// What runs out, the most urgent first.
    pub lines: Vec<Line>,
    /// The largest mailboxes.
    pub largest: Vec<Largest>,
    /// The mailboxes that grew most.
    pub growers: Vec<Grower>,
    /// The days over which growth was measured, at least.
    pub growth_days: u32,
}

/// The last scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastScan {
    /// When it started.
    pub taken_at: Timestamp,
    /// How many snapshots there are.
    pub snapshots: usize,
    /// Whether it could read everything.
    pub complete: bool,
}

/// One thing that runs out.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What is known.
    pub forecast: Forecast,
    /// What it means.
    pub verdict: Verdict,
    /// The same in a sentence.
    pub headline: String,
    /// The runway chart as SVG, where the form of the report shows pictures.
    pub chart: Option<String>,
}

impl Line {
    /// The amount in use of the limit, for a reader.
    pub fn used(&self, units: Units) -> String {
        let (forecast, resource) = (&self.forecast, self.forecast.resource);
        let show = |amount: f64| match resource {
            Resource::Bytes => resource.show(amount, units),
            Resource::Inodes | Resource::Messages => crate::series::count(amount),
        };
        match (forecast.limit, self.verdict.used_share) {
            (Some(limit), Some(share)) => {
                format!("{} of {} ({:.0} %)", show(forecast.used), show(limit), share * 100.0)
            }
            _ => show(forecast.used),
        }
    }

    /// The growth a week with its 80 % range, for a reader.
    pub fn weekly_growth(&self, units: Units) -> Option<String> {
        let growth = self.forecast.outlook.as_ref()?.growth_per_day;
        let show = |a_day: f64| self.forecast.resource.show(a_day * 7.0, units);
        Some(format!("{} (80 %: {} to {})", show(growth.p50), show(growth.p10), show(growth.p90)))
    }

    /// The probability of being full within the lead time, for a reader.
    pub fn within_lead_time(&self) -> String {
        self.verdict.full_within_lead_time.map_or_else(|| "unknown".to_owned(), verdict::percent)
    }

    /// The day to order by, for a reader; a day that has passed is said to have.
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
    /// The worst status of all.
    pub fn status(&self) -> Status {
        self.lines.iter().map(|line| line.verdict.status).max().unwrap_or(Status::Unknown)
    }

    /// The worst line: of the worst status the most urgent.
    pub fn worst(&self) -> Option<&Line> {
        self.lines.iter().find(|line| line.verdict.status == self.status())
    }

    /// The rule by which the status is found, in words; a line for each status.
    pub fn rule(&self) -> [String; 5] {
        let policy = &self.policy;
        let share = |share: f64| format!("{:.0} %", share * 100.0);
        let (lead_time, review) = (policy.lead_time, policy.review_interval);
        [
            format!(
                "RED: full, or {} in use, or expected within the lead time of {lead_time} with {} in use.",
                share(policy.used_critical),
                share(policy.used_floor)
            ),
            format!(
                "AMBER: expected within the lead time, or plausible (10 %) within it and the next review in {review}, \
                 or {} in use.",
                share(policy.used_warning)
            ),
            "GREEN: none of these.".to_owned(),
            "UNKNOWN: there is no forecast yet.".to_owned(),
            "Order by: the earliest plausible date (10 %) less the lead time.".to_owned(),
        ]
    }
}
