//! The answer of a monitoring plugin: a line with performance data, then a line for each series.
//!
//! By the Monitoring Plugins Development Guidelines: base units only, a quoted label for each value, and no `|` but the one
//! before the performance data.

use crate::forecast::{Forecast, State};
use crate::model::numbers::in_use;
use crate::model::series::Resource;
use crate::model::{bytes::Units, days::Days, escape};
use crate::planning::alarm::{Alarm, Checked, Thresholds};
use crate::planning::verdict::when;

const SECONDS_PER_DAY: u64 = 86_400;

/// The answer for all series, the worst first.
pub fn answer(all: &[Checked], thresholds: &Thresholds, horizon: Days, units: Units) -> String {
    let mut ranked: Vec<&Checked> = all.iter().collect();
    ranked.sort_by_key(|one| (std::cmp::Reverse(one.alarm), one.runway.earliest.unwrap_or(u32::MAX)));
    let status = Alarm::worst(all).word();
    let worst = ranked.first().map_or_else(|| "there is no forecast".to_owned(), |one| sentence(one, horizon, units));
    let values: Vec<String> = all.iter().flat_map(|one| performance(one, thresholds)).collect();
    let detail = |one: &&Checked| format!("{}: {}\n", one.alarm.word(), sentence(one, horizon, units));
    let details: String = ranked.iter().map(detail).collect();
    format!("MAILRUNWAY {status} - {worst} | {}\n{details}", values.join(" "))
}

/// The answer if nothing is known.
pub fn unknown(why: &str) -> String {
    format!("MAILRUNWAY {} - {}\n", Alarm::Unknown.word(), plain(why))
}

/// `vmail: full 4 Jan 2027 (80 %: 28 Dec 2026 to 19 Jan 2027), 91 % in use`
fn sentence(one: &Checked, horizon: Days, units: Units) -> String {
    let Checked { forecast, too_old, .. } = one;
    let name = format!("{}{}", forecast.series, if forecast.resource == Resource::Bytes { "" } else { " inodes" });
    let old = too_old.map(|days| format!("; the last scan is {days} days old, scan again")).unwrap_or_default();
    let used = forecast.used_share().map(|share| format!(", {} in use", in_use(share))).unwrap_or_default();
    plain(&format!("{name}: {}{used}{old}", date(forecast, horizon, units)))
}

fn date(forecast: &Forecast, horizon: Days, units: Units) -> String {
    match (forecast.state, &forecast.outlook) {
        (State::Already, _) => {
            let limit = forecast.limit.unwrap_or(0.0);
            format!("full, {}", forecast.resource.show_of(forecast.used, limit, units))
        }
        (State::NotGrowing, _) => "not growing".to_owned(),
        (State::NoLimit, _) => "no limit".to_owned(),
        (_, Some(outlook)) if outlook.exhaustion.p50.is_some() => {
            format!("full {}", when(&outlook.exhaustion, horizon))
        }
        (_, Some(outlook)) => when(&outlook.exhaustion, horizon),
        (_, None) => "no date yet".to_owned(),
    }
}

/// The seconds to the earliest plausible and to the expected date (`U` without a date), and the use in the resource's unit.
fn performance(one: &Checked, thresholds: &Thresholds) -> [String; 3] {
    let forecast = &one.forecast;
    let fields = forecast.identity.fields(&forecast.series);
    // Names of this machine have no prefix, so that they stay when another one appears.
    let host = fields.host.filter(|_| !one.is_here).map(|host| format!("{host}:")).unwrap_or_default();
    let (resource, unit) = match forecast.resource {
        Resource::Bytes => ("", "B"),
        Resource::Inodes => ("_inodes", ""),
        Resource::Messages => ("_messages", ""),
    };
    let label = label(&format!("{host}{}{resource}", fields.name));
    let seconds = |days: u32| u64::from(days) * SECONDS_PER_DAY;
    let until = |days: Option<u32>| days.map_or_else(|| "U".to_owned(), |days| format!("{}s", seconds(days)));
    let (earliest, expected) = (until(one.runway.earliest), until(one.runway.expected));
    let (warning, critical) = (seconds(thresholds.warning.0), seconds(thresholds.critical.0));
    let limit = forecast.limit.unwrap_or(0.0);
    let at = |share: f64| (share * limit).round();
    let (used_warning, used_critical) = (at(thresholds.used_warning), at(thresholds.used_critical));
    [
        format!("'{label}_runway'={earliest};{warning}:;;0;"),
        format!("'{label}_expected'={expected};;{critical}:;0;"),
        format!("'{label}_used'={}{unit};{used_warning};{used_critical};0;{}", forecast.used.round(), limit.round()),
    ]
}

/// A label without what the format gives a meaning.
fn label(name: &str) -> String {
    plain(name).replace(['\'', '='], "_")
}

/// Text on one line, without the sign that separates the performance data.
fn plain(text: &str) -> String {
    escape::printable(text).replace('|', "\\x7c")
}
