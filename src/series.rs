//! A series: what was in use at which time, and the limit it runs towards.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::bytes::Units;

pub mod table;

/// What is counted, and therefore what runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// Bytes on disk.
    Bytes,
    /// Inodes of a file system.
    Inodes,
}

impl Resource {
    /// An amount of the resource for a reader: `7.10 TiB`, `1.2 M inodes`.
    pub fn show(self, amount: f64, units: Units) -> String {
        match self {
            Resource::Bytes => units.show(amount),
            Resource::Inodes if units == Units::Plain => format!("{amount:.0}"),
            Resource::Inodes => format!("{} inodes", count(amount)),
        }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Resource::Bytes => "bytes",
            Resource::Inodes => "inodes",
        })
    }
}

/// A count for a reader: whole below ten thousand, then three digits and `k`, `M`, `G` or `T`.
pub fn count(amount: f64) -> String {
    if amount.abs() < 9_999.5 {
        return format!("{amount:.0}");
    }
    let mut value = amount;
    let mut suffix = "";
    for letter in ["k", "M", "G", "T"] {
        if value.abs() < 999.5 {
            break;
        }
        value /= 1000.0;
        suffix = letter;
    }
    let decimals = if value.abs() < 9.995 { 2 } else { usize::from(value.abs() < 99.95) };
    format!("{value:.decimals$} {suffix}")
}

/// What was in use at one time, in units of the resource.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// When it was measured.
    pub time: Timestamp,
    /// How much was in use: finite and not negative.
    pub used: f64,
}

/// The use of one resource of one volume, store or quota over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The name, as a person knows it: a mount point, a store, or what the input calls it.
    pub name: String,
    /// What is counted.
    pub resource: Resource,
    /// Strictly later from one to the next; see [`Series::new`].
    pub observations: Vec<Observation>,
    /// What there is at most, in units of the resource, if there is a limit.
    pub limit: Option<f64>,
    /// What was brought in from elsewhere and is no growth, by date, if that is known.
    pub imports: Vec<Import>,
}

/// What came in bulk on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Import {
    /// The day, in UTC.
    pub date: Date,
    /// How much, in units of the resource.
    pub size: f64,
}

impl Series {
    /// A series from observations in any order; of several at one time the last given holds.
    pub fn new(name: String, resource: Resource, mut observations: Vec<Observation>, limit: Option<f64>) -> Self {
        observations.sort_by_key(|o| o.time);
        // dedup keeps the first of a run, and the last one given is the correction.
        observations.reverse();
        observations.dedup_by_key(|o| o.time);
        observations.reverse();
        Series { name, resource, observations, limit, imports: Vec::new() }
    }

    /// The same with what is known to have come in bulk.
    pub fn with_imports(self, imports: Vec<Import>) -> Self {
        Series { imports, ..self }
    }

    /// What was in use last.
    pub fn used(&self) -> Option<f64> {
        self.observations.last().map(|o| o.used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_observations_and_keeps_the_last_of_one_time() {
        let at = |second, used| Observation { time: Timestamp::from_second(second).unwrap(), used };
        let series = Series::new("s".into(), Resource::Bytes, vec![at(20, 1.0), at(10, 2.0), at(20, 3.0)], None);
        assert_eq!(series.observations, [at(10, 2.0), at(20, 3.0)]);
    }

    #[test]
    fn counts_read_well() {
        for (amount, text) in
            [(0.0, "0"), (9_999.0, "9999"), (12_345.0, "12.3 k"), (999_600.0, "1.00 M"), (3.0e12, "3.00 T")]
        {
            assert_eq!(count(amount), text);
        }
    }
}
