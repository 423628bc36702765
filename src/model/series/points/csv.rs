//! Points from CSV, as Grafana, spreadsheets and logs of `df` and `sar` write it.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::{Columns, NO_COLUMNS, Points, of_amounts, parse_amount};
use crate::model::error::{Error, Result};
use crate::model::escape;
use crate::model::series::table::parse_time;

/// Separators, of which the header line has one.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// The longest line, in bytes.
const LONGEST: u64 = 1 << 16;
/// Names of the column with the time.
const TIME: [&str; 5] = ["time", "date", "timestamp", "datetime", "clock"];

/// Reads a table with a header line; `path` is only for the errors.
///
/// # Errors
/// If a column is missing, there is no row with an amount, or a row has a bad time or number; the error names the line.
pub(crate) fn read(input: impl Read, path: &Path, columns: &Columns) -> Result<Points> {
    let failed = |e: std::io::Error| Error::io("cannot read the table", path, e).hint("check the path");
    let mut input = BufReader::new(input);
    let mut header = Vec::new();
    input.by_ref().take(LONGEST).read_until(b'\n', &mut header).map_err(failed)?;
    let separator = separator(&header);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(header.chain(input));
    let bad_csv = |e: csv::Error| Error::new("this is not a valid CSV table").at(path).because(e).hint(NO_COLUMNS);
    let header = reader.headers().map_err(bad_csv)?.clone();
    let (time, used, limit) = find(&header, columns).map_err(|e| e.at(path))?;
    let mut points = Points::default();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(bad_csv)? {
        let line = record.position().map_or(0, csv::Position::line);
        let amount = |column: usize| parse_amount(&decimal(record.get(column).unwrap_or(""), separator));
        let mut add = || {
            let time = parse_time(record.get(time).unwrap_or(""))?;
            points.add_used(time, amount(used)?)?;
            limit.map_or(Ok(()), |limit| points.add_limit(time, amount(limit)?))
        };
        add().map_err(|what: String| {
            Error::new(format!("line {line}: {what}")).at(path).hint("correct the line, or leave it out")
        })?;
    }
    Ok(points)
}

/// The separator that the header line has most.
fn separator(header: &[u8]) -> u8 {
    let count = |separator: &u8| header.iter().filter(|byte| *byte == separator).count();
    // Of equal counts the last one is taken, so the comma comes last.
    SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// Where commas do not separate cells, one may be a decimal comma.
fn decimal(cell: &str, separator: u8) -> String {
    let is_decimal = separator != b',' && cell.matches(',').count() == 1 && !cell.contains('.');
    if is_decimal { cell.replace(',', ".") } else { cell.to_owned() }
}

/// The indices of the columns with the time, the used amount and the limit.
fn find(header: &csv::StringRecord, columns: &Columns) -> Result<(usize, usize, Option<usize>)> {
    let names: Vec<&str> = header.iter().map(|name| name.trim_start_matches('\u{feff}').trim()).collect();
    if names.iter().all(|name| name.is_empty()) {
        return Err(Error::new("the table is empty").hint(NO_COLUMNS));
    }
    let time = names.iter().position(|name| match &columns.time {
        Some(wanted) => name == wanted,
        None => TIME.iter().any(|usual| name.eq_ignore_ascii_case(usual)),
    });
    let time = time.ok_or_else(|| {
        let wanted = columns.time.as_deref().unwrap_or("time");
        let shown: Vec<String> = names.iter().take(super::LISTED).map(|name| escape::brief(name)).collect();
        Error::new(format!("there is no column `{}`", escape::brief(wanted)))
            .hint(format!("name the one with the time by --time-column: {}", shown.join(", ")))
    })?;
    let places: Vec<usize> = (0..names.len()).filter(|&column| column != time).collect();
    let others: Vec<String> = places.iter().map(|&column| names[column].to_owned()).collect();
    let (used, limit) = of_amounts(&others, columns)?;
    Ok((time, places[used], limit.map(|limit| places[limit])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str, columns: Columns) -> Vec<(String, f64, Option<f64>)> {
        let points = read(text.as_bytes(), Path::new("in.csv"), &columns).unwrap();
        points.days().iter().map(|point| (point.time.to_string(), point.used, point.limit)).collect()
    }

    #[test]
    fn separators_times_and_gaps_are_told_apart() {
        let wanted =
            [("2026-01-05T04:00:00Z".to_owned(), 1.5, Some(9.0)), ("2026-01-07T04:00:00Z".to_owned(), 2.0, None)];
        for text in [
            "time,used,limit\n2026-01-05 04:00,1.5,9\n2026-01-06 04:00,NaN,9\n2026-01-07T04:00:00Z,2,\n",
            "Time;used;limit\n1767585600;1,5;9\n1767672000;;9\n1767758400;2;\n",
            "\u{feff}limit\tused\tdate\r\n9\t1.5\t1767585600000\r\n9\tnull\t1767672000000\r\n\t2\t1767758400000\r\n",
        ] {
            assert_eq!(days(text, Columns::default()), wanted, "{text}");
        }
    }

    #[test]
    fn columns_may_be_named_as_grafana_names_them() {
        let text = "\"Time\",\"mail01 /var, used\",\"mail01 /var, size\"\n2026-01-05 04:00:00,1 KiB,2 KiB\n";
        let name = |name: &str| Some(format!("mail01 /var, {name}"));
        let columns = Columns { time: None, used: name("used"), limit: name("size") };
        assert_eq!(days(text, columns), [("2026-01-05T04:00:00Z".to_owned(), 1_024.0, Some(2_048.0))]);
    }

    #[test]
    fn the_last_of_a_day_counts_in_any_order() {
        let text = "time,used\n2026-01-05 20:00,3\n2026-01-05 04:00,1\n2026-01-05 21:00,\n";
        assert_eq!(days(text, Columns::default()), [("2026-01-05T20:00:00Z".to_owned(), 3.0, None)]);
    }

    #[test]
    fn errors_name_the_line_or_the_columns() {
        for (text, message) in [
            ("", "the table is empty: in.csv"),
            ("when,used\n", "there is no column `time`: in.csv"),
            ("time,a,b\n", "it is not clear which column has the used amounts: in.csv"),
            ("time,used\n2026-01-05,1\n2026-01-06,x\n", "line 3: `x` is not a valid amount: in.csv"),
            ("time,used\n2026-01-05,-1\n", "line 2: used is -1, which is not a valid amount: in.csv"),
        ] {
            let error = read(text.as_bytes(), Path::new("in.csv"), &Columns::default()).unwrap_err();
            assert_eq!((error.to_string().as_str(), error.advice().is_some()), (message, true));
        }
    }
}
