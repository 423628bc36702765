//! The series that a scenario changes, as far as its effect depends on it.

use jiff::civil::Date;

use crate::model::{bytes::Units, series::Resource};

#[derive(Clone, Copy, Debug)]
pub(super) struct SeriesContext {
    pub resource: Resource,
    /// The day of the last observation.
    pub as_of: Date,
    /// The days ahead that the plan covers.
    pub reach_days: u32,
    /// The median growth a day, in units of the resource; not negative.
    pub growth_per_day: f64,
    pub units: Units,
}
