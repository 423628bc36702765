//! Assembles a store: joins units into mailboxes, and charges each inode once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::unit::{Content, Unit};
use crate::model::escape;
use crate::model::snapshot::use_cohort::{self, UseSums};
use crate::model::snapshot::{Mailbox, Problem, Store, Sureness};
use crate::scan::discover::found::Found;
use crate::scan::tally::{
    BulkArrivals, HardLink, LinkOwner, MailboxTally, StoreCohorts, add_shares, first_of_each_inode, of_mailbox,
};
use crate::store::{Layout, owner::Owner, reader::FolderId};

/// The owner of shared folders; no user can have this name.
const SHARED: &str = "(shared)";

/// A mailbox of one or several units.
struct MailboxParts {
    path: PathBuf,
    layout: Layout,
    sureness: Sureness,
    owner: Owner,
    tally: MailboxTally,
}

/// Assembles the store from its units and what is outside them.
pub(super) fn store(
    name: &str,
    root: &Path,
    mut found: Found,
    tallies: Vec<MailboxTally>,
    problems: &mut Vec<Problem>,
) -> Store {
    let units = std::mem::take(&mut found.units);
    let mut mailboxes = join_units(&mut found, units, tallies);
    let mut uses = UseSums::new();
    charge_links(&mut found, &mut mailboxes, &mut uses);
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
    for mailbox in mailboxes {
        cohorts.add(&mailbox.tally.cohorts);
        mailbox.tally.uses.add_to(&mut uses);
        bulk.merge_mailbox(&mailbox.tally.bulk);
        let mailbox = finished(mailbox, root, problems);
        store.tally += mailbox.tally;
        store.classes += mailbox.classes;
        store.mailboxes.push(mailbox);
    }
    store.cohorts = cohorts.rows();
    store.uses = use_cohort::rows(&uses);
    store.events = bulk.events();
    store
}

/// Joins units into mailboxes, and adds all others to the tally outside. A format that names the owner of each unit has one
/// mailbox per user; any other has one per unit.
fn join_units(found: &mut Found, units: Vec<Unit>, tallies: Vec<MailboxTally>) -> Vec<MailboxParts> {
    let mut mailboxes: Vec<MailboxParts> = Vec::with_capacity(units.len());
    let mut by_owner: HashMap<(Owner, &str), usize> = HashMap::new();
    for (unit, mut tally) in units.into_iter().zip(tallies) {
        let Content::Mailbox(layout, sureness) = unit.content else {
            add_outside(found, tally);
            continue;
        };
        let mut owner = tally.owner.clone().unwrap_or(unit.owner);
        if !layout.tells_owner() {
            mailboxes.push(MailboxParts { path: unit.path, layout, sureness, owner, tally });
            continue;
        }
        if tally.owner.is_none() {
            owner = Owner { domain: None, user: SHARED.to_owned() };
        }
        // The folders of such a mailbox are anywhere in the store.
        let path = escape::path_text(&unit.path);
        tally.folders.iter_mut().for_each(|folder| folder.path.clone_from(&path));
        let index = *by_owner.entry((owner.clone(), layout.word())).or_insert_with(|| {
            let tally = MailboxTally::default();
            mailboxes.push(MailboxParts { path: unit.path, layout, sureness, owner, tally });
            mailboxes.len() - 1
        });
        let mailbox = &mut mailboxes[index];
        mailbox.sureness = mailbox.sureness.max(sureness);
        mailbox.tally.absorb(tally);
    }
    by_owner.into_values().for_each(|index| mailboxes[index].tally.sort());
    // Units are in this order, except for those at the same path.
    mailboxes.sort_by(|a, b| (&a.path, a.layout.word()).cmp(&(&b.path, b.layout.word())));
    mailboxes
}

fn add_outside(found: &mut Found, tally: MailboxTally) {
    found.outside += tally.total();
    found.classes += tally.classes;
    found.linked.extend(tally.linked.into_iter().map(|link| link.with_owner(LinkOwner::Outside)));
    found.problems.extend(tally.problems);
}

/// Charges the blocks of each inode with several names to one of them, and shares them among the uses of its folders.
fn charge_links(found: &mut Found, mailboxes: &mut [MailboxParts], uses: &mut UseSums) {
    let mut linked = std::mem::take(&mut found.linked);
    for (index, mailbox) in mailboxes.iter_mut().enumerate() {
        linked.extend(mailbox.tally.linked.drain(..).map(|link| match link.owner {
            LinkOwner::Folder { folder, .. } => link.with_owner(LinkOwner::Folder { mailbox: index, folder }),
            LinkOwner::Outside => link,
        }));
    }
    let key = |link: &HardLink| match (link.owner, link.week) {
        (LinkOwner::Folder { mailbox, folder }, Some((clock, week))) => {
            Some((mailboxes[mailbox].tally.folders[folder].special_use, clock, week))
        }
        _ => None,
    };
    add_shares(&linked, key, uses);
    for link in first_of_each_inode(linked) {
        match link.owner {
            LinkOwner::Outside => found.charge(link.class, link.reclaimable, &link.facts),
            LinkOwner::Folder { mailbox, folder } => {
                let tally = &mut mailboxes[mailbox].tally;
                tally.charge(FolderId(folder), link.class, link.reclaimable, &link.facts);
            }
        }
    }
}

fn finished(mailbox: MailboxParts, root: &Path, problems: &mut Vec<Problem>) -> Mailbox {
    let parts = mailbox.tally;
    let tally = parts.total();
    problems.extend(elsewhere(&parts.problems, root, &mailbox.path));
    problems.extend(parts.problems);
    Mailbox {
        domain: mailbox.owner.domain,
        user: mailbox.owner.user,
        path: escape::path_text(&mailbox.path),
        layout: mailbox.layout.word().to_owned(),
        sureness: mailbox.sureness,
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
