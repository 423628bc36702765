//! Gathers everything that the report tells.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::{Session, pictures, quotas};
use crate::commands::{Context, output};
use crate::forecast::record::resolve;
use crate::forecast::{Forecast, Forecaster};
use crate::history::SnapshotEntry;
use crate::history::issued::IssuedForecast;
use crate::history::series::HistorySeries;
use crate::model::dates::utc_day;
use crate::model::error::Result;
use crate::model::escape;
use crate::model::series::{Resource, Series};
use crate::output::chart::Format;
use crate::output::mail;
use crate::output::mail::Address;
use crate::output::picture::Picture;
use crate::planning::growth::change;
use crate::planning::growth::change::{ChangeScope, SeriesEvents};
use crate::planning::growth::large_messages;
use crate::planning::growth::load::scans::Pair;
use crate::planning::growth::load::scans::Scans;
use crate::planning::growth::mailboxes;
use crate::planning::growth::mailboxes::StoreChange;
use crate::planning::mailbox_series::MailboxSeries;
use crate::planning::report::{EarlierForecast, LastScan, Report, ResourceForecast, StoreGrowth, Subject};
use crate::planning::verdict;
use crate::planning::verdict::Status;
use crate::planning::whatif::Comparison;

/// Mailboxes in each table.
const MOST_MAILBOXES: usize = 10;
/// Growth of mailboxes is measured from the last scan that lies at least so many days before the newest: four weeks, less
/// what one scan may begin earlier than another.
const GROWTH_DAYS: f64 = 27.5;
/// A store that was last scanned so many days before its volume is no longer there.
const GONE_DAYS: i32 = 28;

impl Session<'_> {
    /// Builds the report, with a warning for each reader whose own mailbox lies on one of its stores, and draws the
    /// pictures of each subject, in the order of the subjects; none without a format.
    ///
    /// # Errors
    /// If the history cannot be read, or there is nothing to forecast in it.
    pub fn report(&self, format: Option<Format>, readers: &[Address]) -> Result<(Report, Vec<Vec<Picture>>)> {
        let Session { context, history, entries, .. } = self;
        let issued = self.issued();
        let series = self.series(&[])?;
        let forecaster = context.forecaster(Vec::new());
        let forecasts = forecaster.forecast_all(series.iter().map(|held| &held.series));
        let mut scans = Scans::new(history, entries);
        let (pairs, stores) = (scans.pairs(&context.limits()), scans.stores(GROWTH_DAYS));
        scans.unread().iter().for_each(output::warn_error);
        let asked = Asked { context, forecaster: &forecaster, issued, pairs: &pairs };
        let told = series.iter().zip(forecasts);
        let mut lines: Vec<ResourceForecast> =
            told.map(|(held, forecast)| asked.line(&held.series, forecast)).collect();
        lines.sort_by_key(|line| (Reverse(line.verdict.status), verdict::urgency(&line.forecast)));
        let mut subjects = subjects(lines);
        let scenarios = &context.settings.report.what_if;
        let mut what_ifs = match scenarios.is_empty() {
            true => Vec::new(),
            false => self.compare(&series, scenarios)?,
        };
        for subject in &mut subjects {
            let is_of = |comparison: &mut Comparison| comparison.base.forecast.series == subject.name;
            subject.what_ifs = what_ifs.extract_if(.., is_of).collect();
        }
        let hosts: Vec<String> =
            entries.iter().map(|entry| entry.host.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        let stores = growth(context, &pairs, stores, &series, &mut subjects);
        quota_growth(context, &self.mailboxes(), &mut subjects, &stores);
        let warnings = own_mailboxes(readers, &hosts, &subjects, &stores);
        let pictures = match format {
            None => Vec::new(),
            Some(format) => pictures::Sources { context, history, entries, series: &series, issued, format }
                .draw(&subjects, &stores)?,
        };
        let report = Report {
            hosts,
            today: context.today,
            last_scan: entries.last().map(|entry| last_scan(entry, entries.len())),
            policy: context.settings.policy,
            horizon: context.settings.horizon,
            units: context.units,
            warnings,
            subjects,
        };
        Ok((report, pictures))
    }
}

fn last_scan(entry: &SnapshotEntry, snapshots: usize) -> LastScan {
    LastScan { taken_at: entry.taken_at, snapshots, complete: entry.complete }
}

/// A sentence for each reader whose own mailbox lies on a store that is about to be full: the warning would not reach them
/// when it is.
fn own_mailboxes(
    readers: &[Address],
    hosts: &[String],
    subjects: &[Subject],
    stores: &[Vec<StoreChange>],
) -> Vec<String> {
    let is_told = subjects.iter().zip(stores).filter(|(subject, _)| subject.status() > Status::Unknown);
    let mailboxes = is_told
        .flat_map(|(_, stores)| stores)
        .flat_map(|store| store.now.mailboxes.iter().map(|mailbox| (store.now.name.as_str(), mailbox.address())));
    mail::own_mailboxes(readers, hosts, mailboxes)
        .iter()
        .map(|own| {
            format!(
                "{} reads this on the store {} itself: when it is full, no warning arrives there. Send it elsewhere too.",
                escape::printable(own.recipient.mailbox()),
                escape::printable(own.store)
            )
        })
        .collect()
}

