//! Are we safe?

use std::collections::HashSet;

use crate::forecast::{PLANNING_DAYS, State};
use crate::model::{dates, escape::brief, series::Resource};
use crate::output::document::{Block, Section, fact, say, verdict as verdict_block};
use crate::planning::report::{Report, ResourceForecast, Subject};
use crate::planning::verdict;

pub(crate) fn section<'a>(report: &Report, subject: &Subject) -> Section<'a> {
    let verdict = |line: &ResourceForecast| {
        let text = format!("{}: {}.", capital(line.forecast.resource), line.headline);
        verdict_block(line.verdict.status, text, Vec::new())
    };
    let mut blocks: Vec<Block> = subject.lines.iter().map(verdict).collect();
    let notes = subject.lines.iter().flat_map(|line| {
        let notes = verdict::notes(&line.forecast, report.units).into_iter();
        notes.map(|note| (note, line.forecast.resource))
    });
    // Most hold for bytes and inodes alike.
    let mut seen = HashSet::new();
    let once = notes.filter(|(note, _)| seen.insert(note.clone()));
    blocks.extend(once.map(|(note, resource)| say(format!("{}: {note}.", capital(resource)))));
    blocks.extend(binding(report, subject).map(say));
    blocks.extend(quota(report, subject).map(say));
    blocks.extend(subject.lines.iter().map(|line| facts(report, line)));
    Section::new("safe", "Are we safe?", blocks)
}

fn facts<'a>(report: &Report, line: &ResourceForecast) -> Block<'a> {
    let mut facts = vec![
        fact(format!("{} in use", capital(line.forecast.resource)), line.used(report.units)),
        fact(format!("P(full within {})", report.policy.lead_time), line.within_lead_time()),
        fact("Order by", line.order_by(report.today)),
    ];
    let growth = if line.forecast.size_moves { "Room lost a week" } else { "Growth a week" };
    facts.extend(line.weekly_growth(report.units).map(|value| fact(growth, value)));
    facts.push(fact(format!("Why {}", line.verdict.status.word()), line.verdict.reason.clone()));
    Block::Facts { facts }
}

/// The limit that is reached first.
fn binding(report: &Report, subject: &Subject) -> Option<String> {
    let of = |resource| subject.lines.iter().find(|line| line.forecast.resource == resource);
    let (bytes, inodes) = (of(Resource::Bytes)?, of(Resource::Inodes)?);
    if [bytes, inodes].iter().any(|line| line.forecast.state == State::Already) {
        return None;
    }
    let within = |line: &ResourceForecast| {
        line.forecast.outlook.as_ref().map(|o| o.passage.share_within(f64::from(PLANNING_DAYS)))
    };
    let (first, second) = match (bytes.forecast.planning_date(), inodes.forecast.planning_date()) {
        (Some(bytes_date), Some(inodes_date)) if inodes_date < bytes_date => (inodes, bytes),
        (None, Some(_)) => (inodes, bytes),
        (None, None) if within(inodes)? > within(bytes)? => (inodes, bytes),
        _ => (bytes, inodes),
    };
    let (first, second) = (first.forecast.resource, second.forecast.resource);
    let either = inodes.forecast.either.as_ref().or(bytes.forecast.either.as_ref());
    let either = either.map(|full| format!(" Full by either: {}.", verdict::when(&full.exhaustion, report.horizon)));
    Some(format!("{} run out before {second}.{}", capital(first), either.unwrap_or_default()))
}

/// A mailbox that reaches its quota before anything else is full.
fn quota(report: &Report, subject: &Subject) -> Option<String> {
    let first = subject.growing.as_ref()?.quotas.as_ref()?.first.first()?;
    let quota = first.forecast.resource.show(first.forecast.limit?, report.units);
    let name = brief(&first.forecast.series);
    if first.forecast.state == State::Already {
        return Some(format!("A quota is reached already: {name} is at its {quota}."));
    }
    let expected = first.forecast.expected()?;
    let is_first = subject.lines.iter().filter_map(|line| line.forecast.expected()).all(|date| expected < date);
    is_first.then(|| format!("A quota is reached first: {name} reaches its {quota} on {}.", dates::day(expected)))
}

/// The resource at the beginning of a sentence.
pub(crate) fn capital(resource: Resource) -> &'static str {
    match resource {
        Resource::Bytes => "Bytes",
        Resource::Inodes => "Inodes",
        Resource::Messages => "Messages",
    }
}
