//! `mailrunway metrics`: figures for Prometheus.

use super::session::Session;
use super::{Context, output};
use crate::cli::MetricsArgs;
use crate::forecast::{Forecaster, LevelDates};
use crate::history::names;
use crate::history::series::HistorySeries;
use crate::model::error::{Error, Result};
use crate::output::metrics::{self, Measured, MeasuredMailbox};
use crate::planning::growth::load::scans::Scans;
use crate::planning::growth::mailboxes::{StoreChange, largest_now};
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
    let stores = if args.top > 0 { stores(&session, &chosen)? } else { Vec::new() };
    let largest = largest_now(&stores, args.top).into_iter();
    let mailboxes: Vec<MeasuredMailbox> = largest
        .map(|now| {
            let quota = context.quota(&now.address).and_then(|quota| quota.limit);
            MeasuredMailbox { now, quota: quota.map(|bytes| bytes.0) }
        })
        .collect();
    let text = metrics::render(&all, &mailboxes);
    match &args.output {
        Some(path) => output::write_file(path, text.as_bytes()),
        None => output::print(&text),
    }
}

/// The stores of the series, as their last scans found them.
fn stores(session: &Session, chosen: &[HistorySeries]) -> Result<Vec<StoreChange>> {
    if names::are_left_out() {
        return Err(Error::usage("--top lists names").hint("leave it out, or use --pseudonyms"));
    }
    let mut scans = Scans::new(&session.history, &session.entries);
    // No earlier scan.
    let mut stores = scans.stores(f64::INFINITY);
    scans.unread().iter().for_each(output::warn_error);
    stores.retain(|store| {
        let is_of = |(host, name): &(String, String)| *host == store.host && *name == store.now.name;
        chosen.iter().any(|one| one.stores.iter().any(is_of))
    });
    Ok(stores)
}