/// Tells each subject what changed and who grows, and returns the stores that each tells of. A date without a table is
/// better than no report.
fn growth(
    context: &Context,
    pairs: &[Pair],
    mut stores: Vec<StoreChange>,
    series: &[HistorySeries],
    subjects: &mut [Subject],
) -> Vec<Vec<StoreChange>> {
    let mut told = Vec::new();
    for subject in subjects {
        let Some(pair) = pairs.iter().find(|pair| pair.series == subject.name) else {
            told.push(Vec::new());
            continue;
        };
        let is_bytes =
            |held: &&HistorySeries| held.series.name == subject.name && held.series.resource == Resource::Bytes;
        let bytes = series.iter().find(is_bytes);
        let line = subject.lines.iter().find(|line| line.forecast.resource == Resource::Bytes);
        let events = SeriesEvents {
            known: bytes.map_or(&[][..], |held| &held.series.known),
            detected: line.and_then(|line| line.forecast.outlook.as_ref()).map_or(&[][..], |outlook| &outlook.events),
        };
        let scans = pair.now.as_ref().zip(pair.before.as_ref());
        subject.change = scans.and_then(|(now, before)| change::between(&pair.of, now, before, events));
        let is_there = |store: &StoreChange| (utc_day(pair.at) - store.to).get_days() <= GONE_DAYS;
        let is_its = |store: &mut StoreChange| {
            let lies_there = match &pair.of {
                ChangeScope::Volume(mount) => store.volume.as_ref() == Some(mount),
                ChangeScope::Store(name) => store.now.name == *name,
            };
            store.host == pair.host && lies_there && is_there(store)
        };
        let its: Vec<StoreChange> = stores.extract_if(.., is_its).collect();
        subject.growing = (!its.is_empty()).then(|| growing(context, &its));
        told.push(its);
    }
    told
}

fn growing(context: &Context, stores: &[StoreChange]) -> StoreGrowth {
    let quota = |address: &str| Some(context.settings.quota(address)?.limit?.0);
    StoreGrowth {
        largest: mailboxes::largest(stores, MOST_MAILBOXES),
        growers: mailboxes::growers(stores, MOST_MAILBOXES),
        quotas: None,
        fullest: mailboxes::quota_use(stores, quota, MOST_MAILBOXES),
        reclaimable: mailboxes::reclaimable(stores),
        grown: mailboxes::grown(stores),
        large: large_messages::very_large(stores, MOST_MAILBOXES),
    }
}

/// Tells each subject who of its stores reaches their quota first.
fn quota_growth(context: &Context, mailboxes: &[MailboxSeries], subjects: &mut [Subject], stores: &[Vec<StoreChange>]) {
    if mailboxes.is_empty() {
        return;
    }
    let forecaster = quotas::without_levels(context, mailboxes);
    for (subject, stores) in subjects.iter_mut().zip(stores) {
        let Some(growing) = &mut subject.growing else { continue };
        let is_in = |mailbox: &MailboxSeries, store: &StoreChange| {
            *mailbox.host == *store.host && *mailbox.store == *store.now.name
        };
        let its: Vec<&MailboxSeries> =
            mailboxes.iter().filter(|mailbox| stores.iter().any(|store| is_in(mailbox, store))).collect();
        growing.quotas = (!its.is_empty()).then(|| quotas::soonest(context, &forecaster, &its));
    }
}

/// What runs out, gathered by its name, in the order of the first line of each.
fn subjects(lines: Vec<ResourceForecast>) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = Vec::new();
    for line in lines {
        match subjects.iter_mut().find(|subject| subject.name == line.forecast.series) {
            Some(subject) => subject.lines.push(line),
            None => {
                let name = line.forecast.series.clone();
                subjects.push(Subject { name, lines: vec![line], change: None, growing: None, what_ifs: Vec::new() });
            }
        }
    }
    subjects
}

/// What is asked of every series.
struct Asked<'a> {
    context: &'a Context,
    forecaster: &'a Forecaster,
    issued: &'a [IssuedForecast],
    pairs: &'a [Pair],
}

impl Asked<'_> {
    fn line(&self, series: &Series, forecast: Forecast) -> ResourceForecast {
        let Asked { context, issued, .. } = *self;
        let verdict = verdict::judge(&forecast, &context.settings.policy, context.today);
        let headline = verdict::headline(&forecast, &verdict, context.settings.horizon, context.units);
        ResourceForecast { before: self.before(series), resolved: resolve(issued, series), forecast, verdict, headline }
    }

    /// What the same model says of what was known at the scan from which on the change is told.
    fn before(&self, series: &Series) -> Option<EarlierForecast> {
        let newest = series.observations.last()?.time;
        let since = self.pairs.iter().find(|pair| pair.series == series.name)?.since?;
        let known = Series { spread: series.spread, ..series.until(since) };
        let forecast = self.forecaster.forecast(&known)?;
        // As far from the scan as today is from the newest one: a report of the week before.
        let today = utc_day(since).saturating_add(self.context.today - utc_day(newest));
        let verdict = verdict::judge(&forecast, &self.context.settings.policy, today);
        Some(EarlierForecast { forecast, verdict })
    }
}
