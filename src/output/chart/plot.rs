//! A plot: its axes, and places for its labels.

use super::axes::{Plane, Tick, amounts, dates};
use super::fonts;
use super::labels::Occupied;
use super::scene::{Anchor, Point, Scene, Text, at};
use super::theme::{self, Stroke, TextStyle};
use crate::model::{bytes::Units, series::Resource};

/// The wanted distance of the amounts on the axis, in pixels.
const AMOUNTS_APART: f64 = 62.0;
/// The least distance of the dates.
const DATES_APART: f64 = 62.0;
/// Between the plot and the names of amounts beside it.
const BESIDE: f64 = 12.0;

/// A place for a label: its point, and the end of the text there.
pub(crate) type Place = (f64, f64, Anchor);

pub(crate) struct Plot<'s> {
    pub scene: &'s mut Scene,
    pub plane: Plane,
    pub occupied: Occupied,
}

/// The most ticks for amounts on an axis of this height.
pub(crate) fn most_amounts(height: f64) -> usize {
    (height / AMOUNTS_APART).clamp(3.0, 12.0) as usize
}

impl<'s> Plot<'s> {
    /// A plot beside the names of its amounts, and these amounts. The names take part of the plane's area. The lowest
    /// amount is rounded down.
    pub(super) fn new(scene: &'s mut Scene, plane: Plane, resource: Resource, units: Units) -> (Plot<'s>, Vec<Tick>) {
        let (low, high) = plane.amounts;
        let high = if high > low { high } else { low + 1.0 };
        let most = most_amounts(plane.area.height());
        let step = amounts::step((low, high), resource, units, most);
        let amounts = ((low / step).floor() * step, high);
        let ticks = amounts::ticks(amounts, resource, units, most + 1);
        (Plot::beside(scene, Plane { amounts, ..plane }, &ticks), ticks)
    }

    /// A plot beside the names of its amounts, which take part of the plane's area.
    pub(super) fn beside(scene: &'s mut Scene, mut plane: Plane, ticks: &[Tick]) -> Plot<'s> {
        plane.area.left += fonts::widest(ticks.iter().map(|tick| &tick.label), theme::TICK) + BESIDE;
        Plot::at(scene, plane)
    }

    pub(super) fn at(scene: &'s mut Scene, plane: Plane) -> Plot<'s> {
        Plot { scene, plane, occupied: Occupied::new(plane.area) }
    }

    /// Draws a line, and keeps labels off it.
    pub(super) fn line(&mut self, points: Vec<Point>, stroke: Stroke) {
        self.occupied.take_line(&points);
        self.scene.line(points, stroke);
    }

    /// Draws a horizontal line across the plot.
    pub(super) fn across(&mut self, y: f64, stroke: Stroke) {
        self.scene.segment(at(self.plane.area.left, y), at(self.plane.area.right, y), stroke);
    }

    /// Writes a label at the first of the places that is free, or not at all.
    pub(super) fn label(&mut self, words: &str, style: TextStyle, places: impl IntoIterator<Item = Place>) {
        let label = |(x, y, anchor)| vec![Text::new(at(x, y), anchor, style, words)];
        self.write(&places.into_iter().map(label).collect::<Vec<_>>());
    }

    /// Writes the first of the texts that has a free place, or none. A white ground keeps grid lines from crossing it.
    pub(super) fn write(&mut self, texts: &[Vec<Text>]) {
        for line in self.occupied.place(texts).into_iter().flatten() {
            self.scene.rect(line.bounds().grown(2.0), theme::PAPER);
            self.scene.text(line);
        }
    }

    /// Draws the grid and names the amounts.
    pub(super) fn amount_axis(&mut self, ticks: &[Tick]) {
        self.amounts(ticks, BESIDE);
    }

    /// Draws the grid and names the amounts at a distance from the plot.
    pub(super) fn amounts(&mut self, ticks: &[Tick], beside: f64) {
        for tick in ticks {
            let y = self.plane.y(tick.value);
            self.across(y, theme::GRID_LINE);
            let at = at(self.plane.area.left - beside, y);
            self.scene.text(Text::centered(at, Anchor::End, theme::TICK, &tick.label));
        }
    }

    pub(super) fn date_axis(&mut self) {
        self.inner_date_axis(0.0);
    }

    /// Names only the dates at least `inset` pixels from both ends.
    pub(super) fn inner_date_axis(&mut self, inset: f64) {
        let Plane { area, days: (from, to), .. } = self.plane;
        let pixel = (to - from) / area.width();
        self.bottom_axis(dates::ticks((from + inset * pixel, to - inset * pixel), DATES_APART * pixel));
    }

    /// Draws the line below the plot, and names its ticks.
    pub(super) fn bottom_axis(&mut self, ticks: Vec<Tick>) {
        let bottom = self.plane.area.bottom;
        self.across(bottom, theme::AXIS_LINE);
        let mut free_from = f64::NEG_INFINITY;
        for tick in ticks {
            let x = self.plane.x(tick.value);
            self.scene.segment(at(x, bottom), at(x, bottom + 6.0), theme::AXIS_LINE);
            let name = |text: String, row: f64| {
                Text::new(at(x, bottom + 6.0 + row * theme::DATE_ROW), Anchor::Middle, theme::TICK, text)
            };
            self.scene.text(name(tick.label, 1.0));
            // Two months or years may begin close to each other at the start of the axis.
            let below = tick.below.map(|below| name(below, 2.0)).filter(|below| below.bounds().left > free_from);
            if let Some(below) = below {
                free_from = below.bounds().right + theme::LABEL_GAP;
                self.scene.text(below);
            }
        }
    }
}
