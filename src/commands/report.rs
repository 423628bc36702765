//! `mailrunway report`: the weekly page.

mod build;
mod pictures;

use super::{Context, forecast as forecast_command, output};
use crate::atomic;
use crate::chart::Format;
use crate::cli::{ReportArgs, ReportFormat};
use crate::error::Result;
use crate::history::History;
use crate::report::document::{self, Document};
use crate::report::{html, json, markdown, text};

pub use build::build;

/// Runs the command.
pub fn run(context: &Context, args: &ReportArgs) -> Result<()> {
    let history = History::open(&context.settings.history)?;
    let pictures = match args.format {
        ReportFormat::Html => Some(Format::Svg),
        ReportFormat::Mail => Some(Format::Png),
        ReportFormat::Text | ReportFormat::Markdown | ReportFormat::Json => None,
    };
    let report = build(context, &history, pictures)?;
    let document = document::of(&report);
    let rendered = match args.format {
        ReportFormat::Html => html::render(&document)?,
        ReportFormat::Markdown => markdown::render(&document),
        ReportFormat::Json => json::render(&report),
        ReportFormat::Mail => html::letter(&document)?,
        // Colour is for the terminal only; what is written to a file is plain.
        ReportFormat::Text if args.output.is_some() => plain_text(&document),
        ReportFormat::Text => text::render(&document, |status, word| {
            let style = output::style(status);
            format!("{style}{word}{style:#}")
        }),
    };
    match &args.output {
        Some(path) => atomic::write(path, rendered.as_bytes())?,
        None => output::print(&rendered)?,
    }
    forecast_command::record(context, &history, report.lines().map(|line| &line.forecast));
    Ok(())
}

/// The report as text without colour.
pub fn plain_text(document: &Document) -> String {
    text::render(document, |_, word| word.to_owned())
}
