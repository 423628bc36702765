//! The calibration of dates and levels, and the errors of the dates.

mod errors;
mod panel;
mod reliability;

#[cfg(test)]
mod tests;

use self::panel::Panel;
use super::legend::{self, Sign};
use super::scene::Scene;
use super::theme::{self, MARGIN};
use super::{Canvas, Figure};
use crate::forecast::backtest::reliability::Reliability;

/// Reliability diagrams of the dates and levels, and the errors of the dates.
#[derive(Clone, Copy, Debug)]
pub struct CalibrationFigure<'a> {
    /// The subject.
    pub title: &'a str,
    /// The main point in one sentence.
    pub subtitle: &'a str,
    /// The share of limits that were reached by each quantile of their date.
    pub dates: &'a [Reliability],
    /// The share of levels at or below each of their quantiles.
    pub levels: &'a [Reliability],
    /// The logarithms of the forecast time to exhaustion over the true time.
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
        reliability::draw(scene, &dates, "Dates", "reached by then", self.dates);
        reliability::draw(scene, &levels, "Levels", "at or below", self.levels);
        errors::draw(scene, &errors, self.errors, self.line_errors);
        let band = Sign::Box { fill: theme::BAND_80, edge: theme::BAND_80, width: 30.0 };
        let signs = [
            (Sign::Line { stroke: theme::HISTORY_LINE, dot: Some(theme::RELIABILITY_DOT) }, "observed"),
            (Sign::line(theme::IDEAL_LINE), "perfect calibration"),
            (band, "expected range if the forecasts are calibrated (90 %)"),
        ];
        let edges = (MARGIN, canvas.size().0 - MARGIN);
        legend::row(scene, edges, canvas.legend_baseline(), &signs, theme::LEGEND_GAP, &[]);
    }
}
