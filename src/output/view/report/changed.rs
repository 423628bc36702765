//! What changed since the last week?

use jiff::civil::Date;

use super::safe::capital;
use crate::forecast::{Forecast, State};
use crate::model::bytes::{Bytes, Units};
use crate::model::{dates, escape::brief, numbers::probability};
use crate::output::document::{Block, Section, Table, say};
use crate::planning::growth::change::{ChangeCause, InodeChange, NamedChange, Presence, SizeClassChange, UsageChange};
use crate::planning::report::{EarlierForecast, Report, ResourceForecast, Subject};

pub(crate) fn section<'a>(report: &Report, subject: &Subject) -> Section<'a> {
    let mut blocks: Vec<Block> = subject.lines.iter().filter_map(|line| moved(report, line)).map(say).collect();
    if blocks.is_empty() {
        blocks.push(say("There is no scan from a week ago yet."));
    }
    if let Some(change) = &subject.change {
        blocks.extend(split(report, change));
    }
    Section::new("changed", "What changed since last week?", blocks)
}

/// How the date and the status moved.
fn moved(report: &Report, line: &ResourceForecast) -> Option<String> {
    let before = line.before.as_ref()?;
    let (then, now) = (&before.forecast, &line.forecast);
    let (since, horizon) = (dates::day(then.as_of), report.horizon);
    let is_full = |forecast: &Forecast| forecast.state == State::Already;
    let moved = match (then.expected(), now.expected()) {
        _ if is_full(now) && is_full(then) => format!("full, as on {since}"),
        _ if is_full(now) => format!("full now; not on {since}"),
        (_, Some(to)) if is_full(then) => format!("full on {since}; now expected to be full on {}", dates::day(to)),
        (_, None) if is_full(then) => format!("full on {since}; now not expected to be full within {horizon}"),
        (Some(from), Some(to)) => format!("{}, since {since}", between(from, to)),
        (None, Some(to)) => {
            format!("on {since} it was not expected within {horizon}; now it is expected on {}", dates::day(to))
        }
        (Some(from), None) => {
            format!("on {since} it was expected on {}; now it is not expected within {horizon}", dates::day(from))
        }
        (None, None) => format!("as on {since}, not expected within {horizon}"),
    };
    let mut text = format!("{}: {moved}.", capital(now.resource));
    let (was, is) = (before.verdict.status, line.verdict.status);
    if was != is {
        text += &format!(" It was {} and is {}.", was.word(), is.word());
    }
    Some(text + &chance(before, line).unwrap_or_default())
}

/// The move from one date to another.
fn between(from: Date, to: Date) -> String {
    let (shown_from, shown_to) = (dates::day(from), dates::day(to));
    let moved = format!("the expected date moved from {shown_from} to {shown_to}");
    match (to - from).get_days() {
        0 => format!("the expected date is still {shown_to}"),
        1 => format!("{moved}, a day later"),
        -1 => format!("{moved}, a day earlier"),
        later @ 1.. => format!("{moved}, {later} days later"),
        earlier => format!("{moved}, {} days earlier", -earlier),
    }
}

/// The change of the probability of being full within the lead time, if it is a point or more.
fn chance(before: &EarlierForecast, line: &ResourceForecast) -> Option<String> {
    let (then, now) = (before.verdict.full_within_lead_time?, line.verdict.full_within_lead_time?);
    let changed = (now - then).abs() >= 0.01;
    changed.then(|| format!(" P(full within the lead time) was {} and is {}.", probability(then), probability(now)))
}

/// Rows of a list; the others are summed up in one.
const MOST_ROWS: usize = 8;

/// The change by cause, and by domain, mailbox, folder and size.
fn split<'a>(report: &Report, change: &UsageChange) -> Vec<Block<'a>> {
    let units = report.units;
    let caption = format!("Causes of the change in bytes, {}", dates::days(change.from, change.to));
    let parts = change.parts.iter().filter(|part| part.bytes != 0);
    let parts = parts.map(|part| (word(part.kind).to_owned(), part.bytes)).collect();
    let mut blocks = vec![Block::Table(change_table(caption, parts, units))];
    if !change.complete {
        blocks.push(say("One of the two scans was partial: mail it could not read looks like a change."));
    }
    blocks.extend(inodes(&change.inodes).map(say));
    let lists = [
        list("by domain", &change.domains, "in no mailbox", units),
        list("by mailbox", &change.mailboxes, "in no mailbox", units),
        list("by folder", &change.folders, "in no message", units),
        sizes(&change.sizes, units),
    ];
    let tables = lists.into_iter().flatten().map(Block::Table).collect();
    blocks
        .push(Block::Details { summary: "The change by domain, mailbox, folder and size".to_owned(), blocks: tables });
    blocks
}

