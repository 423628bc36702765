//! Values of command-line options.

use std::num::NonZeroU32;
use std::path::Path;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::model::days::Days;
use crate::model::series::{EventKind, Resource};
use crate::output::chart::{ChartKind, Format};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal that supports it
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For a terminal
    Text,
    /// For a wiki or a ticket
    Markdown,
    /// For programs
    Json,
}

fn possible(name: &'static str, help: &'static str) -> Option<PossibleValue> {
    Some(PossibleValue::new(name).help(help))
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Format] {
        &[Format::Png, Format::Svg]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Format::Png => possible("png", "Pixels"),
            Format::Svg => possible("svg", "Lines and letters"),
        }
    }
}

impl ValueEnum for ChartKind {
    fn value_variants<'a>() -> &'a [ChartKind] {
        use ChartKind::*;
        &[Runway, Ages, Domains, Flows, Largest, Past, Calendar, WhatIf]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            ChartKind::Runway => possible("runway", "History, forecast and limit"),
            ChartKind::Ages => possible("ages", "Stored mail by age, now and a year ago"),
            ChartKind::Domains => possible("domains", "Growth by domain"),
            ChartKind::Flows => possible("flows", "Arrivals and deletions by week"),
            ChartKind::Largest => possible("largest", "The largest mailboxes and their share"),
            ChartKind::Past => possible("past", "Past forecasts against the levels that followed"),
            ChartKind::Calendar => possible("calendar", "Arrivals in each week of the year"),
            ChartKind::WhatIf => possible("whatif", "The scenarios of the settings in one chart"),
        }
    }
}

impl ValueEnum for Resource {
    /// Those that charts show.
    fn value_variants<'a>() -> &'a [Resource] {
        &[Resource::Bytes, Resource::Inodes]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Resource::Bytes => possible("bytes", "Bytes on disk"),
            Resource::Inodes => possible("inodes", "Inodes"),
            Resource::Messages => None,
        }
    }
}

impl ValueEnum for EventKind {
    fn value_variants<'a>() -> &'a [EventKind] {
        &[EventKind::Import, EventKind::Purge, EventKind::Step, EventKind::Capacity]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            EventKind::Import => "Mail brought in from elsewhere",
            EventKind::Purge => "Mail removed in bulk",
            EventKind::Step => "Another change of the space in use, such as by compression",
            EventKind::Capacity => "A change of the limit, such as a new disk",
        };
        possible(self.word(), help)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For a terminal
    Text,
    /// One page without other files
    Html,
    /// For a wiki or a ticket
    Markdown,
    /// A message (text, page, pictures) for `sendmail -t -oi`
    Mail,
    /// For programs
    Json,
}

impl ReportFormat {
    /// The format that the ending of a file names.
    pub(crate) fn from_path(path: &Path) -> Option<ReportFormat> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" => Some(ReportFormat::Text),
            "html" => Some(ReportFormat::Html),
            "md" => Some(ReportFormat::Markdown),
            "eml" => Some(ReportFormat::Mail),
            "json" => Some(ReportFormat::Json),
            _ => None,
        }
    }
}

pub(crate) fn parse_every(text: &str) -> Result<Days, String> {
    match text.parse() {
        Ok(Days(0)) => Err("the time between forecasts must be at least a day: write 4w".to_owned()),
        days => days,
    }
}

pub(crate) fn parse_confidence(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').and_then(|number| number.parse::<f64>().ok());
    let share = number.map(|number| number / 100.0).filter(|share| *share > 0.0 && *share < 1.0);
    share.ok_or_else(|| format!("`{text}` is not a percentage between 0 and 100 %: write 95%"))
}

pub(crate) fn parse_size(text: &str) -> Result<(u32, u32), String> {
    let pair = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    pair.ok_or_else(|| format!("`{text}` is not a valid size: write 1200x675"))
}

pub(crate) fn parse_threads(text: &str) -> Result<usize, String> {
    let threads = text.parse().map_err(|_| format!("`{text}` is not a valid number of threads: write 16"))?;
    crate::model::threads::checked_threads(threads).map(|()| threads)
}

/// A number of snapshots, days, weeks, months or years.
pub(crate) fn parse_count(text: &str) -> Result<u32, String> {
    match (text, text.parse()) {
        ("unlimited", _) => Ok(u32::MAX),
        (_, Ok(0)) => Err("0 keeps nothing: leave the option out".to_owned()),
        (_, Ok(count)) => Ok(count),
        (_, Err(_)) => Err(format!("`{text}` is not a valid number: write 12, or unlimited")),
    }
}

pub(crate) fn parse_operations(text: &str) -> Result<NonZeroU32, String> {
    match text.parse::<u32>().map(NonZeroU32::new) {
        Ok(Some(operations)) => Ok(operations),
        Ok(None) => Err("0 operations a second would read nothing: leave the option out for no limit".to_owned()),
        Err(_) => Err(format!("`{text}` is not a valid number of operations a second: write 2000")),
    }
}
