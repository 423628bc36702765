//! Who holds and who grows, for programs.

use jiff::civil::Date;
use serde::Serialize;

use crate::output::json::forecast::Line as ForecastLine;
use crate::planning::growth::large_messages::{LargeMessageClass, LargeMessageMailbox, LargeMessageSum};
use crate::planning::report::StoreGrowth;
use crate::planning::verdict::quotas::{QuotaForecast, QuotaRanking};

#[derive(Serialize)]
pub(crate) struct GrowingJson<'a> {
    /// From when to when the growth is told; null where no scan is so old.
    from: Option<Date>,
    to: Option<Date>,
    /// What the stores grew by.
    grown: Option<i128>,
    growers: Vec<HolderJson<'a>>,
    largest: Vec<HolderJson<'a>>,
    quotas: Option<QuotasJson<'a>>,
    very_large: Vec<LargeJson<'a>>,
    trash_bytes: u64,
    junk_bytes: u64,
    unpurged_bytes: u64,
}

/// The mailboxes that have a quota; the first to reach theirs first.
#[derive(Serialize)]
struct QuotasJson<'a> {
    mailboxes: usize,
    expected_within_lead_time: usize,
    first: Vec<ReachingJson<'a>>,
}

#[derive(Serialize)]
struct ReachingJson<'a> {
    full_within_lead_time: f64,
    forecast: ForecastLine<'a>,
}

/// The messages of a size class; sizes and sums in bytes.
#[derive(Serialize)]
struct LargeJson<'a> {
    from: u64,
    under: Option<u64>,
    #[serde(flatten)]
    sum: LargeSumJson,
    holders: Vec<LargeHolderJson<'a>>,
}

#[derive(Serialize)]
struct LargeHolderJson<'a> {
    address: &'a str,
    #[serde(flatten)]
    sum: LargeSumJson,
}

#[derive(Serialize)]
struct LargeSumJson {
    messages: u64,
    bytes: u64,
    arrived_messages: u64,
    arrived_bytes: u64,
}

#[derive(Serialize)]
struct HolderJson<'a> {
    address: &'a str,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    grown: Option<i64>,
}

/// Who holds and who grows.
pub(crate) fn of(growing: &StoreGrowth) -> GrowingJson<'_> {
    GrowingJson {
        from: growing.grown.map(|grown| grown.from),
        to: growing.grown.map(|grown| grown.to),
        grown: growing.grown.map(|grown| grown.bytes),
        growers: growing
            .growers
            .iter()
            .map(|held| HolderJson { address: &held.address, bytes: held.bytes, grown: Some(held.grown) })
            .collect(),
        largest: growing
            .largest
            .iter()
            .map(|held| HolderJson { address: &held.address, bytes: held.bytes, grown: None })
            .collect(),
        quotas: growing.quotas.as_ref().map(quotas),
        very_large: growing.large.iter().map(large).collect(),
        trash_bytes: growing.reclaimable.trash,
        junk_bytes: growing.reclaimable.junk,
        unpurged_bytes: growing.reclaimable.unpurged,
    }
}

fn quotas(soonest: &QuotaRanking) -> QuotasJson<'_> {
    QuotasJson {
        mailboxes: soonest.mailboxes(),
        expected_within_lead_time: soonest.expected(),
        first: soonest.first().iter().map(reaching).collect(),
    }
}

fn reaching(one: &QuotaForecast) -> ReachingJson<'_> {
    ReachingJson { full_within_lead_time: one.within, forecast: ForecastLine::of(&one.forecast) }
}

fn large(class: &LargeMessageClass) -> LargeJson<'_> {
    let holders = class.holders.iter().map(holder).collect();
    LargeJson { from: class.from, under: class.under, sum: sum(&class.sum), holders }
}

fn holder(holder: &LargeMessageMailbox) -> LargeHolderJson<'_> {
    LargeHolderJson { address: &holder.address, sum: sum(&holder.sum) }
}

fn sum(sum: &LargeMessageSum) -> LargeSumJson {
    let &LargeMessageSum { messages, bytes, arrived_messages, arrived_bytes, grown: _ } = sum;
    LargeSumJson { messages, bytes, arrived_messages, arrived_bytes }
}
