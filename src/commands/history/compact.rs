//! `mailrunway history compact`: finished months in one piece each.

use crate::cli::CompactArgs;
use crate::commands::{Context, output};
use crate::history::History;
use crate::history::compaction::{Compaction, Month};
use crate::model::error::{Error, Result};
use crate::output::json::removal as json;
use crate::output::view::removal as view;

pub(super) fn run(context: &Context, args: &CompactArgs) -> Result<()> {
    let root = &context.settings.history;
    let history = History::open(root)?;
    let months = history.months_to_compact(Compaction { today: context.today, nights: args.nights })?;
    let (mut done, mut failed): (Vec<Month>, Option<Error>) = (Vec::new(), None);
    for month in months {
        match if args.dry_run { Ok(Vec::new()) } else { history.compact(&month) } {
            Ok(warnings) => {
                warnings.iter().for_each(output::warn_error);
                done.push(month);
            }
            // A full disk has no room for the next one, too.
            Err(error) if error.is_full() => return Err(error),
            Err(error) => {
                output::warn_error(&error);
                failed = Some(Error::new("not every month could be compacted").at(root).hint("the warnings say why"));
            }
        }
    }
    let document = || view::compacted(&done, args.dry_run);
    output::Printer::new(args.format).print(document, || json::compacted(&done, args.dry_run))?;
    failed.map_or(Ok(()), Err)
}
