//! The checklist of a window: what is to be done before, during and after, each step with its number.

use jiff::ToSpan;

use super::answer::{Answer, Part};
use super::times::show;
use super::work::{Purpose, Work};
use crate::bytes::Units;
use crate::dates::{self, day};
use crate::escape;
use crate::series::Resource;

/// When a step is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// Before the window.
    Before,
    /// While it lasts.
    During,
    /// When it is over.
    After,
}

impl Time {
    /// The word, as JSON has it.
    pub fn word(self) -> &'static str {
        match self {
            Time::Before => "before",
            Time::During => "during",
            Time::After => "after",
        }
    }

    /// What stands above the steps.
    pub fn title(self) -> &'static str {
        match self {
            Time::Before => "Before",
            Time::During => "During the work",
            Time::After => "After",
        }
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When it is done.
    pub time: Time,
    /// What is done, in plain text.
    pub text: String,
}

/// The steps, in the order in which they are done.
pub fn steps(answer: &Answer, units: Units) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut add = |time, texts: Vec<String>| steps.extend(texts.into_iter().map(|text| Step { time, text }));
    add(Time::Before, before(answer, units));
    add(Time::During, during(answer, units));
    add(Time::After, after(answer, units));
    steps
}

fn amount(part: &Part, amount: f64, units: Units) -> String {
    part.resource.show(amount, units)
}

fn name(part: &Part) -> String {
    escape::printable(&part.series).into_owned()
}

/// How somebody sees what is free.
fn look(part: &Part) -> &'static str {
    match (part.is_volume, part.resource) {
        (true, Resource::Bytes) => "df -h",
        (true, _) => "df -i",
        (false, _) => "mailrunway scan",
    }
}

fn before(answer: &Answer, units: Units) -> Vec<String> {
    let begin = show(&answer.window.from);
    let eve = answer.window.from.date().saturating_sub(1.day());
    let mut steps = vec![format!("{}: scan, and ask this again; it has to be GO then.", day(eve))];
    for part in answer.parts.iter().filter(|part| !part.standing.is_go) {
        let Some(missing) = part.standing.missing else { continue };
        steps.push(format!("By {begin}: make {} free on {}.", amount(part, missing, units), name(part)));
        steps.extend(to_be_had(part, units));
    }
    for part in &answer.parts {
        for event in &part.announced {
            let (size, date) = (amount(part, event.size, units), day(event.date));
            steps.push(format!(
                "See that what is announced came: {} of {size}, {date}, {}.",
                event.kind.word(),
                name(part)
            ));
        }
    }
    if let Some(target) = &answer.target {
        let (mount, need) = (escape::printable(&target.mount), units.show(target.need.bytes as f64));
        steps.push(format!("{begin}: see that {mount} is mounted and has {need} free for the backup."));
    } else if answer.parts.iter().all(|part| part.needed_for(|p| p == Purpose::Work(Work::Backup)) == 0) {
        let bytes = answer.parts.iter().filter(|part| part.is_volume && part.resource == Resource::Bytes);
        let size = bytes.map(|part| part.holding.all.bytes).fold(0, u64::saturating_add);
        steps.push(format!("Try the last backup: can {} be restored from it?", units.show(size as f64)));
    }
    for part in answer.parts.iter().filter(|part| part.total() > 0) {
        let needed = amount(part, part.total() as f64, units);
        steps.push(format!("{begin}: begin only if `{}` tells at least {needed} free on {}.", look(part), name(part)));
    }
    steps
}

/// Where room could come from.
fn to_be_had(part: &Part, units: Units) -> Vec<String> {
    let holding = &part.holding;
    let sources =
        [("deleted mail that still lies on disk", holding.reclaimable), ("mail in Trash and Junk", holding.discarded)];
    let told = sources.into_iter().filter(|(_, bytes)| part.resource == Resource::Bytes && *bytes > 0);
    told.map(|(what, bytes)| format!("  of which could come from {what}: {}.", units.show(bytes as f64))).collect()
}

/// What the way back, the queue, and what a snapshot keeps still need, whatever has been done already.
fn reserve(part: &Part) -> u64 {
    let is_kept = |purpose| matches!(purpose, Purpose::RollBack | Purpose::Queue | Purpose::Work(Work::Snapshot));
    part.needed_for(is_kept)
}

fn during(answer: &Answer, units: Units) -> Vec<String> {
    let window = &answer.window;
    let mut steps = Vec::new();
    for part in answer.parts.iter().filter(|part| part.resource == Resource::Bytes && part.is_volume) {
        let bytes = part.needed_for(|purpose| purpose == Purpose::Queue);
        let messages = part.needs.iter().filter(|need| need.purpose == Purpose::Queue).map(|need| need.amount.inodes);
        let messages = crate::series::count(messages.fold(0, u64::saturating_add) as f64);
        steps.push(format!(
            "{}: stop deliveries; until {} up to {} in {messages} messages may queue. Keep the queue off {} if you can.",
            show(&window.from),
            window.to.strftime("%H:%M"),
            units.show(bytes as f64),
            name(part)
        ));
    }
    let return_by = show(&window.middle());
    for part in answer.parts.iter().filter(|part| reserve(part) > 0) {
        let (look, least) = (look(part), amount(part, reserve(part) as f64, units));
        steps.push(match answer.rolls_back {
            true => format!("Until {return_by}: roll back if `{look}` falls below {least} on {}.", name(part)),
            false => format!("Stop the work if `{look}` falls below {least} on {}.", name(part)),
        });
    }
    steps.push(match answer.rolls_back {
        true => format!(
            "{return_by} is the point of no return: if less than half of the work is done, roll back now. What took \
             half of the window to do takes as long to undo."
        ),
        false => {
            "There is no way back in this plan: what the work replaces is gone (--rollback plans for one).".to_owned()
        }
    });
    steps
}

fn after(answer: &Answer, units: Units) -> Vec<String> {
    let mut steps =
        vec![format!("By {}: take deliveries again, and see the queue run empty.", show(&answer.window.to))];
    for part in answer.parts.iter().filter(|part| part.resource == Resource::Bytes) {
        let kept = part.needed_for(|p| matches!(p, Purpose::RollBack | Purpose::Work(Work::Snapshot | Work::Backup)));
        if kept > 0 {
            let kept = units.show(kept as f64);
            steps.push(format!("When users are content: remove what was kept on {}, up to {kept}.", name(part)));
        }
    }
    let next = answer.window.to.date().saturating_add(1.day());
    let dated = dates::day(next);
    steps.push(format!("{dated}: scan; if the level has moved for good, `mailrunway history event add --kind step`."));
    steps
}
