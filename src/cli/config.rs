//! Arguments of `mailrunway config`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Subcommand};

use super::scan::Effort;
use super::{OutputFormat, Reach, manual};

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Write the settings file, with every key commented out
    ///
    /// It is written where the settings are looked for, or to --config. A file that exists is left as it is.
    Init(ConfigInitArgs),
    /// Check the settings, and show what is settled and where from
    ///
    /// A store that is not there now is a warning.
    Check(ConfigCheckArgs),
}

#[derive(Args, Debug)]
pub(crate) struct ConfigInitArgs {
    /// File to write; `-` for standard output [default: the settings file]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// With the options of other commands that the environment can set.
#[derive(Args, Debug)]
#[command(mut_args(|argument| if argument.get_id() == "format" { argument } else { argument.hide(true) }))]
pub(crate) struct ConfigCheckArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    #[command(flatten)]
    pub effort: Effort,
    #[command(flatten)]
    pub reach: Reach,
}

/// Who gave an argument of the command line, by its name.
pub(crate) fn sources(arguments: impl IntoIterator<Item = OsString>) -> impl Fn(&str) -> Option<ValueSource> {
    let matches = manual::command().try_get_matches_from(arguments).unwrap_or_default();
    move |name| innermost(&matches).value_source(name)
}

fn innermost(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, below)| innermost(below))
}
