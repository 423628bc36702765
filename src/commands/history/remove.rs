//! `mailrunway history remove`: removes snapshots, and stores and machines that are gone.

use std::collections::{BTreeMap, BTreeSet};

use crate::cli::RemoveArgs;
use crate::commands::{Context, output};
use crate::history::departure::{Departure, departure};
use crate::history::imports::{Import, Kind, Target as Imported};
use crate::history::removal::Cut;
use crate::history::{CACHE, History, SnapshotEntry};
use crate::model::error::{Error, Result};
use crate::model::escape;
use crate::output::json::removal as json;
use crate::output::view::removal::{self as view, Removal};
use crate::scan;

/// What a name on the command line means.
#[derive(Debug, PartialEq, Eq)]
enum Target<'a> {
    Snapshot(&'a str),
    Host(&'a str),
    Store { host: &'a str, name: &'a str },
}

pub(super) fn run(context: &Context, args: &RemoveArgs) -> Result<()> {
    let history = History::open(&context.settings.history)?;
    let (mut names, found) = (history.names()?, history.entries()?);
    // A month with a damaged table goes by its own name.
    names.extend(
        found.damaged.iter().map(|one| one.name.clone()).filter(|name| !names.contains(name)).collect::<Vec<_>>(),
    );
    let (imports, damaged) = history.imports()?;
    let known = Known { snapshots: &names, entries: &found.entries, imports: &imports };
    let targets: Vec<Target> = args.names.iter().map(|name| target(name, &known)).collect::<Result<_>>()?;
    let is_gone = targets.iter().any(|target| !matches!(target, Target::Snapshot(_)));
    if is_gone {
        // They may have what is to be removed, too.
        found.damaged.iter().map(|one| &one.error).chain(&damaged).for_each(output::warn_error);
    }
    let (cuts, rest) = cuts(&targets, &found.entries);
    let (gone, left) = gone_imports(&targets, imports.clone(), &found.entries, &rest);
    let declared = if is_gone { history.declared()? } else { Vec::new() };
    let departure = match is_gone {
        true => departure((&found.entries, &imports), (&rest, &left), &context.limits(), &declared),
        false => Departure::default(),
    };
    let kept = names.len() - cuts.iter().filter(|(_, cut)| *cut == Cut::Whole).count();
    let removal = Removal { cuts, imports: gone, departure, kept, is_dry_run: args.dry_run };
    if !args.dry_run {
        if is_gone {
            remove_caches(context, &found.entries, &rest);
        }
        remove(&history, &removal)?;
    }
    output::Printer::new(args.format).print(|| view::removed(&removal, context.units), || json::removed(&removal))
}

/// Removes the snapshots last: until then, the same command finds what it was to remove.
fn remove(history: &History, removal: &Removal) -> Result<()> {
    let Departure { events, series } = &removal.departure;
    history.rename_series(series)?.iter().for_each(output::warn_error);
    let events = events.iter().map(|(event, name)| (event.id, name.clone())).collect();
    history.rename_events(&events)?.iter().for_each(output::warn_error);
    history.remove_imports(&removal.imports)?.iter().for_each(output::warn_error);
    history.remove(&removal.cuts)?.iter().for_each(output::warn_error);
    Ok(())
}

/// The imports that go with these targets, and those that stay. That of a volume goes with its last store.
fn gone_imports(
    targets: &[Target],
    imports: Vec<Import>,
    before: &[SnapshotEntry],
    after: &[SnapshotEntry],
) -> (Vec<Imported>, Vec<Import>) {
    let has_volume = |entries: &[SnapshotEntry], host: &str, mount: &str| {
        entries.iter().any(|one| one.host == host && one.filesystems.iter().any(|volume| volume.mount == mount))
    };
    let is_left_behind = |host: &str, mount: &str| has_volume(before, host, mount) && !has_volume(after, host, mount);
    let goes = |import: &Import| {
        let of = &import.target;
        targets.iter().any(|target| match (target, of.kind) {
            (Target::Snapshot(_), _) => false,
            (Target::Host(host), _) => *host == of.host,
            (Target::Store { host, name }, Kind::Store) => *host == of.host && *name == of.name,
            (Target::Store { .. }, Kind::Volume) => is_left_behind(&of.host, &of.name),
        })
    };
    let (gone, left): (Vec<Import>, Vec<Import>) = imports.into_iter().partition(goes);
    (gone.into_iter().map(|import| import.target).collect(), left)
}

/// Removes the caches of stores that no snapshot has any more.
fn remove_caches(context: &Context, before: &[SnapshotEntry], after: &[SnapshotEntry]) {
    let of = |entries: &[SnapshotEntry]| -> BTreeSet<String> {
        entries.iter().flat_map(|entry| &entry.stores).map(|store| store.name.clone()).collect()
    };
    for store in of(before).difference(&of(after)) {
        let removed = scan::remove_cache(&context.settings.history.join(CACHE), store);
        removed.err().iter().for_each(output::warn_error);
    }
}

/// What leaves which snapshot, by name, and the snapshots after that.
fn cuts(targets: &[Target], entries: &[SnapshotEntry]) -> (Vec<(String, Cut)>, Vec<SnapshotEntry>) {
    let named = targets.iter().filter_map(|target| match target {
        Target::Snapshot(name) => Some(((*name).to_owned(), Cut::Whole)),
        _ => None,
    });
    let mut cuts: BTreeMap<String, Cut> = named.collect();
    let mut rest = Vec::new();
    for entry in entries {
        let of_store = |target: &Target| match target {
            Target::Store { host, name } if *host == entry.host => Some((*name).to_owned()),
            _ => None,
        };
        let mut stores: BTreeSet<String> = targets.iter().filter_map(of_store).collect();
        stores.retain(|name| entry.stores.iter().any(|store| store.name == *name));
        let is_of_host = |target: &Target| matches!(target, Target::Host(host) if *host == entry.host);
        let is_whole = cuts.contains_key(&entry.name) || targets.iter().any(is_of_host);
        if stores.is_empty() && !is_whole {
            rest.push(entry.clone());
            continue;
        }
        match entry.without(&stores).filter(|_| !is_whole) {
            Some(left) => {
                cuts.insert(entry.name.clone(), Cut::Stores(stores));
                rest.push(left);
            }
            None => {
                cuts.insert(entry.name.clone(), Cut::Whole);
            }
        }
    }
    (cuts.into_iter().collect(), rest)
}

/// What a history has.
struct Known<'a> {
    snapshots: &'a [String],
    entries: &'a [SnapshotEntry],
    imports: &'a [Import],
}

