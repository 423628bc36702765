//! Rows of many series, packed until all are read.
//!
//! A row takes six bytes as a rule: series are measured at regular times, by integers that change little, under a limit that
//! stays. So a million quotas of two years fit into a gigabyte, in whatever order their rows come.

use indexmap::IndexMap;
use jiff::Timestamp;
use rayon::prelude::*;

use super::{Limit, Observation, Resource, Series};
use crate::model::varint::{self, VarintReader};

/// One row of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeriesRow<'a> {
    /// The name of the series.
    pub series: &'a str,
    /// When it was measured, to the microsecond.
    pub time: Timestamp,
    /// The used amount, in units of the resource.
    pub used: f64,
    /// The limit from this time on, if the row gives one.
    pub limit: Option<f64>,
}

/// Collects rows into series of bytes, in the order in which the series first appear.
#[derive(Debug, Default)]
pub struct Collector {
    series: IndexMap<Box<str>, PackedRows>,
    /// The place of the newest row's series: rows of one series often lie together.
    newest: usize,
}

impl Collector {
    /// Adds a row.
    pub fn add(&mut self, row: SeriesRow) {
        if self.series.get_index(self.newest).is_none_or(|(name, _)| **name != *row.series) {
            let known = self.series.get_index_of(row.series);
            self.newest = known.unwrap_or_else(|| self.series.insert_full(row.series.into(), PackedRows::default()).0);
        }
        self.series[self.newest].add(&row);
    }

    /// The series, unpacked one by one.
    pub fn series(&self) -> impl Iterator<Item = Series> {
        self.series.iter().map(|(name, rows)| rows.series(name))
    }

    /// The same, `count` at a time, unpacked in parallel.
    pub fn chunks(&self, count: usize) -> impl Iterator<Item = Vec<Series>> {
        (0..self.series.len()).step_by(count).map(move |start| {
            let places = start..self.series.len().min(start + count);
            let series = |place| self.series.get_index(place).map(|(name, rows)| rows.series(name));
            places.into_par_iter().filter_map(series).collect()
        })
    }

    /// Only these series.
    pub fn only(mut self, names: &[String]) -> Collector {
        self.series.retain(|name, _| names.iter().any(|wanted| **wanted == **name));
        self
    }

    /// The names of the series.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.series.keys().map(|name| &**name)
    }

    /// Whether there is a series of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.series.contains_key(name)
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }
}

/// The rows of one series in their order, each as its difference from the one before.
#[derive(Debug, Default)]
struct PackedRows {
    bytes: Vec<u8>,
    last: Last,
}

/// What the next row is a difference from.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    /// In microseconds since 1970, and the difference from the time before.
    time: i64,
    step: i64,
    used: f64,
    limit: f64,
}

/// The bits of a row's first byte: the time is one step on; the amount differs by an integer; there is a limit; it differs.
const ON_TIME: u8 = 1;
const BY_INTEGER: u8 = 2;
const HAS_LIMIT: u8 = 4;
const NEW_LIMIT: u8 = 8;

/// Integers below this one, and their differences, are exact.
const EXACT: f64 = (1_u64 << 53) as f64;

impl PackedRows {
    /// The series. Its newest limit is the present one.
    fn series(&self, name: &str) -> Series {
        let (mut observations, mut limits) = (Vec::new(), Vec::new());
        for (time, used, limit) in self.iter() {
            observations.push(Observation { time, used });
            limits.extend(limit.map(|size| Limit { since: time, size }));
        }
        let series = Series::new(name.to_owned(), Resource::Bytes, observations, None).with_limits(limits);
        Series { limit: series.limits.last().map(|limit| limit.size), ..series }.of_room()
    }

