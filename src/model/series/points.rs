//! Points of a series that another tool measured, of which the last of each day counts.
//!
//! A forecast steps by days: more points of a day would make the history large and the answer no better.

pub(crate) mod csv;
pub(crate) mod prometheus;
pub(crate) mod rrd;
pub(crate) mod zabbix;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::dates::utc_day;
use crate::model::error::{Error, Result};
use crate::model::escape;

/// The amounts at one time, in units of the resource.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The time of the measurement.
    pub time: Timestamp,
    /// The used amount.
    pub used: f64,
    /// The limit; `None` if unknown.
    pub limit: Option<f64>,
}

/// The columns of a table that were named; `None` for those with the usual name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    pub time: Option<String>,
    pub used: Option<String>,
    pub limit: Option<String>,
}

/// The last value of each day, with its time.
type Days = BTreeMap<Date, (Timestamp, f64)>;

/// The points of one series, added in any order.
#[derive(Debug, Default)]
pub(crate) struct Points {
    used: Days,
    limits: Days,
    /// The number of used amounts that were read.
    pub read: u64,
    /// The number of cells without one: empty, null, NaN or infinite.
    pub gaps: u64,
}

impl Points {
    /// # Errors
    /// If the amount is negative.
    pub(crate) fn add_used(&mut self, time: Timestamp, used: Option<f64>) -> std::result::Result<(), String> {
        match finite(used, "used")? {
            Some(used) => {
                self.read += 1;
                keep_last(&mut self.used, time, used);
            }
            None => self.gaps += 1,
        }
        Ok(())
    }

    /// # Errors
    /// As [`Points::add_used`].
    pub(crate) fn add_limit(&mut self, time: Timestamp, limit: Option<f64>) -> std::result::Result<(), String> {
        // A limit of 0 is how several tools say that there is none.
        if let Some(limit) = finite(limit, "limit")?.filter(|&limit| limit > 0.0) {
            keep_last(&mut self.limits, time, limit);
        }
        Ok(())
    }

    /// A point for each day that has a used amount, by time.
    pub(crate) fn days(&self) -> Vec<Point> {
        let limit = |day: &Date| self.limits.get(day).map(|&(_, limit)| limit);
        self.used.iter().map(|(day, &(time, used))| Point { time, used, limit: limit(day) }).collect()
    }
}

fn finite(amount: Option<f64>, name: &str) -> std::result::Result<Option<f64>, String> {
    match amount.filter(|amount| amount.is_finite()) {
        Some(amount) if !(0.0..=u64::MAX as f64).contains(&amount) => {
            Err(format!("{name} is {amount}, which is not a valid amount"))
        }
        amount => Ok(amount),
    }
}

fn keep_last(days: &mut Days, time: Timestamp, amount: f64) {
    let last = days.entry(utc_day(time)).or_insert((time, amount));
    if last.0 <= time {
        *last = (time, amount);
    }
}

/// The indices of the columns with the used amount and the limit among those that have amounts.
///
/// # Errors
/// If a column that was named is missing, or it is not clear which has the used amount.
fn of_amounts(names: &[String], columns: &Columns) -> Result<(usize, Option<usize>)> {
    let find = |name: &str| names.iter().position(|column| column == name);
    let listed = || {
        let shown: Vec<String> = names.iter().take(LISTED).map(|name| escape::brief(name)).collect();
        shown.join(", ") + if names.len() > LISTED { ", …" } else { "" }
    };
    let named = |wanted: &Option<String>| match wanted {
        Some(name) => find(name).map(Some).ok_or_else(|| {
            Error::new(format!("there is no column `{}`", escape::brief(name))).hint(format!("there are: {}", listed()))
        }),
        None => Ok(None),
    };
    let limit = named(&columns.limit)?.or_else(|| find("limit"));
    let mut others = (0..names.len()).filter(|&column| Some(column) != limit);
    let only = others.next().filter(|_| others.next().is_none());
    match named(&columns.used)?.or_else(|| find("used")).or(only) {
        Some(used) => Ok((used, limit)),
        None if names.is_empty() => Err(Error::new("there is no column with amounts").hint(NO_COLUMNS)),
        None => Err(Error::new("it is not clear which column has the used amounts")
            .hint(format!("name one with --used-column: {}", listed()))),
    }
}

/// Columns that are listed in an error.
const LISTED: usize = 10;
const NO_COLUMNS: &str = "the columns are time, used and, if there is one, limit";

/// An amount as a number; `None` if it is empty, `null` or NaN.
///
/// # Errors
/// If it is none of these, with a text that quotes it.
fn parse_amount(text: &str) -> std::result::Result<Option<f64>, String> {
    if text.is_empty() || ["null", "-", "undefined"].contains(&text) {
        return Ok(None);
    }
    let with_unit = || text.parse::<crate::model::bytes::Bytes>().ok().map(|bytes| bytes.0 as f64);
    let amount = text.parse().ok().or_else(with_unit);
    amount.map(Some).ok_or_else(|| format!("`{}` is not a valid amount", escape::brief(text)))
}

/// A time in unix seconds, which may have a fraction.
fn from_seconds(seconds: f64) -> std::result::Result<Timestamp, String> {
    let time = Timestamp::from_millisecond((seconds * 1_000.0).round() as i64).ok().filter(|_| seconds.is_finite());
    time.ok_or_else(|| format!("{seconds} is not a valid time in unix seconds"))
}
