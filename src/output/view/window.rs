//! A maintenance window: the deciding amount, its parts, and the checklist.

pub mod checklist;

use super::ViewOptions;
use crate::model::dates::{day, utc_day};
use crate::model::numbers::{counted, probability};
use crate::model::{bytes::Units, escape, series::Resource};
use crate::output::document::{Block, Document, Sentence, Table, printable, say, section};
use crate::output::view::window::checklist::{Step, Time};
use crate::planning::window::answer::{Answer, SeriesAnswer};
use crate::planning::window::times::{days_between, show_window};
use crate::planning::{verdict::Status, window::contents::Amount, window::safe::Safe, window::work::Purpose};

/// The answer and its checklist.
pub fn document(answer: &Answer, steps: &[Step], options: &ViewOptions) -> Document<'static> {
    let (status, word) = if answer.is_go() { (Status::Green, "GO:") } else { (Status::Red, "NO-GO:") };
    let text = headline(answer, options.units);
    let mut blocks = vec![Block::Verdict(Sentence { status, word, text, details: details(answer, options) })];
    let series = answer.parts.chunk_by(|one, next| one.series == next.series);
    blocks.extend(series.map(|parts| Block::Table(one_series(parts, answer, options.units))));
    blocks.extend(target_line(answer, options.units).map(say));
    let assumed = vec![Block::List { items: assumptions(answer) }];
    blocks.push(section("Assumptions, on the safe side", assumed));
    for time in [Time::Before, Time::During, Time::After] {
        let items: Vec<String> = steps.iter().filter(|step| step.time == time).map(|step| step.text.clone()).collect();
        if !items.is_empty() {
            blocks.push(section(time.title(), vec![Block::Checklist { items }]));
        }
    }
    Document::short(blocks)
}

/// The lines below the headline.
fn details(answer: &Answer, options: &ViewOptions) -> Vec<String> {
    let mut details = vec![show_window(&answer.window)];
    details.extend(another_day(answer));
    if answer.safe == Safe::Throughout && !answer.is_by_growth() {
        details.push(format!("The forecast looks {} ahead.", options.horizon));
    }
    if let Some(last) = answer.parts.iter().map(|part| part.scanned_at).max() {
        let ahead = counted(days_between(last, answer.window.to.timestamp()).ceil() as u64, "day");
        let by = match answer.parts.iter().any(|part| part.measured_now) {
            true => "what is free now".to_owned(),
            false => format!("the scan of {}", day(utc_day(last))),
        };
        details.push(format!("Judged by {by}, {ahead} before the end of the window."));
    }
    let by_growth =
        "The history is too short for a forecast: judged by the level now and three times the growth so far.";
    details.extend(answer.is_by_growth().then(|| by_growth.to_owned()));
    details
}

/// The deciding amount, without GO or NO-GO: `index rebuild needs 84 GiB, 61 GiB will be free …`.
pub fn headline(answer: &Answer, units: Units) -> String {
    if let Some(target) = answer.target.as_ref().filter(|_| answer.fails_by_target_alone()) {
        let (resource, free) = match target.missing().bytes {
            0 => (Resource::Inodes, target.available.1.unwrap_or(0)),
            _ => (Resource::Bytes, target.available.0),
        };
        let show = |amount: u64| resource.show(amount as f64, units);
        let (need, missing) = (show(target.need.get(resource)), show(target.missing().get(resource)));
        let mount = escape::printable(&target.mount);
        return format!("the backup needs {need}, {} are free on {mount} now; {missing} are missing", show(free));
    }
    let Some(part) = answer.decides() else { return "there is nothing to judge".to_owned() };
    let show = |amount: f64| part.resource.show(amount, units);
    let standing = part.standing;
    let range = standing.range.and_then(|(low, high)| span(part.resource, low, high, units));
    let range = range.map(|range| format!(" (80 %: {range})")).unwrap_or_default();
    let (needed, free, name) = (needed(part, units), show(standing.free), escape::printable(&part.series));
    let mut text = format!("{needed}, {free} will be free on {name}{range}; ");
    text += &match (standing.is_go, standing.enough, standing.missing) {
        (true, Some(enough), _) => format!("P(enough) is {}, {}", probability(enough), until(answer)),
        (true, None, _) => until(answer),
        (false, Some(_), Some(missing)) => {
            format!("{} are missing for {}", show(missing), exact_percent(answer.confidence))
        }
        (false, None, Some(missing)) => format!("{} are missing", show(missing)),
        (false, _, None) => format!("no amount of room is enough for {}", exact_percent(answer.confidence)),
    };
    text
}

/// Until when a window of this kind stays GO.
fn until(answer: &Answer) -> String {
    match answer.safe {
        Safe::Until(date) => format!("GO until {}", day(date)),
        // A history of some days cannot tell about years.
        _ if answer.is_by_growth() => "GO by the growth so far".to_owned(),
        _ => "GO as far as the forecast looks".to_owned(),
    }
}

/// For NO-GO: whether another day would be GO.
fn another_day(answer: &Answer) -> Option<String> {
    if answer.fails_by_target_alone() {
        return Some("Only today's free space is known there: make room, or name another place.".to_owned());
    }
    let Safe::Not { earlier, later } = answer.safe else { return None };
    let earlier = match earlier {
        Some(date) => format!("An earlier window of this kind is GO until {}.", day(date)),
        None => "No earlier window is GO either: make room first.".to_owned(),
    };
    let later = later.map(|date| format!(" With the announced changes, one is GO on {}.", day(date)));
    Some(earlier + &later.unwrap_or_default())
}

