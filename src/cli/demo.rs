//! Arguments of `mailrunway demo`.

use std::path::PathBuf;

use clap::Args;

use super::{Model, OutputFormat};

#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// Directory to create; it must be missing or empty
    #[arg(value_name = "DIR", default_value = "mailrunway-demo")]
    pub directory: PathBuf,
    /// Weeks to simulate
    #[arg(long, value_name = "N", default_value_t = 104, value_parser = clap::value_parser!(u32).range(4..=520))]
    pub weeks: u32,
    /// Seed of the random mail
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Output format of the forecast
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: OutputFormat,
    #[command(flatten)]
    pub model: Model,
}
