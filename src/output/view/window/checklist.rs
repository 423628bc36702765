//! The checklist of a window: steps before, during and after, with their amounts.

use jiff::ToSpan;
use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{bytes::Units, dates::day, escape, numbers::counted, series::Resource};
use crate::planning::window::answer::{Answer, SeriesAnswer};
use crate::planning::window::times::show;
use crate::planning::window::work::{Purpose, Work};

/// When a step is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Time {
    /// Before the window.
    Before,
    /// During the window.
    During,
    /// After the window.
    After,
}

impl Time {
    /// The heading of the steps.
    pub fn title(self) -> &'static str {
        match self {
            Time::Before => "Before",
            Time::During => "During the work",
            Time::After => "After",
        }
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Step {
    /// When it is done.
    #[serde(rename = "when")]
    pub time: Time,
    /// The instruction, in plain text.
    #[serde(rename = "step")]
    pub text: String,
}

/// The steps in their order.
pub fn steps(answer: &Answer, units: Units) -> Vec<Step> {
    let times = [
        (Time::Before, before(answer, units)),
        (Time::During, during(answer, units)),
        (Time::After, after(answer, units)),
    ];
    times.into_iter().flat_map(|(time, texts)| texts.into_iter().map(move |text| Step { time, text })).collect()
}

/// Inodes below this share of the limit need no step.
const TRIFLE: f64 = 0.01;

fn amount(part: &SeriesAnswer, amount: u64, units: Units) -> String {
    part.resource.show(amount as f64, units)
}

fn name(part: &SeriesAnswer) -> String {
    escape::printable(&part.series).into_owned()
}

/// How to check the free space: `df -h` shows at least 9 GiB free.
fn free(part: &SeriesAnswer, bound: &str, least: u64, units: Units) -> String {
    let (name, least) = (name(part), amount(part, least, units));
    match (part.is_volume, part.resource) {
        (true, Resource::Bytes) => format!("`df -h` shows {bound} {least} free on {name}"),
        (true, _) => format!("`df -i` shows {bound} {least} free on {name}"),
        (false, _) => format!("{bound} {least} are left to the limit of {name}"),
    }
}

/// Whether an amount is worth a step.
fn matters(part: &SeriesAnswer, amount: u64) -> bool {
    amount > 0 && (part.resource == Resource::Bytes || amount as f64 > TRIFLE * part.limit)
}

/// The places of mail: the volumes, or the stores if no volume is known.
fn places(answer: &Answer) -> impl Iterator<Item = &SeriesAnswer> {
    let knows_volumes = answer.parts.iter().any(|part| part.is_volume);
    let is_place = move |part: &&SeriesAnswer| part.resource == Resource::Bytes && part.is_volume == knows_volumes;
    answer.parts.iter().filter(is_place)
}

fn before(answer: &Answer, units: Units) -> Vec<String> {
    let begin = show(&answer.window.from);
    let eve = answer.window.from.date().saturating_sub(1.day());
    let mut steps = vec![format!("{}: scan and run this command again; it must still say GO.", day(eve))];
    for part in answer.parts.iter().filter(|part| !part.standing.is_go) {
        let Some(missing) = part.standing.missing else { continue };
        let missing = amount(part, missing.ceil() as u64, units);
        steps.push(format!("By {begin}: make {missing} free on {}{}.", name(part), reclaimable(part, units)));
    }
    for (part, event) in answer.parts.iter().flat_map(|part| part.announced.iter().map(move |event| (part, event))) {
        let (kind, name, date) = (event.kind.word(), name(part), day(event.date));
        let size = part.resource.show(event.size, units);
        steps.push(format!("Check that the announced change has happened: {kind} of {size} on {name}, {date}."));
    }
    steps.push(match &answer.target {
        Some(target) => {
            let (mount, need) = (escape::printable(&target.mount), units.show(target.need.bytes as f64));
            format!("{begin}: begin only if {mount} is mounted and has {need} free for the backup.")
        }
        None => {
            let size = places(answer).map(|part| part.holding.all.bytes).fold(0, u64::saturating_add);
            let backup = places(answer).any(|part| part.needed_for(|p| p == Purpose::Work(Work::Backup)) > 0);
            let which = if backup { "Make the backup first and test it" } else { "Test the last backup" };
            format!("{which}: can {} be restored from it?", units.show(size as f64))
        }
    });
    for part in answer.parts.iter().filter(|part| matters(part, part.total())) {
        steps.push(format!("{begin}: begin only if {}.", free(part, "at least", part.total(), units)));
    }
    steps
}

/// The mail that could be deleted to make room.
fn reclaimable(part: &SeriesAnswer, units: Units) -> String {
    let holding = &part.holding;
    let sources = [("deleted mail still on disk", holding.reclaimable), ("mail in Trash and Junk", holding.discarded)];
    let sources = sources.into_iter().filter(|(_, bytes)| part.resource == Resource::Bytes && *bytes > 0);
    let sources: Vec<String> = sources.map(|(what, bytes)| format!("{what}: {}", units.show(bytes as f64))).collect();
    if sources.is_empty() { String::new() } else { format!(" ({})", sources.join(", ")) }
}

/// Room for roll-back, queue and snapshot, which must stay free until the end.
fn reserve(part: &SeriesAnswer) -> u64 {
    part.needed_for(|purpose| matches!(purpose, Purpose::RollBack | Purpose::Queue | Purpose::Work(Work::Snapshot)))
}

fn during(answer: &Answer, units: Units) -> Vec<String> {
    let window = &answer.window;
    let mut steps = Vec::new();
    // A volume that only takes the backup receives no mail.
    for part in places(answer).filter(|part| part.holding.all.bytes > 0) {
        let bytes = part.needed_for(|purpose| purpose == Purpose::Queue);
        let messages = part.needs.iter().filter(|need| need.purpose == Purpose::Queue).map(|need| need.amount.inodes);
        let messages = counted(messages.fold(0, u64::saturating_add), "message");
        let (begin, bytes, name) = (show(&window.from), amount(part, bytes, units), name(part));
        steps.push(format!(
            "{begin}: stop deliveries; up to {bytes} in {messages} will queue. Keep the queue off {name} if possible."
        ));
    }
    let middle = show(&window.middle());
    for part in answer.parts.iter().filter(|part| matters(part, reserve(part))) {
        let too_little = free(part, "less than", reserve(part), units);
        steps.push(match answer.rolls_back {
            true => format!("Until {middle}: roll back if {too_little}."),
            false => format!("Stop the work if {too_little}."),
        });
    }
    steps.push(match answer.rolls_back {
        true => format!(
            "{middle}, point of no return: roll back now unless half the work is done; undoing it takes as long."
        ),
        false => "No roll-back is planned: what the work replaces is lost (--rollback plans for one).".to_owned(),
    });
    steps
}

fn after(answer: &Answer, units: Units) -> Vec<String> {
    let mut steps = vec![format!("By {}: accept deliveries again and watch the queue drain.", show(&answer.window.to))];
    for part in places(answer) {
        let kept = part.needed_for(|p| matches!(p, Purpose::RollBack | Purpose::Work(Work::Snapshot | Work::Backup)));
        if kept > 0 {
            let (kept, name) = (amount(part, kept, units), name(part));
            steps.push(format!("Once users confirm that all is well: remove the copies kept on {name}, up to {kept}."));
        }
    }
    let next = day(answer.window.to.date().saturating_add(1.day()));
    steps.push(format!(
        "{next}: scan; if the level has shifted for good, declare it with `mailrunway history event add --kind step`."
    ));
    steps
}
