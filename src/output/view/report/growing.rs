//! Who and what grows?

use crate::model::bytes::{Bytes, Units};
use crate::model::numbers::{count, counted, percent};
use crate::model::{dates, escape::brief};
use crate::output::chart::ChartKind;
use crate::output::document::{Block, Section, Table, say};
use crate::output::picture::{Picture, of_kind};
use crate::planning::growth::mailboxes::{QuotaUse, Reclaimable};
use crate::planning::report::{Report, StoreGrowth, Subject};
use crate::planning::{growth::large_messages::LargeMessageClass, verdict::quotas};

/// Holders of very large messages that are named.
const MOST_NAMED: usize = 3;

pub(crate) fn section<'a>(report: &'a Report, subject: &'a Subject, pictures: &'a [Picture]) -> Option<Section<'a>> {
    let growing = subject.growing.as_ref()?;
    let units = report.units;
    let period = growing.grown.map_or_else(String::new, |grown| format!(", {}", dates::days(grown.from, grown.to)));
    let growers = Table::captioned(format!("Grew most{period}"), &["mailbox", "growth", "on disk", "messages"])
        .with(growing.growers.iter().map(|grower| grower.cells(units)));
    let largest = Table::captioned("Largest mailboxes", &["mailbox", "on disk", "share", "messages"])
        .with(growing.largest.iter().map(|mailbox| mailbox.cells(units)));
    let mut blocks: Vec<Block> = [growers, largest].into_iter().filter_map(Table::block).collect();
    blocks.extend(to_quota(growing, report));
    blocks.extend(growing.large.iter().filter_map(|class| large(class, growing, units)).map(say));
    blocks.extend(reclaimable(&growing.reclaimable, units).map(say));
    let shown: Vec<Block> = [ChartKind::Largest, ChartKind::Domains, ChartKind::Ages, ChartKind::Calendar]
        .into_iter()
        .flat_map(|kind| of_kind(pictures, kind))
        .map(Block::Picture)
        .collect();
    if !shown.is_empty() {
        let summary = "Pictures: largest mailboxes, growth by domain, ages, arrivals by week".to_owned();
        blocks.push(Block::Details { summary, blocks: shown });
    }
    (!blocks.is_empty()).then_some(Section::new("growing", "Who and what grows?", blocks))
}

/// The mailboxes expected to reach their quota, or else the fullest.
fn to_quota<'a>(growing: &StoreGrowth, report: &Report) -> Vec<Block<'a>> {
    let Some(soonest) = &growing.quotas else { return Vec::new() };
    let expected = soonest.first.iter().filter(|one| one.is_expected());
    let columns = soonest.columns();
    let table = Table::captioned("Reach their quota first", &columns.each_ref().map(String::as_str))
        .with(expected.map(|one| one.cells(report.horizon, report.units)));
    let table =
        Table { left: quotas::TEXT_COLUMNS, ..table }.block().or_else(|| fullest(growing, report.units).block());
    [say(format!("{}.", soonest.sentence()))].into_iter().chain(table).collect()
}

fn fullest(growing: &StoreGrowth, units: Units) -> Table {
    let row = |used: &QuotaUse| {
        let [bytes, quota] = [used.bytes, used.quota].map(|bytes| Bytes(bytes).show(units));
        [brief(&used.address), bytes, quota, percent(used.share)]
    };
    let columns = ["mailbox", "in use", "quota", "share"];
    Table::captioned("Fullest by their quota", &columns).with(growing.fullest.iter().map(row))
}

/// The very large messages, their mailboxes, and their share of the growth.
fn large(class: &LargeMessageClass, growing: &StoreGrowth, units: Units) -> Option<String> {
    let sum = &class.sum;
    if sum.messages == 0 {
        return None;
    }
    let bounds = match class.under {
        Some(under) => format!("{} to {}", Bytes(class.from).show(units), Bytes(under).show(units)),
        None => format!("{} and more", Bytes(class.from).show(units)),
    };
    let holders = class.holders.iter().take(MOST_NAMED);
    let named: Vec<String> =
        holders.map(|one| format!("{} ({})", brief(&one.address), count(one.sum.messages as f64))).collect();
    let (messages, bytes, named) = (count(sum.messages as f64), Bytes(sum.bytes).show(units), named.join(", "));
    let named = if named.is_empty() { named } else { format!("; most of them in {named}") };
    let mut text = format!("Messages of {bounds}: {messages}, {bytes} in total{named}.");
    if let Some(grown) = growing.grown.filter(|_| sum.arrived_messages > 0) {
        let (messages, bytes) = (count(sum.arrived_messages as f64), Bytes(sum.arrived_bytes).show(units));
        let share = match sum.share_of(grown.bytes) {
            None => String::new(),
            Some(share) if share > 1.0 => ", more than the growth of all mail".to_owned(),
            Some(share) => format!(", {} of the growth", percent(share)),
        };
        text += &format!(" {messages} of them arrived since {}, {bytes}{share}.", dates::day(grown.from));
    }
    Some(text)
}

/// Mail that could be deleted without loss.
fn reclaimable(mail: &Reclaimable, units: Units) -> Option<String> {
    let of = |bytes, messages: u64, place| {
        let messages = counted(messages, "message");
        (bytes, format!("{} in {place} ({messages})", Bytes(bytes).show(units)))
    };
    let all = [
        of(mail.trash, mail.trash_messages, "Trash"),
        of(mail.junk, mail.junk_messages, "Junk"),
        (mail.unpurged, format!("{} deleted but still on disk", Bytes(mail.unpurged).show(units))),
    ];
    let some: Vec<String> = all.into_iter().filter(|(bytes, _)| *bytes > 0).map(|(_, text)| text).collect();
    (!some.is_empty()).then(|| format!("Reclaimable: {}.", some.join(", ")))
}
