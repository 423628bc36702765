//! The commands: one file and one function each. Only here is anything printed or written.

pub mod backtest;
pub mod chart;
pub mod demo;
pub mod forecast;
pub mod history;
pub mod output;
pub mod report;
pub mod scan;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::bytes::Units;
use crate::cli::{Cli, ColorWhen, Command, Model};
use crate::dates::utc_day;
use crate::days::Horizon;
use crate::error::Result;
use crate::forecast::Options;
use crate::history::series::Limits;
use crate::history::{Entry, History};
use crate::settings::places::Places;
use crate::settings::{Overrides, Settings};

/// What every command knows.
#[derive(Debug)]
pub struct Context {
    /// What is settled.
    pub settings: Settings,
    /// How sizes are written.
    pub units: Units,
    /// Whether to keep still about the work.
    pub quiet: bool,
    /// Whether to say more about the work.
    pub verbose: bool,
    /// The day as of which is judged.
    pub today: Date,
}

impl Context {
    /// The limits of the stores, by name.
    pub fn limits(&self) -> Limits {
        let stores = self.settings.stores.iter();
        stores.filter_map(|store| Some((store.name.clone(), store.limit?))).collect()
    }

    /// What is asked of forecasts.
    pub fn forecast_options(&self) -> Options {
        Options { horizon_days: self.settings.horizon.0, seed: self.settings.seed, ..Options::default() }
    }
}

/// Runs a command.
///
/// # Errors
/// Whatever kept the command from doing all that was asked.
pub fn run(cli: Cli) -> Result<()> {
    match cli.global.color {
        ColorWhen::Auto => {}
        ColorWhen::Always => anstream::ColorChoice::Always.write_global(),
        ColorWhen::Never => anstream::ColorChoice::Never.write_global(),
    }
    let mut overrides =
        Overrides { config: cli.global.config.clone(), history: cli.global.history.clone(), ..Overrides::default() };
    let mut today = None;
    match &cli.command {
        Command::Scan(args) => {
            overrides = Overrides { threads: args.threads, io_limit: args.io_limit, idle: args.idle, ..overrides };
        }
        Command::Forecast(args) => today = override_model(&mut overrides, &args.model),
        Command::Chart(args) => today = override_model(&mut overrides, &args.model),
        Command::Report(args) => today = override_model(&mut overrides, &args.model),
        Command::Backtest(args) => today = override_model(&mut overrides, &args.model),
        Command::Demo(args) => {
            today = override_model(&mut overrides, &args.model);
            overrides.history = Some(demo::history_of(&args.directory));
        }
        Command::History(_) => {}
    }
    let places = Places::find(rustix::process::geteuid().is_root(), |name| std::env::var_os(name));
    let context = Context {
        settings: Settings::load(&places, overrides)?,
        units: cli.global.units(),
        quiet: cli.global.quiet,
        verbose: cli.global.verbose,
        today: today.unwrap_or_else(|| utc_day(Timestamp::now())),
    };
    match cli.command {
        Command::Scan(args) => scan::run(&context, &args),
        Command::Forecast(args) => forecast::run(&context, &args),
        Command::Chart(args) => chart::run(&context, &args),
        Command::Report(args) => report::run(&context, &args),
        Command::Backtest(args) => backtest::run(&context, &args),
        Command::History(command) => history::run(&context, &command),
        Command::Demo(args) => demo::run(&context, &args),
    }
}

fn override_model(overrides: &mut Overrides, model: &Model) -> Option<Date> {
    overrides.horizon = model.horizon.map(Horizon::days);
    overrides.seed = model.seed;
    overrides.lead_time = model.lead_time;
    model.today
}

/// The snapshots that can be read; of the others is warned.
pub fn readable(history: &History) -> Result<Vec<Entry>> {
    let found = history.entries()?;
    found.damaged.iter().for_each(output::warn_error);
    Ok(found.entries)
}
