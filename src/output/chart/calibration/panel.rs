//! One of several plots side by side, with its words and axes.

use crate::output::chart::axes::Plane;
use crate::output::chart::scene::{Anchor, Rect, Scene, Text, at};
use crate::output::chart::theme;
use crate::output::chart::theme::{MARGIN, TextStyle};
use crate::output::chart::{Canvas, fonts, text};

/// Between two panels.
const GAP: f64 = 34.0;
const TITLE_BASELINE: f64 = 114.0;
const NOTE_BASELINE: f64 = 136.0;
const PLOT_TOP: f64 = 152.0;
/// Between the plot and the names of amounts beside it.
const BESIDE: f64 = 10.0;

/// A place for a plot and what is written round it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Panel {
    left: f64,
    right: f64,
    bottom: f64,
}

impl Panel {
    /// Three of equal width.
    pub(super) fn row(canvas: Canvas) -> [Panel; 3] {
        let (width, height) = (f64::from(canvas.width), f64::from(canvas.height));
        let each = (width - 2.0 * MARGIN - 2.0 * GAP) / 3.0;
        [0.0, 1.0, 2.0].map(|place| {
            let left = MARGIN + place * (each + GAP);
            Panel { left, right: left + each, bottom: height - theme::BELOW_PLOT }
        })
    }

    /// The plot, with room on its left for the widest name of an amount.
    pub(super) fn plane(&self, days: (f64, f64), amounts: (f64, f64), widest: &str) -> Plane {
        let left = self.left + fonts::width(widest, theme::TICK) + BESIDE;
        Plane { area: Rect { left, top: PLOT_TOP, right: self.right, bottom: self.bottom }, days, amounts }
    }

    /// Writes what is above and below the plot.
    pub(super) fn words(&self, scene: &mut Scene, title: &str, note: &str, below: &str) {
        let room = self.right - self.left;
        let line = |words: &str, style: TextStyle, baseline: f64| {
            let text = text::shortened(words, style, room);
            Text { at: at(self.left, baseline), anchor: Anchor::Start, style, text }
        };
        scene.text(line(title, theme::PANEL_TITLE, TITLE_BASELINE));
        scene.text(line(note, theme::PANEL_NOTE, NOTE_BASELINE));
        let mut below = line(below, theme::PANEL_NOTE, self.bottom + 6.0 + 2.0 * theme::DATE_ROW + 4.0);
        below.anchor = Anchor::End;
        below.at.x = self.right;
        scene.text(below);
    }

    /// Writes in the middle of the plot why it is empty.
    pub(super) fn empty(&self, scene: &mut Scene, plane: &Plane) {
        let Rect { left, right, top, bottom } = plane.area;
        let text = text::shortened("nothing to compare yet", theme::NOTE, right - left);
        let at = at((left + right) / 2.0, (top + bottom) / 2.0);
        scene.text(Text { at, anchor: Anchor::Middle, style: theme::NOTE, text });
    }
}

/// A grid line of an amount and its name.
pub(crate) fn amount(scene: &mut Scene, plane: &Plane, value: f64, name: String) {
    let (area, y) = (plane.area, plane.y(value));
    scene.line(vec![at(area.left, y), at(area.right, y)], theme::GRID, theme::HAIRLINE);
    let at = at(area.left - BESIDE, y + theme::HALF_CAPITAL * theme::TICK.size);
    scene.text(Text { at, anchor: Anchor::End, style: theme::TICK, text: name });
}

/// The line below the plot, with a mark at each place and its name.
pub(crate) fn places(scene: &mut Scene, plane: &Plane, places: &[(f64, &str)]) {
    let Rect { left, right, bottom, .. } = plane.area;
    scene.line(vec![at(left, bottom), at(right, bottom)], theme::AXIS, theme::AXIS_WIDTH);
    for (place, name) in places {
        let x = plane.x(*place);
        scene.line(vec![at(x, bottom), at(x, bottom + 6.0)], theme::AXIS, theme::AXIS_WIDTH);
        let at = at(x, bottom + 6.0 + theme::DATE_ROW);
        scene.text(Text { at, anchor: Anchor::Middle, style: theme::TICK, text: (*name).to_owned() });
    }
}
