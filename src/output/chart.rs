//! Figures of stores and forecasts, drawn as PNG or SVG.

mod ages;
mod axes;
mod backtest;
mod calendar;
mod column;
mod domains;
mod flows;
mod fonts;
mod labels;
mod largest;
mod legend;
mod levels;
mod numbers;
mod paint;
mod past;
mod plot;
mod raster;
mod runway;
mod scene;
mod text;
mod theme;
mod vector;
mod whatif;

#[cfg(test)]
mod tests;

pub(crate) use ages::AgesFigure;
pub use backtest::BacktestFigure;
pub(crate) use calendar::CalendarFigure;
pub(crate) use domains::DomainsFigure;
pub(crate) use flows::FlowsFigure;
pub(crate) use largest::LargestFigure;
pub(crate) use past::PastFigure;
pub(crate) use runway::RunwayFigure;
pub(crate) use whatif::WhatIfFigure;

use std::path::Path;

use serde::Serialize;

use self::scene::{Rect, Scene};
use self::theme::MARGIN;
use crate::model::escape;

/// A kind of figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChartKind {
    /// History, forecast and limit.
    Runway,
    /// Stored mail by age, now and a year ago.
    Ages,
    /// Growth by domain.
    Domains,
    /// Arrivals and deletions, week by week.
    Flows,
    /// The largest mailboxes and their share.
    Largest,
    /// Past forecasts against the levels that followed.
    Past,
    /// Arrivals in each week of the year.
    Calendar,
    /// Scenarios on one runway.
    WhatIf,
}

impl ChartKind {
    /// The name in file names and style sheets.
    pub fn word(self) -> &'static str {
        match self {
            ChartKind::Runway => "runway",
            ChartKind::Ages => "ages",
            ChartKind::Domains => "domains",
            ChartKind::Flows => "flows",
            ChartKind::Largest => "largest",
            ChartKind::Past => "past",
            ChartKind::Calendar => "calendar",
            ChartKind::WhatIf => "what-if",
        }
    }
}

/// The file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Pixels, for mail and slides.
    Png,
    /// Vectors, for a page: sharp at every size.
    Svg,
}

impl Format {
    /// The format of a file by its extension.
    pub fn from_path(path: &Path) -> Option<Format> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "png" => Some(Format::Png),
            "svg" => Some(Format::Svg),
            _ => None,
        }
    }
}

/// The size of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canvas {
    /// The width in logical pixels, which are 1/96 inch.
    pub width: u32,
    /// The height in logical pixels.
    pub height: u32,
    /// PNG pixels per logical pixel, in each direction: 2 for high-density screens.
    pub scale: u32,
}

impl Default for Canvas {
    fn default() -> Self {
        Canvas { width: 1_200, height: 675, scale: 1 }
    }
}

impl Canvas {
    /// The narrowest figure: half of a landscape A4 sheet, readable on a phone.
    pub const NARROW: Canvas = Canvas { width: 520, height: 400, scale: 1 };

    /// Smaller leaves no room for the plot; larger takes too much memory.
    fn checked(self) -> Result<Canvas, ChartError> {
        let fits = (520..=4_000).contains(&self.width)
            && (400..=3_000).contains(&self.height)
            && (1..=4).contains(&self.scale)
            && u64::from(self.width * self.scale) * u64::from(self.height * self.scale) <= 12_000_000;
        if fits { Ok(self) } else { Err(ChartError::Canvas(self)) }
    }

    fn size(self) -> (f64, f64) {
        (f64::from(self.width), f64::from(self.height))
    }

    fn legend_baseline(self) -> f64 {
        f64::from(self.height) - theme::LEGEND_ABOVE_EDGE
    }

    /// The room between the margins, up to `below` from the bottom.
    fn room(self, top: f64, below: f64) -> Rect {
        let (width, height) = self.size();
        Rect { left: MARGIN, top, right: width - MARGIN, bottom: height - below }
    }
}

/// Why a figure was not drawn.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The canvas is too small to read or too large to draw.
    #[error(
        "a picture of {}x{} at scale {} cannot be drawn (from 520x400 to 4000x3000, scale 1 to 4, at most 12 million pixels)",
        .0.width, .0.height, .0.scale
    )]
    Canvas(Canvas),
    /// The drawing library failed.
    #[error("the chart could not be drawn: {0}")]
    Drawing(String),
}

/// A figure, as texts and shapes. The same figure always gives the same bytes.
pub trait Figure {
    /// The subject; shortened if it does not fit.
    fn title(&self) -> String;

    /// The main point in one sentence, shown under the title.
    fn subtitle(&self) -> String;

    /// The figure in words beside the subtitle, for readers who cannot see it.
    fn in_words(&self) -> String {
        String::new()
    }

    /// The subtitle, and the figure in words.
    fn description(&self) -> String {
        match self.in_words() {
            words if words.is_empty() => self.subtitle(),
            words => format!("{}. {words}", self.subtitle().trim_end_matches('.')),
        }
    }

    /// Adds everything below the subtitle.
    fn plot(&self, scene: &mut Scene, canvas: Canvas);

    /// The whole figure, headings included.
    fn scene(&self, canvas: Canvas) -> Scene {
        let mut scene = Scene::default();
        text::headings(&mut scene, &self.title(), &self.subtitle(), f64::from(canvas.width));
        self.plot(&mut scene, canvas);
        scene
    }
}

/// Draws a figure; returns the bytes of the file.
///
/// # Errors
/// If the canvas is too small or too large, or drawing fails.
pub fn draw(figure: &dyn Figure, format: Format, canvas: Canvas) -> Result<Vec<u8>, ChartError> {
    let canvas = canvas.checked()?;
    let scene = figure.scene(canvas);
    match format {
        Format::Png => raster::png(&scene, canvas),
        Format::Svg => {
            let (title, description) = (figure.title(), figure.description());
            vector::svg(&scene, canvas, &escape::printable(&title), &escape::printable(description.trim_end()))
        }
    }
}
