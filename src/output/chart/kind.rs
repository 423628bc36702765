//! The kinds of figure that a reader can ask for.

use serde::Serialize;

/// A kind of figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChartKind {
    /// History, forecast and limit.
    Runway,
    /// How old the stored mail is, now and a year ago.
    Ages,
    /// Growth by domain.
    Domains,
    /// Mail that arrived and mail that was deleted, week by week.
    Flows,
    /// The largest mailboxes and their share.
    Largest,
    /// Past forecasts against what came.
    Past,
    /// Arrivals in each week of the year.
    Calendar,
    /// Scenarios on one runway.
    WhatIf,
}

impl ChartKind {
    /// The kind as a word of plain characters, for file names and style sheets.
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
