//! The pictures of the report.

use crate::chart::{Canvas, Format};
use crate::commands::{Context, chart};
use crate::error::Result;
use crate::report::{Drawing, Picture, PictureKind, Subject};
use crate::series::Series;

/// Draws the pictures of each subject.
///
/// # Errors
/// If a chart cannot be drawn.
pub(super) fn draw(context: &Context, subjects: &mut [Subject], series: &[&Series], format: Format) -> Result<()> {
    for (number, subject) in (1..).zip(subjects) {
        let mut pictures = Vec::new();
        for line in &subject.lines {
            let (name, resource) = (&line.forecast.series, line.forecast.resource);
            let of_line = series.iter().find(|series| series.name == *name && series.resource == resource);
            let Some(series) = of_line else { continue };
            let bytes = chart::draw(context, series, &line.forecast, format, Canvas::default())?;
            pictures.push(Picture {
                kind: PictureKind::Runway,
                name: format!("runway-{number}-{}", resource.word()),
                description: line.headline.clone(),
                drawing: drawing(bytes, format),
            });
        }
        subject.pictures = pictures;
    }
    Ok(())
}

fn drawing(bytes: Vec<u8>, format: Format) -> Drawing {
    match format {
        Format::Svg => Drawing::Svg(String::from_utf8_lossy(&bytes).into_owned()),
        Format::Png => Drawing::Png(bytes),
    }
}
