//! From a series to its forecast: grid, events, drift, paths, first passage.

use jiff::ToSpan;
use jiff::civil::Date;
use rayon::prelude::*;

use super::draws::Draws;
use super::drift::Drift;
use super::paths::Motion;
use super::{
    Forecast, HistoryLength, Level, Options, Outlook, PROBABILITY_DAYS, Passage, Probability, Quantiles, State, events,
    grid, passage, quantiles,
};
use crate::dates::utc_day;
use crate::series::Series;

/// How many futures are drawn: quantiles are then met within about one point of probability.
const PATHS: usize = 2_000;

/// What it takes for a forecast: three increments, of a week each.
const NEED: HistoryLength = HistoryLength { observations: 4, days: 21 };

/// Forecasts series; holds the random draws that all of them share.
#[derive(Clone, Debug)]
pub struct Forecaster {
    options: Options,
    draws: Draws,
}

impl Forecaster {
    /// Draws the futures' random numbers.
    pub fn new(options: Options) -> Self {
        // One week at least, so that there are paths to ask even where nothing is looked ahead.
        let weeks = options.horizon_days.div_ceil(grid::STEP_DAYS as u32).max(1) as usize;
        Forecaster { draws: Draws::new(options.seed, PATHS, weeks), options }
    }

    /// Forecasts all series, in their order, in parallel. Series without an observation are left out.
    pub fn forecast_all(&self, series: &[Series]) -> Vec<Forecast> {
        series.par_iter().filter_map(|s| self.forecast(s)).collect()
    }

    /// Forecasts one series; `None` if it has no observation.
    pub fn forecast(&self, series: &Series) -> Option<Forecast> {
        let last = *series.observations.last()?;
        let as_of = utc_day(last.time);
        let days = grid::span_days(&series.observations);
        let have = HistoryLength { observations: series.observations.len(), days };
        let enough = have.observations >= NEED.observations && have.days >= NEED.days;
        let outlook = if enough { self.outlook(series, as_of, last.used) } else { None };
        let state = match &outlook {
            _ if series.limit.is_some_and(|limit| last.used >= limit) => State::Already,
            None => State::NotEnoughHistory { have, need: NEED },
            Some(outlook) if outlook.exhaustion.p50.is_some() => State::Expected,
            Some(outlook) if outlook.growth_per_day.p50 <= 0.0 => State::NotGrowing,
            Some(_) => State::Beyond,
        };
        Some(Forecast {
            series: series.name.clone(),
            resource: series.resource,
            as_of,
            observations: series.observations.len(),
            used: last.used,
            limit: series.limit,
            state,
            outlook,
        })
    }

    /// The distribution, from at least three weekly increments.
    fn outlook(&self, series: &Series, as_of: Date, level: f64) -> Option<Outlook> {
        let increments = grid::increments(&grid::weekly_levels(&series.observations));
        let known = events::known(series, increments.len());
        let organic = events::take_out(increments, level, &known);
        let drift = Drift::fit(&organic.increments)?;
        let days = organic.increments.len() as f64 * grid::STEP_DAYS;
        let motion = Motion::new(level, days, &organic, &drift);
        let levels = motion.paths(&self.draws);
        let paths = levels.chunks(self.draws.weeks());
        let limit = series.limit.unwrap_or(f64::INFINITY);
        let passage = Passage::new(paths.map(|path| passage::first_passage(level, path, limit)).collect());
        Some(Outlook {
            exhaustion: Quantiles::from_fn(|p| self.date(as_of, passage.quantile(p))),
            probability: self.probabilities(&passage),
            level: self.levels(as_of, level, &levels),
            passage,
            growth_per_day: motion.growth_per_day(&self.draws),
            events: events::ledger(&organic, &series.observations),
        })
    }

    /// The probability of exhaustion within each of the usual times that the horizon covers.
    fn probabilities(&self, passage: &Passage) -> Vec<Probability> {
        let days = PROBABILITY_DAYS.into_iter().filter(|&days| days <= self.options.horizon_days);
        days.map(|days| Probability { days, p: passage.share_within(days) }).collect()
    }

    /// The first day at whose end the time, in days after `as_of`, has come; `None` beyond the horizon.
    fn date(&self, as_of: Date, days: f64) -> Option<Date> {
        let whole = days.ceil();
        let ahead = (whole <= f64::from(self.options.horizon_days)).then_some(whole as i64)?;
        as_of.checked_add(ahead.days()).ok()
    }

    /// The days ahead at which levels are told.
    fn level_days(&self, as_of: Date) -> Vec<u32> {
        let ahead = 1..=self.options.horizon_days;
        if self.options.level_dates.is_empty() {
            return ahead.step_by(grid::STEP_DAYS as usize).map(|day| day + grid::STEP_DAYS as u32 - 1).collect();
        }
        let dates = self.options.level_dates.iter();
        let days = dates.filter_map(|&date| u32::try_from((date - as_of).get_days()).ok());
        let mut days: Vec<u32> = days.filter(|days| ahead.contains(days)).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The quantiles of the level at the days that the options ask for.
    fn levels(&self, as_of: Date, level: f64, levels: &[f64]) -> Vec<Level> {
        let at = |&days: &u32| {
            let paths = levels.chunks(self.draws.weeks());
            let mut column: Vec<f64> = paths.map(|path| passage::level_at(level, path, f64::from(days))).collect();
            let used = quantiles::of_unsorted(&mut column);
            Some(Level { date: as_of.checked_add(i64::from(days).days()).ok()?, used })
        };
        self.level_days(as_of).iter().filter_map(at).collect()
    }
}
