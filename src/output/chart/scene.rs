//! A picture as plain shapes in logical pixels, before anything is drawn.

use super::fonts;
use super::theme::{HALF_CAPITAL, PAPER, Rgb, Stroke, TextStyle};

/// A place in the picture; `y` grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub x: f64,
    pub y: f64,
}

pub(crate) fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    /// The rectangle with these opposite corners.
    pub(super) fn between(one: Point, other: Point) -> Rect {
        let (left, right) = (one.x.min(other.x), one.x.max(other.x));
        Rect { left, top: one.y.min(other.y), right, bottom: one.y.max(other.y) }
    }

    /// The square that reaches `by` from a point in each direction.
    pub(super) fn around(center: Point, by: f64) -> Rect {
        Rect::between(center, center).grown(by)
    }

    /// Whether the two share any area.
    pub(super) fn overlaps(self, other: Rect) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// Whether the other lies wholly within.
    pub(super) fn contains(self, other: Rect) -> bool {
        self.left <= other.left && other.right <= self.right && self.top <= other.top && other.bottom <= self.bottom
    }

    /// The rectangle moved outwards on each side.
    pub(super) fn grown(self, by: f64) -> Rect {
        Rect { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    pub(super) fn width(self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(self) -> f64 {
        self.bottom - self.top
    }

    /// One of equal columns with a gap between them.
    pub(super) fn column(self, number: usize, of: usize, gap: f64) -> Rect {
        let each = (self.width() + gap) / of as f64;
        let left = self.left + number as f64 * each;
        Rect { left, right: left + each - gap, ..self }
    }

    /// One of equal rows.
    pub(super) fn row(self, number: usize, of: usize) -> Rect {
        let each = self.height() / of as f64;
        let top = self.top + number as f64 * each;
        Rect { top, bottom: top + each, ..self }
    }

    pub(super) fn center(self) -> Point {
        at((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }
}

/// Which end of a text stands at its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text on its baseline.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Text {
    pub at: Point,
    pub anchor: Anchor,
    pub style: TextStyle,
    pub text: String,
}

impl Text {
    pub(super) fn new(at: Point, anchor: Anchor, style: TextStyle, text: impl Into<String>) -> Text {
        Text { at, anchor, style, text: text.into() }
    }

    /// A text whose capitals are centered on a height.
    pub(super) fn centered(point: Point, anchor: Anchor, style: TextStyle, text: impl Into<String>) -> Text {
        Text::new(at(point.x, point.y + HALF_CAPITAL * style.size), anchor, style, text)
    }

    /// The area of the letters, from the top of the capitals to the foot of the descenders.
    pub(super) fn bounds(&self) -> Rect {
        let width = fonts::width(&self.text, self.style);
        let left = match self.anchor {
            Anchor::Start => self.at.x,
            Anchor::Middle => self.at.x - width / 2.0,
            Anchor::End => self.at.x - width,
        };
        let size = self.style.size;
        Rect { left, top: self.at.y - 0.76 * size, right: left + width, bottom: self.at.y + 0.22 * size }
    }
}

/// Something to draw; every colour is opaque, so that overlapping strokes do not show.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Line { points: Vec<Point>, stroke: Stroke },
    Area { points: Vec<Point>, color: Rgb },
    Dot { center: Point, radius: f64, color: Rgb },
    Text(Text),
}

/// Shapes in drawing order: later ones cover earlier ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    pub(crate) shapes: Vec<Shape>,
}

impl Scene {
    pub(super) fn line(&mut self, points: Vec<Point>, stroke: Stroke) {
        self.shapes.push(Shape::Line { points, stroke });
    }

    pub(super) fn segment(&mut self, from: Point, to: Point, stroke: Stroke) {
        self.line(vec![from, to], stroke);
    }

    pub(super) fn area(&mut self, points: Vec<Point>, color: Rgb) {
        self.shapes.push(Shape::Area { points, color });
    }

    pub(super) fn rect(&mut self, Rect { left, top, right, bottom }: Rect, color: Rgb) {
        self.area(vec![at(left, top), at(right, top), at(right, bottom), at(left, bottom)], color);
    }

    pub(super) fn dot(&mut self, center: Point, radius: f64, color: Rgb) {
        self.shapes.push(Shape::Dot { center, radius, color });
    }

    /// Draws a dot with a white one within.
    pub(super) fn ring(&mut self, center: Point, (outer, inner): (f64, f64), color: Rgb) {
        self.dot(center, outer, color);
        self.dot(center, inner, PAPER);
    }

    pub(super) fn text(&mut self, text: Text) {
        self.shapes.push(Shape::Text(text));
    }
}

/// The strokes of a dashed line along `points`; the line itself without dashes.
pub(crate) fn strokes(points: &[Point], dashes: &[f64]) -> Vec<Vec<Point>> {
    let mut strokes = Vec::new();
    let mut stroke: Vec<Point> = points.first().copied().into_iter().collect();
    let mut drawing = true;
    let mut lengths = dashes.iter().copied().cycle();
    let Some(mut left) = lengths.next() else { return vec![points.to_vec()] };
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let length = (to.x - from.x).hypot(to.y - from.y);
        let along = |d: f64| at(from.x + (to.x - from.x) * d / length, from.y + (to.y - from.y) * d / length);
        let mut done = 0.0;
        while length - done > left {
            done += left;
            stroke.push(along(done));
            if drawing {
                strokes.push(std::mem::take(&mut stroke));
            }
            drawing = !drawing;
            left = lengths.next().unwrap_or(f64::INFINITY);
        }
        left -= length - done;
        if drawing {
            stroke.push(to);
        }
    }
    if stroke.len() > 1 {
        strokes.push(stroke);
    }
    strokes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_continue_around_a_corner() {
        let corner = [at(0.0, 0.0), at(10.0, 0.0), at(10.0, 10.0)];
        let strokes = strokes(&corner, &[8.0, 4.0]);
        assert_eq!(
            strokes,
            [
                vec![at(0.0, 0.0), at(8.0, 0.0)],
                vec![at(10.0, 2.0), at(10.0, 10.0)], // the gap takes two before and two after the corner
            ]
        );
    }

    #[test]
    fn dash_dot_patterns_alternate() {
        let strokes = strokes(&[at(0.0, 0.0), at(20.0, 0.0)], &[6.0, 2.0, 1.0, 2.0]);
        let ends: Vec<(f64, f64)> = strokes.iter().map(|stroke| (stroke[0].x, stroke[1].x)).collect();
        assert_eq!(ends, [(0.0, 6.0), (8.0, 9.0), (11.0, 17.0), (19.0, 20.0)]);
    }

    #[test]
    fn touching_rectangles_do_not_overlap() {
        let left = Rect { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };
        let right = Rect { left: 10.0, right: 20.0, ..left };
        assert!(!left.overlaps(right));
        assert!(left.grown(1.0).overlaps(right));
    }
}
