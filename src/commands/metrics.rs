//! `mailrunway metrics`: figures for Prometheus.

use super::session::Session;
use super::{Context, output};
use crate::cli::MetricsArgs;
use crate::forecast::{Forecaster, LevelDates};
use crate::history::series::HistorySeries;
use crate::model::error::Result;
use crate::output::metrics::{self, Measured};
use crate::planning::verdict;

pub(super) fn run(context: &Context, args: &MetricsArgs) -> Result<()> {
    let session = Session::open(context)?;
    let chosen = session.series_beside(&args.selection.names(), &[])?;
    if chosen.is_empty() {
        return Err(session.nothing_to_forecast());
    }
    let forecaster = Forecaster::by(context.forecast_options(LevelDates::none()), context.constants().clone());
    let measure = |one: &HistorySeries| {
        let series = &one.series;
        let forecast = forecaster.forecast(series)?;
        let scanned = series.observations.iter().rev().nth(usize::from(series.measured_now))?.time;
        let verdict = verdict::judge(&forecast, &context.settings.policy, context.today);
        Some(Measured { forecast, verdict, scanned })
    };
    let all: Vec<Measured> = chosen.iter().filter_map(measure).collect();
    let text = metrics::render(&all);
    match args.file() {
        Some(path) => output::write_file(path, text.as_bytes()),
        None => output::print(&text),
    }
}