    fn add(&mut self, row: &SeriesRow) {
        let last = self.last;
        let time = row.time.as_microsecond();
        let step = time - last.time;
        let is_integer = |amount: f64| amount.fract() == 0.0 && amount.abs() < EXACT;
        let by_integer = is_integer(row.used) && is_integer(last.used);
        let new_limit = row.limit.filter(|limit| *limit != last.limit);
        let bit = |is_set, bit| if is_set { bit } else { 0 };
        // A vector that doubles would leave a quarter of the memory unused.
        if self.bytes.capacity() - self.bytes.len() < MOST_BYTES {
            self.bytes.reserve_exact(self.bytes.len() / 8 + MOST_BYTES);
        }
        self.bytes.push(
            bit(step == last.step, ON_TIME)
                | bit(by_integer, BY_INTEGER)
                | bit(row.limit.is_some(), HAS_LIMIT)
                | bit(new_limit.is_some(), NEW_LIMIT),
        );
        if step != last.step {
            varint::put_signed(&mut self.bytes, step);
        }
        match by_integer {
            true => varint::put_signed(&mut self.bytes, row.used as i64 - last.used as i64),
            false => self.bytes.extend(row.used.to_le_bytes()),
        }
        self.bytes.extend(new_limit.into_iter().flat_map(f64::to_le_bytes));
        self.last = Last { time, step, used: row.used, limit: row.limit.unwrap_or(last.limit) };
    }

    /// Time, used amount and limit of each row.
    fn iter(&self) -> impl Iterator<Item = (Timestamp, f64, Option<f64>)> {
        let (mut reader, mut last) = (VarintReader(&self.bytes), Last::default());
        std::iter::from_fn(move || {
            let bits = reader.byte()?;
            if bits & ON_TIME == 0 {
                last.step = reader.signed()?;
            }
            last.time += last.step;
            last.used = match bits & BY_INTEGER {
                0 => amount(&mut reader)?,
                _ => (last.used as i64 + reader.signed()?) as f64,
            };
            if bits & NEW_LIMIT != 0 {
                last.limit = amount(&mut reader)?;
            }
            let limit = (bits & HAS_LIMIT != 0).then_some(last.limit);
            Some((Timestamp::from_microsecond(last.time).ok()?, last.used, limit))
        })
    }
}

/// The bytes of the longest row.
const MOST_BYTES: usize = 1 + 10 + 10 + 8;

fn amount(reader: &mut VarintReader) -> Option<f64> {
    Some(f64::from_le_bytes(reader.take(8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_rows_are_unchanged() {
        let rows = [
            (0, 5.0, None),
            (604_800_000_000, 7.0, Some(10.0)),
            (1_209_600_000_000, 6.0, Some(10.0)),
            (1_209_600_000_001, 0.25, Some(12.5)),
            (-5, 2.0_f64.powi(60), None),
            (-5, u64::MAX as f64, Some(12.5)),
            (-4, 0.0, Some(0.0)),
            (-3, EXACT - 1.0, Some(10.0)),
            (-2, 1.0, Some(10.0)),
        ];
        let mut packed = PackedRows::default();
        let row = |&(time, used, limit): &(i64, f64, Option<f64>)| SeriesRow {
            series: "",
            time: Timestamp::from_microsecond(time).unwrap(),
            used,
            limit,
        };
        rows.iter().for_each(|given| packed.add(&row(given)));
        let expected: Vec<_> = rows.iter().map(row).map(|row| (row.time, row.used, row.limit)).collect();
        assert_eq!(packed.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn two_years_of_weeks_take_six_bytes_a_row() {
        let mut collector = Collector::default();
        for week in 0..104 {
            let time = Timestamp::from_second(1_700_000_000 + week * 604_800).unwrap();
            let used = 123_456_789.0 + (week * 1_234_567) as f64;
            collector.add(SeriesRow { series: "a", time, used, limit: Some(2e9) });
        }
        let bytes = &collector.series[0].bytes;
        assert!(bytes.len() < 6 * 104 && bytes.capacity() < 7 * 104, "{} {}", bytes.len(), bytes.capacity());
    }
}
