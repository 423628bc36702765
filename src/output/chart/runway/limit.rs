//! The limit and the exhaustion date.

use super::view::RunwayView;
use jiff::civil::Date;

use crate::forecast::{Quantiles, State};
use crate::model::dates::{day, days};
use crate::output::chart::plot::Plot;
use crate::output::chart::scene::{Anchor, Rect, Text, at};
use crate::output::chart::theme::{self, LIMIT_RING, TextStyle};
use crate::output::chart::{fonts, levels};

/// Draws past, present and announced limits, if they are near enough.
pub(crate) fn line(plot: &mut Plot, view: &RunwayView, near_limit: Option<f64>) {
    if near_limit.is_some() {
        plot.line(levels::steps(&plot.plane, &view.limits), theme::LIMIT_LINE);
    }
}

/// Labels the limit beside its line, or says that it is far above.
pub(crate) fn label(plot: &mut Plot, view: &RunwayView, near_limit: Option<f64>) {
    let Some(limit) = view.limit else { return };
    let area = plot.plane.area;
    let shown = view.figure.series.resource.show(limit, view.figure.units);
    let y = plot.plane.y(limit);
    let (words, ys) = match near_limit {
        Some(_) => (format!("limit {shown}"), [y - 11.0, y + 22.0]),
        None => (format!("↑ limit {shown}, far above"), [area.top + 18.0, area.top + 40.0]),
    };
    let since = view.limits.iter().map(|(day, _)| *day).rfind(|day| *day <= view.as_of);
    let from = since.map_or(area.left, |day| plot.plane.x(day).max(area.left));
    let along = |y: f64| {
        let starts = (0..8).map(move |i| area.left + 6.0 + f64::from(i) * 0.1 * area.width());
        // Beside the line of this limit, not of one before it.
        let beside = starts.filter(move |x| *x > from).map(move |x| (x, y, Anchor::Start));
        beside.chain([(area.right - 6.0, y, Anchor::End)])
    };
    plot.label(&words, theme::LIMIT_LABEL, ys.into_iter().flat_map(along));
}

/// Draws the 80 % range of the exhaustion date, and the median.
pub(crate) fn exhaustion(plot: &mut Plot, view: &RunwayView, near_limit: Option<f64>) {
    let (Some(limit), Some(outlook)) = (near_limit, &view.figure.forecast.outlook) else { return };
    if view.figure.forecast.state == State::Already {
        return reached(plot, view, limit);
    }
    let (plane, Quantiles { p10, p25, p50, p90, .. }) = (plot.plane, view.exhaustion);
    let limit_then = p50.or(p25).or(p10).and_then(|day| levels::limit_on(&view.limits, day));
    let y = plane.y(limit_then.unwrap_or(limit).min(plane.amounts.1));
    let Some(first) = p10.or(p25).or(p50).filter(|&day| day <= view.to) else { return };
    let (left, right) = (plane.x(first), p90.map_or(plane.area.right, |day| plane.x(day)));
    plot.scene.segment(at(left, y), at(right, y), theme::EXHAUSTION_LINE);
    plot.scene.segment(at(left, y - 9.0), at(left, y + 9.0), theme::LIMIT_LINE);
    if p90.is_some() {
        plot.scene.segment(at(right, y - 9.0), at(right, y + 9.0), theme::LIMIT_LINE);
    } else {
        // The range goes on beyond the horizon.
        let tip = vec![at(right + 9.0, y), at(right - 5.0, y - 9.0), at(right - 5.0, y + 9.0)];
        plot.scene.area(tip, theme::LIMIT);
    }
    let median = p50.filter(|&day| day <= view.to).map(|day| plane.x(day));
    if let Some(x) = median {
        plot.scene.ring(at(x, y), LIMIT_RING, theme::LIMIT);
    }
    plot.occupied.take(Rect { left, top: y - 10.0, right, bottom: y + 10.0 });
    plot.write(&date_places(plane.area, median.unwrap_or(left), y, &words(&outlook.exhaustion)));
}

/// The median date and the 80 % range.
fn words(dates: &Quantiles<Option<Date>>) -> Vec<(String, TextStyle)> {
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
    let block = |x: f64, first: f64| -> Vec<Text> {
        let baselines = (0..).map(|i| first + 21.0 * f64::from(i));
        let line =
            |((words, style), y): (&(String, TextStyle), f64)| Text::new(at(x, y), Anchor::Middle, *style, words);
        lines.iter().zip(baselines).map(line).collect()
    };
    let half = lines.iter().map(|(words, style)| fonts::width(words, *style) / 2.0).fold(0.0, f64::max);
    let nearest = x.clamp(area.left + half + 2.0, (area.right - half - 2.0).max(area.left + half + 2.0));
    // Farther away, the date would no longer belong to its mark.
    let shifts = [0.0, -20.0, 20.0, -40.0, 40.0, -60.0, 60.0];
    let firsts = [y - 19.0 - 21.0 * (lines.len().max(1) - 1) as f64, y + 32.0];
    firsts.map(|first| shifts.map(|shift| block(nearest + shift, first))).concat()
}

fn reached(plot: &mut Plot, view: &RunwayView, limit: f64) {
    let here = plot.plane.at(view.as_of, view.used().unwrap_or(limit));
    plot.scene.ring(here, LIMIT_RING, theme::LIMIT);
    plot.occupied.take(Rect::around(here, 9.0));
    let limit = plot.plane.y(limit);
    let ys = [here.y - 18.0, here.y - 34.0, limit - 14.0, limit + 28.0, here.y + 30.0];
    let sides = |y| [(here.x + 14.0, y, Anchor::Start), (here.x - 14.0, y, Anchor::End)];
    plot.label("limit reached", theme::EXHAUSTION_DATE, ys.map(sides).concat());
}
