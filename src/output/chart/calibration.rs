//! The calibration chart: whether forecasts were what they said, of dates and of levels, and how far off they were.

mod errors;
mod legend;
mod panel;
mod reliability;

#[cfg(test)]
mod tests;

use super::scene::Scene;
use super::{Canvas, headings};
use crate::forecast::backtest::reliability::Reliability;
use panel::Panel;

/// What a calibration chart shows: whether probabilities were what they said, and how far off the dates were.
#[derive(Clone, Copy, Debug)]
pub struct Calibration<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// How often limits were reached up to each quantile of their date.
    pub dates: &'a [Reliability],
    /// How often levels lay at or below each of their quantiles.
    pub levels: &'a [Reliability],
    /// The logarithms of forecast by true times to exhaustion.
    pub errors: &'a [f64],
    /// The same of the straight line.
    pub line_errors: &'a [f64],
}

/// Composes the picture: three panels side by side.
pub(crate) fn scene(chart: &Calibration, canvas: Canvas) -> Scene {
    let mut scene = Scene::default();
    headings::headings(&mut scene, chart.title, chart.verdict, f64::from(canvas.width));
    let [dates, levels, errors] = Panel::row(canvas);
    reliability::draw(&mut scene, &dates, "Dates", "came by then", chart.dates);
    reliability::draw(&mut scene, &levels, "Levels", "at or below", chart.levels);
    errors::draw(&mut scene, &errors, chart.errors, chart.line_errors);
    legend::legend(&mut scene, canvas);
    scene
}
