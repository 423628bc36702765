//! The evidence of a forecast: past levels, ages of the mail, or both.

use super::passage::{Grid, Passage};
use super::{Event, Trend, cohort::AgeLaw, constants::Constants, events, fan::Gains, gain::GainLaw, past::Past};
use crate::model::series::{Observation, Series};

/// The evidence on a series.
#[derive(Debug)]
pub(super) struct Evidence<'a> {
    series: &'a Series,
    constants: &'a Constants,
    past: Option<Past>,
    ages: Option<AgeLaw>,
}

impl<'a> Evidence<'a> {
    /// `None` without any evidence.
    pub(super) fn gather(series: &'a Series, constants: &'a Constants) -> Option<Evidence<'a>> {
        let past = Past::from_series(series);
        let level = past.as_ref().map_or_else(|| series.used(), |past| Some(past.level))?;
        let ages = AgeLaw::fit(&series.ages, level.max(1.0));
        (past.is_some() || ages.is_some()).then_some(Evidence { series, constants, past, ages })
    }

    /// What the level does; mail that arrives by the ages of one scan is growth.
    pub(super) fn trend(&self) -> Trend {
        self.past.as_ref().map_or(Trend::Grows, Past::trend)
    }

    /// The observations that do not count.
    pub(super) fn left_out(&self) -> Vec<Observation> {
        self.past.as_ref().map_or_else(Vec::new, |past| past.left_out.clone())
    }

    /// The days between regular clear-outs.
    pub(super) fn clear_outs(&self) -> Option<f64> {
        self.past.as_ref()?.clear_outs
    }

    /// The level that the forecast starts from, in units of the resource.
    pub(super) fn level(&self) -> f64 {
        self.past.as_ref().map_or_else(|| self.series.used().unwrap_or(0.0), Past::now)
    }

    /// The law of all gains.
    pub(super) fn law(&self) -> Law<'_> {
        Law { evidence: self, past: self.past.as_ref().map(|past| GainLaw::fit(past, self.constants)) }
    }

    /// The events removed from the growth, by date.
    pub(super) fn events(&self) -> Vec<Event> {
        let of_past = |past: &Past| events::ledger(&past.organic, &self.series.observations, &past.known, past.step);
        self.past.as_ref().map_or_else(Vec::new, of_past)
    }

    /// The reason for the width of the range, if the ages are the only evidence.
    pub(super) fn reason(&self) -> Option<String> {
        match self.past {
            Some(_) => None,
            None => self.ages.as_ref().and_then(AgeLaw::reason),
        }
    }
}

/// The law of all gains of a series, widened or narrowed by the record of its forecasts.
#[derive(Debug)]
pub(super) struct Law<'a> {
    evidence: &'a Evidence<'a>,
    past: Option<GainLaw<'a>>,
}

impl Law<'_> {
    /// The first passage of a gain above zero: a mixture of levels and ages by the weight of the ages.
    pub(super) fn passage(&self, gain: f64, grid: &Grid) -> Passage {
        let passage = match (&self.past, &self.evidence.ages) {
            (Some(past), Some(ages)) => past.passage(gain, grid).mixed(&ages.passage(gain, grid), ages.weight),
            (Some(past), None) => past.passage(gain, grid),
            (None, Some(ages)) => ages.passage(gain, grid),
            (None, None) => Passage::never(grid),
        };
        passage.widened(self.evidence.series.spread)
    }

    /// The gains after some days, less what a retention rule takes beyond what arrives: past levels do not show it.
    pub(super) fn gains(&self, days: f64) -> Gains {
        let level = self.evidence.level();
        let plateau = self.evidence.ages.as_ref().and_then(|ages| ages.plateau(days));
        let lost = plateau.map_or(0.0, |plateau| (level - plateau).max(0.0));
        let grid = Grid::around(days);
        let reached = |gain: f64| self.passage(gain, &grid).share_within(days);
        let stands =
            |gain: f64, reached: f64| self.past.as_ref().map_or(reached, |past| past.stands(gain, days, reached));
        Gains::new(level, reached, stands).less(lost)
    }
}
