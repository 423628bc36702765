//! The quotas of mailboxes, after the volumes and stores: who reaches theirs soon?

use std::cmp::Reverse;

use jiff::civil::Date;

use super::super::{Context, output};
use super::BATCH;
use crate::error::Result;
use crate::escape;
use crate::forecast::pool::Member;
use crate::forecast::{Forecast, PooledForecaster, State, json};
use crate::history::quotas::{MailboxSeries, Quota};
use crate::history::{Entry, History};
use crate::table;
use crate::verdict;

/// Mailboxes in the table.
const MOST_MAILBOXES: usize = 10;

/// The series of all mailboxes that have a quota in the settings.
pub fn of_entries(context: &Context, history: &History, entries: &[Entry]) -> Vec<MailboxSeries> {
    if context.settings.quotas.is_empty() {
        return Vec::new();
    }
    let quota = |address: &str| {
        let quota = context.settings.quota(address);
        quota.map_or_else(Quota::default, |quota| Quota { bytes: quota.limit, messages: quota.messages })
    };
    let (mailboxes, unread) = history.quotas(entries, quota);
    unread.iter().for_each(output::warn_error);
    if mailboxes.is_empty() {
        output::warn(
            "no mailbox has a quota",
            "see whether a [[quota]] of the settings fits user@domain, as `history show` has it",
        );
    }
    mailboxes
}

/// Those that go by some names, of themselves or of their domain; all where none is named.
pub fn named<'a>(mailboxes: &'a [MailboxSeries], names: &[String]) -> Vec<&'a MailboxSeries> {
    let is_meant = |mailbox: &&MailboxSeries| names.is_empty() || names.iter().any(|name| mailbox.goes_by(name));
    mailboxes.iter().filter(is_meant).collect()
}

/// Prints a line of JSON each.
///
/// # Errors
/// If standard output cannot be written.
pub fn print_json(context: &Context, at: &[Date], all: &[MailboxSeries], chosen: &[&MailboxSeries]) -> Result<()> {
    let forecaster = learn(context, at.to_vec(), all);
    for batch in chosen.chunks(BATCH) {
        let forecasts = forecaster.forecast_all(&members(batch.iter().copied()));
        output::print(&forecasts.iter().map(|forecast| json::line(forecast) + "\n").collect::<String>())?;
    }
    Ok(())
}

/// Prints how many are expected to reach their quota within the lead time, and who is the first.
///
/// # Errors
/// If standard output cannot be written.
pub fn print_text(context: &Context, all: &[MailboxSeries], chosen: &[&MailboxSeries]) -> Result<()> {
    // No level is shown here, and of all that a forecast says the levels take longest: they are asked for in the past.
    let forecaster = learn(context, vec![Date::MIN], all);
    let mut soonest = Soonest::default();
    for batch in chosen.chunks(BATCH) {
        for forecast in forecaster.forecast_all(&members(batch.iter().copied())) {
            soonest.add(context, &forecast);
        }
    }
    output::print(&soonest.text(context))
}

fn learn(context: &Context, level_dates: Vec<Date>, all: &[MailboxSeries]) -> PooledForecaster {
    PooledForecaster::learn(&context.forecast_options(level_dates), context.constants(), &members(all))
}

fn members<'a>(mailboxes: impl IntoIterator<Item = &'a MailboxSeries>) -> Vec<Member<'a>> {
    let member = |mailbox: &'a MailboxSeries| Member { domain: mailbox.domain.as_deref(), series: &mailbox.series };
    mailboxes.into_iter().map(member).collect()
}

/// The first to reach their quotas, of forecasts that come one after the other: those of all are too many to keep.
#[derive(Debug, Default)]
struct Soonest {
    mailboxes: Counted,
    expected: Counted,
    /// Those of whom there is a forecast, the soonest first.
    rows: Vec<Row>,
}

/// How many names there are, of which each comes twice at most: with its bytes and with its messages, one after the other.
#[derive(Debug, Default)]
struct Counted {
    count: usize,
    last: Option<String>,
}

impl Counted {
    fn add(&mut self, name: &str) {
        if self.last.as_deref() != Some(name) {
            self.count += 1;
            self.last = Some(name.to_owned());
        }
    }
}

/// The median date, those beyond the horizon last; among them the more probable first.
type Urgency = (bool, Option<Date>, Reverse<u64>);

#[derive(Debug)]
struct Row {
    urgency: Urgency,
    cells: [String; 4],
}

impl Soonest {
    fn add(&mut self, context: &Context, forecast: &Forecast) {
        self.mailboxes.add(&forecast.series);
        let Some(exhaustion) = forecast.exhaustion() else { return };
        let policy = &context.settings.policy;
        if exhaustion.p50.is_some_and(|date| date <= policy.lead_time_ends(context.today)) {
            self.expected.add(&forecast.series);
        }
        let within = verdict::judge(forecast, policy, context.today).full_within_lead_time.unwrap_or(0.0);
        let urgency = (exhaustion.p50.is_none(), exhaustion.p50, Reverse((within * 1e9) as u64));
        let place = self.rows.partition_point(|row| row.urgency <= urgency);
        if place >= MOST_MAILBOXES {
            return;
        }
        let is_reached = forecast.state == State::Already;
        let when = match is_reached {
            true => "reached".to_owned(),
            false => verdict::when(&exhaustion, context.settings.horizon),
        };
        let within = if is_reached { "reached".to_owned() } else { verdict::percent(within) };
        let name = escape::printable(&forecast.series).into_owned();
        let limit = forecast.limit.unwrap_or(f64::INFINITY);
        let used = forecast.resource.show_of(forecast.used, limit, context.units);
        self.rows.insert(place, Row { urgency, cells: [name, used, when, within] });
        self.rows.truncate(MOST_MAILBOXES);
    }

    fn text(&self, context: &Context) -> String {
        let lead_time = context.settings.policy.lead_time;
        let (expected, mailboxes) = (self.expected.count, self.mailboxes.count);
        let head =
            format!("quotas: {expected} of {mailboxes} mailboxes are expected to reach theirs within {lead_time}\n");
        if self.rows.is_empty() {
            return head + "    there is too little history to tell when any of them is there\n";
        }
        let within = format!("P(within {lead_time})");
        let rows: Vec<Vec<String>> = self.rows.iter().map(|row| row.cells.to_vec()).collect();
        head + &table::plain(&["mailbox", "in use", "reached", &within], &rows, 3)
    }
}
