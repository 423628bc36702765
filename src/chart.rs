//! Pictures of a store and of its forecast, as PNG or SVG bytes.

mod ages;
mod axes;
mod calendar;
mod calibration;
mod column;
mod domains;
mod figures;
mod flows;
mod fonts;
mod headings;
mod labels;
mod largest;
mod legend;
mod limits;
mod paint;
mod past;
mod quiet;
mod raster;
mod runway;
mod scene;
mod subjects;
mod text;
mod theme;
mod vector;
mod whatif;

#[cfg(test)]
mod tests;

pub use subjects::{
    AgeRow, Ages, Calendar, Calibration, DomainAmounts, Domains, Flows, Largest, MailboxSize, Past, PastForecast,
    Runway, ScenarioLine, WeekFlow, WhatIf,
};

use std::path::Path;

use crate::escape;

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
    /// The narrowest picture: as wide as half a sheet of A4 across, and readable at the width of a phone.
    pub const NARROW: Canvas = Canvas { width: 520, height: 400, scale: 1 };

    /// Below this, the labels leave no room for a plot; above, the memory is better used otherwise.
    fn checked(self) -> Result<Canvas, ChartError> {
        let fits = (520..=4_000).contains(&self.width)
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
        "a picture of {}x{} at scale {} cannot be drawn (from 520x400 to 4000x3000, scale 1 to 4, at most 12 million pixels)",
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

/// Draws how old the stored mail is, now and before; returns the bytes of the file.
///
/// The same chart gives the same bytes.
///
/// # Errors
/// If the canvas is of no sensible size, or drawing fails.
pub fn ages(chart: &Ages, format: Format, canvas: Canvas) -> Result<Vec<u8>, ChartError> {
    let canvas = canvas.checked()?;
    let words = format!("{} {}", chart.verdict, ages::told(chart));
    drawn(&ages::scene(chart, canvas), chart.title, &words, format, canvas)
}

/// Draws what each domain holds over time, one on the other; returns the bytes of the file.
///
/// The same chart gives the same bytes.
///
/// # Errors
/// If the canvas is of no sensible size, or drawing fails.
pub fn domains(chart: &Domains, format: Format, canvas: Canvas) -> Result<Vec<u8>, ChartError> {
    let canvas = canvas.checked()?;
    let words = format!("{} {}", chart.verdict, domains::told(chart));
    drawn(&domains::scene(chart, canvas), chart.title, &words, format, canvas)
}

/// Draws what came and what went, period by period, and the net of it; returns the bytes of the file.
///
/// The same chart gives the same bytes.
///
/// # Errors
/// If the canvas is of no sensible size, or drawing fails.
pub fn flows(chart: &Flows, format: Format, canvas: Canvas) -> Result<Vec<u8>, ChartError> {
    let canvas = canvas.checked()?;
    let words = format!("{} {}", chart.verdict, flows::told(chart));
    drawn(&flows::scene(chart, canvas), chart.title, &words, format, canvas)
}

/// Draws the largest mailboxes, and what they hold of the whole; returns the bytes of the file.
///
/// The same chart gives the same bytes.
///
/// # Errors
/// If the canvas is of no sensible size, or drawing fails.
pub fn largest(chart: &Largest, format: Format, canvas: Canvas) -> Result<Vec<u8>, ChartError> {
    let canvas = canvas.checked()?;
    let words = format!("{} {}", chart.verdict, largest::told(chart));
    drawn(&largest::scene(chart, canvas), chart.title, &words, format, canvas)
}

/// Draws past forecasts and what came; returns the bytes of the file.
///
/// The same chart gives the same bytes.
///
/// # Errors
/// If the canvas is of no sensible size, or drawing fails.
pub fn past(chart: &Past, format: Format, canvas: Canvas) -> Result<Vec<u8>, ChartError> {
    let canvas = canvas.checked()?;
    let words = format!("{} {}", chart.verdict, past::told(chart));
    drawn(&past::scene(chart, canvas), chart.title, &words, format, canvas)
}

/// Draws what arrived in each week, a row for each year; returns the bytes of the file.
///
/// The same chart gives the same bytes.
///
/// # Errors
/// If the canvas is of no sensible size, or drawing fails.
pub fn calendar(chart: &Calendar, format: Format, canvas: Canvas) -> Result<Vec<u8>, ChartError> {
    let canvas = canvas.checked()?;
    let words = format!("{} {}", chart.verdict, calendar::told(chart));
    drawn(&calendar::scene(chart, canvas), chart.title, &words, format, canvas)
}

/// Draws scenarios as lines on one runway; returns the bytes of the file.
///
/// The same chart gives the same bytes.
///
/// # Errors
/// If the canvas is of no sensible size, or drawing fails.
pub fn whatif(chart: &WhatIf, format: Format, canvas: Canvas) -> Result<Vec<u8>, ChartError> {
    let canvas = canvas.checked()?;
    let words = format!("{} {}", chart.verdict, whatif::told(chart));
    drawn(&whatif::scene(chart, canvas), chart.title, &words, format, canvas)
}

fn drawn(
    scene: &scene::Scene,
    title: &str,
    words: &str,
    format: Format,
    canvas: Canvas,
) -> Result<Vec<u8>, ChartError> {
    match format {
        Format::Png => raster::png(scene, canvas),
        Format::Svg => vector::svg(scene, canvas, &escape::printable(title), &escape::printable(words)),
    }
}
