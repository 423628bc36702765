//! Arguments of `mailrunway import`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::model::bytes::Bytes;
use crate::model::days::Days;
use crate::model::series::{Resource, table};

#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// From a table: CSV with commas, semicolons or tabs, and a header line
    ///
    /// Times are dates, RFC 3339, `2026-11-23 04:00` (in UTC where no zone is named), unix seconds or milliseconds. Empty
    /// cells and NaN are gaps. Amounts are bytes, or sizes with a unit such as 1.5TiB.
    Csv(FromArgs),
    /// From Prometheus over HTTP, or from a saved answer of its API
    // clap writes it on one line.
    #[command(
        override_usage = "mailrunway import prometheus [OPTIONS]\n       <--volume <MOUNT>|--store <NAME>> [FILE]"
    )]
    Prometheus(PrometheusArgs),
    /// From what `rrdtool xport --json` or `rrdtool fetch` prints
    Rrd(FromArgs),
    /// From what history.get or trend.get of Zabbix's API answers, its export to files, or CSV
    ///
    /// If there are several items, --used-column and --limit-column give the numbers of those to read.
    // clap writes it on one line.
    #[command(override_usage = "mailrunway import zabbix [OPTIONS]\n       <--volume <MOUNT>|--store <NAME>> <FILE>")]
    Zabbix(FromArgs),
    /// List what was imported, one series a line
    List(super::ListArgs),
    /// Remove what was imported of a volume or store
    Remove(TargetArgs),
}

#[derive(Args, Debug)]
pub(crate) struct FromArgs {
    /// File to read; `-` for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Column with the used amounts [default: used, or the only one beside time and limit]
    #[arg(long, value_name = "COLUMN")]
    pub used_column: Option<String>,
    /// Column with the limits [default: limit, if there is one]
    #[arg(long, value_name = "COLUMN")]
    pub limit_column: Option<String>,
    /// Column with the times, in CSV [default: time, date, timestamp, datetime or clock]
    #[arg(long, value_name = "COLUMN")]
    pub time_column: Option<String>,
    #[command(flatten)]
    pub into: IntoArgs,
}

#[derive(Args, Debug)]
pub(crate) struct PrometheusArgs {
    /// File with an answer of /api/v1/query_range; `-` for standard input
    #[arg(value_name = "FILE", required_unless_present = "url", conflicts_with = "url")]
    pub file: Option<PathBuf>,
    /// Address of the server: http://HOST:PORT
    #[arg(long, value_name = "URL", requires = "query")]
    pub url: Option<String>,
    /// Query of the used amounts, with one series as its result
    #[arg(long, value_name = "QUERY", requires = "url")]
    pub query: Option<String>,
    /// Query of the limits
    #[arg(long, value_name = "QUERY", requires = "url")]
    pub limit_query: Option<String>,
    /// First time to ask for [default: three years before --to]
    #[arg(long, value_name = "TIME", requires = "url", value_parser = table::parse_time)]
    pub from: Option<Timestamp>,
    /// Last time to ask for [default: now]
    #[arg(long, value_name = "TIME", requires = "url", value_parser = table::parse_time)]
    pub to: Option<Timestamp>,
    /// Time between two points
    #[arg(long, value_name = "TIME", default_value = "1d", value_parser = super::values::parse_every)]
    pub step: Days,
    #[command(flatten)]
    pub into: IntoArgs,
}

/// What is imported.
#[derive(Args, Debug)]
pub(crate) struct IntoArgs {
    #[command(flatten)]
    pub target: TargetArgs,
    /// Limit, where the data has none
    #[arg(long, value_name = "SIZE")]
    pub limit: Option<Bytes>,
}

/// The series that an import is the past of.
#[derive(Args, Debug)]
pub(crate) struct TargetArgs {
    #[command(flatten)]
    pub of: Of,
    /// Machine that it is on [default: this one]
    #[arg(long, value_name = "HOST")]
    pub host: Option<String>,
    /// Resource
    #[arg(long, value_name = "RESOURCE", default_value = "bytes")]
    pub resource: Resource,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct Of {
    /// Volume, by its mount point
    #[arg(long, value_name = "MOUNT")]
    pub volume: Option<String>,
    /// Store, by its name
    #[arg(long, value_name = "NAME")]
    pub store: Option<String>,
}
