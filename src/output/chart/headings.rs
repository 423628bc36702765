//! The title and the subtitle of a figure.

use super::scene::{Anchor, Scene, Text, at};
use super::theme::{self, MARGIN, TextStyle};
use super::{fonts, text};
use crate::model::escape;

/// Writes both: smaller if they are too wide, and shortened if that is not enough.
pub(crate) fn write(scene: &mut Scene, title: &str, subtitle: &str, width: f64) {
    let room = width - 2.0 * MARGIN;
    let heading = |words: &str, styles: [TextStyle; 2], baseline| {
        let words = escape::printable(words);
        let [large, small] = styles;
        let style = if fonts::width(&words, large) <= room { large } else { small };
        let text = text::shortened(&words, style, room);
        Text { at: at(MARGIN, baseline), anchor: Anchor::Start, style, text }
    };
    scene.text(heading(title, [theme::TITLE, theme::LONG_TITLE], theme::TITLE_BASELINE));
    scene.text(heading(subtitle, [theme::SUBTITLE, theme::LONG_SUBTITLE], theme::SUBTITLE_BASELINE));
}
