//! Draws a scene with plotters, on pixels or as SVG.

use plotters::coord::Shift;
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::prelude::{DrawingArea, DrawingBackend, IntoDrawingArea, IntoFont, RGBColor, ShapeStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontFamily};

use super::scene::{Anchor, Point, Rect, Scene, Shape, Text, at, strokes};
use super::theme::{PAPER, Rgb};
use super::{ChartError, fonts};

/// plotters draws strokes and baselines differently on each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Medium {
    Pixels,
    Svg,
}

/// Draws the scene. `unit` is the length of a logical pixel in units of the backend.
pub(crate) fn paint<DB: DrawingBackend>(
    scene: &Scene,
    backend: DB,
    medium: Medium,
    unit: f64,
) -> Result<(), ChartError> {
    if !fonts::ready() {
        return Err(ChartError::Drawing("a compiled-in font was refused".to_owned()));
    }
    let painter = Painter { area: backend.into_drawing_area(), medium, unit };
    painter.area.fill(&color(PAPER)).map_err(refused)?;
    for shape in &scene.shapes {
        painter.shape(shape)?;
    }
    painter.area.present().map_err(refused)
}

fn refused(error: impl std::fmt::Display) -> ChartError {
    ChartError::Drawing(error.to_string())
}

fn color(Rgb(red, green, blue): Rgb) -> RGBColor {
    RGBColor(red, green, blue)
}

struct Painter<DB: DrawingBackend> {
    area: DrawingArea<DB, Shift>,
    medium: Medium,
    unit: f64,
}

impl<DB: DrawingBackend> Painter<DB> {
    fn shape(&self, shape: &Shape) -> Result<(), ChartError> {
        match shape {
            Shape::Line { points, stroke } => {
                strokes(points, stroke.dashes).iter().try_for_each(|part| self.line(part, stroke.color, stroke.width))
            }
            Shape::Area { points, color } => self.area(points, *color),
            Shape::Dot { center, radius, color } => self.dot(*center, *radius, *color),
            Shape::Text(text) => self.text(text),
        }
    }

    /// A length in units of the backend.
    fn length(&self, logical: f64) -> i32 {
        // The cast saturates, and plotters multiplies lengths as i64: a million is far outside any picture.
        (logical * self.unit).round().clamp(-1e6, 1e6) as i32
    }

    fn point(&self, point: Point) -> (i32, i32) {
        (self.length(point.x), self.length(point.y))
    }

    fn line(&self, points: &[Point], stroke: Rgb, width: f64) -> Result<(), ChartError> {
        if self.medium == Medium::Svg {
            let style = ShapeStyle::from(&color(stroke)).stroke_width(self.length(width).max(1).unsigned_abs());
            let path: Vec<_> = points.iter().map(|&p| self.point(p)).collect();
            return self.area.draw(&PathElement::new(path, style)).map_err(refused);
        }
        // plotters turns a wide path into one polygon, which has holes where a jagged line crosses itself.
        for pair in points.windows(2) {
            self.segment(pair[0], pair[1], stroke, width)?;
        }
        let joints = points.get(1..points.len().saturating_sub(1)).unwrap_or_default();
        joints.iter().try_for_each(|&joint| self.dot(joint, width / 2.0, stroke))
    }

    fn segment(&self, from: Point, to: Point, stroke: Rgb, width: f64) -> Result<(), ChartError> {
        let half = width / 2.0;
        if from.x == to.x || from.y == to.y {
            let Rect { left, top, right, bottom } = Rect::between(from, to);
            // A line is as wide as its stroke only across its direction.
            let (across, down) = if from.y == to.y { (0.0, half) } else { (half, 0.0) };
            let corners = [at(left - across, top - down), at(right + across, bottom + down)].map(|p| self.point(p));
            return self.area.draw(&Rectangle::new(corners, color(stroke).filled())).map_err(refused);
        }
        let length = (to.x - from.x).hypot(to.y - from.y);
        let (dx, dy) = (half * (to.y - from.y) / length, -half * (to.x - from.x) / length);
        let corners = [
            at(from.x + dx, from.y + dy),
            at(to.x + dx, to.y + dy),
            at(to.x - dx, to.y - dy),
            at(from.x - dx, from.y - dy),
        ];
        self.area(&corners, stroke)
    }

    fn area(&self, points: &[Point], fill: Rgb) -> Result<(), ChartError> {
        if points.len() < 3 {
            return Ok(());
        }
        let outline: Vec<_> = points.iter().map(|&p| self.point(p)).collect();
        self.area.draw(&Polygon::new(outline, color(fill))).map_err(refused)
    }

    fn dot(&self, center: Point, radius: f64, fill: Rgb) -> Result<(), ChartError> {
        self.area.draw(&Circle::new(self.point(center), self.length(radius), color(fill).filled())).map_err(refused)
    }

    fn text(&self, text: &Text) -> Result<(), ChartError> {
        let horizontal = match text.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        // The distance in plotters-svg 0.3.7, and with the ab_glyph fonts of plotters 0.3.7.
        let top_to_baseline = match self.medium {
            Medium::Svg => 0.76,
            Medium::Pixels => fonts::LINE_HEIGHT / 2.0,
        };
        let size = text.style.size;
        let line_height = size * self.unit * fonts::LINE_HEIGHT;
        let style = (FontFamily::Name(fonts::FAMILY), line_height, fonts::plotters_style(text.style.weight))
            .into_font()
            .color(&color(text.style.color))
            .pos(Pos::new(horizontal, VPos::Top));
        let top_left = at(text.at.x, text.at.y - top_to_baseline * size);
        self.area.draw_text(&text.text, &style, self.point(top_left)).map_err(refused)
    }
}
