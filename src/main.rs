//! The command line: parse, call the command, map errors to exit codes.

fn main() {}
