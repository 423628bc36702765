//! Comparisons for a reader: a table of the scenarios, and below it from what each was computed.

use super::effect::{message_share, of_domain};
use super::{Bought, Change, Comparison, Holdings, Row, Setting, retention};
use crate::bytes::Units;
use crate::dates::{day, days};
use crate::days::Days;
use crate::error::Error;
use crate::escape;
use crate::series::{Resource, count};
use crate::table;
use crate::verdict::percent;

/// A comparison as a table, with what it rests on below; ends in a new line. What could not be computed is left out.
pub fn of(comparison: &Comparison, units: Units, horizon: Days, lead_time: Days) -> String {
    let columns = columns(lead_time);
    let mut text = table::plain(&columns.each_ref().map(String::as_str), &rows(comparison, units, horizon), LEFT);
    for basis in bases(comparison) {
        text += &format!("  {basis}\n");
    }
    text
}

/// Columns of words; those after them hold figures.
pub const LEFT: usize = 3;

/// The heads of the columns.
pub fn columns(lead_time: Days) -> [String; 6] {
    let within = format!("P(full in {lead_time})");
    ["", "full on", "80 % range", &within, "buys", "frees at once"].map(str::to_owned)
}

/// The cells of a comparison, as it goes on first; what could not be computed is left out.
pub fn rows(comparison: &Comparison, units: Units, horizon: Days) -> Vec<Vec<String>> {
    comparison.told().enumerate().map(|(index, row)| cells(row, index > 0, units, horizon)).collect()
}

/// From what each row was computed, a line a change.
pub fn bases(comparison: &Comparison) -> Vec<String> {
    let of_row = |row: &Row| -> Vec<String> {
        row.basis.iter().map(|basis| format!("{}: {basis}", escape::printable(&row.name))).collect()
    };
    comparison.told().flat_map(of_row).collect()
}

/// The cells of a row: scenario, date, range, probability, what it buys, what it frees.
fn cells(row: &Row, is_scenario: bool, units: Units, horizon: Days) -> Vec<String> {
    let exhaustion = row.forecast.exhaustion().filter(|_| row.forecast.limit.is_some());
    let (full, range) = match &exhaustion {
        None if row.forecast.limit.is_none() => ("no limit is set".to_owned(), String::new()),
        None => ("too little history".to_owned(), String::new()),
        Some(_) if row.is_full() => ("full now".to_owned(), String::new()),
        Some(exhaustion) => {
            let full = exhaustion.p50.map_or_else(|| format!("not within {horizon}"), day);
            let range = match (exhaustion.p10, exhaustion.p90) {
                (Some(from), Some(to)) => days(from, to),
                (Some(from), None) => format!("from {}", day(from)),
                (None, _) => "beyond".to_owned(),
            };
            (full, range)
        }
    };
    let frees = if row.at_once > 0.0 { row.forecast.resource.show(row.at_once, units) } else { "-".to_owned() };
    vec![
        escape::printable(&row.name).into_owned(),
        full,
        range,
        row.full_within_lead_time.map_or_else(|| "-".to_owned(), percent),
        if is_scenario { bought(row.buys, horizon) } else { String::new() },
        if is_scenario { frees } else { String::new() },
    ]
}

/// What is bought, for a reader.
pub fn bought(bought: Bought, horizon: Days) -> String {
    let weeks = |weeks: f64| match weeks.round() {
        1.0 => "1 week".to_owned(),
        weeks => format!("{weeks:.0} weeks"),
    };
    match bought {
        Bought::Weeks(amount) if amount.round() == 0.0 => "nothing".to_owned(),
        Bought::Weeks(amount) if amount < 0.0 => format!("{} less", weeks(-amount)),
        Bought::Weeks(amount) => weeks(amount),
        Bought::AtLeast(amount) => format!("at least {}", weeks(amount)),
        Bought::EarlierByAtLeast(amount) => format!("at least {} less", weeks(amount)),
        Bought::Beyond => format!("not within {horizon} either way"),
        Bought::Unknown => "-".to_owned(),
    }
}

