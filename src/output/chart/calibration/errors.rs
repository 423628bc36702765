//! How far off the dates were: two histograms back to back, the forecaster's above, the straight line's below.

use super::panel::{self, Panel};
use crate::output::chart::axes::Plane;
use crate::output::chart::scene::{Anchor, Rect, Scene, Text, at};
use crate::output::chart::theme;
use crate::output::chart::theme::{Rgb, TextStyle};

/// Bars to each side of that of no error.
const BARS: usize = 9;
/// How many bars a factor of two takes: each is a fifth longer or shorter than its neighbour.
const BARS_PER_DOUBLING: f64 = 4.0;
/// Between two bars, in pixels.
const BETWEEN: f64 = 1.0;
/// The part of the plot that is left to labels, above and below the bars.
const LABELS: f64 = 1.25;

type Counts = [usize; 2 * BARS + 1];

/// Draws both histograms.
pub(crate) fn draw(scene: &mut Scene, panel: &Panel, ours: &[f64], line: &[f64]) {
    let note = format!("{} limits reached; outermost bars: all beyond", ours.len());
    panel.words(scene, "How far off the dates were", &note, "← too early · time forecast / true time · too late →");
    let (above, below) = (counts(ours), counts(line));
    let most = above.iter().chain(&below).copied().max().unwrap_or(0).max(1);
    let half = most as f64 * LABELS;
    let reach = BARS as f64 + 0.5;
    let step = step(most);
    let plane = panel.plane((-reach, reach), (-half, half), &(most / step * step).to_string());
    for count in (0..=most).step_by(step) {
        panel::amount(scene, &plane, count as f64, count.to_string());
        if count > 0 {
            panel::amount(scene, &plane, -(count as f64), count.to_string());
        }
    }
    bars(scene, &plane, &above, 1.0, theme::MEDIAN);
    bars(scene, &plane, &below, -1.0, theme::PEER);
    let middle = plane.y(0.0);
    scene.line(vec![at(plane.area.left, middle), at(plane.area.right, middle)], theme::AXIS, theme::AXIS_WIDTH);
    let factors = [(-2.0, "÷4"), (-1.0, "÷2"), (0.0, "×1"), (1.0, "×2"), (2.0, "×4")];
    panel::places(scene, &plane, &factors.map(|(doublings, name)| (doublings * BARS_PER_DOUBLING, name)));
    let Rect { top, bottom, .. } = plane.area;
    label(scene, &plane, top + 0.9 * theme::OURS_LABEL.size, "mailrunway", theme::OURS_LABEL);
    label(scene, &plane, bottom - 0.4 * theme::PEER_LABEL.size, "straight line", theme::PEER_LABEL);
    if ours.is_empty() && line.is_empty() {
        panel.empty(scene, &plane);
    }
}

/// How many errors fall on each bar; those beyond the outermost count there.
fn counts(errors: &[f64]) -> Counts {
    let mut counts = Counts::default();
    for error in errors {
        let bar = (error / std::f64::consts::LN_2 * BARS_PER_DOUBLING).round().clamp(-(BARS as f64), BARS as f64);
        counts[(bar + BARS as f64) as usize] += 1;
    }
    counts
}

/// The round step of which three or less fill so many.
fn step(most: usize) -> usize {
    let decades = (0..).map(|power| 10_usize.pow(power));
    let steps = decades.flat_map(|decade| [1, 2, 5].map(|factor| factor * decade));
    steps.take_while(|&step| step <= most).find(|&step| most / step <= 3).unwrap_or(most)
}

fn bars(scene: &mut Scene, plane: &Plane, counts: &Counts, up: f64, color: Rgb) {
    for (bar, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let place = bar as f64 - BARS as f64;
        let (one, other) = (plane.y(0.0), plane.y(up * count as f64));
        let (left, right) = (plane.x(place - 0.5) + BETWEEN, plane.x(place + 0.5) - BETWEEN);
        scene.area(Rect { left, right, top: one.min(other), bottom: one.max(other) }.corners(), color);
    }
}

fn label(scene: &mut Scene, plane: &Plane, baseline: f64, words: &str, style: TextStyle) {
    scene.text(Text { at: at(plane.area.right, baseline), anchor: Anchor::End, style, text: words.to_owned() });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_a_quarter_of_a_doubling_wide() {
        let factor = |of: f64| of.ln();
        let counted = counts(&[0.0, factor(1.05), factor(1.2), factor(0.5), factor(1e9), factor(1e-9)]);
        let at = |bar: i32| counted[(bar + 9) as usize];
        assert_eq!([at(0), at(1), at(-4), at(9), at(-9)], [2, 1, 1, 1, 1]);
        assert_eq!(counted.iter().sum::<usize>(), 6);
    }

    #[test]
    fn steps_are_round() {
        assert_eq!([1, 3, 4, 7, 16, 99].map(step), [1, 1, 2, 2, 5, 50]);
    }
}
