//! The law of the date by the ages of the mail: after one scan what it says alone, then more and more by what survives.

use super::{FirstScan, Projection, Survival, weight};
use crate::forecast::passage::{Grid, Passage};
use crate::model::quantiles::Quantiles;
use crate::model::series::ages::Ages;

/// Mail that is less than this share of what is in use says nothing of its growth.
const LEAST_SHARE: f64 = 0.3;
/// Until scans span so many days the survival is not known well: the first scan's law keeps half of the weight.
const LEARNING_DAYS: f64 = 35.0;

/// What the ages say of one series.
#[derive(Clone, Debug)]
pub(crate) struct AgeLaw {
    first: FirstScan,
    projection: Option<Projection>,
    /// How much of the projection there is beside the law of the first scan.
    projected: f64,
    /// Units of mail for each unit of the series: blocks and indexes grow as the mail does.
    units: f64,
    /// The level now, in units of the series.
    level: f64,
    /// How far it is to be believed beside a law of the level, from 0 to 1.
    pub weight: f64,
    /// Whether mail is deleted when it has a certain age, as all scans say.
    has_rule: bool,
}

impl AgeLaw {
    /// From the scans of the store that fills the series, the oldest first, and the level now; `None` where there is none,
    /// or the mail is the smaller part of what is in use.
    pub(crate) fn fit(scans: &[Ages], level: f64) -> Option<AgeLaw> {
        let last = scans.last()?;
        let first = FirstScan::new(last)?;
        let units = last.total() / level;
        if units.is_nan() || units < LEAST_SHARE {
            return None;
        }
        let survival = (scans.len() > 1).then(|| Survival::learn(scans));
        let projection = survival.as_ref().and_then(|survival| Projection::new(last, survival));
        let learns = last.day() - scans[0].day() < LEARNING_DAYS;
        Some(AgeLaw {
            first,
            projected: if projection.is_none() {
                0.0
            } else if learns {
                0.5
            } else {
                1.0
            },
            projection,
            units,
            level,
            weight: weight::earned(scans),
            has_rule: survival.is_some_and(|survival| survival.edge().is_some()),
        })
    }

    /// When so many units more, above zero, are in use.
    pub(crate) fn passage(&self, free: f64, grid: &Grid) -> Passage {
        let need = free * self.units;
        let first = || self.first.passage(need, grid);
        match &self.projection {
            None => first(),
            Some(projection) if self.projected < 1.0 => first().mixed(&projection.passage(need, grid), self.projected),
            Some(projection) => projection.passage(need, grid),
        }
    }

    /// The quantiles of the level so many days ahead.
    pub(crate) fn level(&self, days: f64) -> Quantiles<f64> {
        Quantiles::from_fn(|p| self.level + self.gain(days, 1.0 - p))
    }

    /// The level so many days ahead if mail comes and goes as it does, where a rule deletes it: what no look at levels alone
    /// can know.
    pub(crate) fn plateau(&self, days: f64) -> Option<f64> {
        let projection = self.projection.as_ref().filter(|_| self.has_rule)?;
        Some(projection.level(days) / self.units)
    }

    /// What decided the range, if it was told by one scan alone.
    pub(crate) fn reason(&self) -> Option<String> {
        self.projection.is_none().then(|| self.first.reason().to_string())
    }

    /// The gain that is reached with that probability, by halving.
    fn gain(&self, days: f64, share: f64) -> f64 {
        let (mut low, mut high) = (0.0, MOST_GAIN);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if self.has(middle * self.level, days) >= share { low = middle } else { high = middle }
        }
        low * self.level
    }

    /// The probability that so much more is in use so many days on.
    fn has(&self, gain: f64, days: f64) -> f64 {
        let need = gain * self.units;
        let first = self.first.has(need, days);
        let Some(projection) = &self.projection else { return first };
        (1.0 - self.projected) * first + self.projected * projection.has(need, days)
    }
}

/// No store gains more than so many times its level.
const MOST_GAIN: f64 = 64.0;
/// Down to a millionth of the level.
const HALVINGS: u32 = 26;
