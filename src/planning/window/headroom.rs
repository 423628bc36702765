//! The free space of a series during a window, and the probability that it is enough.
//!
//! The needs are subtracted from the limit; the probability of too little space is that of reaching the lowered limit
//! by the end of the window. This counts levels that were too high earlier and fell again, which errs on the safe side.
//! Some needs grow with the store, such as those of a backup; all growth is taken for the store's own.

use jiff::{Timestamp, ToSpan};
use schemars::JsonSchema;
use serde::Serialize;

use super::times::{Window, days_between};
use super::work::Need;
use crate::forecast::{Forecaster, LevelDates, Passage, Quantiles};
use crate::model::dates::utc_day;
use crate::model::series::{EventKind, KnownEvent, Series};

/// The space needed of one resource, in its units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Demand {
    /// Needs that do not grow with the store.
    pub fixed: f64,
    /// Needs that grow with the store, at the last scan.
    pub of_store: f64,
    /// The size of the store at the last scan.
    pub store: f64,
}

impl Demand {
    /// `store` is the size of the stores in units of the resource.
    pub fn new(needs: &[Need], series: &Series, store: u64) -> Demand {
        let sum = |grows: bool| {
            let amounts = needs.iter().filter(|need| need.grows == grows).map(|need| need.amount.get(series.resource));
            amounts.fold(0, u64::saturating_add) as f64
        };
        Demand { fixed: sum(false), of_store: sum(true), store: store as f64 }
    }

    /// All needs at the last scan.
    pub fn total(&self) -> f64 {
        self.fixed + self.of_store
    }

    /// Growth of the needs for each unit of growth of the store.
    fn per_growth(&self) -> f64 {
        if self.store > 0.0 { self.of_store / self.store } else { 0.0 }
    }
}

/// The basis of a judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StandingBasis {
    /// The forecast.
    Forecast,
    /// The growth so far, if the history is too short for a forecast.
    Growth,
}

/// Safety factor on the growth so far, without a forecast.
const GENEROUS: f64 = 3.0;

/// The space of a series in a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// The basis.
    pub basis: StandingBasis,
    /// Free at the end of the window, without the work; not negative, in units of the resource.
    pub free: f64,
    /// Its 80 % range, with a forecast.
    pub range: Option<(f64, f64)>,
    /// The probability of enough space, with a forecast.
    pub enough: Option<f64>,
    /// Whether the probability reaches the confidence; without a forecast, whether the growth so far times a safety
    /// factor fits.
    pub is_go: bool,
    /// The space to free first; `None` if no amount is enough.
    pub missing: Option<f64>,
}

/// A series with a limit, and the needs of the work.
#[derive(Debug)]
pub struct Headroom<'a> {
    forecaster: &'a Forecaster,
    series: &'a Series,
    demand: Demand,
    confidence: f64,
    last: Timestamp,
    level: f64,
    limit: f64,
    /// The growth so far a day.
    growth: f64,
    has_forecast: bool,
    /// Announced events after the last observation.
    announced: Vec<KnownEvent>,
}

/// Announced changes of level and limit at the start of a window, in units of the resource.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct AnnouncedChanges {
    level: f64,
    limit: f64,
}

/// Reuses the passage of windows with the same announced changes.
pub struct ChanceCache<'r, 'a> {
    room: &'r Headroom<'a>,
    known: Vec<(AnnouncedChanges, Option<Passage>)>,
}

