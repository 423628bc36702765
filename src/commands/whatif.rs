//! `mailrunway whatif`: what a change would do to the date.

use super::Context;
use crate::cli::WhatifArgs;
use crate::error::{Error, Result};

/// Runs the command.
pub fn run(_context: &Context, _args: &WhatifArgs) -> Result<()> {
    Err(Error::new("whatif is not there yet"))
}
