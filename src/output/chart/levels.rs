//! Levels and limits over time, in numbers.

use super::axes::Plane;
use super::axes::dates::instant;
use super::scene::{Point, at};
use crate::forecast::outliers;
use crate::model::series::Series;

/// A day, as [`super::axes::dates`] counts them, and an amount.
pub(crate) type DayAmount = (f64, f64);

/// Whether an amount can be drawn: sums and ratios of larger ones could overflow.
pub(crate) fn drawable(amount: f64) -> bool {
    amount.abs() < 1e30
}

/// The measured levels that can be drawn, without outliers. A series of room left begins when the room was no more than the
/// present size.
pub(crate) fn measured(series: &Series) -> Vec<DayAmount> {
    let (_, outliers) = outliers::believable(&series.observations);
    let counted = series.observations.iter().filter(|o| !outliers.contains(o));
    let all = counted.map(|o| (instant(o.time), o.used)).filter(|(_, used)| drawable(*used));
    match series.room {
        Some(_) => from_zero(&all.collect::<Vec<DayAmount>>()),
        None => all.collect(),
    }
}

/// Levels from zero on: those below it at the beginning are left out, later ones count as zero.
fn from_zero(levels: &[DayAmount]) -> Vec<DayAmount> {
    let below = levels.iter().take_while(|(_, level)| *level < 0.0).count();
    let crossing = match (below.checked_sub(1).map(|last| levels[last]), levels.get(below)) {
        (Some((from, low)), Some(&(to, high))) => Some((from + (to - from) * -low / (high - low), 0.0)),
        _ => None,
    };
    let above = levels[below..].iter().map(|&(day, level)| (day, level.max(0.0)));
    crossing.into_iter().chain(above).collect()
}

/// The name of the measured line in the legend.
pub(crate) fn measured_name(series: &Series) -> &'static str {
    if series.room.is_some() { "size less room left" } else { "measured" }
}

/// The amount on a day, interpolated between two others.
pub(crate) fn between((from, low): DayAmount, (to, high): DayAmount, day: f64) -> f64 {
    low + (high - low) * ((day - from) / (to - from))
}

/// A line up to a day, interpolated at its end.
pub(crate) fn up_to(line: &[DayAmount], to: f64) -> Vec<DayAmount> {
    let within = line.iter().take_while(|(day, _)| *day <= to).count();
    let mut shown = line[..within].to_vec();
    if let (Some(&before), Some(&after)) = (line[..within].last(), line.get(within)) {
        shown.push((to, between(before, after, to)));
    }
    shown
}

/// The lowest amount of an axis up to `top`: zero, or just below the lowest level if the spread is under `flat` times
/// `top`. `below` is a share of the spread.
pub(crate) fn axis_start(lowest: f64, top: f64, flat: f64, below: f64) -> f64 {
    let lowest = lowest.clamp(0.0, top);
    let spread = top - lowest;
    if spread < flat * top && spread > 1e-6 * top { (lowest - below * spread).max(0.0) } else { 0.0 }
}

/// The limits of a series, each with its first day; the first starts at minus infinity. `now` is used where the series
/// records no limits.
pub(crate) fn limits(series: &Series, now: f64) -> Vec<DayAmount> {
    let mut limits: Vec<DayAmount> = series.limits.iter().map(|limit| (instant(limit.since), limit.size)).collect();
    match limits.first_mut() {
        Some(first) => first.0 = f64::NEG_INFINITY,
        None => limits.push((f64::NEG_INFINITY, now)),
    }
    limits
}

/// The limits as a line of steps up to the end of the plot. Limits outside the plot run along its edge.
pub(crate) fn steps(plane: &Plane, limits: &[DayAmount]) -> Vec<Point> {
    let mut line: Vec<Point> = Vec::new();
    for &(day, size) in limits {
        let here = plane.clamped((day.clamp(plane.days.0, plane.days.1), size));
        line.extend(line.last().map(|before| at(here.x, before.y)));
        line.push(here);
    }
    line.extend(line.last().map(|last| at(plane.area.right, last.y)));
    line
}

pub(crate) fn limit_on(limits: &[DayAmount], day: f64) -> Option<f64> {
    limits.iter().rev().find(|(from, _)| *from <= day).map(|(_, size)| *size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_begin_at_zero() {
        let levels = [(0.0, -30.0), (7.0, -10.0), (14.0, 10.0), (21.0, -1.0), (28.0, 5.0)];
        assert_eq!(from_zero(&levels), [(10.5, 0.0), (14.0, 10.0), (21.0, 0.0), (28.0, 5.0)]);
        assert_eq!(from_zero(&levels[2..3]), levels[2..3]);
        assert_eq!(from_zero(&levels[..2]), []);
    }
}
