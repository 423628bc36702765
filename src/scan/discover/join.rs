//! Joins the parts of a mailbox that lie apart: alternative storage, index and control trees, Cyrus's partitions.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::model::class::Class;
use crate::model::escape;
use crate::model::snapshot::{Problem, ProblemKind, Sureness};
use crate::scan::discover::search::{Found, FoundPart};
use crate::scan::unit::{Content, Unit};
use crate::store::cyrus::place;
use crate::store::owner::Owner;
use crate::store::{ExternalPart, Layout, SharedFiles, dbox};

/// Gives each part to its mailbox; those that belong to none become units of their own.
pub(super) fn join(root: &Path, found: &mut Found, parts: Vec<FoundPart>) {
    let mut parts = join_by_link(root, found, parts);
    // What is no alternative storage of anything is a mailbox, which may have its indexes elsewhere.
    parts.sort_by_key(|part| !matches!(part.part, ExternalPart::Alternative(_)));
    let by_end = ends_of_cyrus(&found.units, &parts);
    let mut owners = Owners::default();
    found.units.iter().enumerate().for_each(|(index, unit)| owners.add(index, unit));
    for part in parts {
        let unit = match part.part {
            ExternalPart::Alternative(_) | ExternalPart::Indexes => owners.mailbox_of(&part),
            ExternalPart::Cyrus => ends(&part.path).into_iter().find_map(|end| by_end.get(end).copied().flatten()),
        };
        match unit {
            Some(unit) => found.units[unit].joined.push(part.path),
            None => {
                let unit = alone(part);
                owners.add(found.units.len(), &unit);
                found.units.push(unit);
            }
        }
    }
    found.units.sort_by(|a, b| a.path.cmp(&b.path));
}

/// Follows the links that Dovecot leaves, by name only: what lies outside the store is told and not entered. Returns
/// the parts to which no link leads.
fn join_by_link(root: &Path, found: &mut Found, parts: Vec<FoundPart>) -> Vec<FoundPart> {
    let mut parts: BTreeMap<PathBuf, FoundPart> = parts.into_iter().map(|part| (part.path.clone(), part)).collect();
    for unit in found.units.iter_mut().filter(|unit| unit.layout().is_some_and(Layout::is_dbox)) {
        let link = root.join(&unit.path).join(dbox::ALTERNATIVE);
        let Ok(target) = std::fs::read_link(&link) else { continue };
        let target = link.with_file_name(target);
        let real = target.canonicalize().unwrap_or_else(|_| target.clone());
        match real.strip_prefix(root) {
            Ok(inside) => unit.joined.extend(parts.remove(inside).map(|part| part.path)),
            Err(_) => found.problems.push(Problem {
                path: escape::path_text(&link),
                kind: ProblemKind::NotFollowed,
                detail: format!(
                    "the alternative storage lies outside of the store, at {}; scan it as a store of its own",
                    escape::path_text(&target)
                ),
            }),
        }
    }
    parts.into_values().collect()
}

/// The mailboxes of each owner, and those in each directory, with their formats.
#[derive(Default)]
struct Owners {
    by_owner: HashMap<Owner, Vec<Mailbox>>,
    by_home: HashMap<PathBuf, Vec<Mailbox>>,
}

/// A mailbox that may have parts elsewhere.
#[derive(Clone, Debug)]
struct Mailbox {
    index: usize,
    layout: Layout,
    path: PathBuf,
}

impl Owners {
    fn add(&mut self, index: usize, unit: &Unit) {
        let Some(layout) = unit.layout() else { return };
        let mailbox = Mailbox { index, layout, path: unit.path.clone() };
        if let Some(home) = unit.path.parent() {
            self.by_home.entry(home.to_owned()).or_default().push(mailbox.clone());
        }
        self.by_owner.entry(unit.owner.clone()).or_default().push(mailbox);
    }

