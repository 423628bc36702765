//! The errors of the dates: two histograms back to back, of the forecaster above, of the straight line below.

use super::panel::{self, Panel};
use crate::output::chart::scene::{Anchor, Rect, Scene, Text, at};
use crate::output::chart::theme::{self, Rgb, TextStyle};
use crate::output::{chart::axes::Tick, chart::plot::Plot, chart::text};

/// Bars to each side of that of no error.
const BARS: usize = 9;
/// Bars per factor of two: each is a fifth longer or shorter than its neighbour.
const BARS_PER_DOUBLING: f64 = 4.0;
/// Between two bars, in pixels.
const BETWEEN: f64 = 1.0;
/// Half of the height of the plot over the highest bar: the rest is for a label.
const LABELS: f64 = 1.25;

type Counts = [usize; 2 * BARS + 1];

pub(crate) fn draw(scene: &mut Scene, panel: &Panel, ours: &[f64], line: &[f64]) {
    let note = format!("{} limits reached; outermost bars: all larger errors", ours.len());
    panel.words(scene, "How far off the dates were", &note, "← too early · time forecast / true time · too late →");
    let (above, below) = (counts(ours), counts(line));
    let most = above.iter().chain(&below).copied().max().unwrap_or(0).max(1);
    let half = most as f64 * LABELS;
    let reach = BARS as f64 + 0.5;
    let step = step(most);
    let mut plot = panel.plot(scene, ((-reach, reach), (-half, half)), &(most / step * step).to_string());
    let steps = (step..=most).step_by(step).map(|count| count as f64);
    panel::amount_axis(&mut plot, std::iter::once(0.0).chain(steps.flat_map(|count| [count, -count])));
    bars(&mut plot, &above, 1.0, theme::MEDIAN);
    bars(&mut plot, &below, -1.0, theme::PEER);
    plot.across(plot.plane.y(0.0), theme::AXIS_LINE);
    let factors = [(-2.0, "÷4"), (-1.0, "÷2"), (0.0, "×1"), (1.0, "×2"), (2.0, "×4")];
    plot.bottom_axis(factors.map(|(doublings, name)| Tick::new(doublings * BARS_PER_DOUBLING, name)).to_vec());
    let Rect { top, bottom, .. } = plot.plane.area;
    label(&mut plot, top + 0.9 * theme::OURS_LABEL.size, "mailrunway", theme::OURS_LABEL);
    label(&mut plot, bottom - 0.4 * theme::PEER_LABEL.size, "straight line", theme::PEER_LABEL);
    if ours.is_empty() && line.is_empty() {
        text::note(plot.scene, plot.plane.area, panel::EMPTY);
    }
}

/// The number of errors on each bar; the outermost count all beyond.
fn counts(errors: &[f64]) -> Counts {
    let mut counts = Counts::default();
    for error in errors {
        let bar = (error / std::f64::consts::LN_2 * BARS_PER_DOUBLING).round().clamp(-(BARS as f64), BARS as f64);
        counts[(bar + BARS as f64) as usize] += 1;
    }
    counts
}

/// The round step of which at most three fill the highest bar.
fn step(most: usize) -> usize {
    let decades = (0..).map(|power| 10_usize.pow(power));
    let steps = decades.flat_map(|decade| [1, 2, 5].map(|factor| factor * decade));
    steps.take_while(|&step| step <= most).find(|&step| most / step <= 3).unwrap_or(most)
}

fn bars(plot: &mut Plot, counts: &Counts, up: f64, color: Rgb) {
    let plane = plot.plane;
    for (bar, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let place = bar as f64 - BARS as f64;
        let (left, right) = (plane.x(place - 0.5) + BETWEEN, plane.x(place + 0.5) - BETWEEN);
        plot.scene.rect(Rect::between(at(left, plane.y(0.0)), at(right, plane.y(up * count as f64))), color);
    }
}

fn label(plot: &mut Plot, baseline: f64, words: &str, style: TextStyle) {
    plot.scene.text(Text::new(at(plot.plane.area.right, baseline), Anchor::End, style, words));
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
