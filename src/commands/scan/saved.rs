//! What became of the snapshot of a scan.

use std::path::Path;

use crate::commands::{Context, output};
use crate::history::History;
use crate::history::append::{Appended, Reserve};
use crate::history::compaction::{Compaction, NIGHTS};
use crate::model::error::Error;
use crate::model::escape;
use crate::scan::io::filesystem;

/// Warns of a snapshot that a crash could still undo, and of the last one for which there is room.
pub(super) fn report(context: &Context, appended: &Appended) {
    appended.warning.iter().for_each(output::warn_error);
    match &appended.reserve {
        Reserve::Used => output::warn(
            "the volume of the history is full: this scan is saved in the room that was kept for it",
            "make room: the next scan cannot be saved; one that has room keeps some again",
        ),
        Reserve::Missing(error) if context.verbose => output::warn_error(error),
        Reserve::Missing(_) | Reserve::Kept => {}
    }
}

/// Compacts one month that is finished, if there is one. What fails is a warning: the snapshots are as they were.
pub(super) fn compact_a_month(context: &Context) {
    let compaction = Compaction { today: context.today, nights: NIGHTS };
    let history = History::open(&context.settings.history);
    let months = history.and_then(|history| Ok((history.months_to_compact(compaction)?, history)));
    let (months, history) = match months {
        Ok(found) => found,
        Err(error) => return output::warn_error(&error),
    };
    for month in months {
        match history.compact(&month) {
            Ok(warnings) => return warnings.iter().for_each(output::warn_error),
            Err(error) => output::warn_error(&error),
        }
    }
}

/// Tells what is left on the volume of the history, if that is why the snapshot was not saved.
pub(super) fn not_saved(context: &Context, error: Error) -> Error {
    let history = &context.settings.history;
    let history = std::path::absolute(history).unwrap_or_else(|_| history.clone());
    let there = history.ancestors().find_map(|above| above.canonicalize().ok());
    let Some(volume) = there.and_then(|there| filesystem::stat(&there).ok()) else { return error };
    let mount = escape::printable(&volume.mount);
    if filesystem::is_read_only(Path::new(&volume.mount)) {
        let hint = format!("{mount} is mounted read-only now: look for errors of the disk in the kernel's log");
        return error.hint(hint);
    }
    let has_inodes = volume.inodes == 0 || volume.inodes_available > 0;
    let free = match (volume.available_bytes, has_inodes) {
        (0, true) => "no room is".to_owned(),
        (_, false) => "no inodes are".to_owned(),
        (free, true) if error.is_full() => format!("only {} are", context.units.show(free as f64)),
        _ => return error,
    };
    error.hint(format!("{free} free on {mount} now: make room and scan again; the history is as before"))
}
