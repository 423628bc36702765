//! The pictures beside the runway: of a series and its forecasts, and of stores.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::forecast::Quantiles;
use crate::history::issued::IssuedForecast;
use crate::model::bytes::Units;
use crate::model::series::{Resource, Series};
use crate::output::chart;
use crate::output::chart::{
    AgeRow, Ages, Calendar, Canvas, Chart, ChartError, DomainAmounts, Domains, Flows, Format, Largest, MailboxSize,
    Past, PastForecast, ScenarioLine, WeekFlow, WhatIf,
};
use crate::planning::growth::mailboxes;
use crate::planning::growth::mailboxes::StoreChange;
use crate::planning::growth::timeline::StoreTimeline;
use crate::planning::growth::{ages, calendar, domains, flows};
use crate::planning::whatif::{Comparison, ScenarioForecast};

/// Domains that are told apart.
const MOST_DOMAINS: usize = 7;
/// Past forecasts in a picture.
const MOST_FANS: usize = 6;
/// Mailboxes in a picture.
const MOST_MAILBOXES: usize = 15;

/// How a picture is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    /// As what.
    pub format: Format,
    /// How large.
    pub canvas: Canvas,
    /// How sizes are written.
    pub units: Units,
}

/// The bytes of a picture, or why there is none.
pub(crate) type Drawn = Result<Vec<u8>, ChartError>;

/// Past forecasts of a series against what came: some of them, evenly from the oldest on.
pub(crate) fn past(series: &Series, issued: &[IssuedForecast], form: Form) -> Drawn {
    let of_series = issued.iter().filter(|one| one.series == series.name && one.resource == series.resource);
    // Of a day on which several models were asked the last stands; the record has them in order.
    let by_day: BTreeMap<Date, &IssuedForecast> = of_series.map(|one| (one.as_of, one)).collect();
    let step = by_day.len().div_ceil(MOST_FANS).max(1);
    let chosen: Vec<&IssuedForecast> = by_day.into_values().step_by(step).collect();
    let levels: Vec<Vec<(u32, Quantiles<f64>)>> =
        chosen.iter().map(|one| one.levels.iter().map(|level| (level.days, level.used)).collect()).collect();
    let forecasts: Vec<PastForecast> = chosen
        .iter()
        .zip(&levels)
        .map(|(one, levels)| PastForecast { as_of: one.as_of, used: one.used, levels })
        .collect();
    let title = format!("{}, {}: forecasts against what came", series.name, series.resource);
    let verdict = "Each fan is what was said on a day, with its 80 % range";
    let chart = Past { title: &title, verdict, series, forecasts: &forecasts, units: form.units };
    chart::draw(&Chart::Past(chart), form.format, form.canvas)
}

/// Scenarios of a series on one runway.
pub(crate) fn what_if(series: &Series, comparison: &Comparison, form: Form) -> Drawn {
    let rows: Vec<&ScenarioForecast> = comparison.computed().collect();
    let level = |row: &ScenarioForecast| -> Vec<_> {
        let told = row.forecast.outlook.as_ref().map_or(&[][..], |outlook| &outlook.level);
        told.iter().map(|level| (level.date, level.used.p50)).collect()
    };
    let levels: Vec<Vec<_>> = rows.iter().map(|row| level(row)).collect();
    let nothing = Quantiles::from_fn(|_| None);
    let scenarios: Vec<ScenarioLine> = rows
        .iter()
        .zip(&levels)
        .map(|(row, level)| ScenarioLine {
            name: &row.name,
            level,
            limits: &row.limits,
            exhaustion: row.forecast.exhaustion().unwrap_or(nothing),
        })
        .collect();
    let title = format!("{}, {}: what if", series.name, series.resource);
    let verdict = "Median levels; a date is the median day on which the limit is reached";
    let chart = WhatIf { title: &title, verdict, series, scenarios: &scenarios, units: form.units };
    chart::draw(&Chart::WhatIf(chart), form.format, form.canvas)
}

/// The ages of a store's mail, now and a year ago.
pub(crate) fn ages(past: &StoreTimeline, form: Form) -> Drawn {
    let pyramid = ages::pyramid(past);
    let classes = pyramid.as_ref().map_or(&[][..], |pyramid| &pyramid.classes);
    let labels: Vec<String> = classes.iter().map(|class| age_label(class.from_weeks, class.under_weeks)).collect();
    let rows: Vec<AgeRow> = classes
        .iter()
        .zip(&labels)
        .map(|(class, label)| AgeRow { label, now: class.now.bytes, before: class.before.map(|sum| sum.bytes) })
        .collect();
    let newest = past.newest().map(|scan| scan.day()).unwrap_or_default();
    let chart = Ages {
        title: &format!("{}: how old the stored mail is", past.store),
        verdict: "Bytes of messages by the time since they arrived",
        rows: &rows,
        as_of: newest,
        before: pyramid.as_ref().and_then(|pyramid| pyramid.before),
        resource: Resource::Bytes,
        units: form.units,
    };
    chart::draw(&Chart::Ages(chart), form.format, form.canvas)
}

