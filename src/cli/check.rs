//! Arguments of `mailrunway check`.

use std::ffi::OsString;

use clap::Args;
use jiff::civil::Date;

use super::values::parse_confidence;
use super::{Selection, manual};
use crate::model::days::Days;

#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub selection: Selection,
    /// WARNING if the earliest plausible date (10 %) is nearer [default: the lead time of the settings]
    #[arg(short, long, value_name = "TIME")]
    pub warning: Option<Days>,
    /// CRITICAL if the expected date (50 %) is nearer and used_floor of the settings is in use; here -c is short for this
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

/// Whether arguments are those of `check`: the first of them that names a command does.
pub(crate) fn asks_check(arguments: &[OsString]) -> bool {
    if !arguments.iter().any(|argument| argument == "check") {
        return false;
    }
    let program = manual::command();
    let names_command =
        |argument: &&OsString| argument.to_str().is_some_and(|name| program.find_subcommand(name).is_some());
    arguments.iter().skip(1).find(names_command).is_some_and(|first| first == "check")
}

/// The arguments of `check`, in which `-c` after the command stands for `--critical`.
pub(crate) fn plugin_arguments(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let options = arguments.iter_mut().skip_while(|argument| **argument != "check");
    options.filter(|argument| **argument == "-c").for_each(|argument| *argument = "--critical".into());
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_check_itself_has_another_meaning_of_c() {
        let arguments = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        for line in ["mailrunway check -c 30d", "mailrunway -c a.toml --quiet check vmail", "m --history check check"] {
            assert!(asks_check(&arguments(line)), "{line}");
        }
        for line in ["mailrunway scan check -c a.toml", "mailrunway history check", "check", "mailrunway --help"] {
            assert!(!asks_check(&arguments(line)), "{line}");
        }
        let expected = arguments("mailrunway -c a.toml check --critical 30d");
        assert_eq!(plugin_arguments(arguments("mailrunway -c a.toml check -c 30d")), expected);
    }
}
