//! When a report is sent.

use clap::ValueEnum;
use serde::Deserialize;

/// When a report is written at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Every time: a report that does not come is a warning too
    #[default]
    Always,
    /// Only if something is amber or red, or the last scan is old
    Warning,
    /// Only if a status differs from that of a week before, or a date moved by more than a tenth of the time left
    Change,
}
