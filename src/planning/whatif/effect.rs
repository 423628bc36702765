//! The effect of a scenario on the limit, the stored mail and the new mail, day by day.
//!
//! Without changes a series is at `level + gain`. For its mail, the gain is new mail less the losses of stored mail, so
//! with a scenario it is at
//! `level - (1 - kept) * (stored - leaves - ruled) - ruled + (growth * gain + leaves) * share - leaves`,
//! where `ruled` is the stored mail that retention rules delete, `kept` the share of the rest that stays, and `share`
//! the share of new mail that still arrives and stays. This is linear in the gain, so one distribution of the gain
//! serves all scenarios.

use jiff::civil::Date;

use super::{Change, Holdings, Scenario, SeriesContext, basis, quota, retention::Retention, stock::Stock};
use crate::forecast::plan::{Part, Plan};
use crate::model::error::{Error, Result};
use crate::model::{escape, numbers::counted, series::Resource};

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Effect {
    /// The change of limit, level and growth.
    pub plan: Plan,
    /// The amount freed at once, in units of the resource.
    pub at_once: f64,
    /// The figures behind it, a sentence for each change.
    pub basis: Vec<String>,
}

struct DatedChanges<'a> {
    changes: &'a [Change],
    holdings: &'a Holdings,
    context: &'a SeriesContext,
    stock: Stock,
    retention: Retention,
}

/// The effect of a scenario on a series with the mail of some stores.
///
/// # Errors
/// If the scenario names something that does not exist, has a date in the past, or needs a scan that measured the store.
pub(super) fn effect(scenario: &Scenario, holdings: &Holdings, context: &SeriesContext) -> Result<Effect> {
    for change in &scenario.changes {
        check(change, holdings, context).map_err(|(what, hint)| {
            Error::usage(format!("`{}`: {what}", escape::printable(&scenario.to_string()))).hint(hint)
        })?;
    }
    if scenario.changes.is_empty() {
        return Ok(Effect::default());
    }
    let changes = DatedChanges {
        changes: &scenario.changes,
        holdings,
        context,
        stock: Stock::new(holdings, context.growth_per_day),
        retention: Retention::from_changes(&scenario.changes, holdings),
    };
    let mut parts: Vec<Part> = changes.days().into_iter().map(|day| changes.part(day)).collect();
    parts.dedup_by(|next, last| Part { from: last.from, ..*next } == *last);
    let basis = basis::sentences(&scenario.changes, holdings, context);
    let at_once = -parts.first().map_or(0.0, |first| first.level);
    // Avoids `-0.0`.
    Ok(Effect { plan: Plan::new(parts), at_once: at_once.max(0.0), basis })
}

/// The error is a message and a hint.
fn check(change: &Change, holdings: &Holdings, context: &SeriesContext) -> std::result::Result<(), (String, String)> {
    let wrong = |what: String, hint: &str| Err((what, hint.to_owned()));
    match change {
        Change::Add { on: Some(day), .. } | Change::Move { on: Some(day), .. } if *day <= context.as_of => {
            wrong(format!("{day} is not after the last scan"), "omit the date for a change now, or write a later one")
        }
        Change::Add { .. } | Change::Growth(_) => Ok(()),
        _ if holdings.scans.is_empty() => wrong(
            "no measured store fills this series".to_owned(),
            "scan the stores without --names, as a user who may read all mail",
        ),
        _ if holdings.mailbox_count == 0 => wrong(
            "the last scan found no mailbox".to_owned(),
            "check that the volume is mounted and that the settings name the right directory",
        ),
        Change::Move { domain, .. } if !holdings.mailboxes.iter().any(|mailbox| mailbox.is_of_domain(domain)) => {
            let mut domains: Vec<&str> = holdings.mailboxes.iter().filter_map(|m| m.domain.as_deref()).collect();
            domains.sort_unstable();
            domains.dedup();
            if domains.is_empty() {
                return wrong("there is no such domain".to_owned(), "the mailboxes here have no domain in their names");
            }
            let listed: Vec<_> = domains.iter().take(10).map(|domain| escape::printable(domain)).collect();
            let more = if domains.len() > 10 { ", …" } else { "" };
            wrong("there is no such domain".to_owned(), &format!("there are: {}{more}", listed.join(", ")))
        }
        Change::Mailboxes(count) if holdings.mailbox_count as i64 <= -*count.min(&0) => wrong(
            format!(
                "there {} only {}",
                if holdings.mailbox_count == 1 { "is" } else { "are" },
                counted(holdings.mailbox_count, "mailbox")
            ),
            "remove fewer",
        ),
        Change::Compress { .. } if holdings.compression.is_none() && context.resource == Resource::Bytes => wrong(
            "there is too little readable mail for a sample".to_owned(),
            "run on the host of the store, as a user who may read the mail",
        ),
        _ => Ok(()),
    }
}

