//! `mailrunway backtest`: how good would these forecasts have been on my own past?

use std::cmp::Reverse;
use std::path::Path;
use std::result::Result as StdResult;

use rayon::prelude::*;

use super::{Context, figures, input, output};
use crate::cli::{BacktestArgs, OutputFormat};
use crate::forecast::backtest::{self, Backtest, Setup, TooShort, Who, outcomes::Outcomes, score};
use crate::model::error::{Error, Result};
use crate::model::{escape, series::Series};
use crate::output::chart::{BacktestFigure, Canvas, Format};
use crate::output::json::backtest as json;
use crate::output::view::backtest as view;

/// Series that are scored before the next are printed: enough for all cores, little in memory.
const BATCH: usize = 64;

/// The name of all series together.
const POOLED: &str = "all series";

pub(super) fn run(context: &Context, args: &BacktestArgs) -> Result<()> {
    let format = args.output.as_deref().map(figures::format_of).transpose()?;
    let series = input::series(context, args.input.as_deref(), &args.selection.names())?;
    let setup = Setup { forecaster: context.forecaster(), every: args.every, last: args.last };
    let mut printer = output::Printer::beside(args.output.as_deref(), args.format);
    let backtests = score_all(&series, &setup, &mut printer)?;
    let all: Vec<&Backtest> = backtests.iter().collect();
    // JSON always ends with the pooled scores.
    if all.len() > 1 || args.format == OutputFormat::Json {
        printer.print(|| view::document(POOLED, &all), || json::pooled(&all))?;
    }
    match args.output.as_deref().zip(format) {
        Some((path, format)) => draw(context, &all, path, format),
        None => Ok(()),
    }
}

/// Scores all series and prints them in batches. Nothing is printed before the first score: without any, the command fails.
fn score_all(series: &[Series], setup: &Setup, printer: &mut output::Printer) -> Result<Vec<Backtest>> {
    let mut scored = Vec::new();
    let mut unprinted = Vec::new();
    for batch in series.chunks(BATCH) {
        unprinted.par_extend(batch.par_iter().map(|series| backtest::run(series, setup)));
        if scored.is_empty() && unprinted.iter().all(StdResult::is_err) {
            continue;
        }
        for outcome in unprinted.drain(..) {
            match &outcome {
                Ok(one) => printer.print(|| view::document(&view::name(one), &[one]), || json::line(one)),
                Err(short) => printer.print(|| view::too_short(short), || json::too_short(short)),
            }?;
            scored.extend(outcome);
        }
    }
    let too_short = unprinted.into_iter().filter_map(StdResult::err);
    match too_short.min_by_key(|short| Reverse(short.have.days)) {
        Some(longest) => Err(none_is_long_enough(&longest, setup)),
        None => Ok(scored),
    }
}

fn none_is_long_enough(longest: &TooShort, setup: &Setup) -> Error {
    let what = match setup.last {
        Some(last) => format!("no series has a forecast of the last {last} that could be compared with later scans"),
        None => "no series is long enough to look back".to_owned(),
    };
    let name = escape::printable(&longest.series);
    Error::new(what)
        .hint(format!("the longest, {name}, has {}; give it time, or import an older history", view::missing(longest)))
}

/// Draws the figure of all series together.
fn draw(context: &Context, backtests: &[&Backtest], path: &Path, format: Format) -> Result<()> {
    let name = match backtests {
        [one] => view::name(one),
        many => format!("{} series", many.len()),
    };
    let figure = BacktestFigure {
        title: &format!("How good the forecasts were: {name}"),
        subtitle: &view::worth(backtests),
        errors: score::date_errors(backtests, Who::Mailrunway),
        line_errors: score::date_errors(backtests, Who::Line),
        dates: Outcomes::dates(backtests),
        levels: Outcomes::levels(backtests),
    };
    figures::write(context, path, &figure, format, Canvas::default())
}
