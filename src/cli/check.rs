//! Arguments of `mailrunway check`.

use std::ffi::OsString;

use clap::Args;
use jiff::civil::Date;

use super::Selection;
use super::values::parse_confidence;
use crate::model::days::Days;

#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub selection: Selection,
    /// WARNING if the earliest plausible date (10 %) is nearer [default: the lead time of the settings]
    #[arg(short, long, value_name = "TIME")]
    pub warning: Option<Days>,
    /// CRITICAL if the earliest plausible date is nearer and used_floor of the settings is in use; here -c is short for this
    // In place of `-c` of --config, as the guidelines for plugins want it; `plugin_arguments` sees to that.
    #[arg(long, value_name = "TIME", default_value = "30d")]
    pub critical: Days,
    /// WARNING from this share in use on [default: used_warning of the settings]
    #[arg(long, value_name = "PERCENT", value_parser = parse_confidence)]
    pub used_warning: Option<f64>,
    /// CRITICAL from this share in use on [default: used_critical of the settings]
    #[arg(long, value_name = "PERCENT", value_parser = parse_confidence)]
    pub used_critical: Option<f64>,
    /// UNKNOWN if the last scan is older
    #[arg(long, value_name = "TIME", default_value = "10d")]
    pub max_age: Days,
    /// Check as of this day with what was known then
    #[arg(long, value_name = "DATE")]
    pub today: Option<Date>,
}

/// The arguments of the program, in which `-c` after `check` stands for `--critical`.
pub(crate) fn plugin_arguments(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut is_check = false;
    let plugin = |argument: OsString| {
        is_check |= argument == "check";
        if is_check && argument == "-c" { "--critical".into() } else { argument }
    };
    arguments.map(plugin).collect()
}
