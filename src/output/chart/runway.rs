//! The runway: history, forecast and limit of a series.

mod curves;
mod limit;
mod marks;
mod notes;
mod view;

use jiff::civil::Date;

use self::view::RunwayView;
use super::axes::Plane;
use super::legend::{self, Sign};
use super::plot::Plot;
use super::scene::Scene;
use super::{Canvas, Figure, levels, theme};
use crate::forecast::Forecast;
use crate::model::{bytes::Units, series::Series};
use crate::output::view::ViewOptions;
use crate::planning::verdict;

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
    pub(crate) fn new(series: &'a Series, forecast: &'a Forecast, options: &ViewOptions) -> RunwayFigure<'a> {
        let verdict = verdict::judge(forecast, &options.policy, options.today);
        RunwayFigure {
            series,
            forecast,
            headline: verdict::headline(forecast, &verdict, options.horizon, options.units),
            lead_time_ends: Some(options.policy.lead_time_ends(options.today)),
            order_by: verdict.order_by,
            units: options.units,
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
        let room = canvas.room(theme::STRIP_TOP + 2.0 * theme::STRIP_ROW + theme::STRIP_GAP, theme::BELOW_PLOT);
        let view = RunwayView::new(self);
        let (amounts, limit) = view.heights(room.height());
        let plane = Plane { area: room, days: (view.from, view.to), amounts };
        let (mut plot, ticks) = Plot::new(scene, plane, self.series.resource, self.units);
        curves::bands(&mut plot, &view);
        plot.amount_axis(&ticks);
        marks::marks(&mut plot, &view);
        curves::median(&mut plot, &view);
        limit::line(&mut plot, &view, limit);
        curves::history(&mut plot, &view);
        plot.date_axis();
        limit::exhaustion(&mut plot, &view, limit);
        limit::label(&mut plot, &view, limit);
        notes::no_date(&mut plot, &view, limit);
        let has_events = notes::events(&mut plot, &view);
        draw_legend(&mut plot, &view, canvas.legend_baseline(), has_events);
    }
}

fn draw_legend(plot: &mut Plot, view: &RunwayView, baseline: f64, has_events: bool) {
    let band = |color| Sign::Box { fill: color, edge: color, width: 22.0 };
    let mut entries = vec![(Sign::line(theme::HISTORY_LINE), levels::measured_name(view.figure.series))];
    if has_events {
        entries.push((Sign::Triangle(theme::EVENT), "one-off change"));
    }
    if !view.fan.is_empty() {
        entries.extend([
            (Sign::line(theme::MEDIAN_LINE), "median forecast"),
            (band(theme::BAND_50), "50 % of futures"),
            (band(theme::BAND_80), "80 %"),
            (band(theme::BAND_90), "90 %"),
        ]);
    }
    // There is always room for the longest form of the note.
    let note = legend::axis_note(&plot.plane).get(..1).unwrap_or_default();
    let edges = (plot.plane.area.left, plot.plane.area.right);
    legend::row(plot.scene, edges, baseline, &entries, theme::LEGEND_GAP, note);
}
