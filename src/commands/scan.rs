//! `mailrunway scan`: measures stores, appends a snapshot to the history, and prints it.

mod bar;
mod doubts;
mod problems;
mod saved;

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::Timestamp;

use super::{Context, output};
use crate::cli::{OutputFormat, ScanArgs};
use crate::history::{CACHE, History, SnapshotEntry, StoreEntry};
use crate::model::cancel::Cancel;
use crate::model::error::{Error, Result};
use crate::model::numbers::count;
use crate::model::{escape, json};
use crate::output::view;
use crate::scan::io::{confine, priority};
use crate::scan::{self, CacheAudit, CacheOptions, Request, Scanned, StoreRequest};
use crate::settings::StoreSettings;

/// What to do after the first scan.
const NEXT_STEPS: &str =
    "\nNext: run the same scan every night, by cron or a systemd timer, and ask `mailrunway forecast`.";

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
    let now = Timestamp::now();
    let taken_at = args.taken_at.unwrap_or(now);
    if !args.force {
        doubts::check_date(taken_at, now, &before)?;
    }
    let request = request(context, args, stores, taken_at);
    let started = Instant::now();
    let cancel = Cancel::on_signals()?;
    if context.settings.scan.idle
        && let Err(refused) = priority::idle()
    {
        output::warn_error(&refused);
    }
    // The number of files in the last scan of the same stores, if there was one of each.
    let files = request.stores.iter().map(|store| last_of(&store.name, &before).map(|store| store.tally.files)).sum();
    let Scanned { mut snapshot, cache, audit } =
        bar::with_progress(context, files, |progress| scan::scan(&request, progress, &cancel))?;
    let denied = problems::leave_out_denied(&mut snapshot);
    if snapshot.stores.is_empty() {
        problems::list(&snapshot);
        return denied;
    }
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
    let understood = problems::report(&snapshot, args.strict);
    match saved {
        Ok(_) => {
            if before.is_empty() && !context.quiet && args.format == OutputFormat::Text {
                output::print_words(NEXT_STEPS)?;
            }
            if context.settings.scan.compact {
                saved::compact_a_month(context);
            }
            understood.and(denied)
        }
        Err(error) => {
            [understood, denied].into_iter().filter_map(Result::err).for_each(|problem| output::print_error(&problem));
            Err(saved::not_saved(context, error))
        }
    }
}

fn request(context: &Context, args: &ScanArgs, stores: Vec<StoreRequest>, taken_at: Timestamp) -> Request {
    let settings = context.settings.scan;
    Request {
        // A whole second.
        taken_at: Timestamp::from_second(taken_at.as_second()).unwrap_or(taken_at),
        threads: settings.threads,
        io_limit: settings.io_limit,
        by_name: args.names,
        cache: Some(CacheOptions {
            directory: context.settings.history.join(CACHE),
            is_ignored: args.full,
            audit_every: settings.audit_every,
        }),
        stores,
        host: Some(context.host()),
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
    let is_any = args.stores.is_empty() && args.store.is_empty();
    let stores = if is_any { known.iter().map(StoreSettings::request).collect() } else { requested(args, known)? };
    let explained = scan::explain::explain(path, &stores)?;
    let document = || view::explain::document(&explained, context.units);
    output::Printer::new(args.format).print(document, || json::line(&explained))
}

/// The stores that the arguments name: of the settings, or directories.
fn requested(args: &ScanArgs, known: &[StoreSettings]) -> Result<Vec<StoreRequest>> {
    let asked: Vec<&PathBuf> = args.stores.iter().chain(&args.store).collect();
    if args.name.as_ref().is_some_and(|name| name.is_empty() || asked.len() != 1) {
        return Err(
            Error::usage("--name names one store").hint("give one directory and a name; scan several one by one")
        );
    }
    if asked.is_empty() {
        if known.is_empty() {
            return Err(Error::usage("there is nothing to scan")
                .hint("name a directory, as in `mailrunway scan /var/vmail`, or stores in the settings file"));
        }
        return Ok(known.iter().map(StoreSettings::request).collect());
    }
    let mut requests: Vec<StoreRequest> = Vec::new();
    for argument in asked {
        let named = known.iter().find(|store| Path::new(&store.name) == argument);
        let same_root = || {
            let root = argument.canonicalize().ok()?;
            known.iter().find(|store| store.path.canonicalize().is_ok_and(|path| path == root))
        };
        let request = match named.or_else(same_root) {
            Some(store) => store.request(),
            None if is_unknown_name(argument) => return Err(unknown_store(argument, known)),
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

/// Whether an argument is neither a path with a slash nor something in this directory.
fn is_unknown_name(argument: &Path) -> bool {
    !argument.as_os_str().as_encoded_bytes().contains(&b'/') && argument.symlink_metadata().is_err()
}

fn unknown_store(name: &Path, known: &[StoreSettings]) -> Error {
    let names: Vec<String> = known.iter().map(|store| store.name.clone()).collect();
    let hint = match names.is_empty() {
        true => "the settings name no store: give the directory that contains the mailboxes".to_owned(),
        false => format!("the stores of the settings are: {}", output::listed(&names)),
    };
    Error::usage(format!("there is no store or directory `{}`", escape::path(name))).hint(hint)
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
            output::warn(&moved, "if it is another store, give it another name: by --name, or in the settings");
        }
    }
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
