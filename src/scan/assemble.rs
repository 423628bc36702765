//! Assembles a store: joins units into mailboxes, and charges each inode once.

use std::collections::HashMap;
use std::path::Path;

use super::unit::{Content, Unit};
use crate::model::escape;
use crate::model::snapshot::use_cohort::{self, UseSums};
use crate::model::snapshot::{Mailbox, Problem, Store};
use crate::model::special_use::SpecialUse;
use crate::scan::discover::found::Found;
use crate::scan::tally::{
    BulkArrivals, HardLink, LinkOwner, MailboxTally, PackedTally, StoreCohorts, add_shares, first_of_each_inode,
    of_mailbox,
};
use crate::store::{Layout, owner::Owner, reader::FolderId};

/// The owner of shared folders; no user can have this name.
const SHARED: &str = "(shared)";

/// Assembles the store from its units and what is outside them.
pub(super) fn store(
    name: &str,
    root: &Path,
    mut found: Found,
    mut tallies: Vec<PackedTally>,
    problems: &mut Vec<Problem>,
) -> Store {
    let mut units = std::mem::take(&mut found.units);
    let mailboxes = join_units(&mut found, &mut units, &mut tallies);
    let mut uses = UseSums::new();
    let mut charges = charge_links(&mut found, &mailboxes, &tallies, &mut uses).into_iter().peekable();
    problems.append(&mut found.problems);
    let (mut cohorts, mut bulk) = (StoreCohorts::default(), BulkArrivals::default());
    let mut store = Store {
        name: name.to_owned(),
        root: escape::path_text(root),
        tally: found.outside,
        classes: found.classes,
        blobs: found.blobs,
        ..Store::default()
    };
    for (place, index) in mailboxes.into_iter().enumerate() {
        let mut tally = std::mem::take(&mut tallies[index]).unpack();
        while let Some(charge) = charges.next_if(|charge| charge.mailbox == place) {
            tally.charge(FolderId(charge.folder), charge.link.class, charge.link.reclaimable, &charge.link.facts);
        }
        cohorts.add(&tally.cohorts);
        tally.uses.add_to(&mut uses);
        bulk.merge_mailbox(&tally.bulk);
        let mailbox = finished(&units[index], tally, root, problems);
        store.tally += mailbox.tally;
        store.classes += mailbox.classes;
        store.mailboxes.push(&mailbox);
    }
    store.cohorts = cohorts.rows();
    store.uses = use_cohort::rows(&uses);
    store.events = bulk.events();
    store
}

/// Joins the units of each mailbox in the place of the first, and returns these places, ordered by path. All other units
/// count outside. A format that names the owner of each unit has one mailbox per user; any other has one per unit.
fn join_units(found: &mut Found, units: &mut [Unit], tallies: &mut [PackedTally]) -> Vec<usize> {
    let mut mailboxes: Vec<usize> = Vec::with_capacity(units.len());
    let mut by_owner: HashMap<(Owner, &str), Vec<usize>> = HashMap::new();
    for index in 0..units.len() {
        match units[index].content {
            Content::Shared(_) => add_outside(found, std::mem::take(&mut tallies[index]).unpack()),
            Content::Mailbox(layout, _) if layout.tells_owner() => {
                let shared = || Owner { domain: None, user: SHARED.to_owned() };
                let owner = tallies[index].owner().cloned().unwrap_or_else(shared);
                by_owner.entry((owner, layout.word())).or_default().push(index);
            }
            Content::Mailbox(..) => mailboxes.push(index),
        }
    }
    for ((owner, _), parts) in by_owner {
        mailboxes.push(join_parts(owner, &parts, units, tallies));
    }
    // The units are in order, except for layouts at the same path.
    let key = |index: usize| (&units[index].path, units[index].layout().map(Layout::word));
    mailboxes.sort_by(|&a, &b| key(a).cmp(&key(b)));
    mailboxes
}

