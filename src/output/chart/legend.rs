//! The legend: signs and their meaning in one row.

use super::fonts;
use super::scene::{Anchor, Point, Rect, Scene, Text, at};
use super::theme::{self, Dash, Rgb};

/// The least gap between two entries.
const CLOSE: f64 = 10.0;
/// The note on an axis that does not start at zero, the longest form first.
pub(crate) const NOT_FROM_ZERO: [&str; 2] = ["the axis does not start at zero", "axis not from zero"];

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Sign {
    /// `dot` is the radius of a dot on the line.
    Line {
        color: Rgb,
        width: f64,
        dash: Option<Dash>,
        dot: Option<f64>,
    },
    Box {
        fill: Rgb,
        edge: Rgb,
    },
    Dot {
        color: Rgb,
        radius: f64,
    },
    Ring {
        color: Rgb,
    },
}

impl Sign {
    pub(super) fn line(color: Rgb, width: f64) -> Sign {
        Sign::Line { color, width, dash: None, dot: None }
    }

    pub(super) fn filled(fill: Rgb) -> Sign {
        Sign::Box { fill, edge: fill }
    }

    fn width(self) -> f64 {
        match self {
            Sign::Line { .. } => 30.0,
            Sign::Box { .. } => 18.0,
            Sign::Dot { .. } => 8.0,
            Sign::Ring { .. } => 14.0,
        }
    }

    /// Draws the sign between two places, round a height.
    pub(super) fn draw(self, scene: &mut Scene, (x, right): (f64, f64), y: f64) {
        match self {
            Sign::Line { color, width, dash, dot } => {
                let line = vec![at(x, y), at(right, y)];
                match dash {
                    Some(dash) => scene.dashed(line, color, width, dash),
                    None => scene.line(line, color, width),
                }
                if let Some(radius) = dot {
                    scene.dot(at((x + right) / 2.0, y), radius, color);
                }
            }
            Sign::Dot { color, radius } => scene.dot(at((x + right) / 2.0, y), radius, color),
            Sign::Ring { color } => ring(scene, at((x + right) / 2.0, y), color),
            Sign::Box { fill, edge } => {
                edged(scene, Rect { left: x, top: y - 6.0, right, bottom: y + 6.0 }, fill, edge)
            }
        }
    }
}

pub(crate) fn ring(scene: &mut Scene, center: Point, color: Rgb) {
    scene.dot(center, 6.5, color);
    scene.dot(center, 3.8, theme::PAPER);
}

/// A box with an edge within it.
pub(crate) fn edged(scene: &mut Scene, rect: Rect, fill: Rgb, edge: Rgb) {
    scene.area(rect.corners(), edge);
    if fill != edge {
        scene.area(rect.grown(-theme::HAIRLINE).corners(), fill);
    }
}

/// Draws entries from left to right, closer together where needed. Entries that still do not fit are left out.
pub(crate) fn row(scene: &mut Scene, (left, right): (f64, f64), baseline: f64, entries: &[(Sign, &str)]) {
    let spare = right - left - width(entries, 0.0);
    let gap = (spare / entries.len().max(2).saturating_sub(1) as f64).clamp(CLOSE, theme::LEGEND_GAP);
    let mut x = left;
    for (sign, words) in entries {
        let at = at(x + sign.width() + theme::LABEL_GAP, baseline);
        let words = Text { at, anchor: Anchor::Start, style: theme::LEGEND, text: (*words).to_owned() };
        let end = words.bounds().right;
        // Half a pixel of rounding is invisible.
        if end > right + 0.5 {
            break;
        }
        sign.draw(scene, (x, x + sign.width()), baseline - theme::HALF_CAPITAL * theme::LEGEND.size);
        scene.text(words);
        x = end + gap;
    }
}

fn width(entries: &[(Sign, &str)], gap: f64) -> f64 {
    let one = |(sign, words): &(Sign, &str)| sign.width() + theme::LABEL_GAP + fonts::width(words, theme::LEGEND);
    entries.iter().map(one).sum::<f64>() + gap * entries.len().saturating_sub(1) as f64
}

/// Draws the legend at the bottom, with the longest form of the note that fits at its right end.
pub(crate) fn row_and_note(
    scene: &mut Scene,
    (left, right): (f64, f64),
    height: f64,
    entries: &[(Sign, &str)],
    note: &[&str],
) {
    let baseline = height - theme::LEGEND_ABOVE_EDGE;
    let room = right - left - width(entries, CLOSE) - theme::LEGEND_GAP;
    let mut end = right;
    let fits = |words: &&&str| fonts::width(words, theme::LEGEND) <= room;
    if let Some(words) = note.iter().find(fits).or(note.last()) {
        let at = at(right, baseline);
        let words = Text { at, anchor: Anchor::End, style: theme::LEGEND, text: (*words).to_owned() };
        end = words.bounds().left - theme::LEGEND_GAP;
        scene.text(words);
    }
    row(scene, (left, end), baseline, entries);
}
