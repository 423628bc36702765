//! The history as a line and the future as a fan.

use super::view::{Fan, HistoryPoint, RunwayView};
use crate::forecast::Quantiles;
use crate::output::chart::axes::Plane;
use crate::output::chart::labels::Occupied;
use crate::output::chart::scene::{Point, Rect, Scene, at};
use crate::output::chart::theme;

/// From this number of observations on, none has a dot.
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

/// Draws the bands, each as far as it stays below the ceiling.
pub(crate) fn bands(scene: &mut Scene, view: &RunwayView, plane: &Plane, occupied: &mut Occupied) {
    for (lower, upper, color) in BANDS {
        let upper = traced(view, plane, upper, false);
        let mut outline = traced(view, plane, lower, false);
        for (high, low) in upper.iter().zip(&outline) {
            occupied.take(Rect { left: high.x - 1.0, top: high.y, right: low.x + 1.0, bottom: low.y });
        }
        outline.reverse();
        scene.area([upper, outline].concat(), color);
    }
}

/// Draws the median up to the ceiling and returns its points.
pub(crate) fn median(scene: &mut Scene, view: &RunwayView, plane: &Plane) -> Vec<Point> {
    let points = traced(view, plane, |q| q.p50, true);
    scene.dashed(points.clone(), theme::MEDIAN, theme::MEDIAN_WIDTH, theme::MEDIAN_DASH);
    points
}

/// Draws the measured line and returns its points.
pub(crate) fn history(scene: &mut Scene, view: &RunwayView, plane: &Plane) -> Vec<Point> {
    let points: Vec<Point> = view.history.iter().map(|sample| plane.at(sample.day, sample.used)).collect();
    let line = thinned(&points);
    scene.line(line.clone(), theme::HISTORY, theme::HISTORY_WIDTH);
    let measured = &points[usize::from(view.led_in)..];
    let width = points.last().map_or(0.0, |last| last.x - points[0].x);
    if measured.len() < MARKED && width >= MARKS_APART * measured.len().saturating_sub(1) as f64 {
        for &point in measured {
            scene.dot(point, theme::HISTORY_DOT, theme::HISTORY);
        }
    }
    line
}

/// The amount in use on a day, interpolated.
pub(crate) fn used_on(history: &[HistoryPoint], day: f64) -> Option<f64> {
    let after = history.partition_point(|sample| sample.day < day);
    let to = history.get(after)?;
    let Some(from) = after.checked_sub(1).map(|i| history[i]) else { return Some(to.used) };
    Some(from.used + (to.used - from.used) * (day - from.day) / (to.day - from.day))
}

/// One edge of the fan at every other pixel, within the plot and below the ceiling.
fn traced(view: &RunwayView, plane: &Plane, pick: Pick, stop: bool) -> Vec<Point> {
    let Some(last) = view.fan.last() else { return Vec::new() };
    let top = view.ceiling().unwrap_or(f64::INFINITY).min(plane.amounts.1);
    let (start, end) = (plane.x(view.as_of), plane.x(last.day.min(view.to)));
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
fn level_on(fan: &[Fan], day: f64, pick: Pick) -> f64 {
    let after = fan.partition_point(|level| level.day < day).clamp(1, fan.len().max(2) - 1);
    let (Some(from), Some(to)) = (fan.get(after - 1), fan.get(after)) else {
        return fan.last().map_or(0.0, |level| pick(&level.used));
    };
    let (low, high) = (pick(&from.used), pick(&to.used));
    low + (high - low) * ((day - from.day) / (to.day - from.day)).clamp(0.0, 1.0)
}

/// The line with at most four points for each pixel column: the first, the extremes and the last, which look the same.
fn thinned(points: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for column in points.chunk_by(|a, b| a.x.floor() == b.x.floor()) {
        if column.len() <= 4 {
            kept.extend_from_slice(column);
            continue;
        }
        let extreme = |better: fn(f64, f64) -> bool| {
            let mut best = 0;
            for (i, point) in column.iter().enumerate() {
                if better(point.y, column[best].y) {
                    best = i;
                }
            }
            best
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
        let fan = [1.0, 3.0].map(|day| Fan { day, used: Quantiles::from_fn(|_| day * 10.0) });
        let read = |day| level_on(&fan, day, |q| q.p50);
        assert_eq!([0.0, 1.0, 2.0, 3.0, 9.0].map(read), [10.0, 10.0, 20.0, 30.0, 30.0]);
        assert_eq!(level_on(&fan[..1], 5.0, |q| q.p50), 10.0);
    }
}
