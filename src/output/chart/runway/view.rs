//! The part of the history and of the forecast that a runway shows, in numbers.

use crate::forecast::{Quantiles, State};
use crate::model::series::{EventKind, KnownEvent};
use crate::output::chart::RunwayFigure;
use crate::output::chart::axes::dates::{instant, noon};
use crate::output::chart::limits;

/// The longest history shown, in days.
const LONGEST_HISTORY: f64 = 730.0;
/// The shortest history shown, in days; less looks like noise.
const SHORTEST_HISTORY: f64 = 28.0;
/// Days of history per day of forecast, at most.
const PAST_PER_FUTURE: f64 = 2.2;
/// The days ahead where no limit is reached.
const NOTHING_AHEAD: f64 = 365.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct HistoryPoint {
    pub day: f64,
    pub used: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fan {
    pub day: f64,
    pub used: Quantiles<f64>,
}

/// All numbers are finite, and `from < as_of < to`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RunwayView {
    /// The history from `from` on, led in by an interpolated sample where it began earlier.
    pub history: Vec<HistoryPoint>,
    /// Whether the first sample of the history is interpolated.
    pub led_in: bool,
    /// The future, starting at the last observation; empty without an outlook.
    pub fan: Vec<Fan>,
    pub limit: Option<f64>,
    /// Past, present and announced limits, each with its first day; the first starts at minus infinity.
    pub limits: Vec<(f64, f64)>,
    /// When the limit is reached; `None` beyond the horizon.
    pub exhaustion: Quantiles<Option<f64>>,
    pub from: f64,
    /// The time of the last observation.
    pub as_of: f64,
    pub to: f64,
    /// The last day with a forecast level.
    pub horizon: Option<f64>,
}

impl RunwayView {
    pub(super) fn new(figure: &RunwayFigure) -> RunwayView {
        let history: Vec<HistoryPoint> = figure
            .series
            .observations
            .iter()
            .map(|o| HistoryPoint { day: instant(o.time), used: o.used })
            .filter(|sample| drawable(sample.used))
            .collect();
        let as_of = history.last().map_or(noon(figure.forecast.as_of), |last| last.day);
        let fan = fan(figure, history.last().copied());
        let horizon = fan.last().map(|last| last.day).filter(|&day| day > as_of);
        let exhaustion = match &figure.forecast.outlook {
            Some(outlook) => outlook.exhaustion.map(|date| date.map(|date| noon(date).max(as_of))),
            None => Quantiles::default(),
        };
        let past = history.first().map_or(0.0, |first| as_of - first.day);
        let ahead = ahead(figure, as_of, past, horizon, exhaustion);
        let shown = past.min((ahead * PAST_PER_FUTURE).clamp(SHORTEST_HISTORY, LONGEST_HISTORY));
        // Both sides of today keep some room.
        let ahead = ahead.max(shown / 4.0).max(1.0);
        let shown = shown.max(ahead / 12.0);
        let from = as_of - shown;
        let (history, led_in) = since(&history, from);
        let from = from - 0.015 * (shown + ahead);
        let limit = figure.series.limit.or(figure.forecast.limit).filter(|&limit| drawable(limit) && limit > 0.0);
        let limits = limit.map_or_else(Vec::new, |limit| limits(figure, limit));
        RunwayView { history, led_in, fan, limit, limits, exhaustion, from, as_of, to: as_of + ahead, horizon }
    }

    /// The last measured amount.
    pub(super) fn used(&self) -> Option<f64> {
        self.history.last().map(|last| last.used)
    }

    /// The top of the fan: the highest limit to come, as nothing above can be stored. `None` if the limit is reached.
    pub(super) fn ceiling(&self) -> Option<f64> {
        let to_come = self.limits.iter().filter(|(day, _)| (self.as_of..=self.to).contains(day)).map(|(_, size)| *size);
        let highest = self.limit.map(|limit| to_come.fold(limit, f64::max));
        highest.filter(|&limit| self.used().is_none_or(|used| used < limit))
    }

    pub(super) fn limit_on(&self, day: f64) -> Option<f64> {
        limits::on(&self.limits, day)
    }
}

