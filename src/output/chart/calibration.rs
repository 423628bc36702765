//! The calibration of dates and levels, and the errors of the dates.

mod errors;
mod legend;
mod panel;
mod reliability;

#[cfg(test)]
mod tests;

use super::scene::Scene;
use super::{Canvas, Figure};
use crate::forecast::backtest::reliability::Reliability;
use panel::Panel;

/// Whether probabilities were what they said, and how far off the dates were.
#[derive(Clone, Copy, Debug)]
pub struct CalibrationFigure<'a> {
    /// What the figure is about.
    pub title: &'a str,
    /// The main point in one sentence.
    pub subtitle: &'a str,
    /// How often limits were reached by each quantile of their date.
    pub dates: &'a [Reliability],
    /// How often levels lay at or below each of their quantiles.
    pub levels: &'a [Reliability],
    /// The logarithms of forecast time over true time to exhaustion.
    pub errors: &'a [f64],
    /// The same for the straight line.
    pub line_errors: &'a [f64],
}

impl Figure for CalibrationFigure<'_> {
    fn title(&self) -> String {
        self.title.to_owned()
    }

    fn subtitle(&self) -> String {
        self.subtitle.to_owned()
    }

    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        let [dates, levels, errors] = Panel::row(canvas);
        reliability::draw(scene, &dates, "Dates", "came by then", self.dates);
        reliability::draw(scene, &levels, "Levels", "at or below", self.levels);
        errors::draw(scene, &errors, self.errors, self.line_errors);
        legend::draw(scene, canvas);
    }
}
