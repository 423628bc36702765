//! How a path was recognised.

use crate::model::{bytes::Units, snapshot::address};
use crate::output::document::{Block, Document, Fact, fact, printable, section};
use crate::scan::explain::{Explanation, MailboxPart, MessagePart};

pub(crate) fn document(explained: &Explanation, units: Units) -> Document<'static> {
    let mut facts = vec![fact("store", format!("{} at {}", explained.store, explained.root))];
    match &explained.mailbox {
        None => facts.push(fact("mailbox", "none: neither this nor a directory above it looks like one")),
        Some(part) => facts.extend(mailbox(part)),
    }
    facts.push(fact("class", explained.class.replace('_', " ")));
    facts.extend(explained.message.as_ref().map(|part| fact("message", message(part, units))));
    if let Some(bytes) = explained.reclaimable_bytes {
        facts.push(fact("mail", format!("messages in one file; {} can be reclaimed", units.show(bytes as f64))));
    }
    facts.extend(explained.problems.iter().map(|problem| fact("problem", problem.as_str())));
    let facts = facts.into_iter().map(|Fact { name, value }| fact(name, printable(&value))).collect();
    Document::short(vec![section(printable(&explained.path), vec![Block::Facts { facts }])])
}

fn mailbox(part: &MailboxPart) -> Vec<Fact> {
    let place = if part.path.is_empty() { "the store itself" } else { &part.path };
    let mut facts = vec![fact("mailbox", place)];
    facts.extend(part.joined.iter().map(|joined| fact("part", format!("{joined}, which was joined to the mailbox"))));
    facts.push(fact("format", format!("{}, {}: {}", part.layout, part.sureness.word(), part.because)));
    let owner = address(part.domain.as_deref(), &part.user);
    facts.push(fact("owner", format!("{owner}, known from {}", part.owner_from)));
    if let Some(folder) = &part.folder {
        let special = part.special_use.map_or(String::new(), |special| format!(", used as {}", special.word()));
        facts.push(fact("folder", format!("{folder}{special}")));
    }
    facts
}

fn message(part: &MessagePart, units: Units) -> String {
    let mut text = units.show(part.bytes as f64);
    if part.logical_bytes != part.bytes {
        text += &format!(" on disk, {} uncompressed", units.show(part.logical_bytes as f64));
    }
    for (what, time) in [("arrived", part.arrival), ("saved", part.saved), ("sent", part.sent)] {
        text += &time.map_or(String::new(), |time| format!(", {what} {time}"));
    }
    text
}
