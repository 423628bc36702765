//! The `mailrunway` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    mailrunway::commands::main()
}
