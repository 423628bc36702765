//! A figure without anything to show yet.

use super::scene::{Anchor, Scene, Text, at};
use super::theme::{self, MARGIN};
use super::{Canvas, text};

/// Writes in the middle of the figure why it is empty.
pub(crate) fn explain(scene: &mut Scene, canvas: Canvas, why: &str) {
    let (width, height) = canvas.size();
    let text = text::shortened(&format!("nothing yet: {why}"), theme::NOTE, width - 2.0 * MARGIN);
    let middle = (theme::SUBTITLE_BASELINE + height) / 2.0;
    scene.text(Text { at: at(width / 2.0, middle), anchor: Anchor::Middle, style: theme::NOTE, text });
}
