//! Trees whose files belong to one class: shared attachments, indexes without a mailbox.

use std::path::Path;

use super::names::{class_in, directory_class};
use super::reader::{FileEntry, MailboxDirectory, Place, Reader, Role, Sink};
use crate::model::class::Class;

/// Charges every file to one class, unless its name says otherwise.
#[derive(Debug)]
pub(super) struct SingleClassReader(pub(super) Class);

impl Reader for SingleClassReader {
    fn enter(&mut self, directory: &MailboxDirectory, parent: Option<Place>, sink: &mut dyn Sink) -> Place {
        match parent {
            None => Place { folder: sink.folder("", Path::new("")), class: self.0, role: Role::Other },
            Some(above) => Place { class: directory_class(above.class, directory.name()), ..above },
        }
    }

    fn file(&mut self, place: Place, entry: &FileEntry, sink: &mut dyn Sink) {
        sink.file(place.folder, class_in(place.class, entry.name), &entry.facts);
    }
}
