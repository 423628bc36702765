//! The runway chart: how long what is left will last.

mod curves;
mod frame;
mod heights;
mod legend;
mod limit;
mod marks;
mod notes;
mod view;

use jiff::civil::Date;

use self::heights::Heights;
use self::view::View;
use super::axes::edges;
use super::labels::Occupied;
use super::scene::Scene;
use super::{Canvas, headings};
use crate::forecast::Forecast;
use crate::model::bytes::Units;
use crate::model::series::Series;

/// What a runway chart shows: how long what is left will last.
#[derive(Clone, Copy, Debug)]
pub struct Runway<'a> {
    /// What the chart is of: `mail01: /var/vmail, bytes`. What does not fit is cut off.
    pub title: &'a str,
    /// The answer in one sentence, shown under the title.
    pub verdict: &'a str,
    /// The history and the limit.
    pub series: &'a Series,
    /// What is to come.
    pub forecast: &'a Forecast,
    /// The day on which something ordered today would be in use.
    pub lead_time_ends: Option<Date>,
    /// The last day to order on.
    pub order_by: Option<Date>,
    /// How sizes are written.
    pub units: Units,
}

/// Composes the picture, from what lies at the back to what lies in front.
pub(crate) fn scene(chart: &Runway, canvas: Canvas) -> Scene {
    let height = f64::from(canvas.height);
    let view = View::of(chart);
    let (top, bottom) = frame::plot_rows(height);
    let heights = Heights::of(&view, bottom - top);
    let (plane, ticks) = frame::plane(chart, &view, &heights, canvas);
    let mut occupied = Occupied::new(plane.area);
    let mut scene = Scene::default();
    headings::headings(&mut scene, chart.title, chart.verdict, f64::from(canvas.width));
    curves::bands(&mut scene, &view, &plane, &mut occupied);
    edges::amount_axis(&mut scene, &plane, &ticks);
    marks::marks(&mut scene, chart, view.as_of, &plane, &mut occupied);
    occupied.take_line(&curves::median(&mut scene, &view, &plane));
    limit::line(&mut scene, &view, heights.limit, &plane, &mut occupied);
    occupied.take_line(&curves::history(&mut scene, &view, &plane));
    edges::date_axis(&mut scene, &plane);
    limit::exhaustion(&mut scene, chart, &view, heights.limit, &plane, &mut occupied);
    limit::label(&mut scene, chart, heights.limit, &plane, &mut occupied);
    notes::no_date(&mut scene, chart, &view, heights.limit, &plane, &mut occupied);
    let events = notes::events(&mut scene, chart, &view, &plane, &mut occupied);
    legend::legend(&mut scene, &view, &plane, height, events > 0);
    scene
}
