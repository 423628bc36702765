//! The commands, a file for each. Only they print or write files.

mod backtest;
mod chart;
mod check;
mod config;
mod demo;
mod export;
mod figures;
mod forecast;
mod history;
mod import;
mod input;
mod metrics;
mod names;
mod output;
mod owner;
mod reference;
mod report;
mod scan;
mod schema;
pub mod session;
mod whatif;
mod window;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::FromArgMatches;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::cli::{Cli, ColorWhen, Command, ConfigCommand, Model, asks_check, command, plugin_arguments};
use crate::forecast::{Forecaster, LevelDates, Options, constants::Constants};
use crate::history::{names as hidden, series::Limits};
use crate::model::error::{Error, Result};
use crate::model::{bytes::Units, dates::utc_day};
use crate::output::view::ViewOptions;
use crate::scan::io::filesystem;
use crate::settings::{Overrides, QuotaSettings, Settings, places::Places};

/// The settings and options of all commands.
#[derive(Debug)]
pub struct Context {
    /// The settings.
    pub settings: Settings,
    /// The units of printed sizes.
    pub units: Units,
    /// Whether only results, warnings and errors are printed.
    pub quiet: bool,
    /// Whether more about the work is printed.
    pub verbose: bool,
    /// The date as of which forecasts are judged.
    pub today: Date,
    /// Whether what was known only after today is left out, as `--today` asks.
    pub looks_back: bool,
    /// Model constants of `--constants`; `None` for the embedded ones.
    pub constants: Option<Constants>,
}

impl Context {
    /// Limits of stores, by the name in the history.
    pub fn limits(&self) -> Limits {
        let stores = self.settings.stores.iter();
        stores.filter_map(|store| Some((hidden::store(&store.name).into_owned(), store.limit?))).collect()
    }

    /// The quota of an address of the history.
    pub(crate) fn quota(&self, address: &str) -> Option<&QuotaSettings> {
        self.settings.quota(&hidden::real(address))
    }

    /// The options of views.
    pub fn view_options(&self) -> ViewOptions {
        let Settings { horizon, policy, .. } = self.settings;
        ViewOptions { units: self.units, horizon, policy, today: self.today }
    }

    /// Options of a forecast with levels at these dates.
    pub fn forecast_options(&self, level_dates: LevelDates) -> Options {
        Options { horizon_days: self.settings.horizon.0, level_dates }
    }

    /// The name of this machine in the history.
    pub(crate) fn host(&self) -> String {
        hidden::host(&self.settings.host.clone().unwrap_or_else(filesystem::host)).into_owned()
    }

    /// Whether something of that day was known today.
    pub(crate) fn knows(&self, day: Date) -> bool {
        !self.looks_back || day <= self.today
    }

    pub(crate) fn constants(&self) -> &Constants {
        self.constants.as_ref().unwrap_or(Constants::embedded())
    }

    /// A forecaster of weekly levels.
    pub fn forecaster(&self) -> Forecaster {
        Forecaster::by(self.forecast_options(LevelDates::Weekly), self.constants().clone())
    }
}

/// Runs the program: parses the command line, runs the command, prints an error and returns the exit status.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if !asks_check(&arguments) {
        return run_or_fail(arguments, ExitCode::from, |error| ExitCode::from(error.exit_status()));
    }
    output::hold_notes();
    let status = run_or_fail(
        plugin_arguments(arguments),
        |_| check::unknown("wrong usage"),
        |error| check::unknown(&error.to_string()),
    );
    output::release_notes();
    status
}

/// Runs the program; the functions give the exit status of wrong usage and of an error, which are printed.
fn run_or_fail(
    arguments: Vec<OsString>,
    wrong_usage: impl Fn(u8) -> ExitCode,
    failed: impl Fn(&Error) -> ExitCode,
) -> ExitCode {
    let cli = match command().try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(shown) => {
            print_usage(&shown);
            return match shown.use_stderr() {
                true => wrong_usage(shown.exit_code() as u8),
                false => ExitCode::SUCCESS,
            };
        }
    };
    run(cli).unwrap_or_else(|error| {
        output::print_error(&error);
        failed(&error)
    })
}

