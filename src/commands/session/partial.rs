//! What the last scans could not read, and whose figures are partial because of it.

use std::collections::BTreeSet;
use std::path::Path;

use super::Session;
use crate::commands::output::{self, listed};
use crate::history::{SnapshotEntry, StoreEntry, names};
use crate::model::escape;
use crate::model::numbers::counted;

impl Session<'_> {
    /// Warns of the stores that the last scan could not read whole.
    pub(in crate::commands) fn warn_of_partial(&self) {
        for sentence in self.partial() {
            output::warn(
                &sentence,
                "a partial mailbox keeps the sizes of its last whole scan; scan as a user who may read all mail",
            );
        }
    }

    /// A sentence for each such store, without the full stop.
    pub(super) fn partial(&self) -> Vec<String> {
        let mut known = BTreeSet::new();
        let mut sentences = Vec::new();
        for entry in self.entries.iter().rev() {
            for store in entry.stores.iter().filter(|store| !store.is_estimated) {
                if known.insert((&entry.host, &store.name)) && !entry.unread_in(store).is_empty() {
                    sentences.push(self.sentence(entry, store));
                }
            }
        }
        sentences
    }

    fn sentence(&self, entry: &SnapshotEntry, store: &StoreEntry) -> String {
        let name = escape::printable(&store.name);
        let is_inside = |place: &&String| Path::new(place).starts_with(&store.root);
        let places: Vec<String> = entry.unread.iter().filter(is_inside).cloned().collect();
        let mailboxes = self.history.partial_mailboxes(entry, store).unwrap_or_else(|error| {
            output::warn_error(&error);
            Vec::new()
        });
        let whose = listed(if mailboxes.is_empty() { &places } else { &mailboxes });
        let whose = if names::are_left_out() { String::new() } else { format!("; partial: {whose}") };
        format!("{name}: the last scan could not read {}{whose}", counted(places.len() as u64, "place"))
    }
}
