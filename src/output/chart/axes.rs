//! The place of days and amounts in a plot, and the ticks of its axes.

pub(crate) mod amounts;
pub(crate) mod dates;

use super::scene::{Point, Rect, at};

/// A named place on an axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub value: f64,
    pub label: String,
    /// A second row, where it differs from the tick before: the year below a month.
    pub below: Option<String>,
}

impl Tick {
    pub(super) fn new(value: f64, label: impl Into<String>) -> Tick {
        Tick { value, label: label.into(), below: None }
    }
}

/// The area of a plot with its range of days and of amounts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plane {
    pub area: Rect,
    /// The first and the last day; see [`dates`].
    pub days: (f64, f64),
    /// The lowest and the highest amount.
    pub amounts: (f64, f64),
}

impl Plane {
    pub(super) fn x(&self, day: f64) -> f64 {
        self.area.left + share(day, self.days) * self.area.width()
    }

    pub(super) fn y(&self, amount: f64) -> f64 {
        self.area.bottom - share(amount, self.amounts) * self.area.height()
    }

    pub(super) fn at(&self, day: f64, amount: f64) -> Point {
        at(self.x(day), self.y(amount))
    }

    /// The point of an amount, or that on the edge if the amount is out of range.
    pub(super) fn clamped(&self, (day, amount): (f64, f64)) -> Point {
        self.at(day, amount.clamp(self.amounts.0, self.amounts.1))
    }

    /// The inverse of [`Plane::x`].
    pub(super) fn day(&self, x: f64) -> f64 {
        self.days.0 + (x - self.area.left) / self.area.width() * (self.days.1 - self.days.0)
    }
}

/// The position of a value in a range, from 0 to 1; 0 in an empty range.
fn share(value: f64, (low, high): (f64, f64)) -> f64 {
    if high > low { (value - low) / (high - low) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_increase_to_the_right_and_amounts_upwards() {
        let area = Rect { left: 100.0, top: 50.0, right: 300.0, bottom: 150.0 };
        let plane = Plane { area, days: (10.0, 20.0), amounts: (0.0, 4.0) };
        assert_eq!(plane.at(10.0, 0.0), at(100.0, 150.0));
        assert_eq!(plane.at(15.0, 4.0), at(200.0, 50.0));
        assert_eq!(plane.day(200.0), 15.0);
        let empty = Plane { days: (10.0, 10.0), amounts: (4.0, 4.0), ..plane };
        assert_eq!(empty.at(10.0, 4.0), at(100.0, 150.0));
    }
}
