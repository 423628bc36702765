//! Pictures of every kind to look at, ordinary and odd.

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};

use crate::forecast::Quantiles;
use crate::model::series::{Limit, Observation, Resource, Series};
use crate::output::chart::axes::dates::midnight;

pub(crate) const GIB: u64 = 1 << 30;
pub(crate) const TITLE: &str = "mail01: /var/vmail";
pub(crate) const TODAY: Date = date(2026, 11, 23);

/// What a name may be made of.
pub(crate) const HOSTILE: [&str; 7] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "a\r\nBcc: b\x1b[31m",
    "=cmd|' /C calc'!A0",
    "\u{202e}gpj.exe\u{200f}",
    "]]>&amp;\u{ffff}\0",
    "",
];

pub(crate) fn day(days: i32) -> Date {
    TODAY.saturating_add(days.days())
}

pub(crate) fn time(days: i32) -> Timestamp {
    Timestamp::from_second(midnight(day(days)) as i64 * 86_400).expect("it is near")
}

/// A number between 0 and 1 that looks like chance.
pub(crate) fn noise(seed: u32) -> f64 {
    let mixed = (seed ^ 0x9e37_79b9).wrapping_mul(0x85eb_ca6b);
    let mixed = (mixed ^ (mixed >> 13)).wrapping_mul(0xc2b2_ae35);
    f64::from((mixed ^ (mixed >> 16)) >> 8) / f64::from(1u32 << 24)
}

/// So many names: ordinary, hostile and long ones, as `odd` says.
pub(crate) fn names(count: usize, odd: bool) -> Vec<String> {
    let ordinary = ["example.org", "example.com", "uni.example.edu", "lists.example.org", "post.example.net"];
    let name = |i: usize| match (odd, i % 3) {
        (false, _) => format!("{}{}", ordinary[i % 5], if i < 5 { String::new() } else { i.to_string() }),
        (true, 0) => HOSTILE[i % HOSTILE.len()].to_owned(),
        (true, 1) => "long-name.".repeat(40),
        _ => "\u{4e2d}\u{6587}W".repeat(100),
    };
    (0..count).map(name).collect()
}

/// Weekly observations of so many weeks up to today.
pub(crate) fn series(weeks: i32, used: impl Fn(i32) -> f64, limit: Option<f64>) -> Series {
    let observation = |week: i32| Observation { time: time((week + 1 - weeks) * 7), used: used(week) };
    Series::new("vmail".into(), Resource::Bytes, (0..weeks).map(observation).collect(), limit)
}

/// A level that grows by a GiB a day, with some noise.
pub(crate) fn growing(week: i32) -> f64 {
    (1_400.0 + 7.0 * f64::from(week) + 14.0 * noise(week as u32)) * GIB as f64
}

pub(crate) const LABELS: [&str; 9] = [
    "under a week",
    "1 to 4 weeks",
    "1 to 3 months",
    "3 to 12 months",
    "1 to 2 years",
    "2 to 3 years",
    "3 to 5 years",
    "5 to 10 years",
    "older",
];

/// A forecast that was issued: when, what was in use, and the levels.
pub(crate) type Kept = (Date, f64, Vec<(u32, Quantiles<f64>)>);

/// Forecasts issued so many weeks ago, which stray from what came by a factor.
pub(crate) fn issued(weeks_ago: &[i32], weeks: i32, stray: f64) -> Vec<Kept> {
    let fan = |&ago: &i32| {
        let used = growing(weeks - 1 - ago);
        let level = |days: u32| {
            let ahead = f64::from(days);
            let spread = |p: f64| {
                used + GIB as f64
                    * (ahead * stray * (0.8 + 0.5 * noise(ago as u32)) + (p - 0.5) * 6.0 * ahead.sqrt() * 2.0)
            };
            (days, Quantiles::from_fn(spread))
        };
        (day(-7 * ago), used, [7, 28, 91, 182, 364].map(level).to_vec())
    };
    weeks_ago.iter().map(fan).collect()
}

/// A change of the limit in so many days.
pub(crate) fn limit(days: i32, size: f64) -> Limit {
    Limit { since: time(days), size }
}
