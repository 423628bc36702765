//! The compiled-in fonts, and the width of a text in them.

use std::sync::OnceLock;

use plotters::style::{FontFamily, FontStyle, IntoFont, register_font};

use super::theme::{TextStyle, Weight};

/// The fonts as SVG names them; plotters looks the compiled-in fonts up under the same name.
///
/// A browser without Inter uses the next: Helvetica and Arial are narrower, so labels still fit.
pub(crate) const FAMILY: &str = "Inter, 'Helvetica Neue', Arial, sans-serif";

/// The line height of the compiled-in fonts in em; plotters calls the line height the size of a font.
pub(crate) const LINE_HEIGHT: f64 = 1.24;

const REGULAR: &[u8] = include_bytes!("../../../data/fonts/Inter-Regular.otf");
const SEMI_BOLD: &[u8] = include_bytes!("../../../data/fonts/Inter-SemiBold.otf");

/// Registers the fonts with plotters, whose table of fonts is global; `false` if it refuses one.
pub(crate) fn ready() -> bool {
    static READY: OnceLock<bool> = OnceLock::new();
    *READY.get_or_init(|| {
        [(FontStyle::Normal, REGULAR), (FontStyle::Bold, SEMI_BOLD)]
            .into_iter()
            .all(|(style, font)| register_font(FAMILY, style, font).is_ok())
    })
}

/// The name of a weight in plotters.
pub(crate) fn plotters_style(weight: Weight) -> FontStyle {
    match weight {
        Weight::Regular => FontStyle::Normal,
        Weight::SemiBold => FontStyle::Bold,
    }
}

/// The width of a text in logical pixels.
pub(crate) fn width(text: &str, style: TextStyle) -> f64 {
    ready();
    // plotters rounds widths down to whole pixels, so letters of a thousand pixels are measured.
    const MEASURED: f64 = 1_000.0;
    let font = (FontFamily::Name(FAMILY), MEASURED * LINE_HEIGHT, plotters_style(style.weight)).into_font();
    // Drawing reports a missing font.
    font.layout_box(text).map_or(0.0, |(_, (right, _))| f64::from(right) * style.size / MEASURED)
}

pub(crate) fn widest(texts: impl IntoIterator<Item = impl AsRef<str>>, style: TextStyle) -> f64 {
    texts.into_iter().map(|text| width(text.as_ref(), style)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::super::theme;
    use super::*;

    #[test]
    fn both_fonts_load_and_differ() {
        assert!(ready());
        let bold = TextStyle { weight: Weight::SemiBold, ..theme::TICK };
        assert!(width("mailrunway", theme::TICK) > 60.0);
        assert!(width("mailrunway", bold) > width("mailrunway", theme::TICK));
    }

    #[test]
    fn a_missing_glyph_is_drawn_as_a_box() {
        ready();
        let font = (FontFamily::Name(FAMILY), 40.0, FontStyle::Normal).into_font();
        let mut inked = 0;
        let drawn = font.draw("\u{4e2d}", (0, 0), |_, _, coverage| {
            inked += usize::from(coverage > 0.5);
            Ok::<(), std::convert::Infallible>(())
        });
        assert!(drawn.is_ok() && inked > 20, "{inked} pixels");
    }
}
