//! Joins the parts of a mailbox: alternative storage, index and control trees, Cyrus partitions.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::model::snapshot::{Problem, ProblemKind, Sureness};
use crate::model::{class::Class, escape};
use crate::scan::discover::found::{Found, FoundPart};
use crate::scan::unit::{Content, Unit};
use crate::store::{ExternalPart, Layout, SharedFiles, cyrus::place, dbox, owner::Owner};

/// Joins each part to its mailbox. A part without a mailbox becomes a unit.
pub(super) fn join(root: &Path, found: &mut Found, parts: Vec<FoundPart>) {
    let mut parts = join_by_link(root, found, parts);
    // Most stores have none, and need no index of their mailboxes.
    if parts.is_empty() {
        return;
    }
    // Alternative storage first: without a mailbox it becomes one, which index trees may belong to.
    parts.sort_by_key(|part| !matches!(part.part, ExternalPart::Alternative(_)));
    let by_suffix = cyrus_by_suffix(&found.units, &parts);
    let mut mailboxes = Mailboxes::default();
    found.units.iter().enumerate().for_each(|(index, unit)| mailboxes.add(index, unit));
    for part in parts {
        let unit = match part.part {
            ExternalPart::Alternative(_) | ExternalPart::Indexes => mailboxes.mailbox_of(&found.units, &part),
            ExternalPart::Cyrus => {
                suffixes(&part.path).find_map(|suffix| by_suffix.get(suffix).and_then(|shortest| shortest.unit))
            }
        };
        match unit {
            Some(unit) => found.units[unit].joined.push(part.path),
            None => {
                let unit = unit_without_mailbox(part);
                mailboxes.add(found.units.len(), &unit);
                found.units.push(unit);
            }
        }
    }
    found.units.sort_by(Unit::by_path);
}

/// Joins the parts that Dovecot links to; a target outside the store is a problem and is not entered. Returns the other
/// parts.
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
                    "the alternative storage is outside the store, at {}; scan it as its own store",
                    escape::path_text(&target)
                ),
            }),
        }
    }
    parts.into_values().collect()
}

/// The mailboxes of each owner, and in each directory, by their index among the units.
#[derive(Default)]
struct Mailboxes {
    by_owner: HashMap<Owner, Vec<usize>>,
    by_home: HashMap<PathBuf, Vec<usize>>,
}

impl Mailboxes {
    fn add(&mut self, index: usize, unit: &Unit) {
        if unit.layout().is_none() {
            return;
        }
        if let Some(home) = unit.path.parent() {
            self.by_home.entry(home.to_owned()).or_default().push(index);
        }
        self.by_owner.entry(unit.owner.clone()).or_default().push(index);
    }

    /// The mailbox of a part: the only one in the same directory, or else the owner's nearest by path. Index trees go to a
    /// Maildir first. `None` if two are equally near.
    fn mailbox_of(&self, units: &[Unit], part: &FoundPart) -> Option<usize> {
        let is_index = part.part == ExternalPart::Indexes;
        let may = |&index: &usize| is_index || units[index].layout().is_some_and(Layout::is_dbox);
        let choose =
            |all: Option<&Vec<usize>>| -> Vec<usize> { all.into_iter().flatten().copied().filter(may).collect() };
        if let [only] = choose(part.path.parent().and_then(|home| self.by_home.get(home)))[..] {
            return Some(only);
        }
        let mut candidates = choose(self.by_owner.get(&part.owner));
        let is_maildir = |index: &usize| units[*index].layout() == Some(Layout::Maildir);
        if is_index && candidates.iter().any(is_maildir) {
            candidates.retain(is_maildir);
        }
        let nearness = |index: &usize| common_length(&units[*index].path, &part.path);
        let nearest = candidates.iter().map(nearness).max()?;
        candidates.retain(|index| nearness(index) == nearest);
        if let [only] = candidates[..] { Some(only) } else { None }
    }
}

/// The number of leading components that two paths share.
fn common_length(one: &Path, other: &Path) -> usize {
    one.iter().zip(other.iter()).take_while(|(one, other)| one == other).count()
}

/// The Cyrus mailbox with the shortest path of those with the same suffix.
struct Shortest {
    depth: usize,
    /// `None` if two paths are equally short.
    unit: Option<usize>,
}

