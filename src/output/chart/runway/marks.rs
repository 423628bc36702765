//! Marks: the last observation, the order-by date, the end of the lead time, and announced events.

use jiff::civil::Date;

use super::view::RunwayView;
use crate::model::dates;
use crate::model::series::{EventKind, KnownEvent};
use crate::output::chart::labels::{Flag, place_flags};
use crate::output::chart::scene::{Rect, at};
use crate::output::chart::theme::{self, Stroke, TextStyle};
use crate::output::{chart::axes::dates::noon, chart::numbers::signed, chart::plot::Plot};

struct Mark {
    flag: Flag,
    is_in_view: bool,
    stroke: Stroke,
}

/// Draws the vertical marks and their labels above the plot.
pub(crate) fn marks(plot: &mut Plot, view: &RunwayView) {
    let (figure, area) = (view.figure, plot.plane.area);
    let (from, to) = plot.plane.days;
    // A mark outside the picture is named at the edge with an arrow.
    let mark = |day: f64, words: &str, date: Date, style: TextStyle, stroke: Stroke| {
        let words = format!("{words} {}", dates::day(date));
        let text = match day {
            day if day < from => format!("← {words}"),
            day if day > to => format!("{words} →"),
            _ => words,
        };
        let flag = Flag { x: plot.plane.x(day.clamp(from, to)), text, style };
        Mark { flag, is_in_view: (from..=to).contains(&day), stroke }
    };
    let mut marks = Vec::new();
    if let Some(date) = figure.order_by {
        marks.push(mark(noon(date), "order by", date, theme::ORDER_BY_LABEL, theme::ORDER_BY_LINE));
    }
    marks.push(mark(view.as_of, "as of", figure.forecast.as_of, theme::TICK, theme::THIN_LINE));
    if let Some(date) = figure.lead_time_ends {
        marks.push(mark(noon(date), "lead time ends", date, theme::TICK, theme::LEAD_TIME_LINE));
    }
    // Past steps are marked on the history; this marks new limits and future events.
    let is_marked = |event: &&KnownEvent| event.kind == EventKind::Capacity || event.date > figure.forecast.as_of;
    let event = |event: &KnownEvent| {
        let change = signed(event.size, |size| figure.series.resource.show(size, figure.units));
        let words = format!("{} {change}", event.kind.word());
        mark(noon(event.date), &words, event.date, theme::TICK, theme::EVENT_LINE)
    };
    marks.extend(figure.series.known.iter().filter(is_marked).map(event).filter(|mark| mark.is_in_view));
    let strip = Rect { top: theme::STRIP_TOP, bottom: area.top - theme::STRIP_GAP, ..area };
    let flags: Vec<Flag> = marks.iter().map(|mark| mark.flag.clone()).collect();
    for (mark, placed) in marks.iter().zip(place_flags(&flags, strip)) {
        if mark.is_in_view {
            let (x, top) = (mark.flag.x, placed.as_ref().map_or(area.top, |placed| placed.line.top));
            plot.scene.segment(at(x, top), at(x, area.bottom), mark.stroke);
            plot.occupied.cross(x);
        }
        if let Some(placed) = placed {
            plot.scene.text(placed.label);
        }
    }
}
