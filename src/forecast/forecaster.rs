//! From a series to its forecast: grid, events, drift, paths, first passage.

use jiff::ToSpan;
use jiff::civil::Date;
use rayon::prelude::*;

use super::constants::Constants;
use super::date::DateLaw;
use super::level::LevelLaw;
use super::passage::{Grid, Passage};
use super::past::Past;
use super::{
    Forecast, Growth, HistoryLength, Level, Options, Outlook, PROBABILITY_DAYS, Probability, Quantiles, State, events,
    grid, student,
};
use crate::dates::utc_day;
use crate::series::Series;

/// What it takes for a forecast: two increments, of a week each.
const NEED: HistoryLength = HistoryLength { observations: 3, days: 14 };

/// Forecasts series, by the constants that other stores have taught. Nothing is drawn: the same series has the same
/// answer, to the last bit.
#[derive(Clone, Debug)]
pub struct Forecaster {
    options: Options,
    constants: Constants,
    grid: Grid,
}

impl Forecaster {
    /// A forecaster by the constants that the program was built with.
    pub fn new(options: Options) -> Self {
        Forecaster::by(options, Constants::learnt().clone())
    }

    /// A forecaster by other constants, as those that were learnt from fewer stores.
    pub fn by(options: Options, constants: Constants) -> Self {
        Forecaster { grid: Grid::up_to(options.horizon_days), options, constants }
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
        let outlook = if enough { self.outlook(series, as_of) } else { None };
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

    /// The distribution of what is to come.
    fn outlook(&self, series: &Series, as_of: Date) -> Option<Outlook> {
        let past = Past::of(series)?;
        let free = series.limit.map(|limit| limit - past.level);
        let passage = match free {
            Some(free) if free > 0.0 => DateLaw::of(&past, &self.constants.date).passage(free, &self.grid),
            Some(_) => Passage::reached(&self.grid),
            None => Passage::never(&self.grid),
        };
        Some(Outlook {
            exhaustion: Quantiles::from_fn(|p| self.date(as_of, passage.quantile(p))),
            probability: self.probabilities(&passage),
            level: self.levels(as_of, &LevelLaw::of(&past, &self.constants.level)),
            passage,
            growth_per_day: growth(&past),
            events: events::ledger(&past.organic, &series.observations, &past.known),
        })
    }

    /// The probability of exhaustion within each of the usual times that the horizon covers.
    fn probabilities(&self, passage: &Passage) -> Vec<Probability> {
        let days = PROBABILITY_DAYS.into_iter().filter(|&days| days <= self.options.horizon_days);
        days.map(|days| Probability { days, p: passage.share_within(f64::from(days)) }).collect()
    }

    /// The day that lies so many days after `as_of`, the next at the earliest; `None` beyond the horizon.
    fn date(&self, as_of: Date, days: f64) -> Option<Date> {
        let whole = days.round().max(1.0);
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
    fn levels(&self, as_of: Date, law: &LevelLaw) -> Vec<Level> {
        let at = |&days: &u32| {
            Some(Level { date: as_of.checked_add(i64::from(days).days()).ok()?, used: law.quantiles(f64::from(days)) })
        };
        self.level_days(as_of).iter().filter_map(at).collect()
    }
}

/// The growth a day: that of the last weeks, as far as they tell it.
fn growth(past: &Past) -> Growth {
    let recent = past.growth[1];
    let error = (past.recent_scatter() / recent.weeks).sqrt();
    let at = |p: f64| recent.mean + error * student::quantile(p);
    Growth { p10: at(0.1), p50: recent.mean, p90: at(0.9) }
}
