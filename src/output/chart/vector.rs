//! A scene as SVG, for a file or inside an HTML page.

use plotters::prelude::SVGBackend;

use super::paint::{Medium, paint};
use super::scene::Scene;
use super::{Canvas, ChartError};

/// Units of the view box per logical pixel: plotters writes whole numbers only.
const UNITS: u32 = 10;

/// The SVG of a scene; `title` and `description` are for screen readers.
pub(crate) fn svg(scene: &Scene, canvas: Canvas, title: &str, description: &str) -> Result<Vec<u8>, ChartError> {
    let Canvas { width, height, .. } = canvas;
    let size = (width * UNITS, height * UNITS);
    let mut drawn = String::new();
    paint(scene, SVGBackend::with_string(&mut drawn, size), Medium::Svg, f64::from(UNITS))?;
    // The opening tag of plotters lacks the role and the size on the page.
    let (_, shapes) = drawn.split_once(">\n").ok_or_else(|| ChartError::Drawing("no SVG was written".to_owned()))?;
    let (title, description) = (escaped(title), escaped(description));
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {} {}\" stroke-linejoin=\"round\">\n<title>{title}</title>\n<desc>{description}</desc>\n{shapes}",
        size.0, size.1
    )
    .into_bytes())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
