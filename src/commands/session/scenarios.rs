//! Scenarios, compared with a series without changes.

use std::path::{Path, PathBuf};

use super::{Session, sample};
use crate::history::series::HistorySeries;
use crate::model::{error::Result, snapshot::Mailbox};
use crate::planning::whatif::{Comparison, Compression, Holdings, Scenario, load};

impl Session<'_> {
    /// Each series without changes and under each scenario; a scenario that cannot be computed has an error.
    ///
    /// # Errors
    /// If a snapshot is damaged.
    pub(in crate::commands) fn compare(
        &self,
        series: &[HistorySeries],
        scenarios: &[Scenario],
    ) -> Result<Vec<Comparison>> {
        let context = self.context;
        let forecaster = context.forecaster();
        let how = (&context.settings.policy, context.today, context.units);
        let compared = series.iter().map(|one| {
            let holdings = self.holdings(one, scenarios)?;
            Ok(Comparison::new(&forecaster, &one.series, scenarios, &holdings, how))
        });
        Ok(compared.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// The contents of a series' stores that the scenarios need.
    fn holdings(&self, series: &HistorySeries, scenarios: &[Scenario]) -> Result<Holdings> {
        if !scenarios.iter().any(Scenario::needs_holdings) {
            return Ok(Holdings::default());
        }
        let with_mailboxes = scenarios.iter().any(Scenario::needs_mailboxes);
        let how = (series.series.resource, with_mailboxes);
        let holdings = load::holdings(&self.history, &self.entries, &series.stores, how)?;
        let needs_sample = scenarios.iter().any(Scenario::needs_sample);
        let compression = if needs_sample { self.compression(series)? } else { None };
        Ok(Holdings { compression, ..holdings })
    }

    /// The compression of a sample of the mail; `None` if too little can be read on this machine.
    fn compression(&self, series: &HistorySeries) -> Result<Option<Compression>> {
        let here = self.context.host();
        let entries = &self.entries;
        // With several machines in the history, a path of another machine may exist here too.
        let are_several = entries.iter().any(|entry| entry.host != entries[0].host);
        let mut stores: Vec<(PathBuf, Vec<Mailbox>)> = Vec::new();
        for (host, store) in series.stores.iter().filter(|(host, _)| !are_several || *host == here) {
            stores.extend(self.history.last_mailboxes(entries, (host, store))?);
        }
        let mailboxes: Vec<(&Path, &Mailbox)> =
            stores.iter().flat_map(|(root, mailboxes)| mailboxes.iter().map(|m| (root.as_path(), m))).collect();
        Ok(sample::compression(&mailboxes))
    }
}
