//! The calibration chart: whether forecasts were what they said, of dates and of levels, and how far off they were.

mod errors;
mod legend;
mod panel;
mod reliability;

#[cfg(test)]
mod tests;

use super::scene::Scene;
use super::{Calibration, Canvas, headings};
use panel::Panel;

/// Composes the picture: three panels side by side.
pub(super) fn scene(chart: &Calibration, canvas: Canvas) -> Scene {
    let mut scene = Scene::default();
    headings::headings(&mut scene, chart.title, chart.verdict, f64::from(canvas.width));
    let [dates, levels, errors] = Panel::row(canvas);
    reliability::draw(&mut scene, &dates, "Dates", "came by then", chart.dates);
    reliability::draw(&mut scene, &levels, "Levels", "at or below", chart.levels);
    errors::draw(&mut scene, &errors, chart.errors, chart.line_errors);
    legend::legend(&mut scene, canvas);
    scene
}
