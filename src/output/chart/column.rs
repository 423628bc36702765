//! A column of labels beside a plot, each as close as possible to the end of its line or layer.

use super::legend::Sign;
use super::scene::{Anchor, Rect, Scene, Text, at};
use super::theme::{self, LABEL_GAP};
use super::{fonts, text};
use crate::model::escape;

/// The widths of signs: lines and boxes.
pub(crate) const LINES: f64 = 30.0;
pub(crate) const BOXES: f64 = 10.0;
/// The width of the leaders from the plot to the signs.
const ELBOW: f64 = 18.0;
const BEFORE_WORDS: f64 = 5.0;
const LINE: f64 = 18.0;
/// The greatest share of a line for the values.
const VALUES: f64 = 0.56;
const BETWEEN: f64 = 6.0;

/// A name, not yet escaped, and its values, the longest form first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ColumnLabel {
    pub name: String,
    pub values: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LabelColumn {
    /// Names and values, shortened to fit.
    labels: Vec<(String, String)>,
    /// Whether the values have a line of their own.
    two_lines: bool,
    signs: f64,
    words: f64,
}

impl LabelColumn {
    /// The labels of a plot of this height. `signs` is the width of each sign, `most` the greatest width of the column.
    pub(super) fn new(labels: Vec<ColumnLabel>, signs: f64, height: f64, most: f64) -> LabelColumn {
        let two_lines = labels.len() as f64 * (2.0 * LINE + BETWEEN) <= height;
        let most = (most - ELBOW - signs - BEFORE_WORDS).max(0.0);
        let short = |label: ColumnLabel| {
            let room = if two_lines { most } else { most * VALUES };
            let fits = |values: &&String| fonts::width(values, theme::FIGURES) <= room;
            let values = label.values.iter().find(fits).or(label.values.last()).cloned().unwrap_or_default();
            let values = text::shortened(&values, theme::FIGURES, room);
            let taken = if two_lines { 0.0 } else { fonts::width(&values, theme::FIGURES) + LABEL_GAP };
            (text::shortened(&escape::printable(&label.name), theme::NAME, (most - taken).max(0.0)), values)
        };
        let labels: Vec<(String, String)> = labels.into_iter().map(short).collect();
        let width = |(name, values): &(String, String)| {
            let (name, values) = (fonts::width(name, theme::NAME), fonts::width(values, theme::FIGURES));
            if two_lines { name.max(values) } else { name + LABEL_GAP + values }
        };
        let words = labels.iter().map(width).fold(0.0, f64::max);
        LabelColumn { labels, two_lines, signs, words }
    }

    pub(super) fn width(&self) -> f64 {
        ELBOW + self.signs + BEFORE_WORDS + self.words
    }

    /// Draws each label with its sign and a leader from the right edge of the plot.
    pub(super) fn draw(&self, scene: &mut Scene, area: Rect, ends: &[(f64, Sign)]) {
        let lines = if self.two_lines { 2.0 } else { 1.0 };
        let height = lines * LINE + BETWEEN;
        let wanted: Vec<f64> = ends.iter().map(|(y, _)| y.clamp(area.top, area.bottom)).collect();
        let centers = spread(&wanted, height, (area.top - 8.0, area.bottom + 8.0));
        let x = area.right + ELBOW + self.signs + BEFORE_WORDS;
        for ((((name, values), (_, sign)), from), center) in self.labels.iter().zip(ends).zip(wanted).zip(centers) {
            let (start, end) = (area.right + 3.0, area.right + ELBOW);
            let elbow = vec![at(start, from), at(start + 3.0, from), at(end - 1.0, center), at(end, center)];
            scene.line(elbow, theme::THIN_LINE);
            sign.draw(scene, (end, end + self.signs), center);
            let name = Text::centered(at(x, center - (lines - 1.0) * LINE / 2.0), Anchor::Start, theme::NAME, name);
            let values_at = match self.two_lines {
                true => at(x, name.at.y + LINE),
                false => at(name.bounds().right + LABEL_GAP, name.at.y),
            };
            scene.text(name);
            scene.text(Text::new(values_at, Anchor::Start, theme::FIGURES, values));
        }
    }
}

/// The centers of blocks of one height in a range, without overlaps, in the wanted order and as close to the wanted
/// centers as possible. Blocks that do not fit go beyond the bottom.
pub(crate) fn spread(wanted: &[f64], height: f64, (top, bottom): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    // Runs of touching blocks: their number, and the sum of the wanted places of the first block.
    let mut runs: Vec<(usize, f64)> = Vec::new();
    let start = |&(count, sum): &(usize, f64)| {
        let least = top + height / 2.0;
        (sum / count as f64).min(bottom - height * (count as f64 - 0.5)).max(least)
    };
    for &i in &order {
        let mut run = (1, wanted[i]);
        while let Some(before) = runs.last().filter(|before| start(before) + before.0 as f64 * height > start(&run)) {
            let shifted = run.1 - (run.0 * before.0) as f64 * height;
            run = (before.0 + run.0, before.1 + shifted);
            runs.pop();
        }
        runs.push(run);
    }
    let placed = runs.iter().flat_map(|run| (0..run.0).map(move |i| start(run) + i as f64 * height));
    let mut centers = vec![0.0; wanted.len()];
    order.iter().zip(placed).for_each(|(&i, center)| centers[i] = center);
    centers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_their_place_or_move_apart() {
        assert_eq!(spread(&[50.0, 20.0], 10.0, (0.0, 100.0)), [50.0, 20.0]);
        assert_eq!(spread(&[50.0, 50.0], 10.0, (0.0, 100.0)), [45.0, 55.0]);
        assert_eq!(spread(&[50.0, 50.0, 53.0], 10.0, (0.0, 100.0)), [41.0, 51.0, 61.0]);
        assert_eq!(spread(&[0.0, 0.0, 99.0], 10.0, (0.0, 100.0)), [5.0, 15.0, 95.0]);
    }

    #[test]
    fn labels_never_overlap() {
        for seed in 0..200u32 {
            let wanted: Vec<f64> = (0..8u32).map(|i| f64::from((seed * 37 + i * i * 29) % 160)).collect();
            let mut centers = spread(&wanted, 20.0, (0.0, 160.0));
            centers.sort_by(f64::total_cmp);
            assert!(centers[0] >= 10.0 && centers[7] <= 150.0 + 1e-9, "{wanted:?}: {centers:?}");
            assert!(centers.windows(2).all(|pair| pair[1] - pair[0] >= 20.0 - 1e-9), "{wanted:?}: {centers:?}");
        }
    }
}
