//! Marks: the last observation, the order-by date, the end of the lead time, and announced events.

use jiff::civil::Date;

use crate::model::dates;
use crate::model::series::EventKind;
use crate::output::chart::RunwayFigure;
use crate::output::chart::axes::Plane;
use crate::output::chart::axes::dates::noon;
use crate::output::chart::labels::{Flag, Occupied, hoist};
use crate::output::chart::scene::{Rect, Scene, at};
use crate::output::chart::theme;
use crate::output::chart::theme::{Dash, Rgb, TextStyle};

struct Stroke {
    color: Rgb,
    width: f64,
    dash: Option<Dash>,
}

/// `within`: whether the day is shown.
struct Mark {
    flag: Flag,
    within: bool,
    stroke: Stroke,
}

/// Draws the vertical marks and their labels above the plot.
pub(crate) fn marks(scene: &mut Scene, figure: &RunwayFigure, as_of: f64, plane: &Plane, occupied: &mut Occupied) {
    let mut marks = Vec::new();
    if let Some(date) = figure.order_by {
        let stroke = Stroke { color: theme::ORDER_BY, width: theme::MARK_WIDTH, dash: None };
        marks.push(mark(plane, noon(date), "order by", date, theme::ORDER_BY_LABEL, stroke));
    }
    let hairline = Stroke { color: theme::AXIS, width: theme::HAIRLINE, dash: None };
    marks.push(mark(plane, as_of, "as of", figure.forecast.as_of, theme::AS_OF_LABEL, hairline));
    if let Some(date) = figure.lead_time_ends {
        let stroke = Stroke { color: theme::SOFT_INK, width: theme::MARK_WIDTH, dash: Some(theme::LEAD_TIME_DASH) };
        marks.push(mark(plane, noon(date), "lead time ends", date, theme::AS_OF_LABEL, stroke));
    }
    for event in &figure.series.known {
        // Past steps are marked on the history; this marks new limits and future events.
        if event.kind == EventKind::Capacity || event.date > figure.forecast.as_of {
            let stroke = Stroke { color: theme::EVENT, width: theme::HAIRLINE, dash: Some(theme::LEAD_TIME_DASH) };
            let sign = if event.size < 0.0 { "−" } else { "+" };
            let words =
                format!("{} {sign}{}", event.kind.word(), figure.series.resource.show(event.size.abs(), figure.units));
            let mark = mark(plane, noon(event.date), &words, event.date, theme::AS_OF_LABEL, stroke);
            marks.extend(mark.within.then_some(mark));
        }
    }
    let area = plane.area;
    let strip = Rect { left: area.left, top: theme::STRIP_TOP, right: area.right, bottom: area.top - theme::STRIP_GAP };
    let flags: Vec<Flag> = marks.iter().map(|mark| mark.flag.clone()).collect();
    for (mark, hoisted) in marks.iter().zip(hoist(&flags, strip)) {
        let top = hoisted.as_ref().map_or(area.top, |hoisted| hoisted.line_top);
        if mark.within {
            draw_line(scene, &mark.stroke, mark.flag.x, top, area.bottom);
            occupied.cross(mark.flag.x);
        }
        if let Some(hoisted) = hoisted {
            scene.text(hoisted.label);
        }
    }
}

fn draw_line(scene: &mut Scene, stroke: &Stroke, x: f64, top: f64, bottom: f64) {
    let line = vec![at(x, top), at(x, bottom)];
    match stroke.dash {
        Some(dash) => scene.dashed(line, stroke.color, stroke.width, dash),
        None => scene.line(line, stroke.color, stroke.width),
    }
}

/// A mark; one outside the picture is named at the edge with an arrow.
fn mark(plane: &Plane, day: f64, words: &str, date: Date, style: TextStyle, stroke: Stroke) -> Mark {
    let words = format!("{words} {}", dates::day(date));
    let (from, to) = plane.days;
    let text = if day < from {
        format!("← {words}")
    } else if day > to {
        format!("{words} →")
    } else {
        words
    };
    let flag = Flag { x: plane.x(day.clamp(from, to)), text, style };
    Mark { flag, within: (from..=to).contains(&day), stroke }
}
