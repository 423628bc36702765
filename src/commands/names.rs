//! Hides names, if that is asked for, before anything is read.

use super::Context;
use crate::cli::{Cli, Command, EventCommand, HistoryCommand, ImportCommand};
use crate::history::export::{EVENTS, FORECASTS};
use crate::history::{History, names};
use crate::model::error::{Error, Result};

/// # Errors
/// If the command cannot hide names, or there is no key.
pub(super) fn hide_as_asked(cli: &Cli, context: &Context) -> Result<()> {
    let global = &cli.global;
    let turns_back = matches!(cli.command, Command::History(HistoryCommand::Names(_)));
    if global.key.is_some() && !global.pseudonyms && !turns_back {
        return Err(Error::usage("--key is the key of pseudonyms").hint("add --pseudonyms, or leave it out"));
    }
    if !global.pseudonyms && !global.no_names && !turns_back {
        return Ok(());
    }
    if let Some(why) = shows_names(&cli.command, global.no_names) {
        return Err(Error::usage(format!("this cannot hide names: {why}")).hint("leave out --pseudonyms or --no-names"));
    }
    if global.no_names {
        return names::leave_out();
    }
    let key = match &global.key {
        Some(path) => names::read_key(path)?,
        None => History::open(&context.settings.history)?.key()?,
    };
    names::hide(&key);
    Ok(())
}

/// Why a command cannot do without names.
fn shows_names(command: &Command, without_lists: bool) -> Option<&'static str> {
    const OF_INPUT: &str = "--input has its own names";
    match command {
        Command::Scan(_) => Some("a scan prints what it finds; hide names in what you make of the history"),
        Command::Demo(_) => Some("the demo has no real names"),
        Command::Config(_) => Some("settings have real names"),
        Command::Completions(_) | Command::Man(_) | Command::Schema(_) => None,
        Command::Forecast(args) => args.input.as_ref().map(|_| OF_INPUT),
        Command::Chart(args) => args.input.as_ref().map(|_| OF_INPUT),
        Command::Backtest(args) => args.input.as_ref().map(|_| OF_INPUT),
        Command::Report(_) | Command::Check(_) | Command::Metrics(_) | Command::Whatif(_) | Command::Window(_) => None,
        Command::Export(_) if without_lists => Some("it lists what has names"),
        Command::Export(args) => {
            let is_real = [FORECASTS, EVENTS].contains(&args.table.as_str());
            is_real.then_some("forecasts and events are kept with real names")
        }
        Command::Import(ImportCommand::List(_)) => None,
        Command::Import(_) => Some("it says what is imported or removed"),
        Command::History(command) => match command {
            HistoryCommand::List(_) | HistoryCommand::Event(EventCommand::List(_)) => None,
            HistoryCommand::Show(_) if without_lists => Some("it lists mailboxes; `history list` has the sums"),
            HistoryCommand::Names(_) if without_lists => Some("it lists them"),
            HistoryCommand::Show(_) | HistoryCommand::Names(_) => None,
            HistoryCommand::Verify(_) => Some("it names the files of the history"),
            HistoryCommand::Event(_) => Some("events are kept with real names"),
            HistoryCommand::Remove(_) | HistoryCommand::Prune(_) | HistoryCommand::Compact(_) => {
                Some("it says what is removed")
            }
        },
    }
}
