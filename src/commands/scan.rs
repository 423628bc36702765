//! `mailrunway scan`: measures stores, appends a snapshot to the history, and prints it.

mod doubts;
mod saved;

use std::io::IsTerminal;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;

use super::{Context, output};
use crate::cli::{OutputFormat, ScanArgs};
use crate::history::{CACHE, History, SnapshotEntry, StoreEntry};
use crate::model::cancel::Cancel;
use crate::model::error::{Error, Result};
use crate::model::numbers::{count, counted};
use crate::model::snapshot::{ProblemKind, Snapshot, Store};
use crate::model::{bytes::Units, escape, json};
use crate::output::view;
use crate::scan::io::{confine, priority};
use crate::scan::progress::{Counts, Progress};
use crate::scan::{self, CacheAudit, CacheOptions, Request, Scanned, StoreRequest};
use crate::settings::StoreSettings;
use crate::store::opaque;

/// Problems that are listed; the others are counted.
const PROBLEMS_SHOWN: usize = 5;

pub(super) fn run(context: &Context, args: &ScanArgs) -> Result<()> {
    if let Some(path) = &args.explain {
        return explain(context, args, path);
    }
    let stores = requested(args, &context.settings.stores)?;
    let roots = check_roots(&stores)?;
    let history = &context.settings.history;
    History::check_appendable(history)?;
    // No thread has been started yet: none is left out.
    let made = confine(context, &roots);
    let before = last_entries(history);
    warn_of_moved_stores(&stores, &before);
    let settings = context.settings.scan;
    let now = Timestamp::now();
    let taken_at = args.taken_at.unwrap_or(now);
    if !args.force {
        doubts::check_date(taken_at, now, &before)?;
    }
    let request = Request {
        // A whole second.
        taken_at: Timestamp::from_second(taken_at.as_second()).unwrap_or(taken_at),
        threads: settings.threads,
        io_limit: settings.io_limit,
        by_name: args.names,
        cache: Some(CacheOptions {
            directory: history.join(CACHE),
            is_ignored: args.full,
            audit_every: settings.audit_every,
        }),
        stores,
        host: Some(context.host()),
    };
    let started = Instant::now();
    let cancel = Cancel::on_signals()?;
    if settings.idle
        && let Err(refused) = priority::idle()
    {
        output::warn_error(&refused);
    }
    // The number of files in the last scan of the same stores, if there was one of each.
    let files = request.stores.iter().map(|store| last_of(&store.name, &before).map(|store| store.tally.files)).sum();
    let Scanned { snapshot, cache, audit } =
        with_progress(context, files, |progress| scan::scan(&request, progress, &cancel))?;
    doubts::check_stores(&snapshot, &before, args.strict)?;
    let opened = made.and_then(|()| History::open_or_create(history));
    let saved = opened.and_then(|history| history.append(&snapshot));
    if let Ok(appended) = &saved {
        saved::report(context, appended);
        cache.save().iter().for_each(output::warn_error);
        report_audit(&audit);
        if context.verbose {
            output::note(&format!("{} in {:.1} s", appended.name, started.elapsed().as_secs_f64()));
        }
    }
    // What is not saved is worth more on the screen.
    if !context.quiet || args.format == OutputFormat::Json || saved.is_err() {
        let document = || view::scan::document(&snapshot, context.units);
        output::Printer::new(args.format).print(document, || json::line(&snapshot))?;
    }
    let understood = report_problems(&snapshot, args.strict);
    match saved {
        Ok(_) => understood,
        Err(error) => {
            if let Err(problem) = &understood {
                output::print_error(problem);
            }
            Err(saved::not_saved(context, error))
        }
    }
}

/// Confines the scan to its stores and the history, as far as the kernel can.
///
/// # Errors
/// If the directory of a new history cannot be made, as on a full volume; that is no reason not to scan.
fn confine(context: &Context, roots: &[PathBuf]) -> Result<()> {
    let history = &context.settings.history;
    let made = History::make_directory(history);
    match confine::confine(roots, history) {
        Ok(confinement) if context.verbose => output::note(&confinement.to_string()),
        Ok(_) => {}
        Err(error) => output::warn_error(&error),
    }
    made
}

