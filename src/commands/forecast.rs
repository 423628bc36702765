//! `mailrunway forecast`: when is it full?

use std::borrow::Borrow;
use std::collections::BTreeSet;

use jiff::civil::Date;

use super::session::{BATCH, Session, quotas};
use super::{Context, input, output};
use crate::cli::{ForecastArgs, OutputFormat};
use crate::forecast::{Forecast, Forecaster, LevelDates};
use crate::model::error::{Error, Result};
use crate::model::{dates::utc_day, days::Days, series::Series};
use crate::output::json::forecast as json;
use crate::output::view;

pub(super) fn run(context: &Context, args: &ForecastArgs) -> Result<()> {
    let Some(input) = &args.input else { return forecast_history(context, args) };
    let table = input::table(context, input, &args.selection.names())?;
    if !args.at.is_empty() {
        check_dates(&args.at, table.series(), context.settings.horizon)?;
    }
    let forecaster = context.forecaster().with_levels_at(match args.format {
        // Text has none but those that were asked for.
        OutputFormat::Text | OutputFormat::Markdown => LevelDates::On(args.at.clone()),
        OutputFormat::Json => level_dates(args),
    });
    forecast_series(context, args, &forecaster, table.chunks(BATCH), &mut output::Printer::new(args.format), |_| {})
}

/// Forecasts the history: its volumes and stores, then the quotas of mailboxes.
fn forecast_history(context: &Context, args: &ForecastArgs) -> Result<()> {
    let session = Session::open(context)?;
    let mailboxes = session.mailboxes();
    let names = args.selection.names();
    let series = session.series_beside(&names, &mailboxes)?;
    let series: Vec<Series> = series.into_iter().map(|series| series.series).collect();
    let quotas = quotas::named(&mailboxes, &names);
    if series.is_empty() && quotas.is_empty() {
        return Err(session.nothing_to_forecast());
    }
    let all = || series.iter().chain(quotas.iter().map(|mailbox| &mailbox.series));
    session.warn_if_old(all());
    session.warn_of_partial();
    check_dates(&args.at, all(), context.settings.horizon)?;
    let mut printer = output::Printer::new(args.format);
    let forecaster = context.forecaster().with_levels_at(level_dates(args));
    forecast_series(context, args, &forecaster, series.chunks(BATCH), &mut printer, |forecasts| {
        // The record keeps levels at fixed distances; forecasts for other dates lack them.
        if args.at.is_empty() && !args.no_record {
            session.record(forecasts);
        }
    })?;
    match args.format {
        _ if quotas.is_empty() => Ok(()),
        OutputFormat::Json => quotas::print_json(context, level_dates(args), &mailboxes, &quotas),
        OutputFormat::Text | OutputFormat::Markdown => {
            let forecaster = match args.at.is_empty() {
                true => quotas::without_levels(context, &mailboxes),
                false => quotas::learn(context, level_dates(args), &mailboxes),
            };
            let soonest = quotas::soonest(context, &forecaster, &quotas);
            printer.print(|| view::quotas::document(&soonest, &context.view_options()), String::new)
        }
    }
}

fn level_dates(args: &ForecastArgs) -> LevelDates {
    match args.at.as_slice() {
        [] => LevelDates::Weekly,
        dates => LevelDates::On(dates.to_vec()),
    }
}

/// Forecasts and prints in batches.
fn forecast_series(
    context: &Context,
    args: &ForecastArgs,
    forecaster: &Forecaster,
    batches: impl Iterator<Item: AsRef<[Series]>>,
    printer: &mut output::Printer,
    record: impl Fn(&[Forecast]),
) -> Result<()> {
    let options = context.view_options();
    for batch in batches {
        let forecasts = forecaster.forecast_all(batch.as_ref());
        printer.print_all(
            &forecasts,
            |forecasts| view::forecast::document(forecasts, &options, !args.at.is_empty()),
            |forecasts| json::lines(forecasts, &options),
        )?;
        record(&forecasts);
    }
    Ok(())
}

/// Refuses dates that no forecast covers.
fn check_dates(dates: &[Date], series: impl Iterator<Item: Borrow<Series>>, horizon: Days) -> Result<()> {
    let days: BTreeSet<Date> =
        series.filter_map(|series| Some(utc_day(series.borrow().observations.last()?.time))).collect();
    let ahead = 1..=horizon.0 as i32;
    match dates.iter().find(|&&date| !days.iter().any(|&as_of| ahead.contains(&(date - as_of).get_days()))) {
        None => Ok(()),
        Some(date) => Err(Error::usage(format!("{date} is not between the last scan and the horizon of {horizon}"))
            .hint("give --at dates ahead of the last scan, or a longer --horizon")),
    }
}