/// Cyrus mailboxes by every suffix of their paths: the partitions of a mailbox differ only in the prefix. The shortest path
/// with a suffix wins, as `user/ann` is not `domain/example.org/user/ann`.
fn cyrus_by_suffix(units: &[Unit], parts: &[FoundPart]) -> HashMap<PathBuf, Shortest> {
    let mut by_suffix: HashMap<PathBuf, Shortest> = HashMap::new();
    if !parts.iter().any(|part| part.part == ExternalPart::Cyrus) {
        return by_suffix;
    }
    for (index, unit) in units.iter().enumerate().filter(|(_, unit)| unit.layout() == Some(Layout::Cyrus)) {
        let depth = unit.path.components().count();
        for suffix in suffixes(&unit.path) {
            let shortest = by_suffix.entry(suffix.to_owned()).or_insert(Shortest { depth: usize::MAX, unit: None });
            match depth.cmp(&shortest.depth) {
                Ordering::Less => *shortest = Shortest { depth, unit: Some(index) },
                Ordering::Equal => shortest.unit = None,
                Ordering::Greater => {}
            }
        }
    }
    by_suffix
}

/// The longest first.
fn suffixes(path: &Path) -> impl Iterator<Item = &Path> {
    let mut parts = path.components();
    std::iter::from_fn(move || {
        let suffix = parts.as_path();
        parts.next().map(|_| suffix)
    })
}

/// The unit of a part whose mailbox is not in this store.
fn unit_without_mailbox(part: FoundPart) -> Unit {
    let content = match part.part {
        ExternalPart::Alternative(layout) => Content::Mailbox(layout, Sureness::Likely),
        ExternalPart::Indexes => Content::Shared(SharedFiles::Class(Class::Index)),
        // Files named `1.` are a mailbox only where Cyrus would keep one.
        ExternalPart::Cyrus if is_cyrus_place(&part.path) => Content::Mailbox(Layout::Cyrus, Sureness::Guess),
        ExternalPart::Cyrus => Content::Shared(SharedFiles::Class(Class::Other)),
    };
    Unit::new(part.path, content, part.part.scope(), part.owner)
}

fn is_cyrus_place(path: &Path) -> bool {
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
        let units = joined(units, vec![part("live/index/b.org/ann", ExternalPart::Indexes)]);
        assert_eq!(units[1], ("live/b.org/ann/Maildir".to_owned(), vec!["live/index/b.org/ann".to_owned()]));
    }

    #[test]
    fn a_part_in_a_home_goes_to_the_mailbox_there() {
        let units = vec![unit("b.org/ann/Maildir", Layout::Maildir), unit("b.org/bob/Maildir", Layout::Maildir)];
        let units = joined(units, vec![part("b.org/bob/indexes", ExternalPart::Indexes)]);
        assert_eq!(units[1], ("b.org/bob/Maildir".to_owned(), vec!["b.org/bob/indexes".to_owned()]));
    }

    #[test]
    fn a_part_with_two_possible_mailboxes_goes_to_neither() {
        let units = vec![unit("x/ann/mdbox", Layout::Mdbox), unit("y/ann/mdbox", Layout::Mdbox)];
        let units = joined(units, vec![part("alt/ann/mdbox", ExternalPart::Alternative(Layout::Mdbox))]);
        assert_eq!(units.len(), 3);
        assert!(units.iter().all(|(_, joined)| joined.is_empty()), "{units:?}");
    }

    #[test]
    fn cyrus_partitions_are_joined_by_path_suffix() {
        let paths = ["spool/a/user/ann", "spool/a/user/ann/Sent", "spool/domain/e/example.org/a/user/ann/Sent"];
        let units = paths.map(|path| unit(path, Layout::Cyrus)).to_vec();
        let units = joined(
            units,
            vec![part("archive/a/user/ann/Sent", ExternalPart::Cyrus), part("archive/x", ExternalPart::Cyrus)],
        );
        let sent = units.iter().find(|(path, _)| path == "spool/a/user/ann/Sent").unwrap();
        assert_eq!(sent.1, ["archive/a/user/ann/Sent"]);
        assert!(units.iter().any(|(path, _)| path == "archive/x"));
    }
}
