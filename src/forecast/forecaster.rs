//! From a series to its forecast: evidence, limit, and the distribution as dates.

use jiff::ToSpan;
use jiff::civil::Date;
use rayon::prelude::*;

use super::passage::{Grid, Passage};
use super::{
    Forecast, Full, Growth, HistoryLength, LEAST_PASSAGE_DAYS, Level, Options, Outlook, PROBABILITY_DAYS, Probability,
    Quantiles, State, grid,
};
use super::{barrier::Barrier, constants::Constants, plan::Plan};
use crate::forecast::{bytes_or_inodes, evidence::Evidence};
use crate::model::dates::utc_day;
use crate::model::series::{EventKind, KnownEvent, Series};

/// The history that a forecast needs: two weekly increments.
const NEED: HistoryLength = HistoryLength { observations: 3, days: 14 };

/// Forecasts series with trained constants. Nothing is random: the same series has the same forecast, to the last bit.
#[derive(Clone, Debug)]
pub struct Forecaster {
    options: Options,
    constants: Constants,
    grid: Grid,
}

impl Forecaster {
    /// Uses the constants that are built into the program.
    pub fn new(options: Options) -> Self {
        Forecaster::by(options, Constants::embedded().clone())
    }

    /// Uses other constants, such as some that were trained on fewer stores.
    pub fn by(options: Options, constants: Constants) -> Self {
        Forecaster { grid: Grid::up_to(options.horizon_days.max(LEAST_PASSAGE_DAYS)), options, constants }
    }

    /// The same with the levels at other dates.
    pub fn with_levels_at(&self, level_dates: Vec<Date>) -> Self {
        Forecaster { options: Options { level_dates, ..self.options.clone() }, ..self.clone() }
    }

    /// The horizon in days.
    pub fn horizon_days(&self) -> u32 {
        self.options.horizon_days
    }

    /// Forecasts all series, in their order, in parallel. Series without an observation are left out.
    pub fn forecast_all<'a>(&self, series: impl IntoIterator<Item = &'a Series>) -> Vec<Forecast> {
        let observed: Vec<&Series> = series.into_iter().filter(|series| !series.observations.is_empty()).collect();
        let mut forecasts: Vec<Forecast> = observed.par_iter().filter_map(|series| self.forecast(series)).collect();
        let either = bytes_or_inodes::passages(&observed, &forecasts);
        for (forecast, passage) in forecasts.iter_mut().zip(either) {
            forecast.either = passage.map(|passage| self.full(forecast.as_of, passage));
        }
        forecasts
    }

    /// A passage as dates up to the horizon, and as probabilities within the usual times.
    fn full(&self, as_of: Date, passage: Passage) -> Full {
        let within = |days| Probability { days, p: passage.share_within(f64::from(days)) };
        Full {
            exhaustion: Quantiles::from_fn(|p| self.date(as_of, passage.whole_days(p))),
            probability: PROBABILITY_DAYS.map(within).to_vec(),
            passage,
        }
    }

    /// Forecasts one series, without the other resource of its volume; `None` if it has no observation.
    pub fn forecast(&self, series: &Series) -> Option<Forecast> {
        self.forecast_under(series, &Plan::default())
    }

    /// The same under a plan. Its changes of today are included in `used` and `limit`.
    pub fn forecast_under(&self, series: &Series, plan: &Plan) -> Option<Forecast> {
        let last = *series.observations.last()?;
        let now = plan.at(0.0);
        let (used, limit) = (last.used + now.level, series.limit.map(|limit| limit + now.limit));
        let as_of = utc_day(last.time);
        let days = grid::span_days(&series.observations);
        let have = HistoryLength { observations: series.observations.len(), days };
        let enough = have.observations >= NEED.observations && have.days >= NEED.days;
        let lifted = series.above_zero();
        let outlook = Evidence::gather(&lifted, enough, &self.constants).map(|basis| {
            let lift = lifted.used().unwrap_or(0.0) - series.used().unwrap_or(0.0);
            lowered(self.outlook(&lifted, as_of, &basis, plan), lift)
        });
        let state = match &outlook {
            _ if limit.is_some_and(|limit| used >= limit) => State::Already,
            None => State::NotEnoughHistory { have, need: NEED },
            Some(_) if limit.is_none() => State::NoLimit,
            Some(outlook) if outlook.exhaustion.p50.is_some() => State::Expected,
            Some(outlook) if outlook.growth_per_day.p50 <= 0.0 => State::NotGrowing,
            Some(_) => State::Beyond,
        };
        Some(Forecast {
            series: series.name.clone(),
            resource: series.resource,
            as_of,
            observations: series.observations.len(),
            used: used.max(0.0),
            announced: announced(series, limit, as_of),
            size_moves: series.room.is_some(),
            limit,
            spread: series.spread,
            either: None,
            state,
            outlook,
        })
    }

    fn outlook(&self, series: &Series, as_of: Date, basis: &Evidence, plan: &Plan) -> Outlook {
        let barrier = Barrier::from_series(series, basis.level(), as_of).under(plan);
        let passage = barrier.passage(&self.grid, |free| basis.passage(free, &self.grid)).widened(series.spread);
        let Full { exhaustion, probability, passage } = self.full(as_of, passage);
        Outlook {
            exhaustion,
            probability,
            passage,
            level: self.levels(as_of, series.spread, basis, (&barrier, plan)),
            growth_per_day: grown(basis.growth(), plan.at(0.0).growth),
            events: basis.events(),
            reason: basis.reason(),
        }
    }

    /// The day `days` after `as_of`; `None` beyond the horizon.
    fn date(&self, as_of: Date, days: Option<u32>) -> Option<Date> {
        let ahead = days.filter(|&days| days <= self.options.horizon_days)?;
        as_of.checked_add(i64::from(ahead).days()).ok()
    }

    /// The days ahead of the levels.
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

    fn levels(&self, as_of: Date, spread: f64, basis: &Evidence, (barrier, plan): (&Barrier, &Plan)) -> Vec<Level> {
        let days = self.level_days(as_of);
        let ahead: Vec<f64> = days.iter().map(|&days| f64::from(days)).collect();
        let levels = basis.levels(&ahead).into_iter().zip(&ahead);
        let planned = levels.map(|(level, &days)| {
            let middle = level.p50;
            let (now, part) = (basis.level(), plan.at(days));
            let widened = |level: f64| middle + spread * (level - middle);
            level.map(|level| (part.level(now, widened(level)) + barrier.announced(days)).max(0.0))
        });
        let dated = days.iter().map(|&days| as_of.checked_add(i64::from(days).days()).ok());
        dated.zip(planned).filter_map(|(date, used)| Some(Level { date: date?, used })).collect()
    }
}

/// The outlook of a series that was lifted above zero.
fn lowered(mut outlook: Outlook, lift: f64) -> Outlook {
    outlook.level.iter_mut().for_each(|level| level.used = level.used.map(|used| used - lift));
    outlook
}

/// The limits to come by announced changes.
fn announced(series: &Series, limit: Option<f64>, as_of: Date) -> Vec<(Date, f64)> {
    let Some(mut limit) = limit else { return Vec::new() };
    let changes = series.known.iter().filter(|event| event.kind == EventKind::Capacity && event.date > as_of);
    let after = |event: &KnownEvent| {
        limit += event.size;
        (event.date, limit)
    };
    changes.map(after).collect()
}

fn grown(growth: Growth, times: f64) -> Growth {
    Growth { p10: growth.p10 * times, p50: growth.p50 * times, p90: growth.p90 * times }
}
