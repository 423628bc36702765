//! The command line: parse, call the command, map errors to exit codes.

use std::process::ExitCode;

use clap::Parser;
use mailrunway::cli::Cli;
use mailrunway::commands;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(shown) => {
            // Help and version come this way too; where they cannot be printed there is nobody to tell.
            let _ = shown.print();
            return ExitCode::from(shown.exit_code() as u8);
        }
    };
    match commands::run(cli) {
        Ok(status) => status,
        Err(error) => {
            commands::output::print_error(&error);
            ExitCode::from(error.exit_status())
        }
    }
}
