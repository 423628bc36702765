//! Measures one unit: what lies in it, what is to be remembered of it, and how true the memory was.

mod directory;
pub(crate) mod estimate;
pub(crate) mod relinked;
mod walk;

use std::path::Path;

use super::progress::Progress;
use super::unit::Unit;
use crate::scan::cache::lookup::Recall;
use crate::scan::cache::recorder::Notes;
use crate::scan::io::cancel::Stop;
use crate::scan::io::root::Root;
use crate::scan::measure::estimate::Guess;
use crate::scan::measure::walk::{Damaged, Walk};
use crate::scan::tally::mailbox::Findings;

/// What holds for all units of a store.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    /// The store's directory.
    pub root: &'a Root<'a>,
    /// Where is counted how far the scan is.
    pub progress: &'a Progress,
    /// Whether the scan is to end early.
    pub stop: &'a Stop,
    /// What was changed before this time, in seconds and nanoseconds since 1970, cannot have changed since without a trace.
    pub settled_by: (i64, u32),
    /// Whether the next scan is to remember anything.
    pub is_noted: bool,
    /// What the disk would tell of messages, where sizes are taken from their names.
    pub guess: Option<&'a Guess>,
}

/// What was found in a unit.
#[derive(Debug)]
pub(super) struct Measured {
    /// All of it.
    pub findings: Findings,
    /// What the next scan is to remember of it.
    pub notes: Notes,
    /// How the memory did where it was tested.
    pub audit: Audit,
}

/// How many remembered directories were looked at again, and in how many of them something else was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Looked at again.
    pub directories: u64,
    /// Of these, with other messages or sizes.
    pub drifted: u64,
}

impl std::ops::AddAssign for Audit {
    fn add_assign(&mut self, more: Audit) {
        self.directories += more.directories;
        self.drifted += more.drifted;
    }
}

/// Measures a unit of which something may be remembered, but for the directories that are distrusted.
pub(super) fn measure(ground: &Ground, unit: &Unit, recall: Recall) -> Measured {
    match Walk::new(ground, unit, recall).walk() {
        Ok((findings, notebook, audit)) => {
            let notes = notebook.finish(recall.unit, &findings);
            Measured { findings, notes, audit }
        }
        // Half of what was told is of no use without the rest.
        Err(Damaged) => measure(ground, unit, Recall::default()),
    }
}

/// Measures a unit, and notes what is told of one path, which has that inode.
pub(super) fn measure_watching(ground: &Ground, unit: &Unit, path: &Path, inode: (u64, u64)) -> Findings {
    let mut walk = Walk::new(ground, unit, Recall::default());
    walk.findings = Findings::watching(inode);
    walk.watched = Some(path);
    walk.walk().map(|(findings, ..)| findings).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::snapshot::Sureness;
    use crate::scan::cache::message_table;
    use crate::scan::cache::unit_record::Held;
    use crate::scan::io::rate_limit::Pace;
    use crate::scan::unit::Content;
    use crate::store::owner::Owner;
    use crate::store::{Layout, Scope};

    /// How many messages of a Maildir of two are remembered by a scan for which what is younger than that may change still,
    /// and whether their directory is taken to be known.
    fn remembered(settled_by: (i64, u32)) -> (usize, bool) {
        let home = tempfile::tempdir().unwrap();
        for part in ["cur", "new", "tmp"] {
            std::fs::create_dir(home.path().join(part)).unwrap();
        }
        for name in ["1700000000.a:2,S", "1700000001.b:2,"] {
            std::fs::write(home.path().join("cur").join(name), "mail").unwrap();
        }
        let (pace, progress, stop) = (Pace::unlimited(), Progress::default(), Stop::never());
        let root = Root::open(home.path(), &pace).unwrap();
        let ground = Ground { root: &root, progress: &progress, stop: &stop, settled_by, is_noted: true, guess: None };
        let content = Content::Mailbox(Layout::Maildir, Sureness::Certain);
        let owner = Owner { domain: None, user: "ann".to_owned() };
        let unit = Unit::new("".into(), content, Scope::Tree, owner);
        let measured = measure(&ground, &unit, Recall::default());
        assert_eq!(measured.findings.total().messages, 2);
        let Notes::New(record, tables) = measured.notes else { panic!("something is remembered") };
        let cur = record.directories.iter().find(|directory| directory.path.ends_with("cur")).unwrap();
        let Held::Messages { table, .. } = &cur.held else { panic!("it holds messages") };
        let table = &tables[table.start as usize..table.end as usize];
        (message_table::files(table).count(), cur.is_settled)
    }

    #[test]
    fn what_was_changed_just_now_may_change_still_and_is_not_remembered() {
        assert_eq!(remembered((i64::MAX, 0)), (2, true));
        assert_eq!(remembered((1_700_000_000, 0)), (0, false));
    }
}
