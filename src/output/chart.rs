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
mod text;
mod theme;
mod vector;
mod whatif;

#[cfg(test)]
mod tests;

pub use ages::{AgeRow, Ages};
pub use calendar::Calendar;
pub use calibration::Calibration;
pub use domains::{DomainAmounts, Domains};
pub use flows::{Flows, WeekFlow};
pub use largest::{Largest, MailboxSize};
pub use past::{Past, PastForecast};
pub use runway::Runway;
pub use whatif::{ScenarioLine, WhatIf};

use std::path::Path;

use self::scene::Scene;
use crate::model::escape;

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

/// A picture that can be drawn.
#[derive(Clone, Copy, Debug)]
pub enum Chart<'a> {
    /// The history, the fan of futures and the limit.
    Runway(Runway<'a>),
    /// How often forecasts held beside what chance alone would give, and how far off they were.
    Calibration(Calibration<'a>),
    /// How old the stored mail is, now and before.
    Ages(Ages<'a>),
    /// What each domain holds over time, one on the other.
    Domains(Domains<'a>),
    /// What came and what went, period by period, and the net of it.
    Flows(Flows<'a>),
    /// The largest mailboxes, and what they hold of the whole.
    Largest(Largest<'a>),
    /// Past forecasts and what came.
    Past(Past<'a>),
    /// What arrived in each week, a row for each year.
    Calendar(Calendar<'a>),
    /// Scenarios as lines on one runway.
    WhatIf(WhatIf<'a>),
}

impl Chart<'_> {
    fn scene(&self, canvas: Canvas) -> Scene {
        match self {
            Chart::Runway(chart) => runway::scene(chart, canvas),
            Chart::Calibration(chart) => calibration::scene(chart, canvas),
            Chart::Ages(chart) => ages::scene(chart, canvas),
            Chart::Domains(chart) => domains::scene(chart, canvas),
            Chart::Flows(chart) => flows::scene(chart, canvas),
            Chart::Largest(chart) => largest::scene(chart, canvas),
            Chart::Past(chart) => past::scene(chart, canvas),
            Chart::Calendar(chart) => calendar::scene(chart, canvas),
            Chart::WhatIf(chart) => whatif::scene(chart, canvas),
        }
    }

    /// What it is of, and what it comes to.
    fn heading(&self) -> (&str, &str) {
        match self {
            Chart::Runway(chart) => (chart.title, chart.verdict),
            Chart::Calibration(chart) => (chart.title, chart.verdict),
            Chart::Ages(chart) => (chart.title, chart.verdict),
            Chart::Domains(chart) => (chart.title, chart.verdict),
            Chart::Flows(chart) => (chart.title, chart.verdict),
            Chart::Largest(chart) => (chart.title, chart.verdict),
            Chart::Past(chart) => (chart.title, chart.verdict),
            Chart::Calendar(chart) => (chart.title, chart.verdict),
            Chart::WhatIf(chart) => (chart.title, chart.verdict),
        }
    }

    /// What it shows, for those who do not see it; nothing where the heading says it all.
    fn told(&self) -> String {
        match self {
            Chart::Runway(_) | Chart::Calibration(_) => String::new(),
            Chart::Ages(chart) => ages::told(chart),
            Chart::Domains(chart) => domains::told(chart),
            Chart::Flows(chart) => flows::told(chart),
            Chart::Largest(chart) => largest::told(chart),
            Chart::Past(chart) => past::told(chart),
            Chart::Calendar(chart) => calendar::told(chart),
            Chart::WhatIf(chart) => whatif::told(chart),
        }
    }
}

/// Draws a picture; returns the bytes of the file.
///
/// The same chart gives the same bytes.
///
/// # Errors
/// If the canvas is of no sensible size, or drawing fails.
pub fn draw(chart: &Chart, format: Format, canvas: Canvas) -> Result<Vec<u8>, ChartError> {
    let canvas = canvas.checked()?;
    let scene = chart.scene(canvas);
    match format {
        Format::Png => raster::png(&scene, canvas),
        Format::Svg => {
            let (title, verdict) = chart.heading();
            let words = format!("{verdict} {}", chart.told());
            vector::svg(&scene, canvas, &escape::printable(title), &escape::printable(words.trim_end()))
        }
    }
}
