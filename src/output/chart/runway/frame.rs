//! What surrounds the plot: where it begins and ends.

use super::heights::Heights;
use super::view::RunwayView;
use crate::output::chart::axes::{Plane, Tick, edges};
use crate::output::chart::scene::Rect;
use crate::output::chart::theme;
use crate::output::chart::theme::MARGIN;
use crate::output::chart::{Canvas, RunwayFigure};

/// The plot's place and ranges, and the amounts to name.
pub(crate) fn plane(figure: &RunwayFigure, view: &RunwayView, heights: &Heights, canvas: Canvas) -> (Plane, Vec<Tick>) {
    let (width, height) = (f64::from(canvas.width), f64::from(canvas.height));
    let (top, bottom) = plot_rows(height);
    let room = Rect { left: MARGIN, top, right: width - MARGIN, bottom };
    let shown = (figure.series.resource, figure.units);
    edges::plane(room, (view.from, view.to), (heights.low, heights.high), shown)
}

/// Where the plot begins and ends from above.
pub(crate) fn plot_rows(height: f64) -> (f64, f64) {
    (theme::STRIP_TOP + 2.0 * theme::STRIP_ROW + theme::STRIP_GAP, height - theme::BELOW_PLOT)
}
