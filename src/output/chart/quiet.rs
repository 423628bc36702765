//! A picture of which nothing is known yet: it says so, calmly.

use super::scene::{Anchor, Scene, Text, at};
use super::theme::{self, MARGIN};
use super::{Canvas, text};

/// Writes in the middle of the picture why it is empty.
pub(crate) fn nothing_yet(scene: &mut Scene, canvas: Canvas, why: &str) {
    let (width, height) = (f64::from(canvas.width), f64::from(canvas.height));
    let text = text::shortened(&format!("nothing yet: {why}"), theme::NOTE, width - 2.0 * MARGIN);
    let middle = (theme::VERDICT_BASELINE + height) / 2.0;
    scene.text(Text { at: at(width / 2.0, middle), anchor: Anchor::Middle, style: theme::NOTE, text });
}
