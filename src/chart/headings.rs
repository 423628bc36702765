//! The title of a picture and what it comes to, above everything else.

use super::scene::{Anchor, Scene, Text, at};
use super::text;
use super::theme::{self, MARGIN, TextStyle};
use crate::escape;

/// Writes title and verdict, shortened to the picture's width.
pub(super) fn headings(scene: &mut Scene, title: &str, verdict: &str, width: f64) {
    let room = width - 2.0 * MARGIN;
    let heading = |words: &str, style: TextStyle, baseline| {
        let text = text::shortened(&escape::printable(words), style, room);
        Text { at: at(MARGIN, baseline), anchor: Anchor::Start, style, text }
    };
    scene.text(heading(title, theme::TITLE, theme::TITLE_BASELINE));
    scene.text(heading(verdict, theme::VERDICT, theme::VERDICT_BASELINE));
}
