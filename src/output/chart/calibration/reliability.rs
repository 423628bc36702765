//! A reliability diagram: how often what was told with a probability came, beside what chance alone gives.

use super::panel::{self, Panel};
use crate::forecast::backtest::reliability::Reliability;
use crate::output::chart::scene::{Point, Scene};
use crate::output::chart::theme;

const PERCENT: f64 = 100.0;

/// Draws a diagram; `came` says what is counted.
pub(crate) fn draw(scene: &mut Scene, panel: &Panel, title: &str, came: &str, points: &[Reliability]) {
    let most = |count: fn(&Reliability) -> usize| points.iter().map(count).max().unwrap_or(0);
    let (cases, apart) = (most(|r| r.cases), most(|r| r.apart));
    let note = format!("% {came}; {cases} cases, {apart} apart in time");
    panel.words(scene, title, &note, "forecast probability, %");
    let plane = panel.plane((0.0, PERCENT), (0.0, PERCENT), "100");
    let at = |p: f64, share: f64| plane.at(p * PERCENT, share * PERCENT);
    let low = points.iter().map(|r| at(r.p, r.chance.0));
    let high = points.iter().rev().map(|r| at(r.p, r.chance.1));
    scene.area(low.chain(high).collect(), theme::BAND_80);
    for share in [0.0, 25.0, 50.0, 75.0, 100.0] {
        panel::amount(scene, &plane, share, format!("{share}"));
    }
    scene.dashed(vec![at(0.0, 0.0), at(1.0, 1.0)], theme::SOFT_INK, theme::AXIS_WIDTH, theme::IDEAL_DASH);
    panel::places(scene, &plane, &[(5.0, "5"), (25.0, "25"), (50.0, "50"), (75.0, "75"), (95.0, "95")]);
    let came: Vec<Point> = points.iter().map(|r| at(r.p, r.share)).collect();
    for &point in &came {
        scene.dot(point, theme::RELIABILITY_DOT, theme::HISTORY);
    }
    scene.line(came, theme::HISTORY, theme::HISTORY_WIDTH);
    if points.is_empty() {
        panel.empty(scene, &plane);
    }
}