    /// The mailbox that a part belongs to: the only one in the same home, or that of the same owner. Of several of an
    /// owner the nearest by path is meant, and of those that may have indexes elsewhere first of all a Maildir.
    fn mailbox_of(&self, part: &FoundPart) -> Option<usize> {
        let may = |mailbox: &&Mailbox| part.part == ExternalPart::Indexes || mailbox.layout.is_dbox();
        let beside: Vec<&Mailbox> =
            part.path.parent().and_then(|home| self.by_home.get(home)).into_iter().flatten().filter(may).collect();
        if let [only] = beside[..] {
            return Some(only.index);
        }
        let of_owner: Vec<&Mailbox> = self.by_owner.get(&part.owner).into_iter().flatten().filter(may).collect();
        let maildirs: Vec<&Mailbox> =
            of_owner.iter().copied().filter(|mailbox| mailbox.layout == Layout::Maildir).collect();
        let candidates = if part.part == ExternalPart::Indexes && !maildirs.is_empty() { maildirs } else { of_owner };
        let nearness = |mailbox: &&Mailbox| common_length(&mailbox.path, &part.path);
        let nearest = candidates.iter().map(nearness).max()?;
        let mut nearest = candidates.iter().filter(|mailbox| nearness(mailbox) == nearest);
        match (nearest.next(), nearest.next()) {
            (Some(only), None) => Some(only.index),
            _ => None,
        }
    }
}

/// How many parts two paths have in common from the top.
fn common_length(one: &Path, other: &Path) -> usize {
    one.iter().zip(other.iter()).take_while(|(one, other)| one == other).count()
}

/// Cyrus's mailboxes by every end of their paths: the partitions of one mailbox differ in the beginning only. Of several
/// with one end the nearest to the top is meant, as `user/ann` is not `domain/example.org/user/ann`; if there are
/// several of these, none is.
fn ends_of_cyrus(units: &[Unit], parts: &[FoundPart]) -> HashMap<PathBuf, Option<usize>> {
    let mut by_end: HashMap<PathBuf, Option<usize>> = HashMap::new();
    if !parts.iter().any(|part| part.part == ExternalPart::Cyrus) {
        return by_end;
    }
    let mut mailboxes: Vec<(usize, usize)> = units
        .iter()
        .enumerate()
        .filter(|(_, unit)| unit.layout() == Some(Layout::Cyrus))
        .map(|(index, unit)| (unit.path.components().count(), index))
        .collect();
    mailboxes.sort_unstable();
    let mut depths: HashMap<&Path, usize> = HashMap::new();
    for (depth, index) in mailboxes {
        for end in ends(&units[index].path) {
            match depths.entry(end) {
                Entry::Vacant(entry) => {
                    entry.insert(depth);
                    by_end.insert(end.to_owned(), Some(index));
                }
                Entry::Occupied(held) if *held.get() == depth => {
                    by_end.insert(end.to_owned(), None);
                }
                Entry::Occupied(_) => {}
            }
        }
    }
    by_end
}

/// The ends of a path, the longest first.
fn ends(path: &Path) -> Vec<&Path> {
    let mut parts = path.components();
    let mut ends = Vec::new();
    while !parts.as_path().as_os_str().is_empty() {
        ends.push(parts.as_path());
        parts.next();
    }
    ends
}

/// A part whose mailbox does not lie in this store.
fn alone(part: FoundPart) -> Unit {
    let content = match part.part {
        ExternalPart::Alternative(layout) => Content::Mailbox(layout, Sureness::Likely),
        ExternalPart::Indexes => Content::Shared(SharedFiles::Class(Class::Index)),
        // Files named `1.` alone are nothing yet; in a place where Cyrus keeps a mailbox they are one.
        ExternalPart::Cyrus if is_place_of_cyrus(&part.path) => Content::Mailbox(Layout::Cyrus, Sureness::Guess),
        ExternalPart::Cyrus => Content::Shared(SharedFiles::Class(Class::Other)),
    };
    Unit::new(part.path, content, part.part.scope(), part.owner)
}