fn limits(figure: &RunwayFigure, now: f64) -> Vec<(f64, f64)> {
    let series = figure.series;
    let mut limits = limits::by_day(series, now);
    let mut size = now;
    let is_announced = |event: &&KnownEvent| event.kind == EventKind::Capacity && event.date > figure.forecast.as_of;
    for event in series.known.iter().filter(is_announced) {
        size += event.size;
        limits.push((noon(event.date), size));
    }
    limits.retain(|(_, size)| drawable(*size));
    limits
}

/// Whether an amount can be drawn: sums and ratios of larger ones could overflow.
fn drawable(amount: f64) -> bool {
    amount.abs() < 1e30
}

/// The latest quantile of the exhaustion that is known.
fn latest(exhaustion: &Quantiles<Option<f64>>) -> Option<f64> {
    let Quantiles { p05, p10, p25, p50, p75, p90, .. } = *exhaustion;
    [p90, p75, p50, p25, p10, p05].into_iter().flatten().next()
}

fn ahead(
    figure: &RunwayFigure,
    as_of: f64,
    past: f64,
    horizon: Option<f64>,
    exhaustion: Quantiles<Option<f64>>,
) -> f64 {
    let farthest = horizon.map_or(f64::INFINITY, |horizon| horizon - as_of);
    let calm = NOTHING_AHEAD.max(past.min(LONGEST_HISTORY)).min(farthest);
    let reached = latest(&exhaustion).map(|day| day - as_of);
    let ahead = match (figure.forecast.state, reached) {
        (State::Already, _) => (past / 3.0).clamp(SHORTEST_HISTORY, 180.0).min(farthest),
        (State::NotEnoughHistory { .. }, _) => past.clamp(SHORTEST_HISTORY, NOTHING_AHEAD),
        (State::Expected, Some(days)) if exhaustion.p90.is_some() => days * 1.1,
        // Leaves room for the open end of the window.
        (State::Expected, Some(days)) => (days * 1.35).min(farthest),
        (_, Some(days)) => calm.max((days * 1.2).min(farthest)),
        (_, None) => calm,
    };
    let marks = [figure.order_by, figure.lead_time_ends].into_iter().flatten().map(|date| noon(date) - as_of);
    // Includes marks that are not far off.
    marks.filter(|&days| days <= ahead * 1.5).fold(ahead, |ahead, days| ahead.max(days * 1.06))
}

/// The forecast levels, starting at the last observation.
fn fan(figure: &RunwayFigure, last: Option<HistoryPoint>) -> Vec<Fan> {
    let (Some(outlook), Some(last)) = (&figure.forecast.outlook, last) else { return Vec::new() };
    let levels = outlook.level.iter().map(|level| Fan { day: noon(level.date), used: level.used });
    let finite = |used: &Quantiles<f64>| {
        [used.p05, used.p10, used.p25, used.p50, used.p75, used.p90, used.p95].iter().all(|&used| drawable(used))
    };
    let start = Fan { day: last.day, used: Quantiles::from_fn(|_| last.used) };
    std::iter::once(start).chain(levels.filter(|fan| fan.day > last.day && finite(&fan.used))).collect()
}

/// The points from a day on, led in by the interpolated point of that day.
fn since(history: &[HistoryPoint], from: f64) -> (Vec<HistoryPoint>, bool) {
    let first = history.partition_point(|sample| sample.day < from);
    let mut shown = Vec::with_capacity(history.len() - first + 1);
    if let (Some(before), Some(after)) = (first.checked_sub(1).map(|i| history[i]), history.get(first)) {
        let share = (from - before.day) / (after.day - before.day);
        shown.push(HistoryPoint { day: from, used: before.used + (after.used - before.used) * share });
    }
    let led_in = !shown.is_empty();
    shown.extend_from_slice(&history[first..]);
    (shown, led_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cropped_history_starts_with_an_interpolated_point() {
        let history = [HistoryPoint { day: 0.0, used: 10.0 }, HistoryPoint { day: 10.0, used: 20.0 }];
        let (shown, led_in) = since(&history, 4.0);
        assert!(led_in);
        assert_eq!(shown, [HistoryPoint { day: 4.0, used: 14.0 }, history[1]]);
        assert_eq!(since(&history, -1.0), (history.to_vec(), false));
    }
}