/// Joins the units of an owner in the place of the first, which it returns.
fn join_parts(owner: Owner, parts: &[usize], units: &mut [Unit], tallies: &mut [PackedTally]) -> usize {
    let first = parts[0];
    let mut whole = MailboxTally::default();
    for &part in parts {
        let content = units[part].content;
        let mut tally = std::mem::take(&mut tallies[part]).unpack();
        // The folders of such a mailbox are anywhere in the store.
        let path = escape::path_text(&units[part].path);
        tally.folders.iter_mut().for_each(|folder| folder.path.clone_from(&path));
        whole.absorb(tally);
        if let (Content::Mailbox(_, sureness), Content::Mailbox(_, more)) = (&mut units[first].content, content) {
            *sureness = more.max(*sureness);
        }
    }
    whole.sort();
    whole.owner = Some(owner);
    tallies[first] = PackedTally::pack(whole);
    first
}

fn add_outside(found: &mut Found, tally: MailboxTally) {
    found.outside += tally.total();
    found.classes += tally.classes;
    found.linked.extend(tally.linked.into_iter().map(|link| link.with_owner(LinkOwner::Outside)));
    found.problems.extend(tally.problems);
}

/// An inode with several names that is charged to a folder.
struct Charge {
    mailbox: usize,
    folder: usize,
    link: HardLink,
}

/// Charges the blocks of each inode with several names to one of them, and shares them among the uses of its folders.
/// Returns the charges to mailboxes, in their order.
fn charge_links(found: &mut Found, mailboxes: &[usize], tallies: &[PackedTally], uses: &mut UseSums) -> Vec<Charge> {
    let mut linked = std::mem::take(&mut found.linked);
    let mut special_uses: HashMap<(usize, usize), Option<SpecialUse>> = HashMap::new();
    for (place, &index) in mailboxes.iter().enumerate() {
        if tallies[index].linked().is_empty() {
            continue;
        }
        for (folder, special_use) in tallies[index].special_uses().into_iter().enumerate() {
            special_uses.insert((place, folder), special_use);
        }
        linked.extend(tallies[index].linked().iter().map(|link| match link.owner {
            LinkOwner::Folder { folder, .. } => link.with_owner(LinkOwner::Folder { mailbox: place, folder }),
            LinkOwner::Outside => *link,
        }));
    }
    let key = |link: &HardLink| match (link.owner, link.week) {
        (LinkOwner::Folder { mailbox, folder }, Some((clock, week))) => {
            Some((*special_uses.get(&(mailbox, folder))?, clock, week))
        }
        _ => None,
    };
    add_shares(&linked, key, uses);
    let mut charges = Vec::new();
    for link in first_of_each_inode(linked) {
        match link.owner {
            LinkOwner::Outside => found.charge(link.class, link.reclaimable, &link.facts),
            LinkOwner::Folder { mailbox, folder } => charges.push(Charge { mailbox, folder, link }),
        }
    }
    charges.sort_by_key(|charge| charge.mailbox);
    charges
}

fn finished(unit: &Unit, parts: MailboxTally, root: &Path, problems: &mut Vec<Problem>) -> Mailbox {
    let tally = parts.total();
    problems.extend(elsewhere(&parts.problems, root, &unit.path));
    problems.extend(parts.problems);
    let owner = parts.owner.unwrap_or_else(|| unit.owner.clone());
    Mailbox {
        domain: owner.domain,
        user: owner.user,
        path: escape::path_text(&unit.path),
        layout: unit.layout().map_or("", Layout::word).to_owned(),
        sureness: unit.sureness(),
        is_partial: false,
        tally,
        classes: parts.classes,
        cohorts: of_mailbox(&parts.cohorts),
        folders: parts.folders,
    }
}

/// The problem of a mailbox with an unread part outside of its directory, such as an index tree: without it, the place
/// would not show whose it is.
fn elsewhere(problems: &[Problem], root: &Path, mailbox: &Path) -> Option<Problem> {
    let path = escape::path_text(&if mailbox.as_os_str().is_empty() { root.to_owned() } else { root.join(mailbox) });
    let is_elsewhere = |place: &&Problem| place.kind.is_loss() && !Path::new(&place.path).starts_with(&path);
    let detail = |place: &Problem| format!("a part of the mailbox could not be read, at {}", place.path);
    let place = problems.iter().find(is_elsewhere)?;
    Some(Problem { kind: place.kind, detail: detail(place), path })
}
