//! Forecasts of the mailboxes with a quota.

use super::{BATCH, Session};
use crate::commands::{Context, output};
use crate::forecast::{LevelDates, PooledForecaster, pool::Member};
use crate::history::names;
use crate::model::error::Result;
use crate::output::json::forecast as json;
use crate::planning::mailbox_series::{self, MailboxSeries, Quota};
use crate::planning::verdict::quotas::QuotaRanking;

/// Mailboxes in the ranking.
const MOST_MAILBOXES: usize = 10;

impl Session<'_> {
    /// The series of all mailboxes that have a quota in the settings.
    pub(in crate::commands) fn mailboxes(&self) -> Vec<MailboxSeries> {
        let context = self.context;
        if context.settings.quotas.is_empty() || names::are_left_out() {
            return Vec::new();
        }
        let quota = |address: &str| {
            let quota = context.quota(address);
            quota.map_or_else(Quota::default, |quota| Quota { bytes: quota.limit, messages: quota.messages })
        };
        let (mailboxes, unread) = mailbox_series::load(&self.history, &self.entries, quota);
        unread.iter().for_each(output::warn_error);
        if mailboxes.is_empty() {
            output::warn(
                "no mailbox has a quota",
                "compare the mailboxes of [[quota]] in the settings with the addresses in `mailrunway history show`",
            );
        }
        mailboxes
    }
}

/// The mailboxes with these addresses or domains; all without names.
pub(crate) fn named<'a>(mailboxes: &'a [MailboxSeries], names: &[String]) -> Vec<&'a MailboxSeries> {
    let is_meant = |mailbox: &&MailboxSeries| names.is_empty() || names.iter().any(|name| mailbox.goes_by(name));
    mailboxes.iter().filter(is_meant).collect()
}

/// Prints a line of JSON for each forecast.
///
/// # Errors
/// If standard output cannot be written.
pub(crate) fn print_json(
    context: &Context,
    level_dates: LevelDates,
    all: &[MailboxSeries],
    chosen: &[&MailboxSeries],
) -> Result<()> {
    let forecaster = learn(context, level_dates, all);
    for batch in chosen.chunks(BATCH) {
        let forecasts = forecaster.forecast_all(&members(batch.iter().copied()));
        output::print(&json::lines(&forecasts, &context.view_options()))?;
    }
    Ok(())
}

/// A forecaster trained on all mailboxes that computes no levels, which take the longest.
pub(crate) fn without_levels(context: &Context, all: &[MailboxSeries]) -> PooledForecaster {
    learn(context, LevelDates::none(), all)
}

/// The chosen mailboxes that reach their quota first.
pub(crate) fn soonest(context: &Context, forecaster: &PooledForecaster, chosen: &[&MailboxSeries]) -> QuotaRanking {
    let mut soonest = QuotaRanking::new(context.settings.policy, context.today, MOST_MAILBOXES);
    for batch in chosen.chunks(BATCH) {
        forecaster.forecast_all(&members(batch.iter().copied())).into_iter().for_each(|forecast| soonest.add(forecast));
    }
    soonest
}

/// A forecaster trained on all mailboxes that computes the levels at these dates.
pub(crate) fn learn(context: &Context, level_dates: LevelDates, all: &[MailboxSeries]) -> PooledForecaster {
    PooledForecaster::learn(&context.forecast_options(level_dates), context.constants(), &members(all))
}

fn members<'a>(mailboxes: impl IntoIterator<Item = &'a MailboxSeries>) -> Vec<Member<'a>> {
    let member = |mailbox: &'a MailboxSeries| Member { domain: mailbox.domain.as_deref(), series: &mailbox.series };
    mailboxes.into_iter().map(member).collect()
}
