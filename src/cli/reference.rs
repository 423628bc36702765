//! Arguments of `mailrunway completions` and `mailrunway man`.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// Shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

#[derive(Args, Debug)]
pub(crate) struct ManArgs {
    /// Directory to write to, which exists
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
}
