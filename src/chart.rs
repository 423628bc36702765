//! Pictures of a forecast, as PNG or SVG bytes.

mod axes;
mod calibration;
mod fonts;
mod headings;
mod labels;
mod paint;
mod raster;
mod runway;
mod scene;
mod text;
mod theme;
mod vector;

#[cfg(test)]
mod tests;

use std::path::Path;

use jiff::civil::Date;

use crate::backtest::reliability::Reliability;
use crate::bytes::Units;
use crate::escape;
use crate::forecast::Forecast;
use crate::series::Series;

/// What a runway chart shows: how long what is left will last.
#[derive(Clone, Copy, Debug)]
pub struct Runway<'a> {
    /// What the chart is of: `mail01: /var/vmail, bytes`. What does not fit is cut off.
    pub title: &'a str,
    /// The answer in one sentence, shown under the title.
    pub verdict: &'a str,
    /// The history and the limit.
    pub series: &'a Series,
    /// What is to come.
    pub forecast: &'a Forecast,
    /// The day on which something ordered today would be in use.
    pub lead_time_ends: Option<Date>,
    /// The last day to order on.
    pub order_by: Option<Date>,
    /// How sizes are written.
    pub units: Units,
}

/// What a calibration chart shows: whether probabilities were what they said, and how far off the dates were.
#[derive(Clone, Copy, Debug)]
pub struct Calibration<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// How often limits were reached up to each quantile of their date.
    pub dates: &'a [Reliability],
    /// How often levels lay at or below each of their quantiles.
    pub levels: &'a [Reliability],
    /// The logarithms of forecast by true times to exhaustion.
    pub errors: &'a [f64],
    /// The same of the straight line.
    pub line_errors: &'a [f64],
}

/// The kind of picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Pixels, for mail and slides.
    Png,
    /// Lines and letters, for a page; not smaller, but sharp at every size.
    Svg,
}

impl Format {
    /// The format that the ending of a file name stands for.
    pub fn of_path(path: &Path) -> Option<Format> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "png" => Some(Format::Png),
            "svg" => Some(Format::Svg),
            _ => None,
        }
    }
}

/// How large a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canvas {
    /// The width in logical pixels, which are 1/96 inch.
    pub width: u32,
    /// The height in logical pixels.
    pub height: u32,
    /// How many pixels of a PNG a logical pixel is wide and high: 2 for screens of high density.
    pub scale: u32,
}

impl Default for Canvas {
    fn default() -> Self {
        Canvas { width: 1_200, height: 675, scale: 1 }
    }
}

impl Canvas {
    /// Below this, the labels leave no room for a plot; above, the memory is better used otherwise.
    fn checked(self) -> Result<Canvas, ChartError> {
        let fits = (640..=4_000).contains(&self.width)
            && (400..=3_000).contains(&self.height)
            && (1..=4).contains(&self.scale)
            && u64::from(self.width * self.scale) * u64::from(self.height * self.scale) <= 12_000_000;
        if fits { Ok(self) } else { Err(ChartError::Canvas(self)) }
    }
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The picture would be too small to read or too large to draw.
    #[error(
        "a picture of {}x{} at scale {} cannot be drawn (from 640x400 to 4000x3000, scale 1 to 4, at most 12 million pixels)",
        .0.width, .0.height, .0.scale
    )]
    Canvas(Canvas),
    /// The drawing library refused.
    #[error("the chart could not be drawn: {0}")]
    Drawing(String),
}

/// Draws the history, the fan of futures and the limit; returns the bytes of the file.
///
/// The same chart gives the same bytes.
///
/// # Errors
/// If the canvas is of no sensible size, or drawing fails.
pub fn runway(chart: &Runway, format: Format, canvas: Canvas) -> Result<Vec<u8>, ChartError> {
    let canvas = canvas.checked()?;
    drawn(&runway::scene(chart, canvas), chart.title, chart.verdict, format, canvas)
}

/// Draws how often forecasts held beside what chance alone would give, and how far off they were; returns the bytes of
/// the file.
///
/// The same chart gives the same bytes.
///
/// # Errors
/// If the canvas is of no sensible size, or drawing fails.
pub fn calibration(chart: &Calibration, format: Format, canvas: Canvas) -> Result<Vec<u8>, ChartError> {
    let canvas = canvas.checked()?;
    drawn(&calibration::scene(chart, canvas), chart.title, chart.verdict, format, canvas)
}

fn drawn(
    scene: &scene::Scene,
    title: &str,
    verdict: &str,
    format: Format,
    canvas: Canvas,
) -> Result<Vec<u8>, ChartError> {
    match format {
        Format::Png => raster::png(scene, canvas),
        Format::Svg => vector::svg(scene, canvas, &escape::printable(title), &escape::printable(verdict)),
    }
}
