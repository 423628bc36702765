//! The legend below the panels.

use crate::output::chart::Canvas;
use crate::output::chart::scene::{Anchor, Rect, Scene, Text, at};
use crate::output::chart::theme;
use crate::output::chart::theme::MARGIN;

const SIGN: f64 = 30.0;

#[derive(Clone, Copy, Debug)]
enum LegendSign {
    Outcome,
    Ideal,
    Chance,
}

impl LegendSign {
    fn draw(self, scene: &mut Scene, x: f64, y: f64) {
        let line = vec![at(x, y), at(x + SIGN, y)];
        match self {
            LegendSign::Outcome => {
                scene.line(line, theme::HISTORY, theme::HISTORY_WIDTH);
                scene.dot(at(x + SIGN / 2.0, y), theme::RELIABILITY_DOT, theme::HISTORY);
            }
            LegendSign::Ideal => scene.dashed(line, theme::SOFT_INK, theme::AXIS_WIDTH, theme::IDEAL_DASH),
            LegendSign::Chance => {
                let band = Rect { left: x, top: y - 6.0, right: x + SIGN, bottom: y + 6.0 };
                scene.area(band.corners(), theme::BAND_80);
            }
        }
    }
}

/// Draws as many entries as fit.
pub(crate) fn draw(scene: &mut Scene, canvas: Canvas) {
    let baseline = f64::from(canvas.height) - theme::LEGEND_ABOVE_EDGE;
    let right = f64::from(canvas.width) - MARGIN;
    let mut x = MARGIN;
    for (sign, words) in [
        (LegendSign::Outcome, "what came"),
        (LegendSign::Ideal, "as it should be"),
        (LegendSign::Chance, "nine of ten counts, were it so: chance alone, over the cases apart in time"),
    ] {
        let at = at(x + SIGN + theme::LABEL_GAP, baseline);
        let words = Text { at, anchor: Anchor::Start, style: theme::LEGEND, text: words.to_owned() };
        let end = words.bounds().right;
        if end > right {
            break;
        }
        sign.draw(scene, x, baseline - theme::HALF_CAPITAL * theme::LEGEND.size);
        scene.text(words);
        x = end + theme::LEGEND_GAP;
    }
}
