//! Measures one unit: walks it, tallies what it contains, and records it for the cache.

mod directory;
pub(crate) mod estimate;
pub(crate) mod relinked;
mod scratch;
pub(crate) mod state;
mod walk;

use std::path::Path;

use crate::scan::measure::state::{DamagedTable, MeasureOptions, Measured};
use crate::scan::{cache::CachedUnit, context::ScanContext, measure::walk::Walk, tally::MailboxTally, unit::Unit};

pub(super) fn measure(context: &ScanContext, options: MeasureOptions, unit: &Unit, cached: CachedUnit) -> Measured {
    match Walk::new(context, options, unit, cached).run() {
        Ok(measured) => measured,
        // The counts so far are of no use without the table.
        Err(DamagedTable) => measure(context, options, unit, CachedUnit::default()),
    }
}

/// Measures a unit, and notes what the reader says about one path with that device and inode.
pub(super) fn measure_watching(context: &ScanContext, unit: &Unit, path: &Path, inode: (u64, u64)) -> MailboxTally {
    let mut walk = Walk::new(context, MeasureOptions::default(), unit, CachedUnit::default());
    walk.state.watch(path, inode);
    walk.run().map(|measured| measured.tally).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{cancel::Cancel, snapshot::Sureness};
    use crate::scan::cache::{DirContent, UnitUpdate, message_table};
    use crate::scan::io::{RateLimit, Root};
    use crate::scan::{progress::Progress, unit::Content};
    use crate::store::{Layout, Scope, owner::Owner};

    /// The number of recorded messages of a Maildir with two, and whether their directory is settled.
    fn recorded(settled_before: (i64, u32)) -> (usize, bool) {
        let home = tempfile::tempdir().unwrap();
        for part in ["cur", "new", "tmp"] {
            std::fs::create_dir(home.path().join(part)).unwrap();
        }
        for name in ["1700000000.a:2,S", "1700000001.b:2,"] {
            std::fs::write(home.path().join("cur").join(name), "mail").unwrap();
        }
        let (rate_limit, progress, cancel) = (RateLimit::unlimited(), Progress::default(), Cancel::never());
        let root = Root::open(home.path(), &rate_limit).unwrap();
        let context = ScanContext { root: &root, progress: &progress, cancel: &cancel, settled_before };
        let content = Content::Mailbox(Layout::Maildir, Sureness::Certain);
        let owner = Owner { domain: None, user: "ann".to_owned() };
        let unit = Unit::new("".into(), content, Scope::Tree, owner);
        let options = MeasureOptions { is_recorded: true, estimate: None };
        let measured = measure(&context, options, &unit, CachedUnit::default());
        assert_eq!(measured.tally.total().messages, 2);
        let UnitUpdate::New(record, tables) = measured.update else { panic!("nothing is recorded") };
        let cur = record.directories.iter().find(|directory| directory.path.ends_with("cur")).unwrap();
        let DirContent::Messages { table, .. } = &cur.content else { panic!("cur has no messages") };
        let table = &tables[table.start as usize..table.end as usize];
        (message_table::files(table).count(), cur.is_settled)
    }

    #[test]
    fn files_changed_just_now_are_not_recorded() {
        assert_eq!(recorded((i64::MAX, 0)), (2, true));
        assert_eq!(recorded((1_700_000_000, 0)), (0, false));
    }
}