impl<'a> Headroom<'a> {
    /// `arrives` is the arrivals a day at the last scan. `None` without an observation or a limit.
    pub fn new(
        forecaster: &'a Forecaster,
        series: &'a Series,
        demand: Demand,
        arrives: f64,
        confidence: f64,
    ) -> Option<Headroom<'a>> {
        let (first, last) = (series.observations.first()?, series.observations.last()?);
        let days = days_between(first.time, last.time);
        let seen = if days >= 1.0 { (last.used - first.used) / days } else { 0.0 };
        let as_of = utc_day(last.time);
        Some(Headroom {
            forecaster,
            series,
            demand,
            confidence,
            last: last.time,
            level: last.used,
            limit: series.limit?,
            growth: seen.max(arrives),
            has_forecast: forecaster.with_levels_at(LevelDates::On(vec![as_of])).forecast(series)?.outlook.is_some(),
            announced: series.known.iter().copied().filter(|event| event.date > as_of).collect(),
        })
    }

    pub fn standing(&self, window: &Window) -> Standing {
        let days = self.days_ahead(window);
        let changes = self.changes(window);
        let limit = self.limit + changes.limit;
        let free = |level: f64| (limit - level).max(0.0);
        if !self.has_forecast {
            let level = self.level + self.growth * days + changes.level;
            let short = self.short_by_growth(window);
            return Standing {
                basis: StandingBasis::Growth,
                free: free(level),
                range: None,
                enough: None,
                is_go: short <= 0.0,
                missing: Some(short.max(0.0)),
            };
        }
        let levels = self.levels(window);
        let enough = self.chance(window, 0.0);
        Standing {
            basis: StandingBasis::Forecast,
            free: free(levels.p50),
            range: Some((free(levels.p90), free(levels.p10))),
            enough: Some(enough),
            is_go: enough >= self.confidence,
            missing: self.missing(window),
        }
    }

    pub fn chances(&self) -> ChanceCache<'_, 'a> {
        ChanceCache { room: self, known: Vec::new() }
    }

    /// The announced events until the end of a window.
    pub fn announced(&self, window: &Window) -> impl Iterator<Item = &KnownEvent> {
        let to = utc_day(window.to.timestamp());
        self.announced.iter().filter(move |event| event.date <= to)
    }

    /// Days from the last observation to the end of the window, at least one.
    fn days_ahead(&self, window: &Window) -> f64 {
        days_between(self.last, window.to.timestamp()).max(1.0)
    }

    /// Events on the days of the window count only if they take space.
    fn changes(&self, window: &Window) -> AnnouncedChanges {
        let (from, to) = (utc_day(window.from.timestamp()), utc_day(window.to.timestamp()));
        let mut changes = AnnouncedChanges::default();
        for event in self.announced.iter().filter(|event| event.date <= to) {
            let is_before = event.date < from;
            match event.kind {
                EventKind::Capacity if is_before || event.size < 0.0 => changes.limit += event.size,
                EventKind::Import | EventKind::Purge | EventKind::Step if is_before || event.size > 0.0 => {
                    changes.level += event.size;
                }
                _ => {}
            }
        }
        changes
    }

    /// The growth of the store that fits beside the needs, which grow with it.
    fn room_for_growth(&self, changes: AnnouncedChanges, more: f64) -> f64 {
        let per_growth = self.demand.per_growth();
        let free = self.limit + changes.limit - self.level - changes.level * (1.0 + per_growth);
        (free + more - self.demand.total()) / (1.0 + per_growth)
    }

    /// The passage of the room for growth. Announced changes count from today: unlike in a forecast, a limit that is
    /// too low before the window does not matter.
    fn passage(&self, changes: AnnouncedChanges, more: f64) -> Option<Passage> {
        let room = self.room_for_growth(changes, more);
        if room <= 0.0 {
            return None;
        }
        let as_of = utc_day(self.last);
        let lowered = Series {
            limit: Some(self.level + room),
            known: self.series.known.iter().copied().filter(|event| event.date <= as_of).collect(),
            ..self.series.clone()
        };
        // One date, since no levels are needed.
        let forecast = self.forecaster.with_levels_at(LevelDates::On(vec![as_of])).forecast(&lowered)?;
        forecast.outlook.map(|outlook| outlook.passage)
    }

    /// The probability of enough space if `more` is freed.
    fn chance(&self, window: &Window, more: f64) -> f64 {
        self.chance_of(window, self.passage(self.changes(window), more).as_ref())
    }

    fn chance_of(&self, window: &Window, passage: Option<&Passage>) -> f64 {
        passage.map_or(0.0, |passage| 1.0 - passage.share_within(self.days_ahead(window)))
    }

    /// The level at the end of the window, with announced events.
    fn levels(&self, window: &Window) -> Quantiles<f64> {
        let at = utc_day(self.last).saturating_add((self.days_ahead(window).ceil() as i64).days());
        let forecast = self.forecaster.with_levels_at(LevelDates::On(vec![at])).forecast(self.series);
        let levels = forecast.and_then(|forecast| forecast.outlook?.level.first().map(|level| level.used));
        levels.unwrap_or_else(|| Quantiles::from_fn(|_| self.level))
    }

    /// The missing space after growth with the safety factor; negative if some is left.
    fn short_by_growth(&self, window: &Window) -> f64 {
        GENEROUS * self.growth.max(0.0) * self.days_ahead(window) * (1.0 + self.demand.per_growth())
            - self.room_for_growth(self.changes(window), 0.0) * (1.0 + self.demand.per_growth())
    }

    /// The least space to free first, within 0.1 %.
    fn missing(&self, window: &Window) -> Option<f64> {
        let is_enough = |more: f64| self.chance(window, more) >= self.confidence;
        if is_enough(0.0) {
            return Some(0.0);
        }
        let (mut low, mut high) = (0.0, (self.limit * 1e-3).max(1.0));
        while !is_enough(high) {
            (low, high) = (high, high * 2.0);
            // Larger than any disk.
            if high > 1e24 {
                return None;
            }
        }
        while high - low > 1e-3 * high {
            let middle = (low + high) / 2.0;
            if is_enough(middle) { high = middle } else { low = middle }
        }
        Some(high)
    }
}

impl ChanceCache<'_, '_> {
    pub fn is_go(&mut self, window: &Window) -> bool {
        let room = self.room;
        if !room.has_forecast {
            return room.short_by_growth(window) <= 0.0;
        }
        let changes = room.changes(window);
        let place = self.known.iter().position(|(known, _)| *known == changes).unwrap_or_else(|| {
            self.known.push((changes, room.passage(changes, 0.0)));
            self.known.len() - 1
        });
        room.chance_of(window, self.known[place].1.as_ref()) >= room.confidence
    }
}
