//! The evidence of a forecast: past levels, ages of the mail, or both.

use super::passage::{Grid, Passage};
use super::{Event, Growth, cohort::AgeLaw, constants::Constants, date::DateLaw, events, level::LevelLaw, student};
use crate::forecast::weekly_history::WeeklyHistory;
use crate::model::{quantiles::Quantiles, series::Series};

/// Date and level were trained separately. The probability of reaching the limit may be lower than that of a level above it
/// by at most this; zero made the dates worse.
const MOST_CONTRADICTION: f64 = 0.02;

/// The evidence on a series.
#[derive(Debug)]
pub(super) struct Evidence<'a> {
    series: &'a Series,
    constants: &'a Constants,
    past: Option<WeeklyHistory>,
    ages: Option<AgeLaw>,
}

impl<'a> Evidence<'a> {
    /// `has_history` tells whether the past levels suffice. `None` without any evidence.
    pub(super) fn gather(series: &'a Series, has_history: bool, constants: &'a Constants) -> Option<Evidence<'a>> {
        let past = if has_history { WeeklyHistory::from_series(series) } else { None };
        let level = past.as_ref().map_or_else(|| series.used(), |past| Some(past.level))?;
        let ages = AgeLaw::fit(&series.ages, level.max(1.0));
        (past.is_some() || ages.is_some()).then_some(Evidence { series, constants, past, ages })
    }

    /// The level that the forecast starts from, in units of the resource.
    pub(super) fn level(&self) -> f64 {
        self.past.as_ref().map_or_else(|| self.series.used().unwrap_or(0.0), WeeklyHistory::now)
    }

    /// The passage of a free space above zero: a mixture of ages and levels by the weight of the ages.
    pub(super) fn passage(&self, free: f64, grid: &Grid) -> Passage {
        let by_levels = |past| {
            let level = LevelLaw::fit(past, &self.constants.level);
            let passage = DateLaw::fit(past, &self.constants.date).passage(free, grid);
            passage.at_least(|days| 1.0 - level.at_most(free, days) - MOST_CONTRADICTION)
        };
        match (&self.past, &self.ages) {
            (Some(past), Some(ages)) => by_levels(past).mixed(&ages.passage(free, grid), ages.weight),
            (Some(past), None) => by_levels(past),
            (None, Some(ages)) => ages.passage(free, grid),
            (None, None) => Passage::never(grid),
        }
    }

    /// The quantiles of the level at some days ahead.
    pub(super) fn levels(&self, days: &[f64]) -> Vec<Quantiles<f64>> {
        let Some(past) = &self.past else {
            return self.ages.iter().flat_map(|ages| days.iter().map(|&days| ages.level(days))).collect();
        };
        let law = LevelLaw::fit(past, &self.constants.level);
        let at = |&days: &f64| {
            let levels = law.quantiles(days);
            // A retention rule causes a plateau, which past levels do not show.
            match self.ages.as_ref().and_then(|ages| ages.plateau(days)) {
                Some(plateau) => levels.map(|level| (level + plateau - levels.p50).max(0.0)),
                None => levels,
            }
        };
        days.iter().map(at).collect()
    }

    /// The growth a day.
    pub(super) fn growth(&self) -> Growth {
        match (&self.past, &self.ages) {
            (Some(past), _) => {
                let recent = past.recent;
                let error = (past.recent_scatter() / recent.weeks).sqrt();
                let at = |p: f64| recent.mean + error * student::quantile(p);
                Growth { p10: at(0.1), p50: recent.mean, p90: at(0.9) }
            }
            (None, Some(ages)) => {
                let month = ages.level(MONTH).map(|level| (level - self.level()) / MONTH);
                Growth { p10: month.p10, p50: month.p50, p90: month.p90 }
            }
            (None, None) => Growth { p10: 0.0, p50: 0.0, p90: 0.0 },
        }
    }

    /// The events removed from the growth, by date.
    pub(super) fn events(&self) -> Vec<Event> {
        let of_past = |past: &WeeklyHistory| events::ledger(&past.organic, &self.series.observations, &past.known);
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

/// Days over which growth is measured without past levels.
const MONTH: f64 = 28.0;
