//! What the lines and bands mean, in one row below the plot.

use super::view::RunwayView;
use crate::output::chart::axes::Plane;
use crate::output::chart::scene::{Anchor, Point, Rect, Scene, Text, at};
use crate::output::chart::theme;
use crate::output::chart::theme::Rgb;

/// What stands before the words.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Symbol {
    History,
    Event,
    Median,
    Band(Rgb),
}

impl Symbol {
    fn width(self) -> f64 {
        match self {
            Symbol::History | Symbol::Median => 30.0,
            Symbol::Event => 10.0,
            Symbol::Band(_) => 22.0,
        }
    }

    fn draw(self, scene: &mut Scene, x: f64, y: f64) {
        let right = x + self.width();
        let line = vec![at(x, y), at(right, y)];
        match self {
            Symbol::History => scene.line(line, theme::HISTORY, theme::HISTORY_WIDTH),
            Symbol::Median => scene.dashed(line, theme::MEDIAN, theme::MEDIAN_WIDTH, theme::MEDIAN_DASH),
            Symbol::Event => scene.area(triangle(at(x + 5.0, y), true), theme::EVENT),
            Symbol::Band(color) => {
                scene.area(Rect { left: x, top: y - 6.0, right, bottom: y + 6.0 }.corners(), color);
            }
        }
    }
}

/// Explains what is shown, and says so if the axis does not start at zero. What has no room is left out.
pub(crate) fn legend(scene: &mut Scene, view: &RunwayView, plane: &Plane, height: f64, events: bool) {
    let baseline = height - theme::LEGEND_ABOVE_EDGE;
    let text = |x: f64, anchor, words: &str| Text {
        at: at(x, baseline),
        anchor,
        style: theme::LEGEND,
        text: words.to_owned(),
    };
    let mut right = plane.area.right;
    if plane.amounts.0 > 0.0 {
        let note = text(right, Anchor::End, "the axis does not start at zero");
        right = note.bounds().left - theme::LEGEND_GAP;
        scene.text(note);
    }
    let mut entries = vec![(Symbol::History, "measured")];
    if events {
        entries.push((Symbol::Event, "one-off change"));
    }
    if !view.fan.is_empty() {
        entries.extend([
            (Symbol::Median, "median forecast"),
            (Symbol::Band(theme::BAND_50), "50 % of futures"),
            (Symbol::Band(theme::BAND_80), "80 %"),
            (Symbol::Band(theme::BAND_90), "90 %"),
        ]);
    }
    let mut x = plane.area.left;
    for (symbol, words) in entries {
        let words = text(x + symbol.width() + theme::LABEL_GAP, Anchor::Start, words);
        let end = words.bounds().right;
        if end > right {
            break;
        }
        symbol.draw(scene, x, baseline - theme::HALF_CAPITAL * theme::LEGEND.size);
        scene.text(words);
        x = end + theme::LEGEND_GAP;
    }
}

/// The sign of a one-off change round a point: up or down.
pub(crate) fn triangle(center: Point, up: bool) -> Vec<Point> {
    const HALF: f64 = 5.0;
    let tip = if up { -HALF } else { HALF };
    let Point { x, y } = center;
    vec![at(x, y + tip), at(x + HALF, y - tip), at(x - HALF, y - tip)]
}
