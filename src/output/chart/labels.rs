//! Places for labels, so that none covers another label or a curve or leaves the picture.

use super::scene::{Anchor, Point, Rect, Text, at};
use super::theme::{LABEL_GAP, STRIP_ROW, TextStyle};

/// The areas of a plot that are taken.
#[derive(Clone, Debug)]
pub(crate) struct Occupied {
    room: Rect,
    taken: Vec<Rect>,
    /// Long marks, which a label may interrupt if there is no other place for it.
    crossed: Vec<Rect>,
}

impl Occupied {
    pub(super) fn new(room: Rect) -> Self {
        Occupied { room, taken: Vec::new(), crossed: Vec::new() }
    }

    /// Keeps labels off a rectangle.
    pub(super) fn take(&mut self, rect: Rect) {
        self.taken.push(rect);
    }

    /// Keeps labels off a line.
    pub(super) fn take_line(&mut self, points: &[Point]) {
        const PIECE: f64 = 8.0;
        for pair in points.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let pieces = ((to.x - from.x).hypot(to.y - from.y) / PIECE).ceil().clamp(1.0, 1_000.0);
            let along = |i: f64| at(from.x + (to.x - from.x) * i / pieces, from.y + (to.y - from.y) * i / pieces);
            let piece = |i: u32| Rect::between(along(f64::from(i)), along(f64::from(i + 1))).grown(1.5);
            self.taken.extend((0..pieces as u32).map(piece));
        }
    }

    /// Keeps labels off a vertical line, as long as there are other places.
    pub(super) fn cross(&mut self, x: f64) {
        self.crossed.push(Rect { left: x, right: x, ..self.room }.grown(2.0));
    }

    /// Takes the first of the places that is free; each place is one or more lines of text.
    pub(super) fn place(&mut self, places: &[Vec<Text>]) -> Option<Vec<Text>> {
        let bounds: Vec<Vec<Rect>> = places.iter().map(|lines| lines.iter().map(Text::bounds).collect()).collect();
        let clear = |of: &[Rect], line: &Rect| !of.iter().any(|taken| taken.overlaps(line.grown(2.0)));
        let fits = |line: &Rect| self.room.contains(*line) && clear(&self.taken, line);
        let free = |lines: &Vec<Rect>| lines.iter().all(|line| fits(line) && clear(&self.crossed, line));
        let found = bounds.iter().position(free).or_else(|| bounds.iter().position(|lines| lines.iter().all(fits)))?;
        self.taken.extend(bounds[found].iter().map(|line| line.grown(LABEL_GAP / 2.0)));
        Some(places[found].clone())
    }
}

/// A label that belongs to a vertical line below it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Flag {
    pub x: f64,
    pub text: String,
    pub style: TextStyle,
}

/// A [`Flag`] with its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlacedFlag {
    pub label: Text,
    /// The bounds of the label, which are slow to measure.
    pub bounds: Rect,
    /// The line from the label to the bottom of the strip, with some room on both sides.
    pub line: Rect,
}

/// The row of a flag, counted from below, and the side of its line on which it stands, with a penalty.
const POSITIONS: [(usize, Anchor, u32); 6] = [
    (0, Anchor::Middle, 0),
    (0, Anchor::Start, 1),
    (0, Anchor::End, 1),
    (1, Anchor::Middle, 3),
    (1, Anchor::Start, 4),
    (1, Anchor::End, 4),
];

/// The penalty of an overlap, above the sum of all others.
const OVERLAP: u32 = 100;

/// Places flags in the two rows of a strip, with the least penalty. A flag that still overlaps an earlier one is `None`.
/// All arrangements of the first five flags are tried; others take the position of the fifth.
pub(crate) fn place_flags(flags: &[Flag], strip: Rect) -> Vec<Option<PlacedFlag>> {
    const COUNT: usize = POSITIONS.len();
    let options: Vec<[PlacedFlag; COUNT]> =
        flags.iter().map(|flag| POSITIONS.map(|(row, anchor, _)| placed(flag, row, anchor, strip))).collect();
    let positions = |number: usize| (0..flags.len()).map(move |i| number / COUNT.pow(i.min(4) as u32) % COUNT);
    let arranged = |number: usize| -> Vec<&PlacedFlag> {
        positions(number).zip(&options).map(|(position, options)| &options[position]).collect()
    };
    let penalty = |&number: &usize| {
        let flags = arranged(number);
        let hidden = (0..flags.len()).filter(|&i| is_hidden(i, &flags, strip)).count() as u32;
        positions(number).map(|position| POSITIONS[position].2).sum::<u32>() + hidden * OVERLAP
    };
    let arrangements = COUNT.pow(flags.len().min(5) as u32);
    let best = arranged((0..arrangements).min_by_key(penalty).unwrap_or(0));
    (0..best.len()).map(|i| (!is_hidden(i, &best, strip)).then(|| best[i].clone())).collect()
}

