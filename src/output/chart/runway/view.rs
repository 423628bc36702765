//! The days and amounts that a runway shows.

use crate::forecast::{Quantiles, State};
use crate::model::series::{EventKind, KnownEvent};
use crate::output::chart::levels::{self, DayAmount, drawable};
use crate::output::{chart::RunwayFigure, chart::axes::dates::noon, chart::theme::ABOVE_LIMIT};

/// The longest history shown, in days.
const LONGEST_HISTORY: f64 = 730.0;
/// The shortest history shown, in days; less looks like noise.
const SHORTEST_HISTORY: f64 = 28.0;
/// Days of history per day of forecast, at most.
const PAST_PER_FUTURE: f64 = 2.2;
/// The days ahead where no limit is reached.
const NOTHING_AHEAD: f64 = 365.0;

/// A limit above this multiple of everything else would flatten the history.
const FAR_ABOVE: f64 = 2.5;
/// The fan is cut at this multiple of the highest measured level or median.
const WILD: f64 = 2.0;
/// The axis does not start at zero if the spread is below this share of the highest amount.
const FLAT: f64 = 0.15;

/// All numbers are finite, and `from < as_of < to`.
#[derive(Clone, Debug)]
pub(crate) struct RunwayView<'a> {
    pub figure: &'a RunwayFigure<'a>,
    /// The history from `from` on, led in by an interpolated sample where it began earlier.
    pub history: Vec<DayAmount>,
    /// Whether the first sample of the history is interpolated.
    pub led_in: bool,
    /// The future, starting at the last observation; empty without an outlook.
    pub fan: Vec<(f64, Quantiles<f64>)>,
    pub limit: Option<f64>,
    /// Past, present and announced limits, each with its first day; the first starts at minus infinity.
    pub limits: Vec<DayAmount>,
    /// The exhaustion date; `None` beyond the horizon.
    pub exhaustion: Quantiles<Option<f64>>,
    pub from: f64,
    /// The time of the last observation.
    pub as_of: f64,
    pub to: f64,
}

impl<'a> RunwayView<'a> {
    pub(super) fn new(figure: &'a RunwayFigure<'a>) -> RunwayView<'a> {
        let history = levels::measured(figure.series);
        let as_of = history.last().map_or(noon(figure.forecast.as_of), |last| last.0);
        let fan = fan(figure, history.last().copied());
        let horizon = fan.last().map(|last| last.0).filter(|&day| day > as_of);
        let exhaustion = match &figure.forecast.outlook {
            Some(outlook) if !outlook.has_dates => Quantiles::default(),
            Some(outlook) => outlook.exhaustion.map(|date| date.map(|date| noon(date).max(as_of))),
            None => Quantiles::default(),
        };
        let past = history.first().map_or(0.0, |first| as_of - first.0);
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
        RunwayView { figure, history, led_in, fan, limit, limits, exhaustion, from, as_of, to: as_of + ahead }
    }

    /// The range of amounts of a plot of this height, in pixels, and the limit unless it is too far above.
    pub(super) fn heights(&self, height: f64) -> ((f64, f64), Option<f64>) {
        let ceiling = self.ceiling();
        let capped = |used: f64| used.min(ceiling.unwrap_or(f64::INFINITY));
        let used = || self.history.iter().map(|(_, used)| *used);
        let in_view = || self.fan.iter().filter(|(day, _)| *day <= self.to).map(|(_, used)| used);
        // An empty store needs an axis, too.
        let known = used().chain(in_view().map(|used| capped(used.p50))).fold(1.0, f64::max);
        let possible = in_view().map(|used| capped(used.p90)).fold(known, f64::max);
        let highest = possible.min(known * WILD);
        let is_near = |limit: &f64| *limit <= highest * FAR_ABOVE || highest <= 1.0;
        let near_limit = self.limit.filter(is_near);
        let past = near_limit.and(self.highest_past_limit().filter(is_near)).unwrap_or(0.0);
        let highest_limit = near_limit.map(|limit| limit.max(ceiling.unwrap_or(0.0)).max(past));
        let top = highest_limit.map_or(highest, |limit| limit.max(highest));
        let lowest = used().chain(in_view().map(|used| capped(used.p10))).fold(f64::INFINITY, f64::min);
        let low = levels::axis_start(lowest, top, FLAT, 0.35);
        let room = match highest_limit {
            Some(limit) if limit == top => height / (height - ABOVE_LIMIT).max(height / 2.0),
            _ => 1.12,
        };
        ((low, low + (top - low) * room), near_limit)
    }

    /// The last measured amount.
    pub(super) fn used(&self) -> Option<f64> {
        self.history.last().map(|last| last.1)
    }

    /// The highest limit in force since the first day shown.
    fn highest_past_limit(&self) -> Option<f64> {
        let ends = self.limits.iter().skip(1).map(|(day, _)| *day).chain([f64::INFINITY]);
        let shown =
            self.limits.iter().zip(ends).filter(|((since, _), until)| *since <= self.as_of && *until > self.from);
        shown.map(|((_, size), _)| *size).reduce(f64::max)
    }

    /// The top of the fan: the highest limit to come. `None` if the limit is reached.
    pub(super) fn ceiling(&self) -> Option<f64> {
        let to_come = self.limits.iter().filter(|(day, _)| (self.as_of..=self.to).contains(day)).map(|(_, size)| *size);
        let highest = self.limit.map(|limit| to_come.fold(limit, f64::max));
        highest.filter(|&limit| self.used().is_none_or(|used| used < limit))
    }
}

