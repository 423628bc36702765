//! Series from a table: CSV with the columns `series,time,used[,limit]`.

use std::io::Read;
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::{Collector, Series, SeriesRow};
use crate::model::error::{Error, Result};
use crate::model::escape;

/// Reads CSV with a header line. Columns may come in any order, and unknown ones are ignored. Series keep the order of
/// their first rows; rows may come in any order of time. `path` is only for the errors.
///
/// # Errors
/// If a column is missing, there is no row, or a row has a bad time or number; the error names the line.
pub fn read_csv(input: impl Read + Send, path: &Path) -> Result<Vec<Series>> {
    let mut collector = Collector::default();
    read_csv_rows(input, path, |row| collector.add(row))?;
    Ok(collector.series().collect())
}

/// Bytes read at once.
const BUFFER: usize = 1 << 16;

/// Reads the rows of [`read_csv`] one by one, so that a table may be larger than memory.
///
/// # Errors
/// As [`read_csv`].
pub fn read_csv_rows(input: impl Read + Send, path: &Path, mut each: impl FnMut(SeriesRow)) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::Headers).buffer_capacity(BUFFER).from_reader(input);
    let bad_csv = |e: csv::Error| Error::new("this is not a valid CSV table").at(path).because(e).hint(COLUMNS_HINT);
    let header = reader.headers().map_err(bad_csv)?.clone();
    let columns = Columns::find(&header).map_err(|e| e.at(path))?;
    let mut take = |record: &csv::StringRecord| {
        let line = record.position().map_or(0, csv::Position::line);
        let wrong =
            |what| Error::new(format!("line {line}: {what}")).at(path).hint("correct the line, or leave it out");
        columns.row(record).map(&mut each).map_err(wrong)
    };
    let (full, parts) = mpsc::sync_channel(2);
    let (empty, spare) = mpsc::channel();
    // One thread splits the text into cells while another reads what is in them.
    let is_empty = thread::scope(|scope| {
        scope.spawn(move || {
            let mut goes_on = true;
            while goes_on {
                let part = Part::read(&mut reader, spare.try_recv().unwrap_or_default());
                let has_more = matches!(part.end, Ok(true));
                goes_on = full.send(part).is_ok() && has_more;
            }
        });
        let mut is_empty = true;
        for part in parts {
            part.records[..part.count].iter().try_for_each(&mut take)?;
            is_empty &= part.count == 0;
            part.end.map_err(bad_csv)?;
            // At the end of the table nobody needs it.
            let _ = empty.send(part.records);
        }
        Ok(is_empty)
    })?;
    match is_empty {
        true => Err(Error::new("the table has no rows").at(path).hint(COLUMNS_HINT)),
        false => Ok(()),
    }
}

/// Some consecutive records of a table.
struct Part {
    records: Vec<csv::StringRecord>,
    /// The number of them that are used.
    count: usize,
    /// Whether there are more, or why there are not.
    end: csv::Result<bool>,
}

/// Records of a part.
const PART: usize = 512;

impl Part {
    /// Reads into records that are no longer needed.
    fn read(reader: &mut csv::Reader<impl Read>, mut records: Vec<csv::StringRecord>) -> Part {
        records.resize_with(PART, csv::StringRecord::new);
        let mut count = 0;
        let end = loop {
            match records.get_mut(count).map(|record| reader.read_record(record)) {
                None => break Ok(true),
                Some(Ok(true)) => count += 1,
                Some(end) => break end,
            }
        };
        Part { records, count, end }
    }
}

/// The hint for a table with wrong columns.
pub const COLUMNS_HINT: &str = "the columns are series,time,used and, if there is one, limit";

/// The longest line, in bytes without separators: no name is longer.
const MOST_BYTES: usize = 1 << 14;

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

    fn row<'a>(&self, record: &'a csv::StringRecord) -> std::result::Result<SeriesRow<'a>, String> {
        if record.as_slice().len() > MOST_BYTES {
            return Err(format!("it has {} bytes, more than {MOST_BYTES}", record.as_slice().len()));
        }
        let cell = |column: usize| record.get(column).unwrap_or("").trim_ascii();
        let limit = self.limit.map(cell).filter(|text| !text.is_empty());
        let series = cell(self.series);
        if series.is_empty() {
            return Err("the series has no name".to_owned());
        }
        Ok(SeriesRow {
            series,
            time: parse_time(cell(self.time))?,
            used: parse_amount("used", cell(self.used))?,
            limit: limit.map(|text| parse_amount("limit", text)).transpose()?,
        })
    }
}

/// The least number that is unix milliseconds: of 1973, or as seconds of the year 5138.
const MILLISECONDS: f64 = 1e11;

/// A time as a date (its start in UTC), an RFC 3339 time (in UTC where it names no zone), or unix seconds or milliseconds.
///
/// # Errors
/// If it is none of these, with a text that quotes it.
pub fn parse_time(text: &str) -> std::result::Result<Timestamp, String> {
    let utc = |time: DateTime| TimeZone::UTC.to_timestamp(time).ok();
    let midnight = || utc(text.parse::<Date>().ok()?.into());
    let time = match text.as_bytes() {
        // The other forms, tried in vain for each row of a long table, would take most of the time.
        [_, _, _, _, b'-', _, _, b'-', _, _] => midnight(),
        // Eight digits are a date without hyphens rather than a second of the year 1970.
        digits if digits.len() == 8 && digits.iter().all(u8::is_ascii_digit) => midnight(),
        _ => match text.parse::<f64>() {
            Ok(millis) if millis.is_finite() && millis.abs() >= MILLISECONDS => {
                Timestamp::from_millisecond(millis as i64).ok()
            }
            Ok(seconds) if seconds.is_finite() => Timestamp::from_millisecond((seconds * 1_000.0) as i64).ok(),
            // A time without a zone, as spreadsheets write it, is in UTC.
            _ => text.parse::<Timestamp>().ok().or_else(|| utc(text.parse().ok()?)),
        },
    };
    time.ok_or_else(|| {
        format!(
            "`{}` is not a valid time (write 2026-11-23, 2026-11-23T04:00:00Z or unix seconds)",
            escape::brief(text)
        )
    })
}

/// The largest amount that 64 bits can hold; larger ones are errors.
const MOST: f64 = u64::MAX as f64;

fn parse_amount(column: &str, text: &str) -> std::result::Result<f64, String> {
    let amount = text.parse::<f64>().ok().filter(|a| (0.0..=MOST).contains(a));
    amount.ok_or_else(|| format!("{column} is `{}`, which is not a valid size in bytes", escape::brief(text)))
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
        assert_eq!(second("1700000000000"), 1_700_000_000);
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
            (
                &format!("series,time,used\n{},2026-01-01,1\n", "a".repeat(20_000)),
                "line 2: it has 20011 bytes, more than 16384: in.csv",
            ),
            ("series,time,used\n", "the table has no rows: in.csv"),
            ("", "the table is empty: in.csv"),
        ] {
            assert_eq!(read(text).unwrap_err().to_string(), error);
        }
    }
}
