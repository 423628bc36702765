//! A sentence for each change of a scenario that states the figures behind its effect.

use jiff::civil::Date;

use super::retention::{self, RuleMatch};
use super::{Change, Folders, Holdings, SeriesContext};
use crate::model::numbers::{counted, percent, probability};
use crate::model::{bytes::Bytes, dates::day, days::Days, series::Resource, special_use::SpecialUse};

pub(super) fn sentences(changes: &[Change], holdings: &Holdings, context: &SeriesContext) -> Vec<String> {
    changes.iter().map(|change| sentence(change, changes, holdings, context)).collect()
}

fn sentence(change: &Change, all: &[Change], holdings: &Holdings, context: &SeriesContext) -> String {
    let show = |amount: f64| context.resource.show(amount, context.units);
    match change {
        Change::Add { .. } if context.resource != Resource::Bytes => {
            "more space brings inodes on some file systems only; none are counted.".to_owned()
        }
        Change::Add { bytes, on } => format!("{} more space, {}.", bytes.show(context.units), from(*on)),
        Change::Growth(times) => {
            let (now, then) = (7.0 * context.growth_per_day, 7.0 * context.growth_per_day * times);
            format!("{} a week instead of {}.", show(then), show(now))
        }
        Change::Mailboxes(number) => more_mailboxes(*number, holdings, context),
        Change::Retain { folders, age } => retain((*folders, *age), all, holdings, context),
        Change::Quota(quota) => of_quota(*quota, holdings, context),
        Change::Move { domain, on } => {
            let (stored, recent) = holdings.domain_shares(domain);
            let number = holdings.mailboxes.iter().filter(|mailbox| mailbox.is_of_domain(domain)).count();
            let (hold, leave) = match number {
                1 => ("holds", "it leaves"),
                _ => ("hold", "they leave"),
            };
            format!(
                "{} {hold} {}, and received {} of the mail of the last half year; {leave} {}.",
                counted(number as u64, "mailbox"),
                show(stored * holdings.mail),
                probability(recent),
                from(*on)
            )
        }
        Change::Compress { stored } => compress(*stored, holdings, context),
    }
}

fn from(on: Option<Date>) -> String {
    on.map_or_else(|| "now".to_owned(), |on| format!("on {}", day(on)))
}

fn more_mailboxes(number: i64, holdings: &Holdings, context: &SeriesContext) -> String {
    let present = counted(holdings.mailbox_count, "mailbox");
    let each = context.resource.show(holdings.mail / holdings.mailbox_count.max(1) as f64, context.units);
    match number {
        0 => format!("no change: {present}."),
        ..0 => {
            let leave = if number == -1 { "leaves" } else { "leave" };
            format!("{} of {present} {leave}; an average mailbox holds {each}.", -number)
        }
        _ => format!(
            "{number} more than the present {present}; an average mailbox holds {each}, and new mailboxes start empty."
        ),
    }
}

fn retain((folders, age): (Folders, Days), all: &[Change], holdings: &Holdings, context: &SeriesContext) -> String {
    let show = |amount: f64| context.resource.show(amount, context.units);
    let others = all.iter().any(|change| matches!(change, Change::Retain { age: other, .. } if *other < age));
    let place = match (folders, others) {
        (Folders::All, true) => "all other folders",
        (Folders::All, false) => "all folders",
        (Folders::Use(_), _) => folders.name(),
    };
    match retention::found((folders, age), all, holdings) {
        RuleMatch::Mail { amount, messages: number, weekly } => format!(
            "mail in {place} older than {age}: {} in {} now, then {} a week.",
            show(amount),
            counted(number.round() as u64, "message"),
            show(weekly)
        ),
        RuleMatch::NothingOlder => {
            format!("no mail in {place} is older than {age}, and a single scan cannot show why: no effect is assumed.")
        }
        RuleMatch::NoMail => {
            format!("there is no mail in {place}: the rule has no effect{}.", places_of_mail(holdings))
        }
        RuleMatch::Shorter => format!("a shorter rule already covers {place}."),
    }
}

/// The folders that a rule could name.
fn places_of_mail(holdings: &Holdings) -> String {
    let has_mail =
        |special| holdings.scans.last().is_some_and(|last| last.total(|slice| slice.special_use == special) > 0.0);
    let all = SpecialUse::ALL.into_iter().filter(|&special| has_mail(Some(special)));
    let names: Vec<&str> = all.map(|special| Folders::Use(special).name()).collect();
    if names.is_empty() { String::new() } else { format!("; there is some in {}", names.join(", ")) }
}

fn of_quota(quota: Bytes, holdings: &Holdings, context: &SeriesContext) -> String {
    let above = holdings.mailboxes.iter().filter(|mailbox| mailbox.quota_bytes > quota.0 as f64).count();
    let all = holdings.mailboxes.len();
    let is = if above == 1 { "is" } else { "are" };
    let (of_all, quota) = (counted(all as u64, "mailbox"), quota.show(context.units));
    match above {
        0 => format!("none of {of_all} is above {quota}; they grow up to it."),
        _ if above == all => format!("{above} of {of_all} {is} above {quota}: nothing is deleted, and growth stops."),
        _ => format!(
            "{above} of {of_all} {is} above {quota}: nothing is deleted, and growth stops; the others grow up to it."
        ),
    }
}

fn compress(stored: bool, holdings: &Holdings, context: &SeriesContext) -> String {
    let Some(sample) = holdings.compression.filter(|_| context.resource == Resource::Bytes) else {
        return "compression does not change the number of files.".to_owned();
    };
    let already = match sample.compressed {
        0 => String::new(),
        1 => ", one of which is compressed already".to_owned(),
        number => format!(", {number} of which are compressed already"),
    };
    let of_stored =
        context.resource.show((1.0 - sample.ratio) * holdings.message_share() * holdings.mail, context.units);
    let which = match stored {
        true => "All stored mail is converted, and new mail is compressed.".to_owned(),
        false => format!(
            "New mail only, as Dovecot does; compress=zstd-all converts the stored mail too, and frees {of_stored} at once."
        ),
    };
    let (read, take, their) = match sample.messages {
        1 => ("was read", "it takes", "its"),
        _ => ("were read", "they take", "their"),
    };
    format!(
        "{} of {} {read}{already}; compressed, {take} {} of {their} space (± {:.0}). {which}",
        counted(sample.messages as u64, "message"),
        counted(sample.mailboxes as u64, "mailbox"),
        percent(sample.ratio),
        100.0 * sample.error
    )
}
