//! Where labels go, so that none lies on another label, on a curve or outside the picture.

use super::scene::{Anchor, Point, Rect, Scene, Text, at};
use super::theme::{LABEL_GAP, PAPER, STRIP_ROW, TextStyle};

/// What is already drawn in a plot, and the room that labels may take.
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
            let along = |i: f64| (from.x + (to.x - from.x) * i / pieces, from.y + (to.y - from.y) * i / pieces);
            for i in 0..pieces as u32 {
                let ((x0, y0), (x1, y1)) = (along(f64::from(i)), along(f64::from(i + 1)));
                let piece = Rect { left: x0.min(x1), top: y0.min(y1), right: x0.max(x1), bottom: y0.max(y1) };
                self.take(piece.grown(1.5));
            }
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
        let fits = |line: &Rect| self.room.holds(*line) && clear(&self.taken, line);
        let free = |lines: &Vec<Rect>| lines.iter().all(|line| fits(line) && clear(&self.crossed, line));
        let found = bounds.iter().position(free).or_else(|| bounds.iter().position(|lines| lines.iter().all(fits)))?;
        self.taken.extend(bounds[found].iter().map(|line| line.grown(LABEL_GAP / 2.0)));
        Some(places[found].clone())
    }
}

/// Writes lines of text, each on a white ground, so that a grid line does not strike them through.
pub(crate) fn write(scene: &mut Scene, lines: Option<Vec<Text>>) {
    for text in lines.into_iter().flatten() {
        scene.area(text.bounds().grown(2.0).corners(), PAPER);
        scene.text(text);
    }
}

/// A label that belongs to a vertical line below it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Flag {
    pub x: f64,
    pub text: String,
    pub style: TextStyle,
}

/// A [`Flag`] with its place, and how far up its line has to go to meet it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hoisted {
    pub label: Text,
    /// What the label covers: measured once, asked for in every arrangement.
    pub bounds: Rect,
    pub line_top: f64,
}

/// How a flag may stand: in which row, counted from below, and on which side of its line.
type Stand = (usize, Anchor);

/// The stands with what speaks against each.
const STANDS: [(Stand, u32); 6] = [
    ((0, Anchor::Middle), 0),
    ((0, Anchor::Start), 1),
    ((0, Anchor::End), 1),
    ((1, Anchor::Middle), 3),
    ((1, Anchor::Start), 4),
    ((1, Anchor::End), 4),
];

/// What an overlap costs, more than any number of bad stands.
const OVERLAP: u32 = 100;

/// Places flags above a plot in the rows of a strip: the arrangement with the least overlap, then the calmest.
///
/// With so few flags every arrangement can be tried. One that overlaps an earlier flag even so is `None`.
pub(crate) fn hoist(flags: &[Flag], strip: Rect) -> Vec<Option<Hoisted>> {
    let options: Vec<Vec<(Hoisted, u32)>> = flags
        .iter()
        .map(|flag| STANDS.iter().map(|&(stand, cost)| (hoisted(flag, stand, strip), cost)).collect())
        .collect();
    let mut best: (u32, Vec<usize>) = (u32::MAX, Vec::new());
    let arrangements = STANDS.len().pow(flags.len().min(5) as u32);
    for number in 0..arrangements {
        let choice: Vec<usize> =
            (0..flags.len()).map(|i| number / STANDS.len().pow(i.min(4) as u32) % STANDS.len()).collect();
        let chosen: Vec<&(Hoisted, u32)> = choice.iter().zip(&options).map(|(&i, option)| &option[i]).collect();
        let stands: u32 = chosen.iter().map(|(_, cost)| cost).sum();
        let overlaps = (0..chosen.len()).filter(|&i| hidden(i, &chosen, flags, strip)).count() as u32;
        let cost = stands + overlaps * OVERLAP;
        if cost < best.0 {
            best = (cost, choice);
        }
    }
    let chosen: Vec<&(Hoisted, u32)> = best.1.iter().zip(&options).map(|(&i, option)| &option[i]).collect();
    (0..chosen.len()).map(|i| (!hidden(i, &chosen, flags, strip)).then(|| chosen[i].0.clone())).collect()
}