/// An age in the unit that a reader would choose.
fn age_label(from: u32, under: Option<u32>) -> String {
    const YEAR: u32 = 52;
    let unit = |weeks: u32| match weeks {
        _ if weeks >= YEAR && weeks.is_multiple_of(YEAR) => (weeks / YEAR, "year"),
        _ if weeks.is_multiple_of(13) && weeks > 0 => (weeks / 13 * 3, "month"),
        _ => (weeks, "week"),
    };
    let named =
        |(number, unit): (u32, &str)| if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") };
    match (from, under) {
        (0, Some(under)) => format!("under {}", named(unit(under))),
        (from, None) => format!("{} and older", named(unit(from))),
        (from, Some(under)) if unit(from).1 == unit(under).1 => format!("{} to {}", unit(from).0, named(unit(under))),
        (from, Some(under)) => format!("{} to {}", named(unit(from)), named(unit(under))),
    }
}

/// What each domain of a store held over time.
pub(crate) fn domains(past: &StoreTimeline, form: Form) -> Drawn {
    let lines = domains::lines(past, MOST_DOMAINS);
    let all: Vec<DomainAmounts> =
        lines.lines.iter().map(|line| DomainAmounts { name: line.domain.as_deref(), amounts: &line.bytes }).collect();
    let chart = Domains {
        title: &format!("{}: growth by domain", past.store),
        verdict: "Bytes on disk of the mailboxes",
        days: &lines.days,
        domains: &all,
        resource: Resource::Bytes,
        units: form.units,
    };
    chart::draw(&Chart::Domains(chart), form.format, form.canvas)
}

/// What came to a store and what went, week by week.
pub(crate) fn flows(past: &StoreTimeline, form: Form) -> Drawn {
    let amount = |bytes: i128| u64::try_from(bytes).unwrap_or(if bytes < 0 { 0 } else { u64::MAX });
    let weeks: Vec<WeekFlow> = flows::between_scans(past)
        .iter()
        .map(|week| WeekFlow {
            from: week.from,
            to: week.to,
            arrived: amount(week.bytes.arrived + week.bytes.imported),
            deleted: amount(week.bytes.deleted.abs()),
        })
        .collect();
    let chart = Flows {
        title: &format!("{}: what came and what went", past.store),
        verdict: "Bytes of messages that arrived and stayed, and of those that went, from scan to scan",
        weeks: &weeks,
        units: form.units,
    };
    chart::draw(&Chart::Flows(chart), form.format, form.canvas)
}

/// The largest mailboxes of a store.
pub(crate) fn largest(store: &StoreChange, form: Form) -> Drawn {
    let stores = std::slice::from_ref(store);
    let largest = mailboxes::largest(stores, MOST_MAILBOXES);
    let mailboxes: Vec<MailboxSize> =
        largest.iter().map(|held| MailboxSize { address: &held.address, size: held.bytes }).collect();
    let whole = store.now.mailboxes.iter().fold(0, |sum: u64, mailbox| sum.saturating_add(mailbox.on_disk));
    let shown = mailboxes.iter().fold(0, |sum: u64, mailbox| sum.saturating_add(mailbox.size));
    let share = 100.0 * shown as f64 / whole.max(1) as f64;
    let chart = Largest {
        title: &format!("{}: largest mailboxes", store.now.name),
        verdict: &format!("The {} largest hold {share:.0} % of what all hold", mailboxes.len()),
        mailboxes: &mailboxes,
        count: mailboxes::mailbox_count(stores) as u64,
        whole,
        resource: Resource::Bytes,
        units: form.units,
    };
    chart::draw(&Chart::Largest(chart), form.format, form.canvas)
}

/// What arrived at a store in each week, and is still there.
pub(crate) fn calendar(past: &StoreTimeline, form: Form) -> Drawn {
    let weeks: Vec<_> = calendar::weeks(past).iter().map(|week| (week.monday, week.bytes)).collect();
    let chart = Calendar {
        title: &format!("{}: arrivals by week", past.store),
        verdict: "Bytes of the messages that arrived in each week and are still there",
        weeks: &weeks,
        resource: Resource::Bytes,
        units: form.units,
    };
    chart::draw(&Chart::Calendar(chart), form.format, form.canvas)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_the_unit_that_a_reader_would_choose() {
        let labels = [(0, Some(1)), (1, Some(4)), (4, Some(13)), (13, Some(52)), (52, Some(104)), (520, None)];
        let labels = labels.map(|(from, under)| age_label(from, under));
        let expected = [
            "under 1 week",
            "1 to 4 weeks",
            "4 weeks to 3 months",
            "3 months to 1 year",
            "1 to 2 years",
            "10 years and older",
        ];
        assert_eq!(labels, expected);
    }
}
