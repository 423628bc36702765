//! A reliability diagram: the observed share of each forecast probability, and the range expected by chance.

use super::panel::{self, Panel};
use crate::forecast::backtest::reliability::Reliability;
use crate::output::chart::axes::Tick;
use crate::output::chart::scene::{Point, Scene};
use crate::output::chart::{text, theme};

const PERCENT: f64 = 100.0;

/// Draws a diagram. `event` names the event whose share is observed.
pub(crate) fn draw(scene: &mut Scene, panel: &Panel, title: &str, event: &str, points: &[Reliability]) {
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
