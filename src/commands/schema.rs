//! `mailrunway schema`: the JSON Schema of what a command prints.

use super::output;
use crate::cli::SchemaArgs;
use crate::model::error::{Error, Result};
use crate::model::escape;
use crate::output::json::schemas::Printed;

pub(super) fn run(args: &SchemaArgs) -> Result<()> {
    let names = || Printed::ALL.iter().map(|one| one.name);
    let wanted = args.words.join("-");
    let text = match Printed::ALL.iter().find(|one| one.name == wanted) {
        Some(printed) => printed.schema(),
        None if wanted.is_empty() => names().map(|name| name.to_owned() + "\n").collect(),
        None => {
            let shown = escape::brief(&args.words.join(" "));
            let all = names().collect::<Vec<_>>().join(", ");
            return Err(Error::usage(format!("there is no schema `{shown}`")).hint(format!("there are: {all}")));
        }
    };
    output::print(&text)
}