/// Why a row could not be computed, in one line for a report.
pub fn why_not(error: &Error) -> String {
    match error.advice() {
        Some(advice) => format!("{error} ({advice})"),
        None => error.to_string(),
    }
}

/// From what a change was computed, as a sentence.
pub(super) fn basis(change: &Change, holdings: &Holdings, setting: &Setting) -> String {
    let show = |amount: f64| setting.resource.show(amount, setting.units);
    let from = |on: &Option<jiff::civil::Date>| on.map_or_else(|| "now".to_owned(), |on| format!("on {}", day(on)));
    match change {
        Change::Add { .. } if setting.resource != Resource::Bytes => {
            "how many inodes come with more room depends on the file system; none are counted here.".to_owned()
        }
        Change::Add { bytes, on } => format!("{} more room, {}.", bytes.show(setting.units), from(on)),
        Change::Growth(times) => {
            let (now, then) = (7.0 * setting.pace, 7.0 * setting.pace * times);
            format!("{} a week instead of {}.", show(then), show(now))
        }
        Change::Mailboxes(number @ ..0) => {
            format!("{} of {} mailboxes leave with what they hold.", -number, holdings.mailbox_count)
        }
        Change::Mailboxes(number) => {
            let each = holdings.mail / holdings.mailbox_count.max(1) as f64;
            let held = holdings.mailbox_count;
            format!("{number} beside {held} mailboxes, which hold {} each; theirs builds up from nothing.", show(each))
        }
        Change::Retain { folders, age } => {
            let name = if folders.name() == "*" { "mail in all folders" } else { folders.name() };
            match retention::found(*folders, age.0, holdings) {
                Some((amount, messages, weekly)) => format!(
                    "{name} older than {age}: {} in {} messages now, {} a week later on.",
                    show(amount),
                    count(messages),
                    show(weekly)
                ),
                None => format!(
                    "nothing of {name} is older than {age}, and one scan does not tell why: no effect is promised."
                ),
            }
        }
        Change::Quota(quota) => {
            let limit = quota.0 as f64;
            let above = holdings.mailboxes.iter().filter(|mailbox| mailbox.quota_bytes > limit).count();
            let all = holdings.mailboxes.len();
            format!(
                "{above} of {all} mailboxes are above {}, and stay as they are; the others grow up to it.",
                quota.show(setting.units)
            )
        }
        Change::Move { domain, on } => {
            let (held, recent) = of_domain(holdings, domain);
            let mailboxes = holdings
                .mailboxes
                .iter()
                .filter(|m| m.domain.as_deref().is_some_and(|of| of.eq_ignore_ascii_case(domain)));
            let number = mailboxes.count();
            let held = show(held * holdings.mail);
            format!(
                "{number} {} hold {held}, and took {} of the mail of the last half year; they leave {}.",
                if number == 1 { "mailbox" } else { "mailboxes" },
                percent(recent),
                from(on)
            )
        }
        Change::Compress { stored } => compress(*stored, holdings, setting),
    }
}

fn compress(stored: bool, holdings: &Holdings, setting: &Setting) -> String {
    let Some(sample) = holdings.compression.filter(|_| setting.resource == Resource::Bytes) else {
        return "compressed or not, mail has as many files.".to_owned();
    };
    let already = match sample.compressed {
        0 => String::new(),
        number => format!(", {number} of which are compressed already"),
    };
    let of_stored =
        setting.resource.show((1.0 - sample.ratio) * message_share(holdings) * holdings.mail, setting.units);
    let which = match stored {
        true => "All stored mail is converted, and new mail comes compressed.".to_owned(),
        false => format!(
            "New mail only, as Dovecot does; with compress=zstd-all, after a conversion of what is stored, {of_stored} at once."
        ),
    };
    format!(
        "{} messages of {} mailboxes were read{already}; compressed they take {:.0} % of their room, give or take {:.0}. {which}",
        sample.messages,
        sample.mailboxes,
        100.0 * sample.ratio,
        100.0 * sample.error
    )
}
