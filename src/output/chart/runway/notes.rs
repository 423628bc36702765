//! Notes within the plot: one-off changes, and why there is no date.

use super::view::RunwayView;
use crate::forecast::{Event, State, Trend};
use crate::model::numbers::counted;
use crate::output::chart::scene::{Anchor, Rect, at};
use crate::output::chart::{legend, theme};
use crate::output::{chart::axes::dates::midnight, chart::numbers::signed, chart::plot::Plot};

/// More marks would hide the curve.
const MOST_EVENTS: usize = 8;

/// Marks the largest one-off changes on the history; returns whether there are any.
pub(crate) fn events(plot: &mut Plot, view: &RunwayView) -> bool {
    let Some(outlook) = &view.figure.forecast.outlook else { return false };
    let first = view.history.first().map_or(f64::INFINITY, |(day, _)| *day);
    let shown = |event: &&Event| event.size.is_finite() && (first..=view.as_of).contains(&midnight(event.date));
    let mut events: Vec<&Event> = outlook.events.iter().filter(shown).collect();
    events.sort_by(|a, b| b.size.abs().total_cmp(&a.size.abs()));
    events.truncate(MOST_EVENTS);
    for event in &events {
        mark_event(plot, view, event);
    }
    !events.is_empty()
}

fn mark_event(plot: &mut Plot, view: &RunwayView, event: &Event) {
    // The change shows in the first observation of its day or after it.
    let day = midnight(event.date);
    let Some(&(seen, used)) = view.history.iter().find(|(seen, _)| *seen >= day) else { return };
    let up = event.size >= 0.0;
    let side = if up { -14.0 } else { 14.0 };
    let point = plot.plane.at(seen, used);
    let marker = at(point.x, point.y + side);
    legend::triangle(plot.scene, marker, up, theme::EVENT);
    plot.occupied.take(Rect::around(marker, 6.0));
    let (beside, beyond) = (marker.y + 5.0, marker.y + if up { -11.0 } else { 20.0 });
    let places = [
        (-12.0, beside, Anchor::End),
        (0.0, beyond, Anchor::Middle),
        (12.0, beside, Anchor::Start),
        (-4.0, beyond, Anchor::End),
        (4.0, beyond, Anchor::Start),
    ];
    let words = signed(event.size, |size| view.figure.series.resource.show(size, view.figure.units));
    plot.label(&words, theme::EVENT_LABEL, places.map(|(x, y, anchor)| (point.x + x, y, anchor)));
}

pub(crate) fn no_date(plot: &mut Plot, view: &RunwayView, near_limit: Option<f64>) {
    let Some(words) = reason(view) else { return };
    let area = plot.plane.area;
    let line = near_limit.map_or(area.top + 30.0, |limit| plot.plane.y(limit));
    let ahead = (plot.plane.x(view.as_of) + area.right) / 2.0;
    let at_end = |y| (area.right - 6.0, y, Anchor::End);
    let places = [
        at_end(line - 11.0),
        at_end(line + 22.0),
        at_end(line - 31.0),
        (ahead, area.center().y, Anchor::Middle),
        at_end(area.bottom - 14.0),
        at_end(area.bottom - 40.0),
    ];
    plot.label(&words, theme::NOTE, places);
}

fn reason(view: &RunwayView) -> Option<String> {
    let shrinks = view.figure.forecast.outlook.as_ref().is_some_and(|outlook| outlook.trend == Trend::Shrinks);
    match view.figure.forecast.state {
        State::NotEnoughHistory { have, need } => {
            let have_days = have.days.min(need.days);
            Some(format!(
                "collecting: {} of {}, {have_days} of {}",
                have.observations.min(need.observations),
                counted(need.observations as u64, "scan"),
                counted(u64::from(need.days), "day")
            ))
        }
        _ if view.limit.is_none() => Some("no limit is known".to_owned()),
        State::Beyond if view.exhaustion.p10.is_none() => Some("not reached within the horizon".to_owned()),
        State::NotGrowing if shrinks => Some("shrinking".to_owned()),
        State::NotGrowing => Some("not growing".to_owned()),
        _ => None,
    }
}
