//! `mailrunway backtest`: how good would these forecasts have been on my own past?

use std::path::Path;

use rayon::prelude::*;

use super::{Context, input, output};
use crate::cli::{BacktestArgs, TextOrJson};
use crate::forecast::backtest::{self, Backtest, Setup, TooShort, Who, reliability, score};
use crate::model::atomic;
use crate::model::error::{Error, Result};
use crate::model::escape;
use crate::model::series::Series;
use crate::output::chart;
use crate::output::chart::{Calibration, Canvas, Chart, Format};
use crate::output::json::backtest as json;
use crate::output::view::backtest as text;

/// Series that are scored before the next are printed: enough for all cores, little in memory.
const BATCH: usize = 64;

/// What all series together are called.
const POOLED: &str = "all series";

/// Runs the command.
pub(super) fn run(context: &Context, args: &BacktestArgs) -> Result<()> {
    let picture = args.output.as_deref().map(|path| Ok((path, format_of(path)?))).transpose()?;
    let series = input::series(context, args.input.as_deref(), &args.stores)?;
    let setup = Setup { forecaster: context.forecaster(Vec::new()), every: args.every, last: args.last };
    let backtests = score_all(&series, &setup, args.format)?;
    let all: Vec<&Backtest> = backtests.iter().collect();
    if args.format == TextOrJson::Json {
        output::print(&(json::pooled(&all) + "\n"))?;
    } else if all.len() > 1 {
        output::print(&text::of(POOLED, &all))?;
    }
    match picture {
        Some((path, format)) => draw(context, &all, path, format),
        None => Ok(()),
    }
}

fn format_of(path: &Path) -> Result<Format> {
    Format::of_path(path).ok_or_else(|| {
        Error::usage("a chart's file ends in .png or .svg").at(path).hint("give the file another ending")
    })
}

/// Scores all series, and prints each as it comes, with a word on those that are too short.
fn score_all(series: &[Series], setup: &Setup, format: TextOrJson) -> Result<Vec<Backtest>> {
    let mut scored = Vec::new();
    let mut longest: Option<TooShort> = None;
    // Nothing is printed before there is a score: where there is none, the command fails.
    let mut told = String::new();
    for batch in series.chunks(BATCH) {
        let outcomes: Vec<_> = batch.par_iter().map(|series| backtest::run(series, setup)).collect();
        for outcome in outcomes {
            match outcome {
                Ok(backtest) => {
                    told += &match format {
                        TextOrJson::Json => json::line(&backtest) + "\n",
                        TextOrJson::Text => text::of(&text::name(&backtest), &[&backtest]),
                    };
                    scored.push(backtest);
                }
                Err(short) => {
                    told += &match format {
                        TextOrJson::Json => json::too_short(&short) + "\n",
                        TextOrJson::Text => text::too_short(&short) + "\n",
                    };
                    longest = longest.filter(|other| other.have.days >= short.have.days).or(Some(short));
                }
            }
        }
        if !scored.is_empty() {
            output::print(&std::mem::take(&mut told))?;
        }
    }
    match longest {
        Some(short) if scored.is_empty() => Err(none_is_long_enough(&short, setup)),
        _ => Ok(scored),
    }
}

fn none_is_long_enough(longest: &TooShort, setup: &Setup) -> Error {
    let what = match setup.last {
        Some(last) => format!("no series has a forecast of the last {last} that could be compared with what came"),
        None => "no series is long enough to look back".to_owned(),
    };
    let name = escape::printable(&longest.series);
    Error::new(what)
        .hint(format!("the longest, {name}, has {}; give it time, or import an older history", text::missing(longest)))
}

/// Writes the picture of all series together.
fn draw(context: &Context, backtests: &[&Backtest], path: &Path, format: Format) -> Result<()> {
    let of = match backtests {
        [one] => text::name(one),
        many => format!("{} series", many.len()),
    };
    let calibration = Calibration {
        title: &format!("How good the forecasts were: {of}"),
        verdict: &text::worth(backtests),
        dates: &reliability::dates(backtests),
        levels: &reliability::levels(backtests),
        errors: &score::log_errors(backtests, Who::Mailrunway),
        line_errors: &score::log_errors(backtests, Who::Line),
    };
    let bytes = chart::draw(&Chart::Calibration(calibration), format, Canvas::default())
        .map_err(|e| Error::new("cannot draw the chart").because(e))?;
    atomic::write(path, &bytes)?;
    if context.verbose {
        output::note(&format!("wrote {}", escape::path(path)));
    }
    Ok(())
}
