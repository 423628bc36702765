//! Past, present and announced limits as a line of steps.

use super::axes::Plane;
use super::axes::dates::instant;
use super::scene::{Point, at};
use crate::model::series::Series;

/// The limits of a series, each with its first day; the first starts at minus infinity. `now` is used where the series
/// records no limits.
pub(crate) fn by_day(series: &Series, now: f64) -> Vec<(f64, f64)> {
    let mut limits: Vec<(f64, f64)> = series.limits.iter().map(|limit| (instant(limit.since), limit.size)).collect();
    match limits.first_mut() {
        Some(first) => first.0 = f64::NEG_INFINITY,
        None => limits.push((f64::NEG_INFINITY, now)),
    }
    limits
}

/// The line of the limits up to the end of the plot. Limits outside the plot run along its edge.
pub(crate) fn steps(plane: &Plane, limits: &[(f64, f64)]) -> Vec<Point> {
    let mut line = Vec::new();
    let mut held = None;
    for &(day, size) in limits {
        let day = day.clamp(plane.days.0, plane.days.1);
        let here = plane.at(day, size.clamp(plane.amounts.0, plane.amounts.1));
        line.extend(held.map(|y| at(here.x, y)));
        line.push(here);
        held = Some(here.y);
    }
    line.extend(held.map(|y| at(plane.area.right, y)));
    line
}

/// The limit on a day.
pub(crate) fn on(limits: &[(f64, f64)], day: f64) -> Option<f64> {
    limits.iter().rev().find(|(from, _)| *from <= day).map(|(_, size)| *size)
}
