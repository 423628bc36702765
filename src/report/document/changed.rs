//! What changed since the last week?

use jiff::civil::Date;

use super::safe::capital;
use super::{Block, Section, say};
use crate::dates;
use crate::report::{Before, Line, Report, Subject};
use crate::verdict;

pub(super) fn section<'a>(report: &'a Report, subject: &'a Subject) -> Option<Section<'a>> {
    let mut blocks: Vec<Block> = subject.lines.iter().filter_map(|line| moved(report, line)).map(say).collect();
    if blocks.is_empty() {
        blocks.push(say("There is no scan yet that lies a week back."));
    }
    Some(Section { key: "changed", question: "What changed since last week?", blocks })
}

/// From where to where the date moved, and the status with it.
fn moved(report: &Report, line: &Line) -> Option<String> {
    let before = line.before.as_ref()?;
    let since = dates::day(before.forecast.as_of);
    let resource = capital(line.forecast.resource);
    let mut text = match (median(&before.forecast), median(&line.forecast)) {
        (Some(from), Some(to)) => format!("{resource}: {}, since {since}.", between(from, to)),
        (None, Some(to)) => {
            format!(
                "{resource}: on {since} the limit was not expected within {}; now it is {}.",
                report.horizon,
                dates::day(to)
            )
        }
        (Some(from), None) => {
            format!("{resource}: on {since} it was {}; now it is not within {}.", dates::day(from), report.horizon)
        }
        (None, None) => format!("{resource}: as on {since}, not expected within {}.", report.horizon),
    };
    let (then, now) = (before.verdict.status, line.verdict.status);
    if then != now {
        text.push_str(&format!(" It was {} and is {}.", then.word(), now.word()));
    }
    if let Some(chance) = chance(before, line) {
        text.push_str(&chance);
    }
    Some(text)
}

fn median(forecast: &crate::forecast::Forecast) -> Option<Date> {
    forecast.exhaustion().and_then(|exhaustion| exhaustion.p50)
}

/// The way from one date to another in words.
fn between(from: Date, to: Date) -> String {
    let (shown_from, shown_to) = (dates::day(from), dates::day(to));
    match (to - from).get_days() {
        0 => format!("the expected date is still {shown_to}"),
        1 => format!("the expected date moved from {shown_from} to {shown_to}, a day later"),
        -1 => format!("the expected date moved from {shown_from} to {shown_to}, a day earlier"),
        later @ 1.. => format!("the expected date moved from {shown_from} to {shown_to}, {later} days later"),
        earlier => format!("the expected date moved from {shown_from} to {shown_to}, {} days earlier", -earlier),
    }
}

/// How the chance of being full within the lead time changed, if a reader would notice.
fn chance(before: &Before, line: &Line) -> Option<String> {
    let (then, now) = (before.verdict.full_within_lead_time?, line.verdict.full_within_lead_time?);
    let changed = (now - then).abs() >= 0.01;
    changed.then(|| {
        format!(" P(full within the lead time) was {} and is {}.", verdict::percent(then), verdict::percent(now))
    })
}