fn word(kind: ChangeCause) -> &'static str {
    match kind {
        ChangeCause::Arrivals => "arrived and still there",
        ChangeCause::Imports => "imported older mail",
        ChangeCause::Deletions => "deleted mail",
        ChangeCause::Purges => "purged mail",
        ChangeCause::Indexes => "indexes",
        ChangeCause::Unpurged => "deleted, but still on disk",
        ChangeCause::Attachments => "shared attachments",
        ChangeCause::Other => "other files of the stores",
        ChangeCause::Blocks => "blocks and directories",
        ChangeCause::Outside => "outside the mail stores",
    }
}

/// The change of the inodes by cause.
fn inodes(inodes: &InodeChange) -> Option<String> {
    let parts = [
        (inodes.messages, "messages"),
        (inodes.other, "other files of the stores"),
        (inodes.outside, "outside the stores"),
    ];
    let some: Vec<(i128, &str)> = parts.into_iter().filter(|(count, _)| *count != 0).collect();
    let of = match some[..] {
        [] => return None,
        [(_, word)] => format!("all of them {word}"),
        _ => {
            format!("of which {}", some.iter().map(|(n, word)| format!("{n:+} {word}")).collect::<Vec<_>>().join(", "))
        }
    };
    Some(format!("Inodes: {:+}, {of}.", inodes.whole))
}

/// Changes and their total, in figures that add up as printed.
fn change_table(caption: impl Into<String>, rows: Vec<(String, i128)>, units: Units) -> Table {
    let changes: Vec<i128> = rows.iter().map(|(_, bytes)| *bytes).collect();
    let names = rows.into_iter().map(|(name, _)| name).chain(["total".to_owned()]);
    let rows = names.zip(units.show_parts(&changes)).map(|(name, change)| [name, change]);
    Table { has_total: true, ..Table::captioned(caption, &["", "change"]).with(rows) }
}

/// The rows that changed most, the sum of the others, and the total.
fn list(caption: &str, shares: &[NamedChange], of_none: &str, units: Units) -> Option<Table> {
    let mut named: Vec<&NamedChange> = shares.iter().filter(|share| share.name.is_some() && share.bytes != 0).collect();
    named.sort_by_key(|share| std::cmp::Reverse(share.bytes.unsigned_abs()));
    if named.is_empty() {
        return None;
    }
    let row = |share: &&NamedChange| {
        let presence = match share.presence {
            Presence::Both => "",
            Presence::New => " (new)",
            Presence::Gone => " (gone)",
        };
        (format!("{}{presence}", brief(share.name.as_deref().unwrap_or_default())), share.bytes)
    };
    let mut rows: Vec<(String, i128)> = named.iter().take(MOST_ROWS).map(row).collect();
    if named.len() > MOST_ROWS {
        let others = named.iter().skip(MOST_ROWS).map(|share| share.bytes).sum();
        rows.push((format!("{} others", named.len() - MOST_ROWS), others));
    }
    let none: i128 = shares.iter().filter(|share| share.name.is_none()).map(|share| share.bytes).sum();
    rows.extend((none != 0).then(|| (of_none.to_owned(), none)));
    Some(change_table(caption, rows, units))
}

fn sizes(shares: &[SizeClassChange], units: Units) -> Option<Table> {
    let row = |share: &SizeClassChange| {
        let name = match (share.from, share.under) {
            (Some(0), Some(under)) => format!("under {}", Bytes(under).show(units)),
            (Some(from), Some(under)) => format!("{} to {}", Bytes(from).show(units), Bytes(under).show(units)),
            (Some(from), None) => format!("{} and more", Bytes(from).show(units)),
            (None, _) => "in no message".to_owned(),
        };
        (name, share.bytes)
    };
    let rows: Vec<(String, i128)> = shares.iter().filter(|share| share.bytes != 0).map(row).collect();
    (!rows.is_empty()).then(|| change_table("by size of the messages", rows, units))
}
