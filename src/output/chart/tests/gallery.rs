//! Values for figures, usual and odd.

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};

use crate::history::issued::{IssuedForecast, IssuedLevel, LEVEL_DAYS};
use crate::model::quantiles::Quantiles;
use crate::model::series::{Observation, Resource, Series};
use crate::output::chart::axes::dates::midnight;

pub(crate) const GIB: u64 = 1 << 30;
pub(crate) const TITLE: &str = "mail01: /var/vmail";
pub(crate) const TODAY: Date = date(2026, 11, 23);

/// Hostile names.
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

/// Usual names, or hostile and long ones if `odd`.
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

/// Weekly observations up to today.
pub(crate) fn series(weeks: i32, used: impl Fn(i32) -> f64, limit: Option<f64>) -> Series {
    let observation = |week: i32| Observation { time: time((week + 1 - weeks) * 7), used: used(week) };
    Series::new("vmail".into(), Resource::Bytes, (0..weeks).map(observation).collect(), limit)
}

/// A level that grows by a GiB a day, with some noise.
pub(crate) fn growing(week: i32) -> f64 {
    (1_400.0 + 7.0 * f64::from(week) + 14.0 * noise(week as u32)) * GIB as f64
}

/// Forecasts issued `weeks_ago`, which stray from the measured values by a factor.
pub(crate) fn issued(weeks_ago: &[i32], weeks: i32, stray: f64) -> Vec<IssuedForecast> {
    let fan = |&ago: &i32| {
        let used = growing(weeks - 1 - ago);
        let level = |days: u32| {
            let ahead = f64::from(days);
            let spread = |p: f64| {
                used + GIB as f64
                    * (ahead * stray * (0.8 + 0.5 * noise(ago as u32)) + (p - 0.5) * 6.0 * ahead.sqrt() * 2.0)
            };
            IssuedLevel { days, used: Quantiles::from_fn(spread) }
        };
        IssuedForecast {
            series: "vmail".into(),
            resource: Resource::Bytes,
            as_of: day(-7 * ago),
            model: String::new(),
            used,
            limit: None,
            horizon_days: 364,
            spread: 1.0,
            exhaustion_days: Quantiles::default(),
            levels: LEVEL_DAYS.map(level).to_vec(),
        }
    };
    weeks_ago.iter().map(fan).collect()
}
