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
    let chosen = session.series_of_any_age(&args.selection.names())?;
    let forecaster = Forecaster::by(context.forecast_options(LevelDates::none()), context.constants().clone());
    let measure = |one: &HistorySeries| {
        let series = &one.series;
        let forecast = forecaster.forecast(series)?;
        let scanned = series.last_scan()?.time;
        let verdict = verdict::judge(&forecast, &context.settings.policy, context.today);
        Some(Measured { forecast, verdict, scanned })
    };
    let all: Vec<Measured> = chosen.iter().filter_map(measure).collect();
    let text = metrics::render(&all);
    match &args.output {
        Some(path) => output::write_file(path, text.as_bytes()),
        None => output::print(&text),
    }
}
