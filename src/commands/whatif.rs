//! `mailrunway whatif`: how a change would move the date.

use std::path::Path;

use super::session::Session;
use super::{Context, figures, output};
use crate::cli::{OutputFormat, WhatifArgs};
use crate::history::series::HistorySeries;
use crate::model::error::{Error, Result};
use crate::model::escape;
use crate::output::chart::{Canvas, Format, WhatIfFigure};
use crate::output::json::whatif as json;
use crate::output::view::whatif as view;
use crate::planning::whatif::{Comparison, Scenario};

const HELP_HINT: &str = "`mailrunway whatif --help` shows what can be written";

pub(super) fn run(context: &Context, args: &WhatifArgs) -> Result<()> {
    let format = args.output.as_deref().map(figures::format_of).transpose()?;
    let scenarios = asked_for(context, &args.scenarios)?;
    let session = Session::open(context)?;
    let series = session.series(&args.store)?;
    session.warn_of_partial();
    let compared = session.compare(&series, &scenarios);
    check(&compared, scenarios.len())?;
    if let (Some(path), Some(format)) = (&args.output, format) {
        draw(context, &series, &compared, format, path)?;
    }
    let options = context.view_options();
    let lead_time = context.settings.policy.lead_time;
    let lines = || compared.iter().map(|one| json::lines(one, lead_time)).collect();
    let mut printer = output::Printer::beside(args.output.as_deref(), args.format);
    printer.print(|| view::document(&compared, &options), lines)?;
    if args.format == OutputFormat::Json {
        compared.iter().for_each(warn_of_left_out);
    }
    Ok(())
}

/// Draws the first comparison.
fn draw(
    context: &Context,
    series: &[HistorySeries],
    compared: &[Comparison],
    format: Format,
    path: &Path,
) -> Result<()> {
    let Some(comparison) = compared.first() else { return Ok(()) };
    let base = &comparison.base.forecast;
    if !context.quiet {
        note_what_is_drawn(compared, comparison);
    }
    let is_drawn = |one: &&HistorySeries| (&one.series.name, one.series.resource) == (&base.series, base.resource);
    let Some(drawn) = series.iter().find(is_drawn) else { return Ok(()) };
    let figure = WhatIfFigure::new(&drawn.series, comparison, context.units);
    figures::write(context, path, &figure, format, Canvas::default())
}

/// Names the series and rows that the figure leaves out.
fn note_what_is_drawn(compared: &[Comparison], drawn: &Comparison) {
    let base = &drawn.base.forecast;
    if compared.len() > 1 {
        let name = escape::printable(&base.series);
        let all = compared.len();
        output::note(&format!("drew {name}, {}, the first of {all}; choose by --store", base.resource));
    }
    let rows = drawn.computed().count();
    if rows > WhatIfFigure::MOST {
        output::note(&format!("drew {} of {rows} rows; name fewer scenarios to see the others", WhatIfFigure::MOST));
    }
}

/// The scenarios of the command line, or of the settings.
fn asked_for(context: &Context, arguments: &[String]) -> Result<Vec<Scenario>> {
    if !arguments.is_empty() {
        let read = |text: &String| text.parse().map_err(|e: String| Error::usage(e).hint(HELP_HINT));
        return arguments.iter().map(read).collect();
    }
    match &context.settings.report.what_if[..] {
        [] => Err(Error::usage("no scenario is given, and the settings have none")
            .hint("try `mailrunway whatif add=1TiB retain=Trash:30d`, or set what_if of [report] in the settings")),
        settled => Ok(settled.to_vec()),
    }
}

/// Fails if a scenario could not be computed for any series.
fn check(compared: &[Comparison], scenarios: usize) -> Result<()> {
    for index in 0..scenarios {
        let failed: Vec<&Error> = compared.iter().filter_map(|one| one.rows[index].as_ref().err()).collect();
        if failed.len() == compared.len()
            && let Some(error) = failed.first()
        {
            let same = Error::usage(error.to_string());
            return Err(match error.advice() {
                Some(advice) => same.hint(advice),
                None => same,
            });
        }
    }
    Ok(())
}

/// Warns of scenarios without a line of JSON.
fn warn_of_left_out(comparison: &Comparison) {
    let base = &comparison.base.forecast;
    let of = format!("of {}, {}", escape::printable(&base.series), base.resource);
    for error in comparison.rows.iter().filter_map(|row| row.as_ref().err()) {
        output::warn(&format!("{of}: left out {error}"), error.advice().unwrap_or("the other scenarios are printed"));
    }
}
