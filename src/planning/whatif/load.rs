//! Reads the contents of the stores of a series for scenarios.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::history::{History, SnapshotEntry, ages, query};
use crate::model::error::{Error, Result};
use crate::model::snapshot::{Clock, Cohort, Mailbox, UseCohort};
use crate::model::{dates::utc_day, series::Resource};
use crate::planning::whatif::{Holdings, MailSlice, MailboxHoldings, ScannedMail};

/// Weeks of arrivals that show which mailboxes receive mail.
const RECENT_WEEKS: i64 = 26;

/// A scan of a store.
struct StoreScan<'a> {
    entry: &'a SnapshotEntry,
    mail: ScannedMail,
    mailboxes: Vec<Mailbox>,
}

/// The contents of stores, given as host and name, in units of a resource; and one error for each scan that cannot be read,
/// in place of which an earlier one is used. Of several stores, only the last scan of each is read.
pub(crate) fn holdings(
    history: &History,
    entries: &[SnapshotEntry],
    stores: &BTreeSet<(String, String)>,
    (resource, with_mailboxes): (Resource, bool),
) -> (Holdings, Vec<Error>) {
    let snapshots = &history.snapshots();
    let (mut holdings, mut unread) = (Holdings::default(), Vec::new());
    let mut last_scan: Option<ScannedMail> = None;
    let is_single = stores.len() == 1;
    for (host, store) in stores {
        // The newest first.
        let mut scans: Vec<StoreScan> = Vec::new();
        for entry in ages::chosen(entries, (host, store)).into_iter().rev() {
            if !is_single && !scans.is_empty() {
                break;
            }
            let needs_mailboxes = with_mailboxes && scans.is_empty();
            let mailboxes = || match needs_mailboxes {
                true => query::mailboxes(&snapshots.join(&entry.name), store),
                false => Ok(Vec::new()),
            };
            let read =
                || Ok(StoreScan { entry, mail: scan(snapshots, entry, store, resource)?, mailboxes: mailboxes()? });
            scans.extend(read().map_err(|error| unread.push(error)));
        }
        let Some(StoreScan { entry: last, mailboxes, .. }) = scans.first() else { continue };
        let Some(summary) = last.stores.iter().find(|one| one.name == *store) else { continue };
        holdings.mailbox_count += summary.mailboxes;
        holdings.mail += match resource {
            Resource::Bytes => summary.tally.on_disk() as f64,
            Resource::Inodes | Resource::Messages => summary.tally.inodes as f64,
        };
        holdings.mailboxes.extend(mailboxes.iter().map(|of| mailbox(of, utc_day(last.taken_at), resource)));
        if is_single {
            holdings.scans = scans.into_iter().rev().map(|scan| scan.mail).collect();
        } else if let Some(StoreScan { mail, .. }) = scans.pop() {
            last_scan = Some(match last_scan {
                None => mail,
                Some(before) => {
                    ScannedMail { at: before.at.max(mail.at), slices: [before.slices, mail.slices].concat() }
                }
            });
        }
    }
    holdings.scans.extend(last_scan);
    (holdings, unread)
}

fn scan(snapshots: &Path, entry: &SnapshotEntry, store: &str, resource: Resource) -> Result<ScannedMail> {
    let cohorts = query::use_cohorts(&snapshots.join(&entry.name), store)?;
    let slices = cohorts.iter().map(|cohort| slice(cohort, resource)).collect();
    Ok(ScannedMail { at: entry.taken_at, slices })
}

fn slice(cohort: &UseCohort, resource: Resource) -> MailSlice {
    let amount = match resource {
        Resource::Bytes => cohort.totals.allocated_bytes,
        Resource::Inodes => cohort.totals.inodes,
        Resource::Messages => cohort.totals.messages,
    };
    let (amount, messages) = (amount as f64, cohort.totals.messages as f64);
    MailSlice { special_use: cohort.special_use, week: cohort.week, amount, messages }
}

fn mailbox(mailbox: &Mailbox, scanned_on: Date, resource: Resource) -> MailboxHoldings {
    let since = scanned_on.saturating_sub(RECENT_WEEKS.weeks());
    let is_recent = |cohort: &Cohort| cohort.clock == Clock::Arrival && cohort.day >= since;
    let tally = &mailbox.tally;
    MailboxHoldings {
        domain: mailbox.domain.clone(),
        on_disk: if resource == Resource::Bytes { tally.on_disk() as f64 } else { tally.inodes as f64 },
        quota_bytes: tally.virtual_bytes.unwrap_or(tally.logical_bytes) as f64,
        recent: mailbox.cohorts.iter().filter(is_recent).map(|cohort| cohort.bytes as f64).sum(),
    }
}
