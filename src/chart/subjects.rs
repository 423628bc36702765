//! What each picture shows: plain values, which others fill.

use jiff::civil::Date;

use crate::backtest::reliability::Reliability;
use crate::bytes::Units;
use crate::chart::theme;
use crate::forecast::{Forecast, Quantiles};
use crate::series::{Resource, Series};

/// What a runway chart shows: how long what is left will last.
#[derive(Clone, Copy, Debug)]
pub struct Runway<'a> {
    /// What the chart is of: `mail01: /var/vmail, bytes`. What does not fit is cut off.
    pub title: &'a str,
    /// The answer in one sentence, shown under the title.
    pub verdict: &'a str,
    /// The history and the limit.
    pub series: &'a Series,
    /// What is to come.
    pub forecast: &'a Forecast,
    /// The day on which something ordered today would be in use.
    pub lead_time_ends: Option<Date>,
    /// The last day to order on.
    pub order_by: Option<Date>,
    /// How sizes are written.
    pub units: Units,
}

/// What a calibration chart shows: whether probabilities were what they said, and how far off the dates were.
#[derive(Clone, Copy, Debug)]
pub struct Calibration<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// How often limits were reached up to each quantile of their date.
    pub dates: &'a [Reliability],
    /// How often levels lay at or below each of their quantiles.
    pub levels: &'a [Reliability],
    /// The logarithms of forecast by true times to exhaustion.
    pub errors: &'a [f64],
    /// The same of the straight line.
    pub line_errors: &'a [f64],
}

/// What a chart of ages shows: how much of the stored mail is how old.
#[derive(Clone, Copy, Debug)]
pub struct Ages<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// The classes of age, the youngest first. Those that find no room are told together, in the last.
    pub rows: &'a [AgeRow<'a>],
    /// The day of the newer amounts.
    pub as_of: Date,
    /// The day of the older ones; `None` shows the newer alone.
    pub before: Option<Date>,
    /// What is counted.
    pub resource: Resource,
    /// How sizes are written.
    pub units: Units,
}

/// A class of age. Amounts are in units of the resource.
#[derive(Clone, Copy, Debug)]
pub struct AgeRow<'a> {
    /// Its name: `1 to 3 months`.
    pub label: &'a str,
    /// How much is so old now.
    pub now: u64,
    /// How much was so old before, where that is known.
    pub before: Option<u64>,
}

/// What a chart of domains shows: who holds how much, over time.
#[derive(Clone, Copy, Debug)]
pub struct Domains<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// The days on which amounts are known, in order.
    pub days: &'a [Date],
    /// The domains, in the order in which they lie on one another. What finds no room joins the other ones.
    pub domains: &'a [DomainAmounts<'a>],
    /// What is counted.
    pub resource: Resource,
    /// How sizes are written.
    pub units: Units,
}

/// What a domain held over time.
#[derive(Clone, Copy, Debug)]
pub struct DomainAmounts<'a> {
    /// The domain; `None` for all others together.
    pub name: Option<&'a str>,
    /// Its amount on each of the days, in units of the resource; a day without one counts as nothing.
    pub amounts: &'a [u64],
}

/// What a chart of flows shows: what came and what went.
#[derive(Clone, Copy, Debug)]
pub struct Flows<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// The periods, weeks as a rule, in order.
    pub weeks: &'a [WeekFlow],
    /// How sizes are written.
    pub units: Units,
}

/// What came and what went in a period, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct WeekFlow {
    /// The day of the scan before.
    pub from: Date,
    /// The day of the scan at its end.
    pub to: Date,
    /// What came.
    pub arrived: u64,
    /// What went.
    pub deleted: u64,
}

/// What a chart of the largest mailboxes shows.
#[derive(Clone, Copy, Debug)]
pub struct Largest<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// The largest mailboxes, in order. Those that find no room count among all others.
    pub mailboxes: &'a [MailboxSize<'a>],
    /// How many mailboxes there are, these among them.
    pub count: u64,
    /// What all mailboxes hold, in units of the resource.
    pub whole: u64,
    /// What is counted.
    pub resource: Resource,
    /// How sizes are written.
    pub units: Units,
}

/// A mailbox and what it holds.
#[derive(Clone, Copy, Debug)]
pub struct MailboxSize<'a> {
    /// Its address or name.
    pub address: &'a str,
    /// What it holds, in units of the resource.
    pub size: u64,
}

/// What a chart of past forecasts shows: what was forecast, and what came.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// What came, and the limits.
    pub series: &'a Series,
    /// The forecasts that were issued, in order; up to eight stay readable.
    pub forecasts: &'a [PastForecast<'a>],
    /// How sizes are written.
    pub units: Units,
}

/// A forecast as it was issued. Amounts are in units of the resource.
#[derive(Clone, Copy, Debug)]
pub struct PastForecast<'a> {
    /// The day from which it looked ahead.
    pub as_of: Date,
    /// What was in use then.
    pub used: f64,
    /// The levels so many days ahead, in order.
    pub levels: &'a [(u32, Quantiles<f64>)],
}

/// What a calendar of arrivals shows.
#[derive(Clone, Copy, Debug)]
pub struct Calendar<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// What arrived in the week in which each day lies, in units of the resource; weeks that are not named are not
    /// known. The last dozen years are shown.
    pub weeks: &'a [(Date, u64)],
    /// What is counted.
    pub resource: Resource,
    /// How sizes are written.
    pub units: Units,
}

/// What a chart of scenarios shows: the history, and the level as each scenario has it.
#[derive(Clone, Copy, Debug)]
pub struct WhatIf<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// The history.
    pub series: &'a Series,
    /// The scenarios, that in which all goes on as it does first; [`WhatIf::MOST`] are shown.
    pub scenarios: &'a [ScenarioLine<'a>],
    /// How sizes are written.
    pub units: Units,
}

impl WhatIf<'_> {
    /// So many lines can be told apart, and are shown at most.
    pub const MOST: usize = theme::SCENARIOS.len();
}

/// The level as a scenario has it. Amounts are in units of the resource.
#[derive(Clone, Copy, Debug)]
pub struct ScenarioLine<'a> {
    /// What is done: `retain=Trash:30d`.
    pub name: &'a str,
    /// The median level on days to come, in order.
    pub level: &'a [(Date, f64)],
    /// The limits that hold in it, each from a day on, in order.
    pub limits: &'a [(Date, f64)],
    /// The days on which its limit is reached; `None` beyond the horizon.
    pub exhaustion: Quantiles<Option<Date>>,
}
