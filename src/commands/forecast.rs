//! `mailrunway forecast`: when is it full?

use std::collections::BTreeSet;
use std::io::Write;

use jiff::civil::Date;

use super::session::{BATCH, Session, quotas};
use super::{Context, input, output};
use crate::cli::{ForecastArgs, TextOrJson};
use crate::forecast::Forecast;
use crate::model::dates::{day, utc_day};
use crate::model::days::Days;
use crate::model::error::{Error, Result};
use crate::model::escape;
use crate::model::series::{Resource, Series};
use crate::output::json::forecast as json;
use crate::planning::verdict;
use crate::planning::verdict::Verdict;

/// Runs the command.
pub(super) fn run(context: &Context, args: &ForecastArgs) -> Result<()> {
    let Some(input) = &args.input else { return forecast_history(context, args) };
    let series = input::series(context, Some(input), &args.stores)?;
    check_dates(&args.at, series.iter(), context.settings.horizon)?;
    forecast_series(context, args, &series, |_| {})
}

/// Forecasts the history: its volumes and stores, then the quotas of mailboxes.
fn forecast_history(context: &Context, args: &ForecastArgs) -> Result<()> {
    let session = Session::open(context)?;
    let mailboxes = session.mailboxes();
    let series = session.series_beside(&args.stores, &mailboxes)?;
    let series: Vec<Series> = series.into_iter().map(|series| series.series).collect();
    let quotas = quotas::named(&mailboxes, &args.stores);
    if series.is_empty() && quotas.is_empty() {
        return Err(session.nothing_to_forecast());
    }
    let all = || series.iter().chain(quotas.iter().map(|mailbox| &mailbox.series));
    session.warn_if_old(all());
    check_dates(&args.at, all(), context.settings.horizon)?;
    forecast_series(context, args, &series, |forecasts| {
        // The record keeps levels at fixed distances; forecasts for other dates lack them.
        if args.at.is_empty() {
            session.record(forecasts);
        }
    })?;
    match args.format {
        _ if quotas.is_empty() => Ok(()),
        TextOrJson::Json => quotas::print_json(context, &args.at, &mailboxes, &quotas),
        TextOrJson::Text => quotas::print_text(context, &mailboxes, &quotas),
    }
}

/// Forecasts in batches, and prints each as soon as it is done.
fn forecast_series(
    context: &Context,
    args: &ForecastArgs,
    series: &[Series],
    record: impl Fn(&[Forecast]),
) -> Result<()> {
    let forecaster = context.forecaster(args.at.clone());
    for batch in series.chunks(BATCH) {
        let forecasts = forecaster.forecast_all(batch);
        match args.format {
            TextOrJson::Json => output::print(&forecasts.iter().map(|f| json::line(f) + "\n").collect::<String>())?,
            TextOrJson::Text => output::print(&text(context, &forecasts))?,
        }
        record(&forecasts);
    }
    Ok(())
}

/// Dates of which no series can tell a level are a mistake.
fn check_dates<'a>(dates: &[Date], series: impl Iterator<Item = &'a Series>, horizon: Days) -> Result<()> {
    let days: BTreeSet<Date> = series.filter_map(|s| s.observations.last()).map(|o| utc_day(o.time)).collect();
    let ahead = 1..=horizon.0 as i32;
    match dates.iter().find(|&&date| !days.iter().any(|&as_of| ahead.contains(&(date - as_of).get_days()))) {
        None => Ok(()),
        Some(date) => Err(Error::usage(format!("{date} is not between the last scan and the horizon of {horizon}"))
            .hint("give --at dates ahead of the last scan, or a longer --horizon")),
    }
}

/// The forecasts for a reader.
pub fn text(context: &Context, forecasts: &[Forecast]) -> String {
    let mut text = Vec::new();
    for forecast in forecasts {
        let verdict = verdict::judge(forecast, &context.settings.policy, context.today);
        write_one(&mut text, context, forecast, &verdict).expect("writing to memory does not fail");
    }
    String::from_utf8(text).expect("only text was written")
}

fn write_one(out: &mut Vec<u8>, context: &Context, forecast: &Forecast, verdict: &Verdict) -> std::io::Result<()> {
    let style = output::style(verdict.status);
    let show = |amount: f64| forecast.resource.show(amount, context.units);
    let name = escape::printable(&forecast.series);
    let headline = verdict::headline(forecast, verdict, context.settings.horizon, context.units);
    writeln!(out, "{style}{}{style:#} {name}, {}: {headline}", verdict.status.word(), forecast.resource)?;
    if let Some((limit, share)) = forecast.limit.zip(verdict.used_share) {
        let used = forecast.resource.show_of(forecast.used, limit, context.units);
        writeln!(out, "    {used} in use ({:.0} %) on {}; {}", share * 100.0, day(forecast.as_of), verdict.reason)?;
    }
    let Some(outlook) = &forecast.outlook else { return Ok(()) };
    if let Some(reason) = &outlook.reason {
        writeln!(out, "    judged by the ages of the mail in one scan. {reason}")?;
    }
    let growth = outlook.growth_per_day;
    let weekly = |growth: f64| show(growth * 7.0);
    write!(out, "    grows by {} a week (80 %: {} to {})", weekly(growth.p50), weekly(growth.p10), weekly(growth.p90))?;
    if let Some(p) = verdict.full_within_lead_time {
        write!(out, "; P(full within {}) is {}", context.settings.policy.lead_time, verdict::percent(p))?;
    }
    writeln!(out)?;
    match &forecast.either {
        // Said once, below the line that comes last.
        Some(full) if forecast.resource == Resource::Inodes => {
            let age = (context.today - forecast.as_of).get_days().max(0) as u32;
            let within = full.passage.share_within(f64::from(age + context.settings.policy.lead_time.0));
            let lead_time = context.settings.policy.lead_time;
            let when = verdict::when(&full.exhaustion, context.settings.horizon);
            writeln!(out, "    by bytes or inodes: {when}; P(full within {lead_time}) is {}", verdict::percent(within))
        }
        _ => Ok(()),
    }
}
