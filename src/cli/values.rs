//! Values of command-line options.

use std::num::NonZeroU32;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use jiff::Timestamp;

use crate::model::days::{BadDays, Days};
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

impl ValueEnum for ChartKind {
    fn value_variants<'a>() -> &'a [ChartKind] {
        use ChartKind::*;
        &[Runway, Ages, Domains, Flows, Largest, Past, Calendar, WhatIf]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            ChartKind::Runway => ("runway", "History, forecast and limit"),
            ChartKind::Ages => ("ages", "Stored mail by age, now and a year ago"),
            ChartKind::Domains => ("domains", "Growth by domain"),
            ChartKind::Flows => ("flows", "Arrivals and deletions by week"),
            ChartKind::Largest => ("largest", "The largest mailboxes and their share"),
            ChartKind::Past => ("past", "Past forecasts against the levels that followed"),
            ChartKind::Calendar => ("calendar", "Arrivals in each week of the year"),
            ChartKind::WhatIf => ("whatif", "The scenarios of the settings in one chart"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EventKindArg {
    /// Mail brought in from elsewhere
    Import,
    /// Mail removed in bulk
    Purge,
    /// Another change of the space in use, such as by compression
    Step,
    /// A change of the limit, such as a new disk
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For a terminal
    Text,
    /// One page without other files
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
        Ok(Days(0)) => Err("the time between forecasts must be at least a day: write 4w".to_owned()),
        days => days.map_err(|error: BadDays| error.to_string()),
    }
}

pub(crate) fn parse_confidence(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').and_then(|number| number.parse::<f64>().ok());
    // No forecast is certain.
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

pub(crate) fn parse_operations(text: &str) -> Result<NonZeroU32, String> {
    match text.parse::<u32>().map(NonZeroU32::new) {
        Ok(Some(operations)) => Ok(operations),
        Ok(None) => Err("0 operations a second would read nothing: leave the option out for no limit".to_owned()),
        Err(_) => Err(format!("`{text}` is not a valid number of operations a second: write 2000")),
    }
}
