//! What surrounds the plot: its axes.

use super::heights::Heights;
use super::view::View;
use crate::chart::axes::{Plane, Tick, amounts, dates};
use crate::chart::scene::{Anchor, Rect, Scene, Text, at};
use crate::chart::theme::{self, MARGIN};
use crate::chart::{Canvas, Runway, fonts};

/// About so far apart are the amounts on the axis, in pixels.
const AMOUNTS_APART: f64 = 62.0;
/// At least so far apart are the dates.
const DATES_APART: f64 = 62.0;

/// The plot's place and ranges, and the amounts to name.
pub(super) fn plane(chart: &Runway, view: &View, heights: &Heights, canvas: Canvas) -> (Plane, Vec<Tick>) {
    let (width, height) = (f64::from(canvas.width), f64::from(canvas.height));
    let (top, bottom) = plot_rows(height);
    let at_most = ((bottom - top) / AMOUNTS_APART).clamp(3.0, 12.0) as usize;
    let resource = chart.series.resource;
    let step = amounts::step((heights.low, heights.high), resource, chart.units, at_most);
    // An axis that starts at a round amount is easier to read.
    let low = (heights.low / step).floor() * step;
    let range = (low, heights.high);
    let ticks = amounts::ticks(range, resource, chart.units, at_most + 1);
    let widest = ticks.iter().map(|tick| fonts::width(&tick.label, theme::TICK)).fold(0.0, f64::max);
    let area = Rect { left: MARGIN + widest + 12.0, top, right: width - MARGIN, bottom };
    (Plane { area, days: (view.from, view.to), amounts: range }, ticks)
}

/// Where the plot begins and ends from above.
pub(super) fn plot_rows(height: f64) -> (f64, f64) {
    (theme::STRIP_TOP + 2.0 * theme::STRIP_ROW + theme::STRIP_GAP, height - theme::BELOW_PLOT)
}

/// Draws the grid and names the amounts.
pub(super) fn amount_axis(scene: &mut Scene, plane: &Plane, ticks: &[Tick]) {
    let Rect { left, right, .. } = plane.area;
    for tick in ticks {
        let y = plane.y(tick.value);
        scene.line(vec![at(left, y), at(right, y)], theme::GRID, theme::HAIRLINE);
        let at = at(left - 12.0, y + theme::HALF_CAPITAL * theme::TICK.size);
        scene.text(Text { at, anchor: Anchor::End, style: theme::TICK, text: tick.label.clone() });
    }
}

/// Draws the line of dates and names them.
pub(super) fn date_axis(scene: &mut Scene, plane: &Plane) {
    let Rect { left, right, bottom, .. } = plane.area;
    scene.line(vec![at(left, bottom), at(right, bottom)], theme::AXIS, theme::AXIS_WIDTH);
    let apart = DATES_APART * (plane.days.1 - plane.days.0) / plane.area.width();
    let mut free_from = f64::NEG_INFINITY;
    for tick in dates::ticks(plane.days, apart) {
        let x = plane.x(tick.value);
        scene.line(vec![at(x, bottom), at(x, bottom + 6.0)], theme::AXIS, theme::AXIS_WIDTH);
        let name = |text: String, row: f64| {
            let at = at(x, bottom + 6.0 + row * theme::DATE_ROW);
            Text { at, anchor: Anchor::Middle, style: theme::TICK, text }
        };
        scene.text(name(tick.label, 1.0));
        // Two months or years may begin close to each other at the start of the axis.
        let below = tick.below.map(|below| name(below, 2.0)).filter(|below| below.bounds().left > free_from);
        if let Some(below) = below {
            free_from = below.bounds().right + theme::LABEL_GAP;
            scene.text(below);
        }
    }
}
