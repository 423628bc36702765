//! The room of one series during a window: how much will be free, and how probably it is enough.
//!
//! What the work needs is taken from the limit, and the chance that there is not enough is that of the lowered limit
//! being reached by the end of the window. That counts a level which was too high before the window and has sunk again,
//! which the distribution of the level at the end would not: it errs on the safe side, and like every passage it never
//! becomes less probable with time. Growth makes the work larger too: what a backup needs grows with the store, all
//! growth being taken for the store's own.

use jiff::Timestamp;
use jiff::civil::Date;

use super::times::{Window, days_between};
use super::work::Need;
use crate::forecast::{Forecaster, Passage, Quantiles, outliers};
use crate::model::dates::utc_day;
use crate::model::series::{EventKind, KnownEvent, Series};

/// What is needed of one resource, in its units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Demand {
    /// What stays as it is, however the store grows.
    pub fixed: f64,
    /// What the work needs for the store as it was scanned.
    pub of_store: f64,
    /// The store as it was scanned.
    pub store: f64,
}

impl Demand {
    /// What all the needs come to, of stores that hold so much of the resource.
    pub fn new(needs: &[Need], series: &Series, store: u64) -> Demand {
        let sum = |grows: bool| {
            let amounts = needs.iter().filter(|need| need.grows == grows).map(|need| need.amount.get(series.resource));
            amounts.fold(0, u64::saturating_add) as f64
        };
        Demand { fixed: sum(false), of_store: sum(true), store: store as f64 }
    }

    /// All of it for the store as it was scanned.
    pub fn total(&self) -> f64 {
        self.fixed + self.of_store
    }

    /// How much more is needed for each unit that the store grows by.
    fn per_growth(&self) -> f64 {
        if self.store > 0.0 { self.of_store / self.store } else { 0.0 }
    }
}

/// By what is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandingBasis {
    /// By the forecast.
    Forecast,
    /// By the level now and the growth so far, where the history is too short for a forecast.
    Growth,
}

/// Growth so far is taken so many times where there is no forecast yet, nor a spread to go by.
const GENEROUS: f64 = 3.0;

/// How one series stands in a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// By what is judged.
    pub basis: StandingBasis,
    /// What will be free at the end of the window, before the work takes from it; not below zero, in units of the resource.
    pub free: f64,
    /// The 80 % range of that, where there is a forecast.
    pub range: Option<(f64, f64)>,
    /// The probability that there is enough, where there is a forecast.
    pub enough: Option<f64>,
    /// Whether that is as probable as was asked for; without a forecast, whether there is enough after generous growth.
    pub is_go: bool,
    /// How much has to be made free first; `None` where no amount would do.
    pub missing: Option<f64>,
}

/// A series with a limit, and what is needed of it.
#[derive(Debug)]
pub struct Headroom<'a> {
    forecaster: &'a Forecaster,
    series: &'a Series,
    demand: Demand,
    confidence: f64,
    last: Timestamp,
    level: f64,
    limit: f64,
    /// The growth so far, a day.
    growth: f64,
    has_forecast: bool,
    /// What comes to the level and to the limit on days to come.
    announced: Vec<KnownEvent>,
}

/// What is announced to have changed when a window begins: the level and the limit, in units of the resource.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct AnnouncedChanges {
    level: f64,
    limit: f64,
}

/// The chances at any time of which the same has been announced: many windows are asked for, and few differ in that.
pub struct ChanceCache<'r, 'a> {
    room: &'r Headroom<'a>,
    known: Vec<(AnnouncedChanges, Option<Passage>)>,
}

