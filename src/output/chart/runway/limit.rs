//! The limit and the exhaustion date.

use super::heights::LimitPlace;
use super::view::RunwayView;
use crate::forecast::{Outlook, State};
use crate::model::dates::{day, days};
use crate::output::chart::RunwayFigure;
use crate::output::chart::axes::Plane;
use crate::output::chart::labels::{Occupied, write};
use crate::output::chart::limits;
use crate::output::chart::scene::{Anchor, Rect, Scene, Text, at};
use crate::output::chart::theme;
use crate::output::chart::theme::TextStyle;

/// Draws past, present and announced limits, if they are near enough.
pub(crate) fn line(scene: &mut Scene, view: &RunwayView, limit: LimitPlace, plane: &Plane, occupied: &mut Occupied) {
    let LimitPlace::Line(_) = limit else { return };
    let line = limits::steps(plane, &view.limits);
    occupied.take_line(&line);
    scene.line(line, theme::LIMIT, theme::LIMIT_WIDTH);
}

/// Labels the limit beside its line, or as far above.
pub(crate) fn label(
    scene: &mut Scene,
    figure: &RunwayFigure,
    limit: LimitPlace,
    plane: &Plane,
    occupied: &mut Occupied,
) {
    let area = plane.area;
    let show = |limit: f64| figure.series.resource.show(limit, figure.units);
    let (words, ys) = match limit {
        LimitPlace::Nowhere => return,
        LimitPlace::Line(limit) => {
            let y = plane.y(limit);
            (format!("limit {}", show(limit)), [y - 11.0, y + 22.0])
        }
        LimitPlace::FarAbove(limit) => {
            (format!("↑ limit {}, far above", show(limit)), [area.top + 18.0, area.top + 40.0])
        }
    };
    let places = ys
        .into_iter()
        .flat_map(|y| beside(area, y))
        .map(|(x, y, anchor)| vec![Text { at: at(x, y), anchor, style: theme::LIMIT_LABEL, text: words.clone() }]);
    write(scene, occupied.place(&places.collect::<Vec<_>>()));
}

/// The places along a line, from its start.
fn beside(area: Rect, y: f64) -> impl Iterator<Item = (f64, f64, Anchor)> {
    let along = move |share: f64| (area.left + 6.0 + share * area.width(), y, Anchor::Start);
    (0..8).map(move |i| along(f64::from(i) * 0.1)).chain([(area.right - 6.0, y, Anchor::End)])
}

/// Draws the 80 % range of the exhaustion date, and the median.
pub(crate) fn exhaustion(
    scene: &mut Scene,
    figure: &RunwayFigure,
    view: &RunwayView,
    limit: LimitPlace,
    plane: &Plane,
    occupied: &mut Occupied,
) {
    let LimitPlace::Line(limit) = limit else { return };
    let Some(outlook) = &figure.forecast.outlook else { return };
    if figure.forecast.state == State::Already {
        return reached(scene, view, limit, plane, occupied);
    }
    let reached_on = view.exhaustion.p50.or(view.exhaustion.p25).or(view.exhaustion.p10);
    let y = plane.y(reached_on.and_then(|day| view.limit_on(day)).unwrap_or(limit).min(plane.amounts.1));
    let first = view.exhaustion.p10.or(view.exhaustion.p25).or(view.exhaustion.p50);
    let Some(first) = first.filter(|&day| day <= view.to) else { return };
    let (left, right) = (plane.x(first), view.exhaustion.p90.map_or(plane.area.right, |day| plane.x(day)));
    scene.line(vec![at(left, y), at(right, y)], theme::LIMIT, theme::WINDOW_WIDTH);
    scene.line(vec![at(left, y - 9.0), at(left, y + 9.0)], theme::LIMIT, theme::LIMIT_WIDTH);
    if view.exhaustion.p90.is_some() {
        scene.line(vec![at(right, y - 9.0), at(right, y + 9.0)], theme::LIMIT, theme::LIMIT_WIDTH);
    } else {
        // The window goes on beyond the horizon.
        let tip = [at(right + 9.0, y), at(right - 5.0, y - 9.0), at(right - 5.0, y + 9.0)];
        scene.area(tip.to_vec(), theme::LIMIT);
    }
    let median = view.exhaustion.p50.filter(|&day| day <= view.to).map(|day| plane.x(day));
    if let Some(x) = median {
        scene.dot(at(x, y), 8.5, theme::LIMIT);
        scene.dot(at(x, y), 5.0, theme::PAPER);
    }
    occupied.take(Rect { left, top: y - 10.0, right, bottom: y + 10.0 });
    let lines = words(outlook);
    let places = date_places(plane.area, median.unwrap_or(left), y, &lines);
    write(scene, occupied.place(&places));
}

