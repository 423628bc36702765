//! Notes within the plot: one-off changes, and why there is no date.

use super::curves::used_on;
use super::heights::LimitPlace;
use super::legend::triangle;
use super::view::RunwayView;
use crate::forecast::{Event, State};
use crate::model::numbers::plural;
use crate::output::chart::RunwayFigure;
use crate::output::chart::axes::Plane;
use crate::output::chart::axes::dates::midnight;
use crate::output::chart::labels::{Occupied, write};
use crate::output::chart::scene::{Anchor, Rect, Scene, Text, at};
use crate::output::chart::theme;

/// More marks would hide the curve.
const MOST_EVENTS: usize = 8;

/// Marks the largest one-off changes on the history; returns their number.
pub(crate) fn events(
    scene: &mut Scene,
    figure: &RunwayFigure,
    view: &RunwayView,
    plane: &Plane,
    occupied: &mut Occupied,
) -> usize {
    let Some(outlook) = &figure.forecast.outlook else { return 0 };
    let first = view.history.first().map_or(f64::INFINITY, |first| first.day);
    let shown = |event: &&Event| event.size.is_finite() && (first..=view.as_of).contains(&(midnight(event.date) + 0.5));
    let mut events: Vec<&Event> = outlook.events.iter().filter(shown).collect();
    events.sort_by(|a, b| b.size.abs().total_cmp(&a.size.abs()));
    events.truncate(MOST_EVENTS);
    for event in &events {
        one_event(scene, figure, view, event, plane, occupied);
    }
    events.len()
}

fn one_event(
    scene: &mut Scene,
    figure: &RunwayFigure,
    view: &RunwayView,
    event: &Event,
    plane: &Plane,
    occupied: &mut Occupied,
) {
    let up = event.size >= 0.0;
    // The change shows in the first observation of its day or after it.
    let day = midnight(event.date);
    let seen = view.history.iter().find(|sample| sample.day >= day).map_or(day, |sample| sample.day);
    let Some(used) = used_on(&view.history, seen) else { return };
    let point = plane.at(seen, used);
    let side = if up { -14.0 } else { 14.0 };
    let marker = Rect { left: point.x, right: point.x, top: point.y + side, bottom: point.y + side }.grown(6.0);
    scene.area(triangle(at(point.x, point.y + side), up), theme::EVENT);
    occupied.take(marker);
    let sign = if up { "+" } else { "\u{2212}" };
    let words = format!("{sign}{}", figure.series.resource.show(event.size.abs(), figure.units));
    let label = |x: f64, y: f64, anchor| {
        vec![Text { at: at(point.x + x, y), anchor, style: theme::EVENT_LABEL, text: words.clone() }]
    };
    let (beside, beyond) = (point.y + side + 5.0, point.y + side + if up { -11.0 } else { 20.0 });
    let places = [
        label(-12.0, beside, Anchor::End),
        label(0.0, beyond, Anchor::Middle),
        label(12.0, beside, Anchor::Start),
        label(-4.0, beyond, Anchor::End),
        label(4.0, beyond, Anchor::Start),
    ];
    write(scene, occupied.place(&places));
}

pub(crate) fn no_date(
    scene: &mut Scene,
    figure: &RunwayFigure,
    view: &RunwayView,
    limit: LimitPlace,
    plane: &Plane,
    occupied: &mut Occupied,
) {
    let Some(words) = reason(figure, view) else { return };
    let area = plane.area;
    let line = match limit {
        LimitPlace::Line(limit) => plane.y(limit),
        _ => area.top + 30.0,
    };
    let ahead = (plane.x(view.as_of) + area.right) / 2.0;
    let places = [
        (area.right - 6.0, line - 11.0, Anchor::End),
        (area.right - 6.0, line + 22.0, Anchor::End),
        (area.right - 6.0, line - 31.0, Anchor::End),
        (ahead, (area.top + area.bottom) / 2.0, Anchor::Middle),
        (area.right - 6.0, area.bottom - 14.0, Anchor::End),
        (area.right - 6.0, area.bottom - 40.0, Anchor::End),
    ];
    let note = |(x, y, anchor)| vec![Text { at: at(x, y), anchor, style: theme::NOTE, text: words.clone() }];
    write(scene, occupied.place(&places.map(note)));
}

fn reason(figure: &RunwayFigure, view: &RunwayView) -> Option<String> {
    let within = view.horizon.map_or(String::new(), |horizon| format!(" within {}", span(horizon - view.as_of)));
    match figure.forecast.state {
        State::NotEnoughHistory { have, need } => {
            let have_days = have.days.min(need.days);
            Some(format!(
                "collecting: {} of {} scans, {have_days} of {} days",
                have.observations.min(need.observations),
                need.observations,
                need.days
            ))
        }
        _ if view.limit.is_none() => Some("no limit is known".to_owned()),
        State::Beyond if view.exhaustion.p10.is_none() => Some(format!("not reached{within}")),
        State::NotGrowing if view.exhaustion.p10.is_none() => Some("not growing".to_owned()),
        _ => None,
    }
}

/// Days in words: in years where even, in months from 60 days on.
fn span(days: f64) -> String {
    let count = |n: f64, unit: &str| format!("{n:.0} {}", plural(n.round() as u64, unit));
    if days >= 350.0 && ((days + 8.0) % 365.25) < 16.0 {
        count((days / 365.25).round(), "year")
    } else if days >= 60.0 {
        count((days / 30.44).round(), "month")
    } else {
        count(days.round(), "day")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_use_the_largest_even_unit() {
        let told = [3.0, 1.0, 90.0, 365.0, 1_092.0, 1_095.0].map(span);
        assert_eq!(told, ["3 days", "1 day", "3 months", "1 year", "3 years", "3 years"]);
    }
}
