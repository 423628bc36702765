//! Series from a table: CSV with the columns `series,time,used[,limit]`.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{Limit, Observation, Resource, Series};
use crate::model::error::{Error, Result};
use crate::model::escape;

/// One row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesRow {
    /// The name of the series.
    pub series: String,
    /// When it was measured.
    pub time: Timestamp,
    /// The used amount, in units of the resource.
    pub used: f64,
    /// The limit from this time on, if the row gives one.
    pub limit: Option<f64>,
}

/// Reads CSV with a header line. Columns may come in any order, and unknown ones are ignored. Series keep the order of
/// their first rows; rows may come in any order of time. `path` is only for the errors.
///
/// # Errors
/// If a column is missing, there is no row, or a row has a bad time or number; the error names the line.
pub fn read_csv(input: impl Read, path: &Path) -> Result<Vec<Series>> {
    let mut collector = Collector::default();
    read_csv_rows(input, path, |row| collector.add(row))?;
    Ok(collector.series())
}

/// Reads the rows of [`read_csv`] one by one, so that a table may be larger than memory.
///
/// # Errors
/// As [`read_csv`].
pub fn read_csv_rows(input: impl Read, path: &Path, mut each: impl FnMut(SeriesRow)) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(input);
    let bad_csv = |e: csv::Error| Error::new("this is not a valid CSV table").at(path).because(e).hint(COLUMNS_HINT);
    let header = reader.headers().map_err(bad_csv)?.clone();
    let columns = Columns::find(&header).map_err(|e| e.at(path))?;
    let mut is_empty = true;
    for record in reader.records() {
        let record = record.map_err(bad_csv)?;
        let line = record.position().map_or(0, csv::Position::line);
        let wrong =
            |what| Error::new(format!("line {line}: {what}")).at(path).hint("correct the line, or leave it out");
        each(columns.row(&record).map_err(wrong)?);
        is_empty = false;
    }
    if is_empty {
        return Err(Error::new("the table has no rows").at(path).hint(COLUMNS_HINT));
    }
    Ok(())
}

/// Collects rows into series of bytes, in the order in which the series first appear.
#[derive(Debug, Default)]
pub struct Collector {
    places: HashMap<String, usize>,
    series: Vec<Series>,
}

impl Collector {
    /// Adds a row.
    pub fn add(&mut self, row: SeriesRow) {
        let place = *self.places.entry(row.series).or_insert_with_key(|name| {
            self.series.push(Series::new(name.clone(), Resource::Bytes, Vec::new(), None));
            self.series.len() - 1
        });
        self.series[place].observations.push(Observation { time: row.time, used: row.used });
        self.series[place].limits.extend(row.limit.map(|size| Limit { since: row.time, size }));
    }

    /// The series. The newest limit of each is the present one.
    pub fn series(self) -> Vec<Series> {
        let ordered = |series: Series| {
            let limits = series.limits;
            let series = Series::new(series.name, series.resource, series.observations, None).with_limits(limits);
            Series { limit: series.limits.last().map(|limit| limit.size), ..series }.of_room()
        };
        self.series.into_iter().map(ordered).collect()
    }
}

/// The hint for a table with wrong columns.
pub const COLUMNS_HINT: &str = "the columns are series,time,used and, if there is one, limit";

/// The indexes of the columns.
struct Columns {
    series: usize,
    time: usize,
    used: usize,
    limit: Option<usize>,
}

impl Columns {
    fn find(header: &csv::StringRecord) -> Result<Self> {
        if header.iter().all(str::is_empty) {
            return Err(Error::new("the table is empty").hint(COLUMNS_HINT));
        }
        let find = |name: &str| header.iter().position(|column| column.trim_start_matches('\u{feff}') == name);
        let need = |name: &str| {
            find(name).ok_or_else(|| Error::new(format!("the table has no column `{name}`")).hint(COLUMNS_HINT))
        };
        Ok(Columns { series: need("series")?, time: need("time")?, used: need("used")?, limit: find("limit") })
    }

    fn row(&self, record: &csv::StringRecord) -> std::result::Result<SeriesRow, String> {
        let cell = |column: usize| record.get(column).unwrap_or("");
        let limit = self.limit.map(cell).filter(|text| !text.is_empty());
        if cell(self.series).is_empty() {
            return Err("the series has no name".to_owned());
        }
        Ok(SeriesRow {
            series: cell(self.series).to_owned(),
            time: parse_time(cell(self.time))?,
            used: parse_amount("used", cell(self.used))?,
            limit: limit.map(|text| parse_amount("limit", text)).transpose()?,
        })
    }
}

