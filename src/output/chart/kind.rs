//! The kinds of figures.

use serde::Serialize;

/// A kind of figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChartKind {
    /// History, forecast and limit.
    Runway,
    /// Stored mail by age, now and a year ago.
    Ages,
    /// Growth by domain.
    Domains,
    /// Arrivals and deletions, week by week.
    Flows,
    /// The largest mailboxes and their share.
    Largest,
    /// Past forecasts against the levels that followed.
    Past,
    /// Arrivals in each week of the year.
    Calendar,
    /// Scenarios on one runway.
    WhatIf,
}

impl ChartKind {
    /// The name in file names and style sheets.
    pub fn word(self) -> &'static str {
        match self {
            ChartKind::Runway => "runway",
            ChartKind::Ages => "ages",
            ChartKind::Domains => "domains",
            ChartKind::Flows => "flows",
            ChartKind::Largest => "largest",
            ChartKind::Past => "past",
            ChartKind::Calendar => "calendar",
            ChartKind::WhatIf => "what-if",
        }
    }
}
