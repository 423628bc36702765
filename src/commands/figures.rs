//! The figures that several commands draw.

use std::path::Path;

use super::{Context, output};
use crate::model::error::{Error, Result};
use crate::model::{bytes::Units, escape};
use crate::output::chart::{
    self, AgesFigure, CalendarFigure, Canvas, ChartError, ChartKind, DomainsFigure, Figure, FlowsFigure, Format,
};
use crate::planning::growth::timeline::StoreTimeline;

/// The figure of a store over time; `None` for a kind that does not show one.
pub(super) fn timeline_figure<'a>(
    kind: ChartKind,
    timeline: &'a StoreTimeline,
    units: Units,
) -> Option<Box<dyn Figure + 'a>> {
    Some(match kind {
        ChartKind::Ages => Box::new(AgesFigure::new(timeline, units)),
        ChartKind::Domains => Box::new(DomainsFigure::new(timeline, units)),
        ChartKind::Flows => Box::new(FlowsFigure::new(timeline, units)),
        ChartKind::Calendar => Box::new(CalendarFigure::new(timeline, units)),
        ChartKind::Runway | ChartKind::Largest | ChartKind::Past | ChartKind::WhatIf => return None,
    })
}

/// The format that the file's ending names; SVG on standard output, as it is text.
pub(super) fn format_of(path: &Path) -> Result<Format> {
    if output::is_stdout(path) {
        return Ok(Format::Svg);
    }
    Format::from_path(path).ok_or_else(|| {
        Error::usage("a chart's file ends in .png or .svg").at(path).hint("give the file one of these endings")
    })
}

/// Draws a figure into a file.
pub(super) fn write(context: &Context, path: &Path, figure: &dyn Figure, format: Format, canvas: Canvas) -> Result<()> {
    output::write_file(path, &draw(figure, format, canvas)?)?;
    if context.verbose && !output::is_stdout(path) {
        output::note(&format!("wrote {}", escape::path(path)));
    }
    Ok(())
}

/// The bytes of a figure's file.
pub(super) fn draw(figure: &dyn Figure, format: Format, canvas: Canvas) -> Result<Vec<u8>> {
    chart::draw(figure, format, canvas).map_err(|e| match e {
        ChartError::Canvas(_) => Error::usage(e.to_string()).hint("name others with --size and --scale"),
        ChartError::Drawing(_) => Error::new("cannot draw the chart").because(e),
    })
}