/// A time as a date (its start in UTC), an RFC 3339 time (in UTC where it names no zone), or unix seconds.
///
/// # Errors
/// If it is none of these, with a text that quotes it.
pub fn parse_time(text: &str) -> std::result::Result<Timestamp, String> {
    // Eight digits are a date without hyphens rather than a second of the year 1970.
    let is_date = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let seconds = text.parse::<f64>().ok().filter(|seconds| seconds.is_finite() && !is_date);
    let time = match seconds {
        Some(seconds) => Timestamp::from_millisecond((seconds * 1_000.0) as i64).ok(),
        None => text.parse::<Timestamp>().ok().or_else(|| {
            // A date is read as its midnight; a time without a zone, as spreadsheets write it, as UTC.
            let datetime: DateTime = text.parse().ok()?;
            Some(datetime.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
        }),
    };
    time.ok_or_else(|| {
        format!(
            "`{}` is not a valid time (write 2026-11-23, 2026-11-23T04:00:00Z or unix seconds)",
            escape::printable(text)
        )
    })
}

/// The largest amount that 64 bits can hold; larger ones are errors.
const MOST: f64 = u64::MAX as f64;

fn parse_amount(column: &str, text: &str) -> std::result::Result<f64, String> {
    let amount = text.parse::<f64>().ok().filter(|a| (0.0..=MOST).contains(a));
    amount.ok_or_else(|| format!("{column} is `{}`, which is not a valid size in bytes", escape::printable(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Series>> {
        read_csv(text.as_bytes(), Path::new("in.csv"))
    }

    #[test]
    fn columns_may_be_in_any_order_and_series_keep_theirs() {
        let series = read("limit,used,extra,time,series\n,5,x,2026-01-02,b\n9,1,x,2026-01-01,a\n7,4,x,2026-01-01,b\n");
        let series = series.unwrap();
        assert_eq!(series.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(series[0].observations.iter().map(|o| o.used).collect::<Vec<_>>(), [4.0, 5.0]);
        assert_eq!(series[0].limit, Some(7.0));
    }

    #[test]
    fn the_newest_limit_applies_in_any_order_of_rows() {
        let series = read("series,time,used,limit\na,2026-03-01,1,30\na,2026-01-01,1,10\na,2026-04-01,1,\n").unwrap();
        assert_eq!(series[0].limit, Some(30.0));
        assert_eq!(series[0].limits.iter().map(|limit| limit.size).collect::<Vec<_>>(), [10.0, 30.0]);
        let until = |text| series[0].until(parse_time(text).unwrap()).limit;
        assert_eq!(["2025-12-31", "2026-02-28", "2026-03-01"].map(until), [None, Some(10.0), Some(30.0)]);
    }

    #[test]
    fn the_last_of_two_limits_at_one_time_applies() {
        let series = read("series,time,used,limit\na,2026-01-01,1,30\na,2026-01-01,1,10\na,2026-01-02,1,10\n").unwrap();
        assert_eq!(series[0].limit, Some(10.0));
        assert_eq!(series[0].until(parse_time("2026-01-01").unwrap()).limit, Some(10.0));
    }

    #[test]
    fn dates_timestamps_and_unix_seconds_parse() {
        let second = |text| parse_time(text).unwrap().as_second();
        assert_eq!(second("1970-01-02"), 86_400);
        assert_eq!(second("1970-01-01T01:00:00+01:00"), 0);
        assert_eq!(second("1700000000"), 1_700_000_000);
        assert_eq!(second("1970-01-01 06:30:00"), 6 * 3_600 + 1_800);
        assert_eq!(second("1970-01-01T06:30"), 6 * 3_600 + 1_800);
        assert_eq!(second("19700103"), 2 * 86_400);
    }

    #[test]
    fn errors_name_the_line_and_the_column() {
        for (text, error) in [
            ("series,time\na,2026-01-01\n", "the table has no column `used`: in.csv"),
            (
                "series,time,used\na,2026-01-01,1\na,yesterday,1\n",
                "line 3: `yesterday` is not a valid time (write 2026-11-23, 2026-11-23T04:00:00Z or unix seconds): in.csv",
            ),
            ("series,time,used\na,2026-01-01,-1\n", "line 2: used is `-1`, which is not a valid size in bytes: in.csv"),
            (
                "series,time,used\na,2026-01-01,NaN\n",
                "line 2: used is `NaN`, which is not a valid size in bytes: in.csv",
            ),
            ("series,time,used\n", "the table has no rows: in.csv"),
            ("", "the table is empty: in.csv"),
        ] {
            assert_eq!(read(text).unwrap_err().to_string(), error);
        }
    }
}