/// The real paths of the stores.
///
/// # Errors
/// If a store cannot be read, or lies in another one on the same volume: its mail would count twice.
fn check_roots(stores: &[StoreRequest]) -> Result<Vec<PathBuf>> {
    let mut known: Vec<(&StoreRequest, PathBuf, u64)> = Vec::new();
    for store in stores {
        let root = scan::check_root(&store.root)?;
        let device = root.metadata().map_or(0, |metadata| metadata.dev());
        let overlaps = |(_, other, on): &&(&StoreRequest, PathBuf, u64)| {
            *on == device && (root.starts_with(other) || other.starts_with(&root))
        };
        if let Some((other, ..)) = known.iter().find(overlaps) {
            let [one, other] = [store, *other].map(|store| escape::printable(&store.name));
            return Err(Error::usage(format!(
                "the stores `{one}` and `{other}` overlap: their mail would count twice"
            ))
            .at(&root)
            .hint("scan the directory that contains both, or those below it"));
        }
        known.push((store, root, device));
    }
    Ok(known.into_iter().map(|(_, root, _)| root).collect())
}

/// Shows how a path is recognised.
fn explain(context: &Context, args: &ScanArgs, path: &Path) -> Result<()> {
    let known = &context.settings.stores;
    let is_any = args.stores.is_empty();
    let stores = if is_any { known.iter().map(StoreSettings::request).collect() } else { requested(args, known)? };
    let explained = scan::explain::explain(path, &stores)?;
    let document = || view::explain::document(&explained, context.units);
    output::Printer::new(args.format).print(document, || escape::json(&explained) + "\n")
}

/// The stores that the arguments name: of the settings, or directories.
fn requested(args: &ScanArgs, known: &[StoreSettings]) -> Result<Vec<StoreRequest>> {
    if args.name.as_ref().is_some_and(|name| name.is_empty() || args.stores.len() != 1) {
        return Err(
            Error::usage("--name names one store").hint("give one directory and a name; scan several one by one")
        );
    }
    if args.stores.is_empty() {
        if known.is_empty() {
            return Err(Error::usage("there is nothing to scan")
                .hint("name a directory, as in `mailrunway scan /var/vmail`, or stores in the settings file"));
        }
        return Ok(known.iter().map(StoreSettings::request).collect());
    }
    let mut requests: Vec<StoreRequest> = Vec::new();
    for argument in &args.stores {
        let named = known.iter().find(|store| Path::new(&store.name) == argument);
        let same_root = || {
            let root = argument.canonicalize().ok()?;
            known.iter().find(|store| store.path.canonicalize().is_ok_and(|path| path == root))
        };
        let request = match named.or_else(same_root) {
            Some(store) => store.request(),
            None => StoreRequest { name: own_name(argument), root: argument.clone(), filesystem: true, owner: None },
        };
        let request = StoreRequest { name: args.name.clone().unwrap_or(request.name), ..request };
        if requests.iter().any(|other| other.name == request.name) {
            return Err(Error::usage(format!("two stores have the name `{}`", escape::printable(&request.name)))
                .hint("scan them one after the other, each with its --name"));
        }
        requests.push(request);
    }
    Ok(requests)
}

/// A directory's own name.
fn own_name(path: &Path) -> String {
    let real: PathBuf = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    real.file_name().map_or_else(|| "root".to_owned(), |name| escape::text(name.as_encoded_bytes()))
}

/// The snapshots so far. Warns of those that cannot be read. A history that cannot be read fails later, with its own error.
fn last_entries(history: &Path) -> Vec<SnapshotEntry> {
    let Ok(found) = History::open(history).and_then(|history| history.entries()) else { return Vec::new() };
    found.damaged.iter().for_each(|one| output::warn_error(&one.error));
    found.entries
}

/// The store of that name as it was last scanned.
fn last_of<'a>(name: &str, before: &'a [SnapshotEntry]) -> Option<&'a StoreEntry> {
    before.iter().rev().find_map(|entry| entry.stores.iter().find(|store| store.name == name))
}

fn warn_of_moved_stores(stores: &[StoreRequest], before: &[SnapshotEntry]) {
    for request in stores {
        let root = request.root.canonicalize().unwrap_or_else(|_| request.root.clone());
        let root = escape::path_text(&root);
        if let Some(last) = last_of(&request.name, before).filter(|last| last.root != root) {
            let (name, root) = (escape::printable(&request.name), escape::printable(&last.root));
            let moved = format!("store `{name}` was at {root} in the last scan; this scan continues its series");
            output::warn(&moved, "use --name if it is another store");
        }
    }
}

