//! Headings and notes, shortened to fit.

use super::scene::{Anchor, Rect, Scene, Text, at};
use super::theme::{self, MARGIN, TextStyle};
use super::{Canvas, fonts};
use crate::model::escape;

/// The text, cut with an ellipsis where it is wider than `room`.
pub(crate) fn shortened(text: &str, style: TextStyle, room: f64) -> String {
    if fonts::width(text, style) <= room {
        return text.to_owned();
    }
    let ends: Vec<usize> = text.char_indices().map(|(start, _)| start).collect();
    let cut = |end: usize| format!("{}…", text[..end].trim_end());
    // The width grows with the length, so bisection finds the longest that fits.
    let fitting = ends.partition_point(|&end| fonts::width(&cut(end), style) <= room);
    cut(ends[fitting.saturating_sub(1)])
}

/// Writes the title and the subtitle: smaller if they are too wide, and shortened if that is not enough.
pub(crate) fn headings(scene: &mut Scene, title: &str, subtitle: &str, width: f64) {
    let room = width - 2.0 * MARGIN;
    for (words, large, small, baseline) in [
        (title, theme::TITLE, theme::LONG_TITLE, theme::TITLE_BASELINE),
        (subtitle, theme::SUBTITLE, theme::LONG_SUBTITLE, theme::SUBTITLE_BASELINE),
    ] {
        let words = escape::printable(words);
        let style = if fonts::width(&words, large) <= room { large } else { small };
        scene.text(Text::new(at(MARGIN, baseline), Anchor::Start, style, shortened(&words, style, room)));
    }
}

/// Writes why a figure is empty.
pub(crate) fn explain_empty(scene: &mut Scene, canvas: Canvas, why: &str) {
    note(scene, canvas.room(theme::SUBTITLE_BASELINE, 0.0), &format!("nothing yet: {why}"));
}

/// Writes a note in the middle of a room.
pub(crate) fn note(scene: &mut Scene, room: Rect, words: &str) {
    let words = shortened(words, theme::NOTE, room.width());
    scene.text(Text::new(room.center(), Anchor::Middle, theme::NOTE, words));
}

#[cfg(test)]
mod tests {
    use super::super::theme;
    use super::*;

    #[test]
    fn long_texts_are_shortened_with_an_ellipsis() {
        let long = "mail ".repeat(200);
        let short = shortened(&long, theme::TITLE, 300.0);
        assert!(short.ends_with("mail…") || short.ends_with('…'), "{short}");
        let width = fonts::width(&short, theme::TITLE);
        assert!((250.0..=300.0).contains(&width), "{width}");
        assert_eq!(shortened("mail01", theme::TITLE, 300.0), "mail01");
        assert_eq!(shortened("mail01", theme::TITLE, 0.0), "…");
    }
}
