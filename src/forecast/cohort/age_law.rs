//! The model of the date by the ages of the mail: one scan alone, then more and more the survival rates.

use super::{FirstScan, Projection, Survival, weight};
use crate::forecast::passage::{Grid, Passage};
use crate::model::series::ages::Ages;

/// Least share of the mail in the used amount.
const LEAST_SHARE: f64 = 0.3;
/// Until the scans span this many days, the model of the first scan keeps half of the weight.
const LEARNING_DAYS: f64 = 35.0;

/// The model of one series.
#[derive(Clone, Debug)]
pub(crate) struct AgeLaw {
    first: FirstScan,
    projection: Option<Projection>,
    /// Weight of the projection beside the model of the first scan.
    projected: f64,
    /// Mail for each unit of the series: blocks and indexes grow with the mail.
    units: f64,
    /// Weight beside the models of the levels, from 0 to 1.
    pub weight: f64,
    /// Whether all scans show a retention rule.
    has_rule: bool,
}

impl AgeLaw {
    /// `scans` are those of the store, the oldest first; `level` is the present one. `None` without scans, or with too little
    /// mail.
    pub(crate) fn fit(scans: &[Ages], level: f64) -> Option<AgeLaw> {
        let last = scans.last()?;
        let weeks = last.weeks();
        let first = FirstScan::new(&weeks)?;
        let units = last.total() / level;
        if units.is_nan() || units < LEAST_SHARE {
            return None;
        }
        let survival = (scans.len() > 1).then(|| Survival::learn(scans));
        let projection = survival.as_ref().and_then(|survival| Projection::new(&weeks, survival));
        let learns = last.days_since(&scans[0]) < LEARNING_DAYS;
        Some(AgeLaw {
            first,
            projected: match &projection {
                None => 0.0,
                Some(_) if learns => 0.5,
                Some(_) => 1.0,
            },
            projection,
            units,
            weight: weight::earned(scans),
            has_rule: survival.is_some_and(|survival| survival.edge().is_some()),
        })
    }

    /// The passage of a free space above zero.
    pub(crate) fn passage(&self, free: f64, grid: &Grid) -> Passage {
        let need = free * self.units;
        let first = || self.first.passage(need, grid);
        match &self.projection {
            None => first(),
            Some(projection) if self.projected < 1.0 => first().mixed(&projection.passage(need, grid), self.projected),
            Some(projection) => projection.passage(need, grid),
        }
    }

    /// The projected level `days` ahead if a retention rule applies, which past levels do not show.
    pub(crate) fn plateau(&self, days: f64) -> Option<f64> {
        let projection = self.projection.as_ref().filter(|_| self.has_rule)?;
        Some(projection.level(days) / self.units)
    }

    /// The reason for the width of the range after a single scan.
    pub(crate) fn reason(&self) -> Option<String> {
        self.projection.is_none().then(|| self.first.reason().to_string())
    }
}
