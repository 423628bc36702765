//! The axes of a plot as they are drawn, and the room that their names take.

use super::{Plane, Tick, amounts, dates};
use crate::model::bytes::Units;
use crate::model::series::Resource;
use crate::output::chart::fonts;
use crate::output::chart::scene::{Anchor, Rect, Scene, Text, at};
use crate::output::chart::theme;

/// About so far apart are the amounts on the axis, in pixels.
const AMOUNTS_APART: f64 = 62.0;
/// At least so far apart are the dates.
const DATES_APART: f64 = 62.0;
/// Between the plot and the names of amounts beside it.
const BESIDE: f64 = 12.0;

/// How many amounts a plot of that height names at most.
pub(crate) fn amounts_in(height: f64) -> usize {
    (height / AMOUNTS_APART).clamp(3.0, 12.0) as usize
}

/// The plot within a room that also takes the names of its amounts, and the amounts to name.
pub(crate) fn plane(
    room: Rect,
    days: (f64, f64),
    (low, high): (f64, f64),
    (resource, units): (Resource, Units),
) -> (Plane, Vec<Tick>) {
    let at_most = amounts_in(room.height());
    let step = amounts::step((low, high), resource, units, at_most);
    // An axis that starts at a round amount is easier to read.
    let range = ((low / step).floor() * step, high);
    let ticks = amounts::ticks(range, resource, units, at_most + 1);
    (Plane { area: beside(room, &ticks), days, amounts: range }, ticks)
}

/// What the names of amounts leave of a room.
pub(crate) fn beside(room: Rect, ticks: &[Tick]) -> Rect {
    let widest = ticks.iter().map(|tick| fonts::width(&tick.label, theme::TICK)).fold(0.0, f64::max);
    Rect { left: room.left + widest + BESIDE, ..room }
}

/// Draws the grid and names the amounts.
pub(crate) fn amount_axis(scene: &mut Scene, plane: &Plane, ticks: &[Tick]) {
    let Rect { left, right, .. } = plane.area;
    for tick in ticks {
        let y = plane.y(tick.value);
        scene.line(vec![at(left, y), at(right, y)], theme::GRID, theme::HAIRLINE);
        let at = at(left - BESIDE, y + theme::HALF_CAPITAL * theme::TICK.size);
        scene.text(Text { at, anchor: Anchor::End, style: theme::TICK, text: tick.label.clone() });
    }
}

/// Draws the line of dates and names them.
pub(crate) fn date_axis(scene: &mut Scene, plane: &Plane) {
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
