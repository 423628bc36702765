//! `mailrunway config`: the settings file, and what is settled.

use std::fs;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;

use super::{Context, output};
use crate::cli::{ConfigCheckArgs, ConfigInitArgs, sources};
use crate::model::error::{Error, Result};
use crate::model::settled::Origin;
use crate::model::{escape, json};
use crate::output::view::settings as view;
use crate::scan::io::filesystem;
use crate::settings::Settings;

/// The settings file with every key commented out.
const COMMENTED: &str = include_str!("../../data/mailrunway.toml");

/// Writes the commented settings to `-o`, or where they are looked for.
pub(super) fn init(args: &ConfigInitArgs, settings: Option<PathBuf>) -> Result<()> {
    let no_home = || {
        Error::new("the settings file has no place, because there is no home directory").hint("name one with --output")
    };
    let path = args.output.clone().or(settings).ok_or_else(no_home)?;
    if output::is_stdout(&path) {
        return output::print(COMMENTED);
    }
    if path.symlink_metadata().is_ok() {
        let hint = "edit it; `mailrunway config check` shows what it sets";
        return Err(Error::new("there is a settings file already").at(path).hint(hint));
    }
    if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
        fs::create_dir_all(above).map_err(|e| Error::io("cannot make the directory of the settings", above, e))?;
    }
    output::write_file(&path, COMMENTED.as_bytes())?;
    output::print_words(&format!(
        "Written: {}. Remove the # before the keys to set, first of all those of [[store]].",
        escape::path(&path)
    ))
}

/// Shows what is settled. The settings were loaded, so the file has no error.
pub(super) fn check(context: &Context, args: &ConfigCheckArgs, path: &Path) -> Result<()> {
    let source = sources(std::env::args_os());
    let overridden = |key: &str| match source(key.rsplit('.').next().unwrap_or(key)) {
        Some(ValueSource::CommandLine) => Some(Origin::Flag),
        Some(ValueSource::EnvVariable) => Some(Origin::Environment),
        _ => None,
    };
    let text = fs::read_to_string(path).ok();
    let settings = &context.settings;
    let settled = settings.settled(&filesystem::host(), text.as_deref().unwrap_or_default(), overridden);
    let document = || view::settled(&settled, path, text.is_some());
    output::Printer::new(args.format).print(document, || json::lines(&settled))?;
    warn_of_missing(settings);
    Ok(())
}

fn warn_of_missing(settings: &Settings) {
    if settings.stores.is_empty() {
        output::warn("no store is set", "add a [[store]] to the settings, or scan a directory by its path");
    }
    for store in settings.stores.iter().filter(|store| !store.path.is_dir()) {
        let name = escape::printable(&store.name);
        let missing = format!("the path of store {name} is not a directory now: {}", escape::path(&store.path));
        output::warn(&missing, "mount it, or correct the path");
    }
}
