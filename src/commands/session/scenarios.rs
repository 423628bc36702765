//! Scenarios, compared with a series without changes.

use std::path::{Path, PathBuf};

use super::{Session, sample};
use crate::commands::output;
use crate::history::{names, series::HistorySeries};
use crate::model::snapshot::Mailbox;
use crate::planning::whatif::{Comparison, Compression, Holdings, Scenario, load};

impl Session<'_> {
    /// Each series without changes and under each scenario; a scenario that cannot be computed has an error.
    /// Warns of snapshots that cannot be read.
    pub(in crate::commands) fn compare(&self, series: &[HistorySeries], scenarios: &[Scenario]) -> Vec<Comparison> {
        let scenarios: &[Scenario] = &scenarios
            .iter()
            .map(|one| one.with_domains(|domain| names::domain(domain).into_owned()))
            .collect::<Vec<_>>();
        let context = self.context;
        let forecaster = context.forecaster();
        let how = (&context.settings.policy, context.today, context.units);
        let compared = series.iter().filter_map(|one| {
            let holdings = self.holdings(one, scenarios);
            Comparison::new(&forecaster, &one.series, scenarios, &holdings, how)
        });
        compared.collect()
    }

    /// The contents of a series' stores that the scenarios need.
    fn holdings(&self, series: &HistorySeries, scenarios: &[Scenario]) -> Holdings {
        if !scenarios.iter().any(Scenario::needs_holdings) {
            return Holdings::default();
        }
        let with_mailboxes = scenarios.iter().any(Scenario::needs_mailboxes);
        let how = (series.series.resource, with_mailboxes);
        let (holdings, unread) = load::holdings(&self.history, &self.entries, &series.stores, how);
        unread.iter().for_each(output::warn_error);
        let needs_sample = scenarios.iter().any(Scenario::needs_sample);
        let compression = if needs_sample { self.compression(series) } else { None };
        Holdings { compression, ..holdings }
    }

    /// The compression of a sample of the mail; `None` if too little can be read on this machine.
    fn compression(&self, series: &HistorySeries) -> Option<Compression> {
        let here = self.context.host();
        let entries = &self.entries;
        // With several machines in the history, a path of another machine may exist here too.
        let are_several = entries.iter().any(|entry| entry.host != entries[0].host);
        let mut unread = Vec::new();
        let mut stores: Vec<(PathBuf, Vec<Mailbox>)> = Vec::new();
        for (host, store) in series.stores.iter().filter(|(host, _)| !are_several || *host == here) {
            let found = self.history.last_mailboxes(entries, (host, store), &mut unread);
            stores.extend(
                found.map(|(root, mailboxes)| (real(&root), mailboxes.into_iter().map(at_real_path).collect())),
            );
        }
        unread.iter().for_each(output::warn_error);
        let mailboxes: Vec<(&Path, &Mailbox)> =
            stores.iter().flat_map(|(root, mailboxes)| mailboxes.iter().map(|m| (root.as_path(), m))).collect();
        sample::compression(&mailboxes)
    }
}

/// A directory, whose name may be hidden.
fn real(directory: &Path) -> PathBuf {
    directory.to_str().map_or_else(|| directory.to_owned(), |path| names::real(path).into_owned().into())
}

fn at_real_path(mailbox: Mailbox) -> Mailbox {
    Mailbox { path: names::real(&mailbox.path).into_owned(), ..mailbox }
}
