//! What can stand for a value on the command line.

use std::num::NonZeroU32;

use clap::ValueEnum;
use jiff::Timestamp;

use crate::model::days::{BadDays, Days};
use crate::model::series::{EventKind, Resource};
use crate::output::chart::Format;

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal that has it
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The form in which a command answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For a terminal
    Text,
    /// For a wiki or a ticket
    Markdown,
    /// For programs
    Json,
}

/// The kind of file that a chart is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PngOrSvg {
    /// Pixels
    Png,
    /// Lines and letters
    Svg,
}

impl From<PngOrSvg> for Format {
    fn from(arg: PngOrSvg) -> Format {
        match arg {
            PngOrSvg::Png => Format::Png,
            PngOrSvg::Svg => Format::Svg,
        }
    }
}

/// Which picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChartKind {
    /// History, forecast and limit
    Runway,
    /// How old the stored mail is, now and a year ago
    Ages,
    /// Growth by domain
    Domains,
    /// What arrived and what was deleted, week by week
    Flows,
    /// The largest mailboxes and their share
    Largest,
    /// Past forecasts against what came
    Past,
    /// What arrived in each week of the year
    Calendar,
    /// The scenarios of the settings on one runway
    Whatif,
}

/// A resource by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ResourceArg {
    /// Bytes on disk
    Bytes,
    /// Inodes
    Inodes,
}

impl From<ResourceArg> for Resource {
    fn from(arg: ResourceArg) -> Resource {
        match arg {
            ResourceArg::Bytes => Resource::Bytes,
            ResourceArg::Inodes => Resource::Inodes,
        }
    }
}

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EventKindArg {
    /// Mail brought in from elsewhere
    Import,
    /// Mail removed in bulk
    Purge,
    /// Another change of what is in use, such as by compression
    Step,
    /// A change of the limit, such as by another disk
    Capacity,
}

impl From<EventKindArg> for EventKind {
    fn from(arg: EventKindArg) -> EventKind {
        match arg {
            EventKindArg::Import => EventKind::Import,
            EventKindArg::Purge => EventKind::Purge,
            EventKindArg::Step => EventKind::Step,
            EventKindArg::Capacity => EventKind::Capacity,
        }
    }
}

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For a terminal
    Text,
    /// One page that holds all it needs
    Html,
    /// For a wiki or a ticket
    Markdown,
    /// A message with text, page and pictures, for `sendmail -t -oi`
    Mail,
    /// For programs
    Json,
}

pub(crate) fn parse_time(text: &str) -> Result<Timestamp, String> {
    crate::model::series::table::parse_time(text)
}

pub(crate) fn parse_every(text: &str) -> Result<Days, String> {
    match text.parse() {
        Ok(Days(0)) => Err("from a forecast to the next it is a day at least (write 4w)".to_owned()),
        days => days.map_err(|error: BadDays| error.to_string()),
    }
}

pub(crate) fn parse_confidence(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').and_then(|number| number.parse::<f64>().ok());
    // Of a certainty there is nothing to compute, and no forecast has one.
    let share = number.map(|number| number / 100.0).filter(|share| *share > 0.0 && *share < 1.0);
    share.ok_or_else(|| format!("`{text}` is no share between 0 and 100 % (write 95%)"))
}

pub(crate) fn parse_size(text: &str) -> Result<(u32, u32), String> {
    let pair = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    pair.ok_or_else(|| format!("`{text}` is no size (write 1200x675)"))
}

pub(crate) fn parse_threads(text: &str) -> Result<usize, String> {
    let threads = text.parse().map_err(|_| format!("`{text}` is no number of threads"))?;
    crate::model::threads::checked_threads(threads).map(|()| threads)
}

pub(crate) fn parse_operations(text: &str) -> Result<NonZeroU32, String> {
    match text.parse::<u32>().map(NonZeroU32::new) {
        Ok(Some(operations)) => Ok(operations),
        Ok(None) => Err("with 0 operations a second nothing is ever read (leave it out for no limit)".to_owned()),
        Err(_) => Err(format!("`{text}` is no number of operations a second (write 2000)")),
    }
}