fn placed(flag: &Flag, row: usize, anchor: Anchor, strip: Rect) -> PlacedFlag {
    let baseline = strip.bottom - 0.32 * STRIP_ROW - row as f64 * STRIP_ROW;
    let offset = match anchor {
        Anchor::Start => LABEL_GAP,
        Anchor::Middle => 0.0,
        Anchor::End => -LABEL_GAP,
    };
    let mut label = Text::new(at(flag.x + offset, baseline), anchor, flag.style, &flag.text);
    let mut bounds = label.bounds();
    let mut top = bounds.top;
    if anchor == Anchor::Middle {
        // A label may stand off the middle of its line, but not outside the picture.
        let shift = (strip.left - bounds.left).max(0.0) - (bounds.right - strip.right).max(0.0);
        label.at.x += shift;
        bounds = Rect { left: bounds.left + shift, right: bounds.right + shift, ..bounds };
        top = bounds.bottom + 1.0;
    }
    PlacedFlag { label, bounds, line: Rect { left: flag.x - 3.0, top, right: flag.x + 3.0, bottom: strip.bottom } }
}

/// Whether the label `i` leaves the strip or overlaps an earlier label or the line of another.
fn is_hidden(i: usize, flags: &[&PlacedFlag], strip: Rect) -> bool {
    let bounds = flags[i].bounds;
    // Rows are closer to each other than labels in a row may be.
    let near = Rect { left: bounds.left - LABEL_GAP, right: bounds.right + LABEL_GAP, ..bounds };
    bounds.left < strip.left - 0.5
        || bounds.right > strip.right + 0.5
        || flags[..i].iter().any(|other| near.overlaps(other.bounds))
        || flags.iter().enumerate().any(|(j, other)| j != i && bounds.overlaps(other.line))
}

#[cfg(test)]
mod tests {
    use super::super::theme;
    use super::*;

    const STRIP: Rect = Rect { left: 80.0, top: 90.0, right: 1_170.0, bottom: 130.0 };

    fn flags(places: &[f64]) -> Vec<Flag> {
        let text = "order by 27 Nov 2026".to_owned();
        places.iter().map(|&x| Flag { x, text: text.clone(), style: theme::TICK }).collect()
    }

    #[test]
    fn flags_far_apart_are_centred_on_their_lines() {
        let placed = place_flags(&flags(&[300.0, 700.0]), STRIP);
        assert!(placed.iter().flatten().all(|flag| flag.label.anchor == Anchor::Middle));
        assert_eq!(placed[0].as_ref().unwrap().label.at.x, 300.0);
    }

    #[test]
    fn flags_never_overlap() {
        for first in (80..1_170).step_by(90) {
            for second in (80..1_170).step_by(35) {
                let places = [f64::from(first), f64::from(second), f64::from(first) + 4.0];
                let placed = place_flags(&flags(&places), STRIP);
                let bounds: Vec<Rect> = placed.iter().flatten().map(|flag| flag.label.bounds()).collect();
                // Near the edge three flags do not fit, and the last is dropped.
                let inside = (400..900).contains(&first) && (400..900).contains(&second);
                assert!(bounds.len() >= if inside { 3 } else { 2 }, "{places:?}");
                for (i, one) in bounds.iter().enumerate() {
                    assert!(STRIP.grown(1.0).contains(*one), "{places:?}: {one:?}");
                    assert!(bounds[..i].iter().all(|other| !one.overlaps(*other)), "{places:?}");
                }
            }
        }
    }

    #[test]
    fn a_label_takes_the_first_free_place() {
        let mut occupied = Occupied::new(Rect { left: 0.0, top: 0.0, right: 200.0, bottom: 100.0 });
        occupied.take_line(&[at(0.0, 50.0), at(200.0, 50.0)]);
        let label = |y| vec![Text::new(at(10.0, y), Anchor::Start, theme::TICK, "limit")];
        assert_eq!(occupied.place(&[label(54.0), label(5.0), label(30.0)]).unwrap()[0].at.y, 30.0);
        assert_eq!(occupied.place(&[label(34.0), label(80.0)]).unwrap()[0].at.y, 80.0);
        assert_eq!(occupied.place(&[label(34.0)]), None);
    }
}
