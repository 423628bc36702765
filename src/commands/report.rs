//! `mailrunway report`: the weekly page.

mod post;

use super::session::{Session, is_old};
use super::{Context, output};
use crate::cli::{ReportArgs, ReportFormat};
use crate::model::{dates::utc_day, error::Result, json, when::When};
use crate::output::{chart::Format, html, markdown, text, view};
use crate::planning::report::{LastScan, Report};
use crate::planning::verdict::Status;

pub(super) fn run(context: &Context, args: &ReportArgs) -> Result<()> {
    // A wrong address fails at once, not only in a week with something to report.
    let to = post::recipients(context, args)?;
    let session = Session::open(context)?;
    let format = match args.format {
        ReportFormat::Html => Some(Format::Svg),
        ReportFormat::Mail => Some(Format::Png),
        ReportFormat::Text | ReportFormat::Markdown | ReportFormat::Json => None,
    };
    let is_posted = args.format == ReportFormat::Mail || !context.settings.report.to.is_empty();
    let (report, pictures) = session.report(format, if is_posted { &to } else { &[] })?;
    session.record(report.lines().map(|line| &line.forecast));
    if !is_wanted(context, args, &report) {
        return Ok(());
    }
    let document = view::report::document(&report, &pictures);
    let rendered = match args.format {
        ReportFormat::Html => html::render(&document)?.into_bytes(),
        ReportFormat::Markdown => markdown::render(&document).into_bytes(),
        ReportFormat::Json => json::line(&report).into_bytes(),
        ReportFormat::Mail => post::message(context, args, to, &report, (&document, &pictures))?,
        // Files have no colour.
        ReportFormat::Text if args.output.is_some() => text::plain(&document).into_bytes(),
        ReportFormat::Text => output::styled(&document).into_bytes(),
    };
    match &args.output {
        Some(path) => output::write_file(path, &rendered),
        // All formats are UTF-8.
        None => output::print(&String::from_utf8_lossy(&rendered)),
    }
}

/// Whether there is something to report, by `--when` or the settings.
fn is_wanted(context: &Context, args: &ReportArgs, report: &Report) -> bool {
    match args.when.unwrap_or(context.settings.report.when) {
        When::Always => true,
        When::Warning => {
            let is_old = |scan: &LastScan| is_old(utc_day(scan.taken_at), context.today);
            report.status() > Status::Unknown || report.last_scan.as_ref().is_none_or(is_old)
        }
        When::Change => report.has_changed(),
    }
}