/// Prints help, the version or an error of the command line. clap folds only help.
fn print_usage(shown: &clap::Error) {
    match shown.use_stderr() {
        true => output::note(&shown.render().ansi().to_string()),
        false => {
            let _ = shown.print();
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    match cli.global.color {
        ColorWhen::Auto => {}
        ColorWhen::Always => anstream::ColorChoice::Always.write_global(),
        ColorWhen::Never => anstream::ColorChoice::Never.write_global(),
    }
    let places = Places::find(rustix::process::geteuid().as_raw(), |name| std::env::var_os(name));
    let settings_file = cli.global.config.clone().or_else(|| places.config.clone());
    match cli.command {
        Command::Config(ConfigCommand::Init(args)) => succeeded(config::init(&args, settings_file)),
        Command::Completions(args) => succeeded(reference::completions(&args)),
        Command::Man(args) => succeeded(reference::man(&args)),
        Command::Schema(args) => succeeded(schema::run(&args)),
        _ => run_with_settings(cli, &places, &settings_file.unwrap_or_default()),
    }
}

fn run_with_settings(cli: Cli, places: &Places, settings_file: &Path) -> Result<ExitCode> {
    let model = model(&cli.command);
    let today = match &cli.command {
        Command::Check(args) => args.today,
        _ => model.and_then(|model| model.today),
    };
    let context = Context {
        settings: Settings::load(places, overrides(&cli))?,
        units: cli.global.units(),
        quiet: cli.global.quiet,
        verbose: cli.global.verbose,
        looks_back: today.is_some(),
        today: today.unwrap_or_else(|| utc_day(Timestamp::now())),
        constants: model.and_then(|model| model.constants.as_deref()).map(read_constants).transpose()?,
    };
    owner::work_as_owner(&context.settings.history, matches!(cli.command, Command::Scan(_)))?;
    names::hide_as_asked(&cli, &context)?;
    succeeded(match cli.command {
        Command::Scan(args) => scan::run(&context, &args),
        Command::Forecast(args) => forecast::run(&context, &args),
        Command::Chart(args) => chart::run(&context, &args),
        Command::Check(args) => return check::run(&context, &args),
        Command::Report(args) => return report::run(&context, &args),
        Command::Metrics(args) => metrics::run(&context, &args),
        Command::Whatif(args) => whatif::run(&context, &args),
        Command::Window(args) => return window::run(&context, &args),
        Command::Backtest(args) => backtest::run(&context, &args),
        Command::History(command) => history::run(&context, &command),
        Command::Import(command) => import::run(&context, &command),
        Command::Export(args) => export::run(&context, &args),
        Command::Config(ConfigCommand::Check(args)) => config::check(&context, &args, settings_file),
        Command::Demo(args) => demo::run(&context, &args),
        Command::Config(ConfigCommand::Init(_)) | Command::Completions(_) | Command::Man(_) | Command::Schema(_) => {
            unreachable!("they need no settings")
        }
    })
}

/// The options of the forecast, if a command has them.
fn model(command: &Command) -> Option<&Model> {
    match command {
        Command::Forecast(args) => Some(&args.model),
        Command::Chart(args) => Some(&args.model),
        Command::Report(args) => Some(&args.model),
        Command::Metrics(args) => Some(&args.model),
        Command::Whatif(args) => Some(&args.model),
        Command::Window(args) => Some(&args.model),
        Command::Backtest(args) => Some(&args.model),
        Command::Demo(args) => Some(&args.model),
        _ => None,
    }
}

/// What the command line and the environment settle.
fn overrides(cli: &Cli) -> Overrides {
    let (mut effort, mut reach) = (None, model(&cli.command).map(|model| &model.reach));
    let mut history = cli.global.history.clone();
    match &cli.command {
        Command::Scan(args) => effort = Some(&args.effort),
        Command::Config(ConfigCommand::Check(args)) => (effort, reach) = (Some(&args.effort), Some(&args.reach)),
        Command::Demo(args) => history = Some(demo::history_of(&args.directory)),
        _ => {}
    }
    Overrides {
        config: cli.global.config.clone(),
        history,
        horizon: reach.and_then(|reach| reach.horizon),
        threads: effort.and_then(|effort| effort.threads),
        io_limit: effort.and_then(|effort| effort.io_limit),
        idle: effort.is_some_and(|effort| effort.idle),
        lead_time: reach.and_then(|reach| reach.lead_time),
    }
}

fn succeeded(done: Result<()>) -> Result<ExitCode> {
    done.map(|()| ExitCode::SUCCESS)
}

fn read_constants(path: &Path) -> Result<Constants> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Error::io("cannot read the constants", path, e).hint("check the path"))?;
    serde_json::from_str(&text).map_err(|e| {
        let hint = "give a file written by notebooks/model/train of this version, such as data/model.json";
        Error::new("these are not constants of the model").at(path).because(e).hint(hint)
    })
}
