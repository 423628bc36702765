//! `mailrunway window`: is there room to run a maintenance, and to come out of it?

use super::Context;
use crate::cli::WindowArgs;
use crate::error::{Error, Result};

/// Runs the command.
pub fn run(_context: &Context, _args: &WindowArgs) -> Result<()> {
    Err(Error::new("window is not there yet"))
}
