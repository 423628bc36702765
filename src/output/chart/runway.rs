//! The runway: history, forecast and limit of a series.

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
use self::view::RunwayView;
use super::axes::edges;
use super::labels::Occupied;
use super::scene::Scene;
use super::{Canvas, Figure};
use crate::forecast::Forecast;
use crate::model::bytes::Units;
use crate::model::days::Days;
use crate::model::series::Series;
use crate::planning::verdict::{self, Policy};

/// The runway of a series.
#[derive(Clone, Debug)]
pub(crate) struct RunwayFigure<'a> {
    pub series: &'a Series,
    pub forecast: &'a Forecast,
    /// The verdict in one sentence.
    pub headline: String,
    /// The day on which an order placed today would be in use.
    pub lead_time_ends: Option<Date>,
    /// The last day to order on.
    pub order_by: Option<Date>,
    pub units: Units,
}

impl<'a> RunwayFigure<'a> {
    pub(crate) fn new(
        series: &'a Series,
        forecast: &'a Forecast,
        (policy, today): (&Policy, Date),
        horizon: Days,
        units: Units,
    ) -> RunwayFigure<'a> {
        let verdict = verdict::judge(forecast, policy, today);
        RunwayFigure {
            series,
            forecast,
            headline: verdict::headline(forecast, &verdict, horizon, units),
            lead_time_ends: Some(policy.lead_time_ends(today)),
            order_by: verdict.order_by,
            units,
        }
    }
}

impl Figure for RunwayFigure<'_> {
    fn title(&self) -> String {
        format!("{}, {}", self.series.name, self.series.resource)
    }

    fn subtitle(&self) -> String {
        self.headline.clone()
    }

    /// From the back to the front.
    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        let height = f64::from(canvas.height);
        let view = RunwayView::new(self);
        let (top, bottom) = frame::plot_rows(height);
        let heights = Heights::new(&view, bottom - top);
        let (plane, ticks) = frame::plane(self, &view, &heights, canvas);
        let mut occupied = Occupied::new(plane.area);
        curves::bands(scene, &view, &plane, &mut occupied);
        edges::amount_axis(scene, &plane, &ticks);
        marks::marks(scene, self, view.as_of, &plane, &mut occupied);
        occupied.take_line(&curves::median(scene, &view, &plane));
        limit::line(scene, &view, heights.limit, &plane, &mut occupied);
        occupied.take_line(&curves::history(scene, &view, &plane));
        edges::date_axis(scene, &plane);
        limit::exhaustion(scene, self, &view, heights.limit, &plane, &mut occupied);
        limit::label(scene, self, heights.limit, &plane, &mut occupied);
        notes::no_date(scene, self, &view, heights.limit, &plane, &mut occupied);
        let events = notes::events(scene, self, &view, &plane, &mut occupied);
        legend::legend(scene, &view, &plane, height, events > 0);
    }
}
