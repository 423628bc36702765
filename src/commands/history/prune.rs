//! `mailrunway history prune`: removes old snapshots, and keeps those that rules name.

use jiff::Timestamp;

use crate::cli::PruneArgs;
use crate::commands::{Context, output};
use crate::history::History;
use crate::history::removal::Cut;
use crate::model::error::{Error, Result};
use crate::output::json::removal as json;
use crate::output::view::removal as view;
use crate::planning::prune::{self, Keep};

pub(super) fn run(context: &Context, args: &PruneArgs) -> Result<()> {
    let keep = keep(args);
    if !keep.is_any() {
        return Err(Error::usage("no rule says which snapshots to keep")
            .hint("give one, such as --keep-daily 30 --keep-weekly 104; --dry-run shows what would be removed"));
    }
    let history = History::open(&context.settings.history)?;
    let found = history.entries()?;
    found.damaged.iter().for_each(|one| output::warn_error(&one.error));
    let groups = prune::judge(&found.entries, &keep, Timestamp::now());
    let removed = groups.iter().flat_map(|group| &group.snapshots).filter(|one| !one.is_kept());
    let cuts: Vec<(String, Cut)> = removed.map(|one| (one.snapshot.clone(), Cut::Whole)).collect();
    if !args.dry_run {
        history.remove(&cuts)?.iter().for_each(output::warn_error);
    }
    let document = || view::pruned(&groups, args.dry_run);
    output::Printer::new(args.format).print(document, || json::pruned(&groups, args.dry_run))
}

fn keep(args: &PruneArgs) -> Keep {
    Keep {
        last: args.keep_last.unwrap_or(0),
        daily: args.keep_daily.unwrap_or(0),
        weekly: args.keep_weekly.unwrap_or(0),
        monthly: args.keep_monthly.unwrap_or(0),
        yearly: args.keep_yearly.unwrap_or(0),
        within: args.keep_within.clone(),
    }
}