fn limits(figure: &RunwayFigure, now: f64) -> Vec<DayAmount> {
    let is_announced = |event: &&KnownEvent| event.kind == EventKind::Capacity && event.date > figure.forecast.as_of;
    let announced = figure.series.known.iter().filter(is_announced).scan(now, |size, event| {
        *size += event.size;
        Some((noon(event.date), *size))
    });
    levels::limits(figure.series, now).into_iter().chain(announced).filter(|(_, size)| drawable(*size)).collect()
}

/// The latest known quantile of the exhaustion date.
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
        // The open end of the date range takes some room.
        (State::Expected, Some(days)) => (days * 1.35).min(farthest),
        (_, Some(days)) => calm.max((days * 1.2).min(farthest)),
        (_, None) => calm,
    };
    let marks = [figure.order_by, figure.lead_time_ends].into_iter().flatten().map(|date| noon(date) - as_of);
    // Includes marks that are not far off.
    marks.filter(|&days| days <= ahead * 1.5).fold(ahead, |ahead, days| ahead.max(days * 1.06))
}

/// The forecast levels, starting at the last observation.
fn fan(figure: &RunwayFigure, last: Option<DayAmount>) -> Vec<(f64, Quantiles<f64>)> {
    let (Some(outlook), Some((last, used))) = (&figure.forecast.outlook, last) else { return Vec::new() };
    let shown = |used: f64| if figure.forecast.size_moves { used.max(0.0) } else { used };
    let levels = outlook.level.iter().map(|level| (noon(level.date), level.used.map(shown)));
    let ahead = levels.filter(|(day, used)| *day > last && used.values().into_iter().all(drawable));
    std::iter::once((last, Quantiles::from_fn(|_| used))).chain(ahead).collect()
}

/// The points from a day on, led in by the interpolated point of that day.
fn since(history: &[DayAmount], from: f64) -> (Vec<DayAmount>, bool) {
    let first = history.partition_point(|(day, _)| *day < from);
    let before = first.checked_sub(1).and_then(|i| Some((history[i], *history.get(first)?)));
    let lead = before.map(|(before, after)| (from, levels::between(before, after, from)));
    (lead.into_iter().chain(history[first..].iter().copied()).collect(), lead.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cropped_history_starts_with_an_interpolated_point() {
        let history = [(0.0, 10.0), (10.0, 20.0)];
        let (shown, led_in) = since(&history, 4.0);
        assert!(led_in);
        assert_eq!(shown, [(4.0, 14.0), history[1]]);
        assert_eq!(since(&history, -1.0), (history.to_vec(), false));
    }
}
