//! The places of a store that a scan could not read, and the mailboxes that are partial because of them.

use std::collections::HashSet;
use std::path::Path;

use super::{Mailbox, Problem, Snapshot};

/// The unread places of one store, relative to its root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnreadPlaces<'a> {
    places: HashSet<&'a Path>,
}

impl<'a> UnreadPlaces<'a> {
    /// Those of all places that are in a store.
    pub fn in_store(root: &str, places: impl IntoIterator<Item = &'a str>) -> UnreadPlaces<'a> {
        let inside = |place: &'a str| Path::new(place).strip_prefix(root).ok();
        UnreadPlaces { places: places.into_iter().filter_map(inside).collect() }
    }

    /// The number of places.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether the whole store was read.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The mailboxes of the store, given by path, that contain a place. Of mailboxes inside each other, it is the inner.
    pub fn partial<'m>(&self, mailboxes: impl IntoIterator<Item = &'m str>) -> HashSet<&'m Path> {
        let mailboxes: HashSet<&Path> = mailboxes.into_iter().map(Path::new).collect();
        let length = |path: &Path| path.as_os_str().len();
        let longest = mailboxes.iter().map(|path| length(path)).max().unwrap_or(0);
        // A place may be thousands of directories deep.
        let above = |place: &&'a Path| place.ancestors().skip_while(move |above| length(above) > longest);
        self.places.iter().filter_map(|place| above(place).find_map(|above| mailboxes.get(above).copied())).collect()
    }

    /// Whether a mailbox is at a place or below one, so that the scan did not find it.
    pub fn hide(&self, mailbox: &str) -> bool {
        Path::new(mailbox).ancestors().any(|above| self.places.contains(above))
    }
}

/// The places that could not be read.
pub(crate) fn lost_places(problems: &[Problem]) -> impl Iterator<Item = &str> {
    problems.iter().filter(|problem| problem.kind.is_loss()).map(|problem| problem.path.as_str())
}

impl Snapshot {
    /// Marks the mailboxes that contain a place that could not be read.
    pub(crate) fn mark_partial(&mut self) {
        let lost: Vec<&str> = lost_places(&self.problems).collect();
        for store in self.stores.iter_mut().filter(|_| !lost.is_empty()) {
            let unread = UnreadPlaces::in_store(&store.root, lost.iter().copied());
            let paths: Vec<String> = store.mailboxes.iter().map(|mailbox| mailbox.path).collect();
            let partial = unread.partial(paths.iter().map(String::as_str));
            let marked = store.mailboxes.iter().map(|mailbox| {
                let is_partial = partial.contains(Path::new(&mailbox.path));
                Mailbox { is_partial, ..mailbox }
            });
            store.mailboxes = marked.collect();
        }
    }

    /// The addresses of the partial mailboxes.
    pub(crate) fn partial_mailboxes(&self) -> Vec<String> {
        let all = self.stores.iter().flat_map(|store| &store.mailboxes);
        all.filter(|mailbox| mailbox.is_partial).map(|mailbox| mailbox.address()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_makes_only_the_mailbox_partial_that_contains_it() {
        let places = ["/srv/vmail/a.org/ann/.Sent/cur", "/srv/vmail/b.org", "/srv/other/x", "/srv/vmail/home/in/ner"];
        let unread = UnreadPlaces::in_store("/srv/vmail", places);
        assert_eq!((unread.len(), unread.is_empty()), (3, false));
        let mailboxes = ["a.org/ann", "a.org/anna", "b.org/bob", "c.org/cid", "home", "home/in"];
        assert_eq!(unread.partial(mailboxes), HashSet::from([Path::new("a.org/ann"), Path::new("home/in")]));
        assert_eq!(mailboxes.map(|path| unread.hide(path)), [false, false, true, false, false, false]);
        let alone = UnreadPlaces::in_store("/srv/vmail", ["/srv/vmail/cur"]);
        assert_eq!(alone.partial([""]), HashSet::from([Path::new("")]));
        assert!(UnreadPlaces::in_store("/srv/vmail", ["/srv/vmail"]).hide("a.org/ann"));
    }
}
