//! Arguments of `mailrunway schema`.

use clap::Args;

pub(super) const EXAMPLES: &str = "\
Examples:
  mailrunway schema forecast > forecast.schema.json
  mailrunway schema history list";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SchemaArgs {
    /// Command, such as `forecast` or `history list` [default: list the commands that have a schema]
    #[arg(value_name = "COMMAND")]
    pub words: Vec<String>,
}
