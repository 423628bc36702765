//! Limits as they were, are and will be: a line of steps.

use super::axes::Plane;
use super::axes::dates::instant;
use super::scene::{Point, at};
use crate::model::series::Series;

/// The limits of a series that is `now` the last: each from a day on, the first from the beginning.
pub(crate) fn of(series: &Series, now: f64) -> Vec<(f64, f64)> {
    let mut limits: Vec<(f64, f64)> = series.limits.iter().map(|held| (instant(held.since), held.size)).collect();
    match limits.first_mut() {
        Some(first) => first.0 = f64::NEG_INFINITY,
        None => limits.push((f64::NEG_INFINITY, now)),
    }
    limits
}

/// The line of limits that each hold from a day on, the last to the end of the plot.
///
/// What was so high or low that it has no place runs along the edge.
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
