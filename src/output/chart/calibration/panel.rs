//! One of several plots side by side, with its words and axes.

use crate::output::chart::axes::{Plane, Tick};
use crate::output::chart::plot::Plot;
use crate::output::chart::scene::{Anchor, Rect, Scene, Text, at};
use crate::output::chart::theme::{self, MARGIN};
use crate::output::chart::{Canvas, fonts, text};

/// Between two panels.
const GAP: f64 = 34.0;
const TITLE_BASELINE: f64 = 114.0;
const NOTE_BASELINE: f64 = 136.0;
const PLOT_TOP: f64 = 152.0;
pub(crate) const EMPTY: &str = "nothing to compare yet";
/// Between the plot and the names of amounts beside it.
const BESIDE: f64 = 10.0;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Panel {
    left: f64,
    right: f64,
    bottom: f64,
}

impl Panel {
    /// Three of equal width.
    pub(super) fn row(canvas: Canvas) -> [Panel; 3] {
        let (width, height) = canvas.size();
        let each = (width - 2.0 * MARGIN - 2.0 * GAP) / 3.0;
        [0.0, 1.0, 2.0].map(|place| {
            let left = MARGIN + place * (each + GAP);
            Panel { left, right: left + each, bottom: height - theme::BELOW_PLOT }
        })
    }

    /// A plot with room on its left for the widest name of an amount.
    pub(super) fn plot<'s>(
        &self,
        scene: &'s mut Scene,
        (days, amounts): ((f64, f64), (f64, f64)),
        widest: &str,
    ) -> Plot<'s> {
        let left = self.left + fonts::width(widest, theme::TICK) + BESIDE;
        let area = Rect { left, top: PLOT_TOP, right: self.right, bottom: self.bottom };
        Plot::at(scene, Plane { area, days, amounts })
    }

    /// Writes the texts above and below the plot.
    pub(super) fn words(&self, scene: &mut Scene, title: &str, note: &str, below: &str) {
        let note_below = self.bottom + 6.0 + 2.0 * theme::DATE_ROW + 4.0;
        for (x, baseline, anchor, style, words) in [
            (self.left, TITLE_BASELINE, Anchor::Start, theme::PANEL_TITLE, title),
            (self.left, NOTE_BASELINE, Anchor::Start, theme::PANEL_NOTE, note),
            (self.right, note_below, Anchor::End, theme::PANEL_NOTE, below),
        ] {
            let words = text::shortened(words, style, self.right - self.left);
            scene.text(Text::new(at(x, baseline), anchor, style, words));
        }
    }
}

/// Draws the grid and names the amounts.
pub(crate) fn amount_axis(plot: &mut Plot, amounts: impl IntoIterator<Item = f64>) {
    let ticks: Vec<Tick> = amounts.into_iter().map(|amount| Tick::new(amount, amount.abs().to_string())).collect();
    plot.amounts(&ticks, BESIDE);
}