fn hoisted(flag: &Flag, (row, anchor): Stand, strip: Rect) -> Hoisted {
    let baseline = strip.bottom - 0.32 * STRIP_ROW - row as f64 * STRIP_ROW;
    let offset = match anchor {
        Anchor::Start => LABEL_GAP,
        Anchor::Middle => 0.0,
        Anchor::End => -LABEL_GAP,
    };
    let mut label = Text { at: at(flag.x + offset, baseline), anchor, style: flag.style, text: flag.text.clone() };
    let mut bounds = label.bounds();
    if anchor == Anchor::Middle {
        // A label may stand off its line's middle, but not out of the picture.
        let shift = (strip.left - bounds.left).max(0.0) - (bounds.right - strip.right).max(0.0);
        label.at.x += shift;
        bounds = Rect { left: bounds.left + shift, right: bounds.right + shift, ..bounds };
    }
    let line_top = if anchor == Anchor::Middle { bounds.bottom + 1.0 } else { bounds.top };
    Hoisted { label, bounds, line_top }
}

/// Whether the label `i` leaves the strip or lies on an earlier label or on any other line.
fn hidden(i: usize, chosen: &[&(Hoisted, u32)], flags: &[Flag], strip: Rect) -> bool {
    let bounds = chosen[i].0.bounds;
    let line = |j: usize| {
        let x = flags[j].x;
        Rect { left: x - 3.0, top: chosen[j].0.line_top, right: x + 3.0, bottom: strip.bottom }
    };
    bounds.left < strip.left - 0.5
        || bounds.right > strip.right + 0.5
        || (0..i).any(|j| bounds.grown(LABEL_GAP).overlaps(chosen[j].0.bounds) && same_row(bounds, chosen[j].0.bounds))
        || (0..chosen.len()).any(|j| j != i && bounds.overlaps(line(j)))
}

/// Rows are closer to one another than labels in one row may be.
fn same_row(bounds: Rect, other: Rect) -> bool {
    bounds.top < other.bottom && other.top < bounds.bottom
}

#[cfg(test)]
mod tests {
    use super::super::theme;
    use super::*;

    const STRIP: Rect = Rect { left: 80.0, top: 90.0, right: 1_170.0, bottom: 130.0 };

    fn flags(places: &[f64]) -> Vec<Flag> {
        let text = "order by 27 Nov 2026".to_owned();
        places.iter().map(|&x| Flag { x, text: text.clone(), style: theme::AS_OF_LABEL }).collect()
    }

    #[test]
    fn flags_far_apart_are_centred_on_their_lines() {
        let placed = hoist(&flags(&[300.0, 700.0]), STRIP);
        assert!(placed.iter().flatten().all(|flag| flag.label.anchor == Anchor::Middle));
        assert_eq!(placed[0].as_ref().unwrap().label.at.x, 300.0);
    }

    #[test]
    fn flags_never_overlap() {
        for first in (80..1_170).step_by(90) {
            for second in (80..1_170).step_by(35) {
                let places = [f64::from(first), f64::from(second), f64::from(first) + 4.0];
                let placed = hoist(&flags(&places), STRIP);
                let bounds: Vec<Rect> = placed.iter().flatten().map(|flag| flag.label.bounds()).collect();
                // Near the edge three flags do not fit, and the last is dropped.
                let inside = (400..900).contains(&first) && (400..900).contains(&second);
                assert!(bounds.len() >= if inside { 3 } else { 2 }, "{places:?}");
                for (i, one) in bounds.iter().enumerate() {
                    assert!(STRIP.grown(1.0).holds(*one), "{places:?}: {one:?}");
                    assert!(bounds[..i].iter().all(|other| !one.overlaps(*other)), "{places:?}");
                }
            }
        }
    }

    #[test]
    fn a_label_takes_the_first_free_place() {
        let mut occupied = Occupied::new(Rect { left: 0.0, top: 0.0, right: 200.0, bottom: 100.0 });
        occupied.take_line(&[at(0.0, 50.0), at(200.0, 50.0)]);
        let label =
            |y| vec![Text { at: at(10.0, y), anchor: Anchor::Start, style: theme::TICK, text: "limit".to_owned() }];
        assert_eq!(occupied.place(&[label(54.0), label(5.0), label(30.0)]).unwrap()[0].at.y, 30.0);
        assert_eq!(occupied.place(&[label(34.0), label(80.0)]).unwrap()[0].at.y, 80.0);
        assert_eq!(occupied.place(&[label(34.0)]), None);
    }
}
