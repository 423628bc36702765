//! `mailrunway completions` and `mailrunway man`, for packages.

use super::output;
use crate::cli::{CompletionsArgs, ManArgs, command, pages};
use crate::model::error::Result;

pub(super) fn completions(args: &CompletionsArgs) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "mailrunway", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}

pub(super) fn man(args: &ManArgs) -> Result<()> {
    pages().iter().try_for_each(|page| output::write_file(&args.directory.join(&page.file), &page.text))
}
