//! A scene as SVG that may stand alone or inside an HTML page.

use plotters::prelude::SVGBackend;

use super::paint::{Medium, paint};
use super::scene::Scene;
use super::{Canvas, ChartError};

/// plotters writes whole numbers, so a logical pixel is so many units of the view box.
const UNITS: u32 = 10;

/// The SVG of a scene; `title` and `description` are for those who do not see it.
pub(crate) fn svg(scene: &Scene, canvas: Canvas, title: &str, description: &str) -> Result<Vec<u8>, ChartError> {
    let Canvas { width, height, .. } = canvas;
    let size = (width * UNITS, height * UNITS);
    let mut drawn = String::new();
    paint(scene, SVGBackend::with_string(&mut drawn, size), Medium::Svg, f64::from(UNITS))?;
    // plotters' own opening tag names neither a role nor the size on the page.
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