impl DatedChanges<'_> {
    fn ahead(&self, on: Option<Date>) -> f64 {
        on.map_or(0.0, |day| f64::from((day - self.context.as_of).get_days()))
    }

    /// The days on which the effect changes, in days ahead.
    fn days(&self) -> Vec<f64> {
        let dated = self.changes.iter().map(|change| match change {
            Change::Add { on, .. } | Change::Move { on, .. } => self.ahead(*on),
            _ => 0.0,
        });
        let mut days: Vec<f64> = dated.chain([0.0]).collect();
        if self.changes.iter().any(|change| !matches!(change, Change::Add { .. } | Change::Growth(_))) {
            days.extend((1..=self.context.reach_days / 7 + 1).map(|week| 7.0 * f64::from(week)));
        }
        days.sort_by(f64::total_cmp);
        days.dedup();
        days
    }

    fn part(&self, from: f64) -> Part {
        let (mut limit, mut growth) = (0.0, 1.0);
        for change in self.changes {
            match change {
                // Not every file system adds inodes with space.
                Change::Add { bytes, on } if self.ahead(*on) <= from && self.context.resource == Resource::Bytes => {
                    limit += bytes.0 as f64;
                }
                Change::Growth(times) => growth *= times,
                _ => {}
            }
        }
        let leaves = self.stock.loss(from);
        let ruled = self.retention.of_stored(from).min(self.stock.stored);
        let rest = (self.stock.stored - leaves - ruled).max(0.0);
        let share = self.share_of_new(from);
        let level = -(1.0 - self.kept(from)) * rest - ruled + leaves * (share - 1.0);
        Part { from, limit, level: level + 0.0, growth: growth * share }
    }

    /// The share of the stored mail that stays.
    fn kept(&self, from: f64) -> f64 {
        let (mut left, mut kept) = (1.0, 1.0);
        for change in self.changes {
            match change {
                Change::Move { domain, on } if self.ahead(*on) <= from => left -= self.holdings.domain_shares(domain).0,
                Change::Mailboxes(count @ ..0) => kept *= 1.0 + self.more_mailboxes(*count),
                Change::Compress { stored: true } => kept *= self.compressed(),
                _ => {}
            }
        }
        kept * left.max(0.0)
    }

    /// The share of new mail that still arrives and stays.
    fn share_of_new(&self, from: f64) -> f64 {
        // On day 0 nothing has arrived yet.
        let days = from.max(1.0);
        let (mut left, mut share) = (1.0, 1.0);
        for change in self.changes {
            match change {
                Change::Move { domain, on } if self.ahead(*on) <= from => left -= self.holdings.domain_shares(domain).1,
                Change::Mailboxes(count) => share *= 1.0 + self.more_mailboxes(*count),
                Change::Compress { .. } => share *= self.compressed(),
                Change::Quota(quota) => share *= self.under_quota(quota.0 as f64, days),
                _ => {}
            }
        }
        let comes = self.stock.comes(days);
        let ruled = if comes > 0.0 { (self.retention.of_new(from) / comes).clamp(0.0, 1.0) } else { 0.0 };
        let mail = self.stock.mail_share(days);
        1.0 - mail * (1.0 - left.max(0.0) * share * (1.0 - ruled))
    }

    fn more_mailboxes(&self, count: i64) -> f64 {
        count as f64 / self.holdings.mailbox_count.max(1) as f64
    }

    /// Size of mailboxes with compressed messages over their present size.
    fn compressed(&self) -> f64 {
        let sample = self.holdings.compression.filter(|_| self.context.resource == Resource::Bytes);
        sample.map_or(1.0, |sample| 1.0 - (1.0 - sample.ratio) * self.holdings.message_share())
    }

    fn under_quota(&self, quota: f64, days: f64) -> f64 {
        let counted: f64 = self.holdings.mailboxes.iter().map(|mailbox| mailbox.quota_bytes).sum();
        let each = if self.stock.stored > 0.0 { counted / self.stock.stored } else { 0.0 };
        let (comes, leaves) = (each * self.stock.comes(days), each * self.stock.loss(days));
        quota::taken(&self.holdings.mailboxes, quota, comes, leaves)
    }
}
