//! The report as a message.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cli::ReportArgs;
use crate::commands::Context;
use crate::model::error::Result;
use crate::output::mail::{self, Address, MailHead};
use crate::output::{document::Document, html, picture::Picture, text};
use crate::planning::report::Report;
use crate::scan::io::filesystem;

/// The default recipient, as of cron.
const ROOT: &str = "root";
/// The default sender.
const SENDER: &str = "mailrunway";

/// The recipients of the command line, or of the settings.
///
/// # Errors
/// If an address is not valid.
pub(crate) fn recipients(context: &Context, args: &ReportArgs) -> Result<Vec<Address>> {
    let settled = &context.settings.report.to;
    let root = vec![ROOT.to_owned()];
    let named = if !args.to.is_empty() {
        &args.to
    } else if settled.is_empty() {
        &root
    } else {
        settled
    };
    named.iter().map(|address| address.parse()).collect()
}

pub(crate) fn message(
    context: &Context,
    args: &ReportArgs,
    to: Vec<Address>,
    report: &Report,
    (document, pictures): (&Document, &[Vec<Picture>]),
) -> Result<Vec<u8>> {
    let host = filesystem::host();
    let from = match args.from.as_ref().or(context.settings.report.from.as_ref()) {
        Some(from) => from.parse()?,
        None => Address::at_host(SENDER, &host)?,
    };
    // With --today, the same report is the same message.
    let noon = context.today.at(12, 0, 0, 0).to_zoned_datetime(TimeZone::UTC).map(|noon| noon.timestamp());
    let date = if args.model.today.is_some() { noon.unwrap_or_default() } else { Timestamp::now() };
    let head = MailHead { to, from, subject: report.subject_line(), date, host };
    let parts: Vec<mail::MailPicture> =
        pictures.iter().flatten().filter_map(|picture| picture.png()).cloned().collect();
    mail::message(&head, &text::plain(document), &html::letter(document)?, &parts)
}