/// The median date and the 80 % range.
fn words(outlook: &Outlook) -> Vec<(String, TextStyle)> {
    let dates = outlook.exhaustion;
    let mut lines = Vec::new();
    if let Some(date) = dates.p50 {
        lines.push((day(date), theme::EXHAUSTION_DATE));
    }
    let range = match (dates.p10, dates.p50, dates.p90) {
        (Some(from), _, Some(to)) => format!("80 %: {}", days(from, to)),
        (Some(from), Some(_), None) => format!("80 %: {} to beyond the horizon", day(from)),
        (Some(from), None, _) => format!("10 % chance by {}", day(from)),
        _ => return lines,
    };
    lines.push((range, theme::EXHAUSTION_RANGE));
    lines
}

/// Places for the date: as close to its mark as possible, above the line first.
fn date_places(area: Rect, x: f64, y: f64, lines: &[(String, TextStyle)]) -> Vec<Vec<Text>> {
    let block = |x: f64, first: f64, anchor: Anchor| -> Vec<Text> {
        let line = |(i, (words, style)): (usize, &(String, TextStyle))| Text {
            at: at(x, first + 21.0 * i as f64),
            anchor,
            style: *style,
            text: words.clone(),
        };
        lines.iter().enumerate().map(line).collect()
    };
    let half = block(0.0, 0.0, Anchor::Middle).iter().map(|line| line.bounds().right).fold(0.0, f64::max);
    let above = y - 19.0 - 21.0 * (lines.len().max(1) - 1) as f64;
    let below = y + 32.0;
    let nearest = x.clamp(area.left + half + 2.0, (area.right - half - 2.0).max(area.left + half + 2.0));
    // Farther away, the date would no longer belong to its mark.
    let shifts = [0.0, -20.0, 20.0, -40.0, 40.0, -60.0, 60.0];
    let shifted = |first: f64| shifts.map(|shift| block(nearest + shift, first, Anchor::Middle));
    [shifted(above), shifted(below)].concat()
}

/// Marks that the limit is reached.
fn reached(scene: &mut Scene, view: &RunwayView, limit: f64, plane: &Plane, occupied: &mut Occupied) {
    let here = plane.at(view.as_of, view.used().unwrap_or(limit));
    scene.dot(here, 8.5, theme::LIMIT);
    scene.dot(here, 5.0, theme::PAPER);
    occupied.take(Rect { left: here.x, top: here.y, right: here.x, bottom: here.y }.grown(9.0));
    let label = |x, y, anchor| {
        vec![Text { at: at(x, y), anchor, style: theme::EXHAUSTION_DATE, text: "limit reached".to_owned() }]
    };
    let ys = [here.y - 18.0, here.y - 34.0, plane.y(limit) - 14.0, plane.y(limit) + 28.0, here.y + 30.0];
    let sides = |y| [label(here.x + 14.0, y, Anchor::Start), label(here.x - 14.0, y, Anchor::End)];
    write(scene, occupied.place(&ys.map(sides).concat()));
}
