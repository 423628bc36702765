//! What follows from forecasts: the verdict, growth, what-if scenarios, maintenance windows and the report.

pub mod alarm;
pub mod growth;
pub(crate) mod mailbox_series;
pub mod prune;
pub mod report;
pub mod verdict;
pub mod whatif;
pub mod window;