impl<'a> Headroom<'a> {
    /// Of a series, of which so much arrives a day by the scans; `None` if it has no observation or no limit.
    pub fn new(
        forecaster: &'a Forecaster,
        series: &'a Series,
        demand: Demand,
        arrives: f64,
        confidence: f64,
    ) -> Option<Headroom<'a>> {
        let (first, last) = (series.observations.first()?, series.observations.last()?);
        // A scan that cannot be believed is no reason to see more room than before.
        let believed = outliers::believable(&series.observations).last().map_or(last.used, |sample| sample.used);
        let level = last.used.min(believed);
        let days = days_between(first.time, last.time);
        let seen = if days >= 1.0 { (last.used - first.used) / days } else { 0.0 };
        let as_of = utc_day(last.time);
        Some(Headroom {
            forecaster,
            series,
            demand,
            confidence,
            last: last.time,
            level,
            limit: series.limit?,
            growth: seen.max(arrives),
            has_forecast: forecaster.with_levels_at(vec![as_of]).forecast(series)?.outlook.is_some(),
            announced: series.known.iter().copied().filter(|event| event.date > as_of).collect(),
        })
    }

    /// How it stands in a window.
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
        let enough = self.chance(window);
        Standing {
            basis: StandingBasis::Forecast,
            free: free(levels.p50),
            range: Some((free(levels.p90), free(levels.p10))),
            enough: Some(enough),
            is_go: enough >= self.confidence,
            missing: self.missing(window),
        }
    }

    /// The probability that there is enough.
    pub fn chance(&self, window: &Window) -> f64 {
        self.chance_with(window, 0.0)
    }

    /// The chances of many windows.
    pub fn chances(&self) -> ChanceCache<'_, 'a> {
        ChanceCache { room: self, known: Vec::new() }
    }

    /// The events that are announced until a window begins, or fall into it.
    pub fn announced(&self, window: &Window) -> impl Iterator<Item = &KnownEvent> {
        let to = utc_day(window.to.timestamp());
        self.announced.iter().filter(move |event| event.date <= to)
    }

    /// Days from the last observation to the end of the window: one at least, for a forecast knows no less.
    fn days_ahead(&self, window: &Window) -> f64 {
        days_between(self.last, window.to.timestamp()).max(1.0)
    }

    /// What happens on the days of the window counts where it takes room, not where it gives.
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

    /// The room for growth: what is left when the work has what it needs, less what the work needs more with each unit of
    /// growth.
    fn room_for_growth(&self, changes: AnnouncedChanges, more: f64) -> f64 {
        let per_growth = self.demand.per_growth();
        let free = self.limit + changes.limit - self.level - changes.level * (1.0 + per_growth);
        (free + more - self.demand.total()) / (1.0 + per_growth)
    }

    /// When growth has used up the room that there is for it. What is announced changes that room at once, because a
    /// limit that is too low before the window does not matter, as it does to a forecast.
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
        // No level is looked at, and none is computed.
        let forecast = self.forecaster.with_levels_at(vec![as_of]).forecast(&lowered)?;
        forecast.outlook.map(|outlook| outlook.passage)
    }

    fn chance_with(&self, window: &Window, more: f64) -> f64 {
        let passage = self.passage(self.changes(window), more);
        passage.map_or(0.0, |passage| 1.0 - passage.share_within(self.days_ahead(window)))
    }

    /// The level at the end of the window, with what is announced.
    fn levels(&self, window: &Window) -> Quantiles<f64> {
        let day = |days: f64| utc_day(self.last).saturating_add(jiff::Span::new().days(days.ceil() as i64));
        let at: Date = day(self.days_ahead(window));
        let forecast = self.forecaster.with_levels_at(vec![at]).forecast(self.series);
        let levels = forecast.and_then(|forecast| forecast.outlook?.level.first().map(|level| level.used));
        levels.unwrap_or_else(|| Quantiles::from_fn(|_| self.level))
    }

    /// By how much there is too little after generous growth; negative where some is left.
    fn short_by_growth(&self, window: &Window) -> f64 {
        GENEROUS * self.growth.max(0.0) * self.days_ahead(window) * (1.0 + self.demand.per_growth())
            - self.room_for_growth(self.changes(window), 0.0) * (1.0 + self.demand.per_growth())
    }

    /// The least room that has to be made first, within a thousandth.
    fn missing(&self, window: &Window) -> Option<f64> {
        let is_enough = |more: f64| self.chance_with(window, more) >= self.confidence;
        if is_enough(0.0) {
            return Some(0.0);
        }
        let (mut low, mut high) = (0.0, (self.limit * 1e-3).max(1.0));
        while !is_enough(high) {
            (low, high) = (high, high * 2.0);
            // No disk is that large.
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
    /// Whether a window is GO.
    pub fn is_go(&mut self, window: &Window) -> bool {
        let room = self.room;
        if !room.has_forecast {
            return room.short_by_growth(window) <= 0.0;
        }
        let changes = room.changes(window);
        let held = self.known.iter().position(|(known, _)| *known == changes).unwrap_or_else(|| {
            self.known.push((changes, room.passage(changes, 0.0)));
            self.known.len() - 1
        });
        let passage = self.known[held].1.as_ref();
        passage.map_or(0.0, |passage| 1.0 - passage.share_within(room.days_ahead(window))) >= room.confidence
    }
}