/// `index rebuild and roll-back need 84 GiB`.
fn needed(part: &SeriesAnswer, units: Units) -> String {
    let counted: Vec<Purpose> =
        part.needs.iter().filter(|need| need.amount.get(part.resource) > 0).map(|need| need.purpose).collect();
    let total = part.resource.show(part.total() as f64, units);
    let names: Vec<&str> = counted.iter().map(|purpose| purpose.name()).collect();
    match names.as_slice() {
        [] => "nothing is needed".to_owned(),
        [one] => format!("{one} needs {total}"),
        [first @ .., last] => format!("{} and {last} need {total}", first.join(", ")),
    }
}

/// A range with one unit: `55.0 to 66.0 GiB`; `None` if both ends read the same.
fn span(resource: Resource, low: f64, high: f64, units: Units) -> Option<String> {
    let (low, high) = (resource.show(low, units), resource.show(high, units));
    if low == high {
        return None;
    }
    let short = match (low.split_once(' '), high.split_once(' ')) {
        (Some((number, unit)), Some((_, other))) if unit == other => number.to_owned(),
        _ => low,
    };
    Some(format!("{short} to {high}"))
}

fn exact_percent(share: f64) -> String {
    let percent = (share * 1e4).round() / 1e2;
    format!("{percent} %")
}

/// The probability of enough room, with more digits if rounding would lift it to the confidence.
fn chance(enough: f64, confidence: f64) -> String {
    let is_hidden = enough < confidence && (enough * 1e2).round() >= confidence * 1e2;
    if is_hidden { exact_percent((enough * 1e4).floor() / 1e4) } else { probability(enough) }
}

/// Needs and free space of a series, a column for each resource.
fn one_series(parts: &[SeriesAnswer], answer: &Answer, units: Units) -> Table {
    let row = |what: &str, cell: &dyn Fn(&SeriesAnswer) -> String| -> Vec<String> {
        [what.to_owned()].into_iter().chain(parts.iter().map(cell)).collect()
    };
    let show = |part: &SeriesAnswer, amount: f64| part.resource.show_number(amount, units);
    let range = |part: &SeriesAnswer, of: fn((f64, f64)) -> f64| {
        part.standing.range.map_or_else(|| "unknown".to_owned(), |range| show(part, of(range)))
    };
    let mut rows = vec![
        row(if parts.iter().any(|part| part.measured_now) { "free now" } else { "free at the last scan" }, &|part| {
            show(part, (part.limit - part.used).max(0.0))
        }),
        row("free at the end of the window", &|part| show(part, part.standing.free)),
        row("  80 %: at least", &|part| range(part, |(low, _)| low)),
        row("  80 %: at most", &|part| range(part, |(_, high)| high)),
    ];
    // All parts of a volume have the same purposes.
    for purpose in parts.iter().take(1).flat_map(|part| &part.needs).map(|need| need.purpose) {
        let needed = |part: &SeriesAnswer| show(part, part.needed_for(|other| other == purpose) as f64);
        rows.push(row(&format!("needed: {}", purpose.name()), &needed));
    }
    rows.push(row("needed in all", &|part| show(part, part.total() as f64)));
    let missing =
        |part: &SeriesAnswer| part.standing.missing.map_or_else(|| "no amount is enough".to_owned(), |m| show(part, m));
    rows.push(row(&format!("missing for {}", exact_percent(answer.confidence)), &missing));
    let enough = |enough: f64| chance(enough, answer.confidence);
    rows.push(row("P(enough)", &|part| part.standing.enough.map_or_else(|| "unknown".to_owned(), enough)));
    let resources = parts.iter().map(|part| part.resource.word());
    let name = printable(&parts[0].series);
    Table::new(&[name.as_str()].into_iter().chain(resources).collect::<Vec<_>>()).with(rows)
}

fn target_line(answer: &Answer, units: Units) -> Option<String> {
    let target = answer.target.as_ref()?;
    let inodes = target.available.1.map(|available| Resource::Inodes.show(available as f64, units));
    let inodes = inodes.map(|free| format!(" and {free}")).unwrap_or_default();
    let fits = if answer.target_fits() { "fits on" } else { "does not fit on" };
    let (mount, needed_inodes) =
        (escape::printable(&target.mount), Resource::Inodes.show(target.need.inodes as f64, units));
    let [needed, available] = [target.need.bytes, target.available.0].map(|bytes| units.show(bytes as f64));
    Some(format!(
        "The backup {fits} {mount} now: it needs {needed} and {needed_inodes}, {available}{inodes} are free there."
    ))
}

fn assumptions(answer: &Answer) -> Vec<String> {
    let mut purposes: Vec<Purpose> = Vec::new();
    for need in answer.parts.iter().flat_map(|part| &part.needs) {
        if !purposes.contains(&need.purpose) {
            purposes.push(need.purpose);
        }
    }
    let is_found = |purpose: Purpose| {
        let mut needs = answer.parts.iter().flat_map(|part| &part.needs).filter(|need| need.purpose == purpose);
        needs.any(|need| need.amount != Amount::default()) || !matches!(purpose, Purpose::Work(_))
    };
    let line = |&purpose: &Purpose| {
        let found = if is_found(purpose) { "" } else { "; the scan found none: if it lies elsewhere, add its size" };
        format!("{}: {}{found}.", purpose.name(), purpose.assumption())
    };
    purposes.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chance_below_the_threshold_is_not_rounded_up_to_it() {
        assert_eq!(chance(0.9869, 0.99), "98.69 %");
        assert_eq!(chance(0.989_999_9, 0.99), "98.99 %");
        assert_eq!(chance(0.9469, 0.95), "94.69 %");
        assert_eq!(chance(0.93, 0.95), probability(0.93));
        assert_eq!(chance(0.9531, 0.95), probability(0.9531));
    }
}
