//! `mailrunway report`: the weekly page.

mod post;

use std::process::ExitCode;

use super::session::{Session, is_old};
use super::{Context, output, owner};
use crate::cli::{ReportArgs, ReportFormat};
use crate::model::error::{Error, Result};
use crate::model::{atomic, dates::utc_day, json, when::When};
use crate::output::{chart::Format, html, markdown, text, view};
use crate::planning::report::{LastScan, Report};
use crate::planning::verdict::Status;

/// The exit status of `--exit-status` if there is nothing to report.
const NO_REPORT: u8 = 4;

pub(super) fn run(context: &Context, args: &ReportArgs) -> Result<ExitCode> {
    let report_format = format(args)?;
    // A wrong address fails at once, not only in a week with something to report.
    let to = post::recipients(context, args)?;
    let session = Session::open(context)?;
    let pictures = match report_format {
        ReportFormat::Html => Some(Format::Svg),
        ReportFormat::Mail => Some(Format::Png),
        ReportFormat::Text | ReportFormat::Markdown | ReportFormat::Json => None,
    };
    let is_posted = report_format == ReportFormat::Mail || !context.settings.report.to.is_empty();
    let (report, pictures) = session.report(pictures, if is_posted { &to } else { &[] })?;
    if !args.no_record {
        session.record(report.lines().map(|line| &line.forecast));
    }
    if !is_wanted(context, args, &report) {
        args.file().map_or(Ok(()), |file| owner::as_caller(|| atomic::remove(file)))?;
        return Ok(if args.exit_status { ExitCode::from(NO_REPORT) } else { ExitCode::SUCCESS });
    }
    let document = view::report::document(&report, &pictures);
    let rendered = match report_format {
        ReportFormat::Html => html::render(&document)?.into_bytes(),
        ReportFormat::Markdown => markdown::render(&document).into_bytes(),
        ReportFormat::Json => json::line(&report).into_bytes(),
        ReportFormat::Mail => post::message(context, args, to, &report, (&document, &pictures))?,
        // Files have no colour.
        ReportFormat::Text if args.file().is_some() => text::plain(&document).into_bytes(),
        ReportFormat::Text => output::styled(&document).into_bytes(),
    };
    match args.file() {
        Some(path) => output::write_file(path, &rendered)?,
        // All formats are UTF-8.
        None => output::print(&String::from_utf8_lossy(&rendered))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The format of `--format`, or by the ending of the file.
fn format(args: &ReportArgs) -> Result<ReportFormat> {
    match (args.format, args.file()) {
        (Some(format), _) => Ok(format),
        (None, None) => Ok(ReportFormat::Text),
        (None, Some(path)) => ReportFormat::from_path(path).ok_or_else(|| {
            Error::usage("the ending of the file names no format: there are .txt, .html, .md, .eml and .json")
                .at(path)
                .hint("give the file one of these endings, or add --format")
        }),
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
