//! `mailrunway history names`: the names behind pseudonyms.

use crate::cli::NamesArgs;
use crate::commands::{output, session::Session};
use crate::history::names;
use crate::model::error::{Error, Result};
use crate::model::{escape, json};
use crate::output::json::names::NameLine;
use crate::output::view::history as view;

/// Reads all snapshots, so that all names are known.
pub(super) fn run(session: &Session, args: &NamesArgs) -> Result<()> {
    for entry in &session.entries {
        if let Err(error) = session.history.load(&entry.name) {
            output::warn_error(&error);
        }
    }
    let pairs: Vec<NameLine> = match &args.hidden[..] {
        [] => names::known().into_iter().map(|(pseudonym, name)| NameLine { pseudonym, name }).collect(),
        asked => asked.iter().map(|pseudonym| turned_back(pseudonym)).collect::<Result<_>>()?,
    };
    let rows = || view::names(pairs.iter().map(|pair| [&*pair.pseudonym, &*pair.name]));
    output::Printer::new(args.format).print(rows, || json::lines(&pairs))
}

fn turned_back(pseudonym: &str) -> Result<NameLine> {
    let name = names::real(pseudonym).into_owned();
    if name == pseudonym {
        return Err(Error::usage(format!(
            "no name of the history has the pseudonym `{}`",
            escape::printable(pseudonym)
        ))
        .hint("give the --key with which it was made"));
    }
    Ok(NameLine { pseudonym: pseudonym.to_owned(), name })
}
