//! Text that is shortened to fit.

use super::fonts;
use super::theme::TextStyle;

/// The text, cut with an ellipsis where it is wider than `room`.
pub(crate) fn shortened(text: &str, style: TextStyle, room: f64) -> String {
    if fonts::width(text, style) <= room {
        return text.to_owned();
    }
    let ends: Vec<usize> = text.char_indices().map(|(start, _)| start).collect();
    let cut = |kept: usize| format!("{}…", text[..ends[kept]].trim_end());
    // The width grows with the length, so the longest that fits is found by halving.
    let fitting = ends.partition_point(|&end| fonts::width(&format!("{}…", text[..end].trim_end()), style) <= room);
    cut(fitting.saturating_sub(1))
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
