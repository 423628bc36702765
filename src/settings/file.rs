//! The settings file and its checks.

use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::StoreSettings;
use super::quota::QuotaSettings;
use crate::model::{bytes::Bytes, days::Days, threads::checked_threads, when::When, with_unit::with_unit};
use crate::planning::{verdict::Policy, whatif::Scenario};
use crate::store::template::OwnerTemplate;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct File {
    pub(crate) history: Option<Spanned<PathBuf>>,
    pub(crate) host: Option<Spanned<String>>,
    pub(crate) policy: PolicyTable,
    pub(crate) forecast: ForecastTable,
    pub(crate) scan: ScanTable,
    pub(crate) store: Vec<StoreTable>,
    pub(crate) quota: Vec<QuotaTable>,
    pub(crate) report: ReportTable,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PolicyTable {
    pub(crate) lead_time: Option<Days>,
    pub(crate) review_interval: Option<Days>,
    pub(crate) used_floor: Option<Percent>,
    pub(crate) used_warning: Option<Spanned<Percent>>,
    pub(crate) used_critical: Option<Spanned<Percent>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ForecastTable {
    #[serde(deserialize_with = "horizon")]
    pub(crate) horizon: Option<Days>,
}

fn horizon<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Days>, D::Error> {
    with_unit(deserializer, Days::horizon, Days::meant).map(Some)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ScanTable {
    pub(crate) threads: Option<Spanned<usize>>,
    pub(crate) io_limit: Option<u32>,
    pub(crate) idle: bool,
    pub(crate) audit_every: Option<u32>,
    pub(crate) compact: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ReportTable {
    pub(crate) to: Vec<String>,
    pub(crate) from: Option<String>,
    pub(crate) when: When,
    /// With spans, as an error in an array would have the line of the array.
    pub(crate) what_if: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoreTable {
    pub(crate) name: Spanned<String>,
    pub(crate) path: Spanned<PathBuf>,
    pub(crate) limit: Option<Bytes>,
    #[serde(default = "yes")]
    pub(crate) filesystem: bool,
    pub(crate) owner: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuotaTable {
    pub(crate) mailboxes: Spanned<String>,
    pub(crate) limit: Option<Spanned<Bytes>>,
    pub(crate) messages: Option<Spanned<u64>>,
}

fn yes() -> bool {
    true
}

/// A share, written `85%`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Percent(pub(crate) f64);

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok());
        let share = number.filter(|number| (0.0..=100.0).contains(number)).map(|number| Percent(number / 100.0));
        share.ok_or_else(|| format!("`{text}` is not a valid share: write 85%"))
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Percent, D::Error> {
        // 0.6 is a share of one.
        let meant = |number: f64| format!("{}%", if number > 0.0 && number < 1.0 { number * 100.0 } else { number });
        with_unit(deserializer, str::parse, meant)
    }
}

fn at_line(text: &str, span: Range<usize>, what: impl std::fmt::Display) -> String {
    let line = 1 + text[..span.start].matches('\n').count();
    format!("line {line}: {what}")
}

pub(crate) fn checked_values(file: &File, text: &str) -> Result<(), String> {
    if let Some(history) = file.history.as_ref().filter(|history| !history.get_ref().is_absolute()) {
        return Err(at_line(text, history.span(), "the path of the history does not begin with /"));
    }
    if let Some(host) = file.host.as_ref().filter(|host| host.get_ref().trim().is_empty()) {
        return Err(at_line(text, host.span(), "the host has no name"));
    }
    let Some(threads) = &file.scan.threads else { return Ok(()) };
    checked_threads(*threads.get_ref()).map_err(|what| at_line(text, threads.span(), what))
}

pub(crate) fn checked_policy(table: PolicyTable, text: &str) -> Result<Policy, String> {
    let default = Policy::default();
    let written = table.used_warning.as_ref().or(table.used_critical.as_ref()).map(Spanned::span);
    let share = |setting: Option<Spanned<Percent>>, default: f64| setting.map_or(default, |p| p.into_inner().0);
    let policy = Policy {
        lead_time: table.lead_time.unwrap_or(default.lead_time),
        review_interval: table.review_interval.unwrap_or(default.review_interval),
        used_floor: table.used_floor.map_or(default.used_floor, |percent| percent.0),
        used_warning: share(table.used_warning, default.used_warning),
        used_critical: share(table.used_critical, default.used_critical),
    };
    match written {
        Some(span) if policy.used_warning > policy.used_critical => {
            Err(at_line(text, span, "used_warning is above used_critical"))
        }
        _ => Ok(policy),
    }
}

pub(crate) fn checked_scenarios(written: &[Spanned<String>], text: &str) -> Result<Vec<Scenario>, String> {
    let checked =
        |scenario: &Spanned<String>| scenario.get_ref().parse().map_err(|error| at_line(text, scenario.span(), error));
    written.iter().map(checked).collect()
}

pub(crate) fn checked_stores(tables: Vec<StoreTable>, text: &str) -> Result<Vec<StoreSettings>, String> {
    let mut stores: Vec<StoreSettings> = Vec::new();
    for table in tables {
        let name = table.name.get_ref();
        if name.is_empty() {
            return Err(at_line(text, table.name.span(), "a store needs a name"));
        }
        if stores.iter().any(|store| store.name == *name) {
            return Err(at_line(text, table.name.span(), format!("there are two stores `{name}`")));
        }
        if !table.path.get_ref().is_absolute() {
            return Err(at_line(text, table.path.span(), format!("the path of store `{name}` does not begin with /")));
        }
        let owner = table.owner.map(|owner| {
            let template = owner.get_ref().parse::<OwnerTemplate>();
            template.map_err(|what| at_line(text, owner.span(), what))
        });
        stores.push(StoreSettings {
            name: table.name.into_inner(),
            path: table.path.into_inner(),
            limit: table.limit,
            filesystem: table.filesystem,
            owner: owner.transpose()?,
        });
    }
    Ok(stores)
}

pub(crate) fn checked_quotas(tables: Vec<QuotaTable>, text: &str) -> Result<Vec<QuotaSettings>, String> {
    let checked = |table: QuotaTable| {
        let mailboxes = table.mailboxes.get_ref();
        if mailboxes.is_empty() {
            return Err(at_line(text, table.mailboxes.span(), "a quota needs mailboxes"));
        }
        // Zero means no limit on some servers, and no mail on others.
        let limit = table.limit.as_ref().filter(|limit| limit.get_ref().0 == 0).map(Spanned::span);
        let messages = table.messages.as_ref().filter(|messages| *messages.get_ref() == 0).map(Spanned::span);
        if let Some(zero) = limit.or(messages) {
            return Err(at_line(text, zero, format!("the quota of `{mailboxes}` is zero")));
        }
        if table.limit.is_none() && table.messages.is_none() {
            let neither = format!("the quota of `{mailboxes}` has neither a limit nor messages");
            return Err(at_line(text, table.mailboxes.span(), neither));
        }
        Ok(QuotaSettings {
            mailboxes: table.mailboxes.into_inner(),
            limit: table.limit.map(Spanned::into_inner),
            messages: table.messages.map(Spanned::into_inner),
        })
    };
    tables.into_iter().map(checked).collect()
}
