//! What a scan could not read or understand.

use std::path::Path;

use crate::commands::output;
use crate::model::error::{Error, Result};
use crate::model::escape;
use crate::model::numbers::counted;
use crate::model::snapshot::{ProblemKind, Snapshot, Store};
use crate::store::opaque;

/// Problems that are listed; the others are counted.
const PROBLEMS_SHOWN: usize = 5;

const RIGHTS_HINT: &str =
    "scan as a user who may read all mail, often root or vmail, or with the capability CAP_DAC_READ_SEARCH";

/// Takes the stores out of a snapshot of which no mailbox could be read for want of rights: they would look emptied.
///
/// # Errors
/// If there are such stores; the error names them.
pub(super) fn leave_out_denied(snapshot: &mut Snapshot) -> Result<()> {
    let problems = &snapshot.problems;
    let denied: Vec<String> = snapshot
        .stores
        .extract_if(.., |store| {
            let is_in = |path: &str| Path::new(path).starts_with(&store.root);
            let is_denied = problems.iter().any(|one| one.kind == ProblemKind::PermissionDenied && is_in(&one.path));
            is_denied && store.tally.messages == 0 && store.mailboxes.iter().all(|mailbox| mailbox.is_partial)
        })
        .map(|store| store.name)
        .collect();
    let name = output::listed(&denied);
    let what = format!("no mailbox of the store {name} could be read for want of rights: nothing of it was saved");
    if denied.is_empty() { Ok(()) } else { Err(Error::new(what).hint(RIGHTS_HINT)) }
}

/// Lists the first problems.
pub(super) fn list(snapshot: &Snapshot) {
    for problem in snapshot.problems.iter().take(PROBLEMS_SHOWN) {
        output::note(&format!("  {}: {}", escape::printable(&problem.path), escape::printable(&problem.detail)));
    }
    if snapshot.problems.len() > PROBLEMS_SHOWN {
        output::note(&format!("  and {} more", snapshot.problems.len() - PROBLEMS_SHOWN));
    }
}

/// Whose mailboxes are partial, after a colon.
fn of_mailboxes(addresses: &[String]) -> String {
    match addresses {
        [] => "; the mailboxes found are whole".to_owned(),
        addresses => format!(": {}", output::listed(addresses)),
    }
}

type IsMeant = fn(ProblemKind) -> bool;

/// Warns of what could not be read or understood; with `strict`, fails.
pub(super) fn report(snapshot: &Snapshot, strict: bool) -> Result<()> {
    // A database may be made for mail, but any program may have an SQLite file.
    let has_mail = |s: &Store| !s.mailboxes.is_empty() || s.blobs.iter().any(|blob| blob.kind != opaque::SQLITE);
    for store in snapshot.stores.iter().filter(|store| !has_mail(store)) {
        let root = escape::printable(&store.root);
        output::warn(
            &format!("no mailbox was recognised under {root}; all of it is counted as other"),
            "is this the directory that holds the mailboxes? `mailrunway scan --explain PATH` shows how a path is recognised",
        );
    }
    list(snapshot);
    let groups: [(IsMeant, bool, &str, &str); 3] = [
        (|kind| !kind.is_loss() && !kind.is_damage(), false, "left out on purpose", "scan each as a store of its own"),
        (
            ProblemKind::is_damage,
            strict,
            "could not be understood; all bytes are counted, but perhaps not all messages",
            "`mailrunway scan --explain PATH` shows how a place is recognised; the mail server may have tools to mend it",
        ),
        (ProblemKind::is_loss, strict, "could not be read; the snapshot is marked partial", RIGHTS_HINT),
    ];
    for (is_meant, is_failure, what, hint) in groups {
        let places = snapshot.problems.iter().filter(|problem| is_meant(problem.kind)).count();
        if places == 0 {
            continue;
        }
        let whose =
            if is_meant(ProblemKind::ReadError) { of_mailboxes(&snapshot.partial_mailboxes()) } else { String::new() };
        let text = format!("{} {what}{whose}", counted(places as u64, "place"));
        if is_failure {
            return Err(Error::new(text).hint(hint));
        }
        output::warn(&text, hint);
    }
    Ok(())
}
