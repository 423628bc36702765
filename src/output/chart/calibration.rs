//! The calibration of dates and levels, and the errors of the dates.

mod errors;
mod panel;

#[cfg(test)]
mod tests;

use self::panel::Panel;
use super::axes::Tick;
use super::legend::{self, Sign};
use super::scene::{Point, Scene};
use super::theme::{self, MARGIN};
use super::{Canvas, Figure, text};
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
        draw_reliability(scene, &dates, "Dates", "reached by then", self.dates);
        draw_reliability(scene, &levels, "Levels", "at or below", self.levels);
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

const PERCENT: f64 = 100.0;

/// Draws a reliability diagram: the observed share of each forecast probability, and the range expected by chance. `event` names the event whose share is observed.
fn draw_reliability(scene: &mut Scene, panel: &Panel, title: &str, event: &str, points: &[Reliability]) {
    let most = |count: fn(&Reliability) -> usize| points.iter().map(count).max().unwrap_or(0);
    let (cases, apart) = (most(|r| r.cases), most(|r| r.apart));
    let note = format!("% {event}; {cases} cases, {apart} apart in time");
    panel.words(scene, title, &note, "forecast probability, %");
    let mut plot = panel.plot(scene, ((0.0, PERCENT), (0.0, PERCENT)), "100");
    let plane = plot.plane;
    let at = |p: f64, share: f64| plane.at(p * PERCENT, share * PERCENT);
    let low = points.iter().map(|r| at(r.p, r.chance.0));
    let high = points.iter().rev().map(|r| at(r.p, r.chance.1));
    plot.scene.area(low.chain(high).collect(), theme::BAND_80);
    panel::amount_axis(&mut plot, [0.0, 25.0, 50.0, 75.0, 100.0]);
    plot.scene.segment(at(0.0, 0.0), at(1.0, 1.0), theme::IDEAL_LINE);
    plot.bottom_axis([5.0, 25.0, 50.0, 75.0, 95.0].map(|percent| Tick::new(percent, percent.to_string())).to_vec());
    let observed: Vec<Point> = points.iter().map(|r| at(r.p, r.share)).collect();
    for &point in &observed {
        plot.scene.dot(point, theme::RELIABILITY_DOT, theme::HISTORY);
    }
    plot.scene.line(observed, theme::HISTORY_LINE);
    if points.is_empty() {
        text::note(plot.scene, plot.plane.area, panel::EMPTY);
    }
}
