//! A snapshot as JSON.

use jiff::Timestamp;
use serde::Serialize;

use crate::model::json;
use crate::model::snapshot::{
    Blob, BulkArrival, Classes, Filesystem, LayoutCount, Mailbox, Problem, SizeCalibration, Snapshot, Store, Tally,
};

#[derive(Serialize)]
struct SnapshotJson<'a> {
    taken_at: Timestamp,
    host: &'a str,
    complete: bool,
    filesystems: &'a [Filesystem],
    stores: Vec<StoreJson<'a>>,
    problems: &'a [Problem],
}

/// Has counts of the mailboxes beside them.
#[derive(Serialize)]
struct StoreJson<'a> {
    store: &'a str,
    root: &'a str,
    mailboxes: usize,
    #[serde(flatten)]
    tally: Tally,
    classes: Classes,
    layouts: Vec<LayoutCount<'a>>,
    events: &'a [BulkArrival],
    blobs: &'a [Blob],
    calibration: Option<SizeCalibration>,
    mailbox: &'a [Mailbox],
}

impl<'a> From<&'a Store> for StoreJson<'a> {
    fn from(store: &'a Store) -> Self {
        StoreJson {
            store: &store.name,
            root: &store.root,
            mailboxes: store.mailboxes.len(),
            tally: store.tally,
            classes: store.classes,
            layouts: store.layouts(),
            events: &store.events,
            blobs: &store.blobs,
            calibration: store.calibration,
            mailbox: &store.mailboxes,
        }
    }
}

/// The snapshot as JSON on one line, without the line's end.
pub fn line(snapshot: &Snapshot) -> String {
    json::line(&SnapshotJson {
        taken_at: snapshot.taken_at,
        host: &snapshot.host,
        complete: snapshot.complete,
        filesystems: &snapshot.filesystems,
        stores: snapshot.stores.iter().map(StoreJson::from).collect(),
        problems: &snapshot.problems,
    })
}
