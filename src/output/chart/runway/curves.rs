//! The history as a line and the future as a fan.

use super::view::RunwayView;
use crate::forecast::Quantiles;
use crate::output::chart::scene::{Point, Rect, at};
use crate::output::{chart::levels::between, chart::plot::Plot, chart::theme};

/// From this number of observations on, they have no dots.
const MARKED: usize = 60;
/// The least distance between dots, in pixels.
const MARKS_APART: f64 = 16.0;

/// A quantile of a level.
type Pick = fn(&Quantiles<f64>) -> f64;

/// The bands of the fan, the widest first: the lower and the upper edge, and the colour.
const BANDS: [(Pick, Pick, theme::Rgb); 3] = [
    (|q| q.p05, |q| q.p95, theme::BAND_90),
    (|q| q.p10, |q| q.p90, theme::BAND_80),
    (|q| q.p25, |q| q.p75, theme::BAND_50),
];

/// Draws the bands below the ceiling.
pub(crate) fn bands(plot: &mut Plot, view: &RunwayView) {
    for (lower, upper, color) in BANDS {
        let upper = traced(view, plot, upper, false);
        let mut outline = traced(view, plot, lower, false);
        for (high, low) in upper.iter().zip(&outline) {
            plot.occupied.take(Rect { left: high.x - 1.0, top: high.y, right: low.x + 1.0, bottom: low.y });
        }
        outline.reverse();
        plot.scene.area([upper, outline].concat(), color);
    }
}

/// Draws the median up to the ceiling.
pub(crate) fn median(plot: &mut Plot, view: &RunwayView) {
    plot.line(traced(view, plot, |q| q.p50, true), theme::MEDIAN_LINE);
}

pub(crate) fn history(plot: &mut Plot, view: &RunwayView) {
    let points: Vec<Point> = view.history.iter().map(|&(day, used)| plot.plane.at(day, used)).collect();
    plot.line(thinned(&points), theme::HISTORY_LINE);
    let measured = &points[usize::from(view.led_in)..];
    let width = points.last().map_or(0.0, |last| last.x - points[0].x);
    if measured.len() < MARKED && width >= MARKS_APART * measured.len().saturating_sub(1) as f64 {
        for &point in measured {
            plot.scene.dot(point, theme::HISTORY_DOT, theme::HISTORY);
        }
    }
}

/// One edge of the fan at every other pixel, within the plot and below the ceiling.
fn traced(view: &RunwayView, plot: &Plot, pick: Pick, stop: bool) -> Vec<Point> {
    let plane = &plot.plane;
    let Some(&(last, _)) = view.fan.last() else { return Vec::new() };
    let top = view.ceiling().unwrap_or(f64::INFINITY).min(plane.amounts.1);
    let (start, end) = (plane.x(view.as_of), plane.x(last.min(view.to)));
    let steps = ((end - start) / 2.0).ceil().clamp(1.0, 4_000.0);
    let mut points: Vec<Point> = Vec::new();
    for i in 0..=steps as u32 {
        let x = start + (end - start) * f64::from(i) / steps;
        let amount = level_on(&view.fan, plane.day(x), pick);
        points.push(at(x, plane.y(amount.min(top).max(plane.amounts.0))));
        if stop && amount > top {
            break;
        }
    }
    points
}

/// A quantile of the level on a day, interpolated.
fn level_on(fan: &[(f64, Quantiles<f64>)], day: f64, pick: Pick) -> f64 {
    let after = fan.partition_point(|(forecast, _)| *forecast < day).clamp(1, fan.len().max(2) - 1);
    let (Some((from, low)), Some((to, high))) = (fan.get(after - 1), fan.get(after)) else {
        return fan.last().map_or(0.0, |(_, level)| pick(level));
    };
    between((*from, pick(low)), (*to, pick(high)), day.clamp(*from, *to))
}

/// The line with at most four points per pixel column, which look the same: the first, the extremes and the last.
fn thinned(points: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for column in points.chunk_by(|a, b| a.x.floor() == b.x.floor()) {
        if column.len() <= 4 {
            kept.extend_from_slice(column);
            continue;
        }
        let extreme = |better: fn(f64, f64) -> bool| {
            (0..column.len()).reduce(|best, i| if better(column[i].y, column[best].y) { i } else { best }).unwrap_or(0)
        };
        let mut places = [0, extreme(|a, b| a < b), extreme(|a, b| a > b), column.len() - 1];
        places.sort_unstable();
        kept.extend(places.iter().map(|&i| column[i]));
    }
    kept.dedup();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowded_column_keeps_its_extremes() {
        let points: Vec<Point> = (0..1_000).map(|i| at(5.0 + f64::from(i) / 1e4, f64::from(i * 37 % 1_000))).collect();
        let kept = thinned(&points);
        assert!(kept.len() <= 4 && kept[0] == points[0], "{kept:?}");
        assert!(kept.iter().any(|p| p.y == 0.0) && kept.iter().any(|p| p.y == 999.0));
    }

    #[test]
    fn levels_between_forecast_days_are_interpolated() {
        let fan = [1.0, 3.0].map(|day| (day, Quantiles::from_fn(|_| day * 10.0)));
        let read = |day| level_on(&fan, day, |q| q.p50);
        assert_eq!([0.0, 1.0, 2.0, 3.0, 9.0].map(read), [10.0, 10.0, 20.0, 30.0, 30.0]);
        assert_eq!(level_on(&fan[..1], 5.0, |q| q.p50), 10.0);
    }
}
