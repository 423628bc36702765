//! Sums up a store: units become mailboxes, inodes with several names are charged once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::unit::{Content, Unit};
use crate::model::escape;
use crate::model::snapshot::use_cohort;
use crate::model::snapshot::use_cohort::UseSums;
use crate::model::snapshot::{Mailbox, Problem, Store, Sureness};
use crate::scan::discover::search::Found;
use crate::scan::tally::bulk_arrivals::Late;
use crate::scan::tally::cohorts::Sums;
use crate::scan::tally::hard_links::{Linked, Owned, add_shares, first_of_each_inode};
use crate::scan::tally::mailbox::Findings;
use crate::store::Layout;
use crate::store::owner::Owner;
use crate::store::reader::FolderId;

/// Whose folders are that belong to no user; no user is called so.
const SHARED: &str = "(shared)";

/// A mailbox, and what was found in all of its units.
struct Gatherer {
    path: PathBuf,
    layout: Layout,
    sureness: Sureness,
    owner: Owner,
    findings: Findings,
}

/// The store that the units make, with what lies outside of them.
pub(super) fn store(
    name: &str,
    root: &Path,
    mut found: Found,
    findings: Vec<Findings>,
    problems: &mut Vec<Problem>,
) -> Store {
    let units = std::mem::take(&mut found.units);
    let mut mailboxes = gather(&mut found, units, findings);
    let mut uses = UseSums::new();
    charge_links(&mut found, &mut mailboxes, &mut uses);
    problems.append(&mut found.problems);
    let (mut cohorts, mut late) = (Sums::default(), Late::default());
    let mut store = Store {
        name: name.to_owned(),
        root: escape::path_text(root),
        tally: found.outside,
        classes: found.classes,
        blobs: found.blobs,
        ..Store::default()
    };
    for mailbox in mailboxes {
        cohorts.add(&mailbox.findings.cohorts);
        mailbox.findings.uses.add_to(&mut uses);
        late.merge_mailbox(&mailbox.findings.late);
        let mailbox = finished(mailbox, problems);
        store.tally += mailbox.tally;
        store.classes += mailbox.classes;
        store.mailboxes.push(mailbox);
    }
    store.cohorts = cohorts.rows();
    store.uses = use_cohort::rows(&uses);
    store.events = late.events();
    store
}

/// Joins the units of one mailbox, and counts what is no mailbox as outside. A format that says whose a unit is has one
/// mailbox a user, wherever its units lie; any other has one a unit.
fn gather(found: &mut Found, units: Vec<Unit>, findings: Vec<Findings>) -> Vec<Gatherer> {
    let mut mailboxes: BTreeMap<(Option<Owner>, PathBuf, &str), Gatherer> = BTreeMap::new();
    for (unit, mut findings) in units.into_iter().zip(findings) {
        let Content::Mailbox(layout, sureness) = unit.content else {
            outside(found, findings);
            continue;
        };
        let mut owner = findings.owner.clone().unwrap_or(unit.owner);
        let mut key = (None, unit.path.clone());
        if layout.tells_owner() {
            if findings.owner.is_none() {
                owner = Owner { domain: None, user: SHARED.to_owned() };
            }
            key = (Some(owner.clone()), PathBuf::new());
            // Its folders lie anywhere in the store.
            let path = escape::path_text(&unit.path);
            findings.folders.iter_mut().for_each(|folder| folder.path.clone_from(&path));
        }
        let gatherer = mailboxes.entry((key.0, key.1, layout.word())).or_insert_with(|| Gatherer {
            path: unit.path.clone(),
            layout,
            sureness,
            owner,
            findings: Findings::default(),
        });
        gatherer.sureness = gatherer.sureness.max(sureness);
        gatherer.findings.absorb(findings);
    }
    let mut mailboxes: Vec<Gatherer> = mailboxes.into_values().collect();
    mailboxes.sort_by(|a, b| (&a.path, a.layout.word()).cmp(&(&b.path, b.layout.word())));
    mailboxes.iter_mut().for_each(|mailbox| mailbox.findings.sort());
    mailboxes
}

fn outside(found: &mut Found, findings: Findings) {
    found.outside += findings.total();
    found.classes += findings.classes;
    found.linked.extend(findings.linked.into_iter().map(|link| link.of(Owned::Outside)));
    found.problems.extend(findings.problems);
}

/// Charges the blocks of each inode that has several names to one of them, and shares them among the uses of its folders.
fn charge_links(found: &mut Found, mailboxes: &mut [Gatherer], uses: &mut UseSums) {
    let mut linked = std::mem::take(&mut found.linked);
    for (index, mailbox) in mailboxes.iter_mut().enumerate() {
        linked.extend(mailbox.findings.linked.drain(..).map(|link| match link.owner {
            Owned::Folder { folder, .. } => link.of(Owned::Folder { mailbox: index, folder }),
            Owned::Outside => link,
        }));
    }
    let key = |link: &Linked| match (link.owner, link.week) {
        (Owned::Folder { mailbox, folder }, Some((clock, week))) => {
            Some((mailboxes[mailbox].findings.folders[folder].special_use, clock, week))
        }
        _ => None,
    };
    add_shares(&linked, key, uses);
    for link in first_of_each_inode(linked) {
        match link.owner {
            Owned::Outside => found.charge(link.class, link.reclaimable, &link.facts),
            Owned::Folder { mailbox, folder } => {
                let findings = &mut mailboxes[mailbox].findings;
                findings.charge(FolderId(folder), link.class, link.reclaimable, &link.facts);
            }
        }
    }
}

fn finished(mailbox: Gatherer, problems: &mut Vec<Problem>) -> Mailbox {
    let findings = mailbox.findings;
    let tally = findings.total();
    problems.extend(findings.problems);
    Mailbox {
        domain: mailbox.owner.domain,
        user: mailbox.owner.user,
        path: escape::path_text(&mailbox.path),
        layout: mailbox.layout.word().to_owned(),
        sureness: mailbox.sureness,
        tally,
        classes: findings.classes,
        cohorts: findings.cohorts,
        folders: findings.folders,
    }
}
