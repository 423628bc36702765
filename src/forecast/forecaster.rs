//! From a series to its forecast: evidence, limit, and the distribution as dates.

use std::cell::OnceCell;

use jiff::ToSpan;
use jiff::civil::Date;
use rayon::prelude::*;

use super::passage::{Grid, Passage};
use super::{
    Forecast, Full, Growth, HistoryLength, LEAST_PASSAGE_DAYS, Level, LevelDates, Options, Outlook, PROBABILITY_DAYS,
    Probability, Quantiles, State, bytes_or_inodes, fan, grid,
};
use super::{Trend, barrier::Barrier, constants::Constants, evidence::Evidence, plan::Plan};
use crate::model::dates::utc_day;
use crate::model::series::{EventKind, KnownEvent, Series};

/// The history that a forecast needs: one change, over about a day.
const NEED: HistoryLength = HistoryLength { observations: 2, days: 1 };

/// From this share of the limit on, what never rose has dates: by what happens to other stores as full as it.
const NEARLY_FULL: f64 = 0.85;

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
    pub fn with_levels_at(&self, level_dates: LevelDates) -> Self {
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
        let lifted = series.above_zero();
        let outlook = Evidence::gather(&lifted, &self.constants).map(|basis| {
            let lift = lifted.used().unwrap_or(0.0) - series.used().unwrap_or(0.0);
            lowered(self.outlook(&lifted, as_of, &basis, plan), lift)
        });
        let state = match &outlook {
            _ if limit.is_some_and(|limit| used >= limit) => State::Already,
            None => State::NotEnoughHistory { have, need: NEED },
            Some(_) if limit.is_none() => State::NoLimit,
            Some(outlook) if outlook.exhaustion.p50.is_some() => State::Expected,
            Some(outlook) if !outlook.has_dates => State::NotGrowing,
            Some(_) => State::Beyond,
        };
        Some(Forecast {
            series: series.name.clone(),
            identity: series.identity.clone(),
            resource: series.resource,
            as_of,
            observations: series.observations.len(),
            history_days: days,
            used: used.max(0.0),
            announced: announced(series, limit, as_of),
            size_moves: series.room.is_some(),
            measured_now: series.measured_now,
            imported: series.imported,
            limit,
            spread: series.spread,
            either: None,
            state,
            outlook,
        })
    }

    fn outlook(&self, series: &Series, as_of: Date, basis: &Evidence, plan: &Plan) -> Outlook {
        let now = basis.level();
        let barrier = Barrier::from_series(series, now, as_of).under(plan);
        let law = basis.law();
        let passage = barrier.passage(&self.grid, |free| law.passage(free, &self.grid));
        let (near_gains, far_gains) = (OnceCell::new(), OnceCell::new());
        let trend = basis.trend();
        let has_dates = match trend {
            Trend::Grows => true,
            Trend::StandsStill => now >= NEARLY_FULL * (now + barrier.free_at(0.0)),
            Trend::Shrinks => false,
        };
        let slopes = fan::slopes(&passage, &barrier, has_dates, |p, days| {
            let gains = if days == fan::NEAR_DAYS { &near_gains } else { &far_gains };
            gains.get_or_init(|| law.gains(days)).quantile(p)
        });
        let level = |days: u32| {
            let ahead = f64::from(days);
            let then = slopes.map(|slope| (now + slope * ahead).max(0.0));
            let used = then.map(|then| (plan.at(ahead).level(now, then) + barrier.announced(ahead)).max(0.0));
            Some(Level { date: as_of.checked_add(i64::from(days).days()).ok()?, used })
        };
        let Full { mut exhaustion, probability, passage } = self.full(as_of, passage);
        if !has_dates {
            exhaustion = Quantiles { p50: None, p75: None, p90: None, p95: None, ..exhaustion };
        }
        let times = plan.at(0.0).growth;
        Outlook {
            exhaustion,
            probability,
            passage,
            level: self.level_days(as_of).into_iter().filter_map(level).collect(),
            growth_per_day: Growth { p10: times * slopes.p10, p50: times * slopes.p50, p90: times * slopes.p90 },
            trend,
            has_dates,
            left_out: basis.left_out(),
            clear_outs: basis.clear_outs(),
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
        let LevelDates::On(dates) = &self.options.level_dates else {
            return ahead.step_by(grid::WEEK as usize).map(|day| day + grid::WEEK as u32 - 1).collect();
        };
        let days = dates.iter().filter_map(|&date| u32::try_from((date - as_of).get_days()).ok());
        let mut days: Vec<u32> = days.filter(|days| ahead.contains(days)).collect();
        days.sort_unstable();
        days.dedup();
        days
    }
}

/// The outlook of a series that was lifted above zero.
fn lowered(mut outlook: Outlook, lift: f64) -> Outlook {
    outlook.level.iter_mut().for_each(|level| level.used = level.used.map(|used| used - lift));
    outlook.left_out.iter_mut().for_each(|observation| observation.used -= lift);
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
