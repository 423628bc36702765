//! The legend: signs and their meaning in one row.

use super::axes::Plane;
use super::fonts;
use super::scene::{Anchor, Point, Rect, Scene, Text, at};
use super::theme::{self, Rgb, Stroke};

/// The least gap between two entries that move closer together.
pub(crate) const CLOSE: f64 = 10.0;

/// A sign; the `dot` of a line is a radius.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Sign {
    Line { stroke: Stroke, dot: Option<f64> },
    Box { fill: Rgb, edge: Rgb, width: f64 },
    Dot { color: Rgb, radius: f64 },
    Ring(Rgb),
    Triangle(Rgb),
}

/// A sign and its meaning.
pub(crate) type Entry<'a> = (Sign, &'a str);

impl Sign {
    pub(super) fn line(stroke: Stroke) -> Sign {
        Sign::Line { stroke, dot: None }
    }

    pub(super) fn edged(fill: Rgb, edge: Rgb) -> Sign {
        Sign::Box { fill, edge, width: 18.0 }
    }

    pub(super) fn filled(fill: Rgb) -> Sign {
        Sign::edged(fill, fill)
    }

    fn width(self) -> f64 {
        match self {
            Sign::Line { .. } => 30.0,
            Sign::Box { width, .. } => width,
            Sign::Dot { .. } => 8.0,
            Sign::Ring(_) => 14.0,
            Sign::Triangle(_) => 10.0,
        }
    }

    /// Draws the sign between two places, centered on a height.
    pub(super) fn draw(self, scene: &mut Scene, (x, right): (f64, f64), y: f64) {
        let center = at((x + right) / 2.0, y);
        match self {
            Sign::Line { stroke, dot } => {
                scene.segment(at(x, y), at(right, y), stroke);
                if let Some(radius) = dot {
                    scene.dot(center, radius, stroke.color);
                }
            }
            Sign::Dot { color, radius } => scene.dot(center, radius, color),
            Sign::Ring(color) => scene.ring(center, theme::RING, color),
            Sign::Triangle(color) => triangle(scene, center, true, color),
            Sign::Box { fill, edge, .. } => {
                edged(scene, Rect { left: x, top: y - 6.0, right, bottom: y + 6.0 }, fill, edge);
            }
        }
    }
}

/// A triangle that points up or down.
pub(crate) fn triangle(scene: &mut Scene, Point { x, y }: Point, up: bool, color: Rgb) {
    const HALF: f64 = 5.0;
    let tip = if up { -HALF } else { HALF };
    scene.area(vec![at(x, y + tip), at(x + HALF, y - tip), at(x - HALF, y - tip)], color);
}

/// A box with an edge within it.
pub(crate) fn edged(scene: &mut Scene, rect: Rect, fill: Rgb, edge: Rgb) {
    scene.rect(rect, edge);
    if fill != edge {
        scene.rect(rect.grown(-theme::HAIRLINE), fill);
    }
}

/// Draws entries from left to right, closer together where needed, but at least `least_gap` apart. Entries without room
/// are left out. The longest form of the note that fits is at the right end.
pub(crate) fn row(scene: &mut Scene, x: (f64, f64), baseline: f64, entries: &[Entry], least_gap: f64, note: &[&str]) {
    let (mut x, mut right) = x;
    let room = right - x - width(entries, least_gap) - theme::LEGEND_GAP;
    let fits = |words: &&&str| fonts::width(words, theme::LEGEND) <= room;
    if let Some(words) = note.iter().find(fits).or(note.last()) {
        let words = Text::new(at(right, baseline), Anchor::End, theme::LEGEND, *words);
        right = words.bounds().left - theme::LEGEND_GAP;
        scene.text(words);
    }
    let spare = right - x - width(entries, 0.0);
    let gap = (spare / entries.len().max(2).saturating_sub(1) as f64).clamp(least_gap, theme::LEGEND_GAP);
    for (sign, words) in entries {
        let after = x + sign.width();
        let words = Text::new(at(after + theme::LABEL_GAP, baseline), Anchor::Start, theme::LEGEND, *words);
        let end = words.bounds().right;
        // Half a pixel of rounding is invisible.
        if end > right + 0.5 {
            break;
        }
        sign.draw(scene, (x, after), baseline - theme::HALF_CAPITAL * theme::LEGEND.size);
        scene.text(words);
        x = end + gap;
    }
}

fn width(entries: &[Entry], gap: f64) -> f64 {
    let one = |(sign, words): &Entry| sign.width() + theme::LABEL_GAP + fonts::width(words, theme::LEGEND);
    entries.iter().map(one).sum::<f64>() + gap * entries.len().saturating_sub(1) as f64
}

/// The note on an axis that does not start at zero, the longest form first.
pub(crate) fn axis_note(plane: &Plane) -> &'static [&'static str] {
    if plane.amounts.0 > 0.0 { &["the axis does not start at zero", "axis not from zero"] } else { &[] }
}
