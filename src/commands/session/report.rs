//! Gathers everything for the report.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::{Session, present, quotas};
use crate::commands::{Context, output};
use crate::forecast::{Forecast, Forecaster, record::resolve};
use crate::history::{names, series::HistorySeries};
use crate::model::series::{EventKind, KnownEvent, Resource, Series};
use crate::model::{dates::utc_day, error::Result, escape};
use crate::output::mail::{self, Address, OwnMailbox};
use crate::output::{chart::Format, picture::Picture};
use crate::planning::growth::change::{self, ChangeScope, SeriesEvents, UsageChange};
use crate::planning::growth::load::scans::{Pair, Scans};
use crate::planning::growth::mailboxes::{self, StoreChange};
use crate::planning::report::{EarlierForecast, LastScan, Report, ResourceForecast, StoreGrowth, Subject};
use crate::planning::verdict::{self, Status};
use crate::planning::{growth::large_messages, mailbox_series::MailboxSeries, whatif::Comparison};
use crate::settings::Settings;

/// Mailboxes in each table.
const MOST_MAILBOXES: usize = 10;
/// The growth of mailboxes begins at the last scan at least this many days before the newest: four weeks, less half a day
/// between the times of two scans.
const GROWTH_DAYS: f64 = 27.5;
/// A store whose last scan is more days older than that of its volume is gone.
const GONE_DAYS: i32 = 28;

impl Session<'_> {
    /// Builds the report and draws the pictures of each subject, none without a format. Each reader whose own mailbox is on
    /// one of the stores is warned.
    ///
    /// # Errors
    /// If the history cannot be read, or there is nothing to forecast in it.
    pub fn report(&self, format: Option<Format>, readers: &[Address]) -> Result<(Report, Vec<Vec<Picture>>)> {
        let Session { context, history, entries, .. } = self;
        let series = self.series(&[])?;
        let forecaster = context.forecaster();
        let forecasts = forecaster.forecast_all(series.iter().map(|one| &one.series));
        let mut scans = Scans::new(history, entries);
        let (pairs, stores) = (scans.pairs(&context.limits()), scans.stores(GROWTH_DAYS));
        let unread = scans.unread();
        unread.iter().for_each(output::warn_error);
        let line = |(one, forecast): (&HistorySeries, Forecast)| {
            let before = self.before(&forecaster, &pairs, &one.series);
            self.line(&one.series, forecast, before)
        };
        let mut lines: Vec<ResourceForecast> = series.iter().zip(forecasts).map(line).collect();
        lines.sort_by_key(|line| (Reverse(line.verdict.status), verdict::urgency(&line.forecast)));
        let mut subjects = subjects(lines);
        let scenarios = &context.settings.report.what_if;
        let mut what_ifs = if scenarios.is_empty() { Vec::new() } else { self.compare(&series, scenarios) };
        for subject in &mut subjects {
            let is_of = |comparison: &mut Comparison| comparison.base.forecast.series == subject.name;
            subject.what_ifs = what_ifs.extract_if(.., is_of).collect();
        }
        let hosts = entries.iter().map(|entry| &entry.host);
        let hosts = hosts.chain(self.imports.iter().map(|import| &import.target.host)).cloned();
        let hosts: Vec<String> = hosts.collect::<BTreeSet<_>>().into_iter().collect();
        let stores = growth(context, &pairs, stores, &series, &mut subjects);
        quota_growth(context, &self.mailboxes(), &mut subjects, &stores);
        let mut warnings = own_mailboxes(readers, &hosts, &subjects, &stores);
        if !self.damaged.is_empty() || !unread.is_empty() {
            warnings.push("Damaged snapshots are left out: `mailrunway history verify` names them.".to_owned());
        }
        warnings.extend(present::read_only_volumes(&series).into_iter().map(|warning| format!("{warning}.")));
        warnings.extend(self.partial().into_iter().map(|sentence| format!("{sentence}.")));
        let pictures = match format {
            None => Vec::new(),
            Some(format) => self.draw(format, &series, &subjects, &stores)?,
        };
        let report = Report {
            hosts,
            today: context.today,
            last_scan: entries.last().map(|entry| LastScan {
                taken_at: entry.taken_at,
                snapshots: entries.len(),
                complete: entry.complete,
            }),
            policy: context.settings.policy,
            horizon: context.settings.horizon,
            units: context.units,
            warnings,
            subjects,
        };
        Ok((report, pictures))
    }

    fn line(&self, series: &Series, forecast: Forecast, before: Option<EarlierForecast>) -> ResourceForecast {
        let Settings { policy, horizon, .. } = &self.context.settings;
        let verdict = verdict::judge(&forecast, policy, self.context.today);
        let headline = verdict::headline(&forecast, &verdict, *horizon, self.context.units);
        ResourceForecast { before, resolved: resolve(self.issued(), series), forecast, verdict, headline }
    }

    /// The forecast as of the scan with which the change begins.
    fn before(&self, forecaster: &Forecaster, pairs: &[Pair], series: &Series) -> Option<EarlierForecast> {
        let newest = series.observations.last()?.time;
        let since = pairs.iter().find(|pair| pair.series == series.name)?.since?;
        let known = Series { spread: series.spread, ..series.until(since) };
        let forecast = forecaster.forecast(&known)?;
        // As far from that scan as today is from the newest.
        let today = utc_day(since).saturating_add(self.context.today - utc_day(newest));
        let verdict = verdict::judge(&forecast, &self.context.settings.policy, today);
        Some(EarlierForecast { forecast, verdict })
    }
}