/// Runs the work while a terminal shows a progress bar.
fn with_progress<T>(context: &Context, expected: Option<u64>, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    if context.quiet || !std::io::stderr().is_terminal() {
        return work(&progress);
    }
    let (bar, template) = match expected.filter(|&files| files > 0) {
        Some(files) => (ProgressBar::new(files), "{bar:30} {percent:>3} %  {msg}"),
        None => (ProgressBar::new_spinner(), "{spinner} {msg}"),
    };
    bar.set_style(ProgressStyle::with_template(template).expect("the template is valid"));
    let (working, ended) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        let (bar, progress) = (&bar, &progress);
        scope.spawn(move || {
            loop {
                let counts = progress.counts();
                // A store that has grown has more files than expected.
                bar.set_position(expected.map_or(counts.files, |files| counts.files.min(files)));
                bar.set_message(describe(&counts, context.units));
                bar.tick();
                if ended.recv_timeout(Duration::from_millis(100)) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
            }
        });
        // Dropped when the work ends, also by a panic: the thread stops, for which the scope waits.
        let _working = working;
        let result = work(progress);
        bar.finish_and_clear();
        result
    })
}

fn describe(counts: &Counts, units: Units) -> String {
    let mailboxes = match counts.mailboxes_found {
        0 => "looking for mailboxes".to_owned(),
        found => format!("{} of {} mailboxes", count(counts.mailboxes as f64), count(found as f64)),
    };
    let messages = count(counts.messages as f64);
    format!("{mailboxes}, {messages} messages, {}", units.show(counts.bytes as f64))
}

/// Warns of changes that the audit found and the cache did not notice.
fn report_audit(audit: &CacheAudit) {
    if audit.drifted > 0 {
        let (drifted, directories) = (count(audit.drifted as f64), count(audit.directories as f64));
        output::warn(
            &format!("drift: the cache was wrong about {drifted} of {directories} directories that looked unchanged"),
            "they were counted again; `mailrunway scan --full` counts all directories again, and shows whether something \
             changes messages in place",
        );
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
fn report_problems(snapshot: &Snapshot, strict: bool) -> Result<()> {
    // A database may be made for mail, but any program may have an SQLite file.
    let has_mail = |s: &Store| !s.mailboxes.is_empty() || s.blobs.iter().any(|blob| blob.kind != opaque::SQLITE);
    for store in snapshot.stores.iter().filter(|store| !has_mail(store)) {
        let root = escape::printable(&store.root);
        output::warn(
            &format!("no mailbox was recognised under {root}; all of it is counted as other"),
            "is this the directory that holds the mailboxes? `mailrunway scan --explain PATH` shows how a path is recognised",
        );
    }
    for problem in snapshot.problems.iter().take(PROBLEMS_SHOWN) {
        output::note(&format!("  {}: {}", escape::printable(&problem.path), escape::printable(&problem.detail)));
    }
    if snapshot.problems.len() > PROBLEMS_SHOWN {
        output::note(&format!("  and {} more", snapshot.problems.len() - PROBLEMS_SHOWN));
    }
    let groups: [(IsMeant, bool, &str, &str); 3] = [
        (|kind| !kind.is_loss() && !kind.is_damage(), false, "left out on purpose", "scan each as a store of its own"),
        (
            ProblemKind::is_damage,
            strict,
            "could not be understood; all bytes are counted, but perhaps not all messages",
            "`mailrunway scan --explain PATH` shows how a place is recognised; the mail server may have tools to mend it",
        ),
        (
            ProblemKind::is_loss,
            strict,
            "could not be read; the snapshot is marked partial",
            "run as a user who may read all mail, often root or vmail",
        ),
    ];
    for (is_meant, is_failure, what, hint) in groups {
        let places = snapshot.problems.iter().filter(|problem| is_meant(problem.kind)).count();
        let whose =
            if is_meant(ProblemKind::ReadError) { of_mailboxes(&snapshot.partial_mailboxes()) } else { String::new() };
        let text = format!("{} {what}{whose}", counted(places as u64, "place"));
        match places {
            0 => {}
            _ if is_failure => return Err(Error::new(text).hint(hint)),
            _ => output::warn(&text, hint),
        }
    }
    Ok(())
}