fn is_place_of_cyrus(path: &Path) -> bool {
    let levels: Vec<&[u8]> = path.iter().map(OsStrExt::as_bytes).collect();
    place::is_unique_id(&levels) || !place::names(&levels).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Scope;

    fn unit(path: &str, layout: Layout) -> Unit {
        let owner = Owner::guess(Path::new("/m"), Path::new(path));
        Unit::new(path.into(), Content::Mailbox(layout, Sureness::Certain), Scope::Tree, owner)
    }

    fn part(path: &str, part: ExternalPart) -> FoundPart {
        FoundPart { path: path.into(), part, owner: Owner::guess(Path::new("/m"), Path::new(path)) }
    }

    fn joined(units: Vec<Unit>, parts: Vec<FoundPart>) -> Vec<(String, Vec<String>)> {
        let mut found = Found { units, ..Found::default() };
        join(Path::new("/m"), &mut found, parts);
        let text = |path: &PathBuf| path.display().to_string();
        found.units.iter().map(|unit| (text(&unit.path), unit.joined.iter().map(text).collect())).collect()
    }

    #[test]
    fn parts_go_to_their_owner() {
        let units = vec![unit("home/a.org/ann/Maildir", Layout::Maildir), unit("home/b.org/ann/mdbox", Layout::Mdbox)];
        let parts = vec![
            part("alt/b.org/ann/mdbox", ExternalPart::Alternative(Layout::Mdbox)),
            part("index/a.org/ann", ExternalPart::Indexes),
            part("index/c.org/carl", ExternalPart::Indexes),
        ];
        let expected = [
            ("home/a.org/ann/Maildir".to_owned(), vec!["index/a.org/ann".to_owned()]),
            ("home/b.org/ann/mdbox".to_owned(), vec!["alt/b.org/ann/mdbox".to_owned()]),
            ("index/c.org/carl".to_owned(), vec![]),
        ];
        assert_eq!(joined(units, parts), expected);
    }

    #[test]
    fn a_part_goes_to_the_nearest_mailbox_of_its_owner() {
        let units = vec![unit("a/b.org/ann/Maildir", Layout::Maildir), unit("live/b.org/ann/Maildir", Layout::Maildir)];
        let told = joined(units, vec![part("live/index/b.org/ann", ExternalPart::Indexes)]);
        assert_eq!(told[1], ("live/b.org/ann/Maildir".to_owned(), vec!["live/index/b.org/ann".to_owned()]));
    }

    #[test]
    fn a_part_in_a_home_goes_to_the_mailbox_there() {
        let units = vec![unit("b.org/ann/Maildir", Layout::Maildir), unit("b.org/bob/Maildir", Layout::Maildir)];
        let told = joined(units, vec![part("b.org/bob/indexes", ExternalPart::Indexes)]);
        assert_eq!(told[1], ("b.org/bob/Maildir".to_owned(), vec!["b.org/bob/indexes".to_owned()]));
    }

    #[test]
    fn a_part_of_whom_there_are_two_goes_to_neither() {
        let units = vec![unit("x/ann/mdbox", Layout::Mdbox), unit("y/ann/mdbox", Layout::Mdbox)];
        let told = joined(units, vec![part("alt/ann/mdbox", ExternalPart::Alternative(Layout::Mdbox))]);
        assert_eq!(told.len(), 3);
        assert!(told.iter().all(|(_, joined)| joined.is_empty()), "{told:?}");
    }

    #[test]
    fn partitions_of_cyrus_are_joined_by_the_end_of_their_paths() {
        let paths = ["spool/a/user/ann", "spool/a/user/ann/Sent", "spool/domain/e/example.org/a/user/ann/Sent"];
        let units = paths.map(|path| unit(path, Layout::Cyrus)).to_vec();
        let told = joined(
            units,
            vec![part("archive/a/user/ann/Sent", ExternalPart::Cyrus), part("archive/x", ExternalPart::Cyrus)],
        );
        let sent = told.iter().find(|(path, _)| path == "spool/a/user/ann/Sent").unwrap();
        assert_eq!(sent.1, ["archive/a/user/ann/Sent"]);
        assert!(told.iter().any(|(path, _)| path == "archive/x"));
    }
}
