//! Reads the contents of the stores of a series for scenarios.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::history::{History, SnapshotEntry, ages, query};
use crate::model::snapshot::{Clock, Cohort, Mailbox, UseCohort};
use crate::model::{dates::utc_day, error::Result, series::Resource};
use crate::planning::whatif::{Holdings, MailSlice, MailboxHoldings, ScannedMail};

/// Weeks of arrivals that show which mailboxes receive mail.
const RECENT_WEEKS: i64 = 26;

/// The contents of stores, given as host and name, in units of a resource. Of several stores, only the last scan of each is
/// read.
pub(crate) fn holdings(
    history: &History,
    entries: &[SnapshotEntry],
    stores: &BTreeSet<(String, String)>,
    (resource, with_mailboxes): (Resource, bool),
) -> Result<Holdings> {
    let snapshots = &history.snapshots();
    let mut holdings = Holdings::default();
    let mut last_scan: Option<ScannedMail> = None;
    for (host, store) in stores {
        let chosen = ages::chosen(entries, (host, store));
        let Some(last) = chosen.last() else { continue };
        let Some(summary) = last.stores.iter().find(|one| one.name == *store) else { continue };
        holdings.mailbox_count += summary.mailboxes;
        holdings.mail += match resource {
            Resource::Bytes => summary.tally.on_disk() as f64,
            Resource::Inodes | Resource::Messages => summary.tally.inodes as f64,
        };
        if with_mailboxes {
            let mailboxes = query::mailboxes(&snapshots.join(&last.name), store)?;
            holdings.mailboxes.extend(mailboxes.iter().map(|of| mailbox(of, utc_day(last.taken_at), resource)));
        }
        if stores.len() == 1 {
            let read = |entry: &&SnapshotEntry| scan(snapshots, entry, store, resource);
            holdings.scans = chosen.iter().map(read).collect::<Result<_>>()?;
        } else {
            let scan = scan(snapshots, last, store, resource)?;
            last_scan = Some(match last_scan {
                None => scan,
                Some(before) => {
                    ScannedMail { at: before.at.max(scan.at), slices: [before.slices, scan.slices].concat() }
                }
            });
        }
    }
    holdings.scans.extend(last_scan);
    Ok(holdings)
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
