//! A picture as plain shapes in logical pixels, before anything is drawn.

use super::fonts;
use super::theme::{Dash, Rgb, TextStyle};

/// A place in the picture; `y` grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub x: f64,
    pub y: f64,
}

/// Shorthand for a [`Point`].
pub(crate) fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    /// Whether the two share any area.
    pub(super) fn overlaps(self, other: Rect) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// Whether the other lies wholly within.
    pub(super) fn holds(self, other: Rect) -> bool {
        self.left <= other.left && other.right <= self.right && self.top <= other.top && other.bottom <= self.bottom
    }

    /// The rectangle with so much added on each side.
    pub(super) fn grown(self, by: f64) -> Rect {
        Rect { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    pub(super) fn width(self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(self) -> f64 {
        self.bottom - self.top
    }

    /// The four corners, in order round the rectangle.
    pub(super) fn corners(self) -> Vec<Point> {
        let Rect { left, top, right, bottom } = self;
        vec![at(left, top), at(right, top), at(right, bottom), at(left, bottom)]
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
    /// What the letters cover, from the top of the capitals to the foot of the descenders.
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
    Line { points: Vec<Point>, color: Rgb, width: f64, dash: Option<Dash> },
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
    pub(super) fn line(&mut self, points: Vec<Point>, color: Rgb, width: f64) {
        self.shapes.push(Shape::Line { points, color, width, dash: None });
    }

    pub(super) fn dashed(&mut self, points: Vec<Point>, color: Rgb, width: f64, dash: Dash) {
        self.shapes.push(Shape::Line { points, color, width, dash: Some(dash) });
    }

    pub(super) fn area(&mut self, points: Vec<Point>, color: Rgb) {
        self.shapes.push(Shape::Area { points, color });
    }

    pub(super) fn dot(&mut self, center: Point, radius: f64, color: Rgb) {
        self.shapes.push(Shape::Dot { center, radius, color });
    }

    pub(super) fn text(&mut self, text: Text) {
        self.shapes.push(Shape::Text(text));
    }
}

/// The strokes of a broken line along `points`.
pub(crate) fn strokes(points: &[Point], dash: Dash) -> Vec<Vec<Point>> {
    let mut strokes = Vec::new();
    let mut stroke = Vec::new();
    let mut drawing = true;
    let mut lengths = dash.0.iter().copied().cycle();
    let Some(mut left) = lengths.next() else { return vec![points.to_vec()] };
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let length = (to.x - from.x).hypot(to.y - from.y);
        let along = |d: f64| at(from.x + (to.x - from.x) * d / length, from.y + (to.y - from.y) * d / length);
        let mut done = 0.0;
        if drawing && stroke.is_empty() {
            stroke.push(from);
        }
        while length - done > left {
            done += left;
            if drawing {
                stroke.push(along(done));
                strokes.push(std::mem::take(&mut stroke));
            } else {
                stroke.push(along(done));
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
        let strokes = strokes(&corner, Dash(&[8.0, 4.0]));
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
        let strokes = strokes(&[at(0.0, 0.0), at(20.0, 0.0)], Dash(&[6.0, 2.0, 1.0, 2.0]));
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