/// A warning for each reader whose own mailbox is on a store that fills up, because mail would no longer reach it.
fn own_mailboxes(
    readers: &[Address],
    hosts: &[String],
    subjects: &[Subject],
    stores: &[Vec<StoreChange>],
) -> Vec<String> {
    let urgent = subjects.iter().zip(stores).filter(|(subject, _)| subject.status() > Status::Unknown);
    let real = |name: &String| names::real(name).into_owned();
    let mailboxes = urgent.flat_map(|(_, stores)| stores).flat_map(|store| {
        store.now.mailboxes.iter().map(|mailbox| (store.now.name.as_str(), real(&mailbox.address())))
    });
    let warning = |own: &OwnMailbox| {
        let reader = if names::are_hidden() { "A recipient" } else { own.recipient.mailbox() };
        let (reader, store) = (escape::printable(reader), escape::printable(own.store));
        let advice = "when it is full, no warning arrives there. Send it elsewhere too.";
        format!("{reader} reads this on the store {store} itself: {advice}")
    };
    let hosts: Vec<String> = hosts.iter().map(real).collect();
    mail::own_mailboxes(readers, &hosts, mailboxes).iter().map(warning).collect()
}

/// Adds the change and the growing mailboxes to each subject, and returns the stores of each. A subject without them is
/// better than no report.
fn growth(
    context: &Context,
    pairs: &[Pair],
    mut stores: Vec<StoreChange>,
    series: &[HistorySeries],
    subjects: &mut [Subject],
) -> Vec<Vec<StoreChange>> {
    let mut add = |subject: &mut Subject| {
        let Some(pair) = pairs.iter().find(|pair| pair.series == subject.name) else { return Vec::new() };
        let is_bytes = |one: &&HistorySeries| one.series.name == subject.name && one.series.resource == Resource::Bytes;
        let bytes = series.iter().find(is_bytes);
        let line = subject.lines.iter().find(|line| line.forecast.resource == Resource::Bytes);
        // Steps of the room may be those of others.
        let of_room = bytes.is_some_and(|one| one.series.room.is_some());
        let is_own = |event: &&KnownEvent| !of_room || event.kind != EventKind::Step;
        let known: Vec<KnownEvent> = bytes.iter().flat_map(|one| &one.series.known).filter(is_own).copied().collect();
        let outlook = line.and_then(|line| line.forecast.outlook.as_ref()).filter(|_| !of_room);
        let events = SeriesEvents { known: &known, detected: outlook.map_or(&[][..], |outlook| &outlook.events) };
        let scans = pair.now.as_ref().zip(pair.before.as_ref());
        subject.change = scans.and_then(|(now, before)| change::between(&pair.of, now, before, events)).map(listed);
        let is_there = |store: &StoreChange| (utc_day(pair.at) - store.to).get_days() <= GONE_DAYS;
        let is_on_it = |store: &mut StoreChange| {
            let lies_there = match &pair.of {
                ChangeScope::Volume(mount) => store.volume.as_ref() == Some(mount),
                ChangeScope::Store(name) => store.now.name == *name,
            };
            store.host == pair.host && lies_there && is_there(store)
        };
        let its: Vec<StoreChange> = stores.extract_if(.., is_on_it).collect();
        subject.growing = (!its.is_empty()).then(|| growing(context, &its));
        its
    };
    subjects.iter_mut().map(&mut add).collect()
}

/// The change, without lists of names where those are left out.
fn listed(change: UsageChange) -> UsageChange {
    match names::are_left_out() {
        true => UsageChange { domains: Vec::new(), mailboxes: Vec::new(), folders: Vec::new(), ..change },
        false => change,
    }
}

fn growing(context: &Context, stores: &[StoreChange]) -> StoreGrowth {
    let quota = |address: &str| Some(context.quota(address)?.limit?.0);
    let most = if names::are_left_out() { 0 } else { MOST_MAILBOXES };
    StoreGrowth {
        largest: mailboxes::largest(stores, most),
        growers: mailboxes::growers(stores, most),
        quotas: None,
        fullest: mailboxes::quota_use(stores, quota, most),
        reclaimable: mailboxes::reclaimable(stores),
        grown: mailboxes::grown(stores),
        large: large_messages::very_large(stores, most),
    }
}

/// Adds to each subject the mailboxes of its stores that reach their quota first.
fn quota_growth(context: &Context, mailboxes: &[MailboxSeries], subjects: &mut [Subject], stores: &[Vec<StoreChange>]) {
    if mailboxes.is_empty() {
        return;
    }
    let forecaster = quotas::without_levels(context, mailboxes);
    for (subject, stores) in subjects.iter_mut().zip(stores) {
        let Some(growing) = &mut subject.growing else { continue };
        let is_in = |mailbox: &MailboxSeries, store: &StoreChange| {
            let of = mailbox.series.identity.fields("");
            of.host == Some(&store.host) && of.store == Some(&store.now.name)
        };
        let its: Vec<&MailboxSeries> =
            mailboxes.iter().filter(|mailbox| stores.iter().any(|store| is_in(mailbox, store))).collect();
        growing.quotas = (!its.is_empty()).then(|| quotas::soonest(context, &forecaster, &its));
    }
}

/// Groups the lines by series, in the order of the first line of each.
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