fn target<'a>(name: &'a str, known: &Known<'a>) -> Result<Target<'a>> {
    let Known { snapshots, entries, imports } = *known;
    let is_host = |host: &str| {
        entries.iter().any(|entry| entry.host == host) || imports.iter().any(|import| import.target.host == host)
    };
    if snapshots.iter().any(|snapshot| snapshot == name) {
        return Ok(Target::Snapshot(name));
    }
    if let Some(host) = name.strip_suffix(':').filter(|host| is_host(host)) {
        return Ok(Target::Host(host));
    }
    let stores = |entry: &'a SnapshotEntry| entry.stores.iter().map(|store| (entry.host.as_str(), store.name.as_str()));
    let imported = imports.iter().map(|import| &import.target).filter(|target| target.kind == Kind::Store);
    let imported = imported.map(|target| (target.host.as_str(), target.name.as_str()));
    let stores: BTreeSet<(&str, &str)> = entries.iter().flat_map(stores).chain(imported).collect();
    let is_meant = |(host, store): &&(&str, &str)| *store == name || format!("{host}:{store}") == name;
    let meant: Vec<(&str, &str)> = stores.iter().filter(is_meant).copied().collect();
    let full: Vec<String> =
        meant.iter().map(|(host, store)| escape::printable(&format!("{host}:{store}")).into_owned()).collect();
    let shown = escape::printable(name);
    match (is_host(name), &meant[..]) {
        (true, []) => Ok(Target::Host(name)),
        (false, &[(host, name)]) => Ok(Target::Store { host, name }),
        (false, []) => Err(unknown(name, snapshots, entries)),
        (true, _) => Err(Error::usage(format!("`{shown}` is a machine and a store"))
            .hint(format!("write {shown}: for the machine, and {} for the store", full.join(" or ")))),
        (false, _) => Err(Error::usage(format!("several machines have a store `{shown}`"))
            .hint(format!("name one: {}", full.join(", ")))),
    }
}

/// Names that are listed in an error.
const LISTED: usize = 10;

fn unknown(name: &str, snapshots: &[String], entries: &[SnapshotEntry]) -> Error {
    let list = |names: BTreeSet<&str>| {
        let more = if names.len() > LISTED { ", …" } else { "" };
        let names: Vec<_> = names.into_iter().take(LISTED).map(escape::printable).collect();
        names.join(", ") + more
    };
    let near: BTreeSet<&str> = snapshots.iter().map(String::as_str).filter(|one| one.contains(name)).collect();
    let stores = entries.iter().flat_map(|entry| &entry.stores).map(|store| store.name.as_str()).collect();
    let hosts = entries.iter().map(|entry| entry.host.as_str()).collect();
    let hint = match near.is_empty() {
        true => format!(
            "there are the stores {}, and the machines {}; `mailrunway history list` lists the snapshots",
            list(stores),
            list(hosts)
        ),
        false => format!("did you mean {}?", list(near)),
    };
    Error::usage(format!("there is no snapshot, store or machine `{}`", escape::printable(name))).hint(hint)
}
