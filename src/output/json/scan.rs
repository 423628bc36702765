//! A snapshot as JSON, in the words of the contract.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::model::escape;
use crate::model::snapshot::{
    Blob, Calibration, Classes, Event, Filesystem, Folder, LayoutCount, Mailbox, Problem, Share, Snapshot, Store,
    Sureness, Tally,
};
use crate::model::special_use::SpecialUse;

/// The version of the JSON; a change that breaks a reader raises it.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct SnapshotJson<'a> {
    schema_version: u32,
    taken_at: Timestamp,
    host: &'a str,
    complete: bool,
    filesystems: &'a [Filesystem],
    stores: Vec<StoreJson<'a>>,
    problems: &'a [Problem],
}

#[derive(Serialize)]
struct StoreJson<'a> {
    store: &'a str,
    root: &'a str,
    mailboxes: usize,
    #[serde(flatten)]
    tally: TallyJson,
    classes: BTreeMap<&'static str, &'a Share>,
    layouts: Vec<LayoutCount<'a>>,
    events: &'a [Event],
    blobs: &'a [Blob],
    calibration: Option<Calibration>,
    mailbox: Vec<MailboxJson<'a>>,
}

#[derive(Serialize)]
struct MailboxJson<'a> {
    domain: Option<&'a str>,
    user: &'a str,
    path: &'a str,
    layout: &'a str,
    sureness: Sureness,
    #[serde(flatten)]
    tally: TallyJson,
    classes: BTreeMap<&'static str, &'a Share>,
    folders: Vec<FolderJson<'a>>,
}

#[derive(Serialize)]
struct FolderJson<'a> {
    name: &'a str,
    path: &'a str,
    special_use: Option<SpecialUse>,
    #[serde(flatten)]
    tally: TallyJson,
}

#[derive(Serialize)]
struct TallyJson {
    messages: u64,
    message_bytes: u64,
    logical_bytes: u64,
    virtual_bytes: Option<u64>,
    allocated_bytes: u64,
    other_bytes: u64,
    reclaimable_bytes: u64,
    files: u64,
    directories: u64,
    directory_bytes: u64,
    inodes: u64,
    oldest: Option<Timestamp>,
    newest: Option<Timestamp>,
}

impl From<&Tally> for TallyJson {
    fn from(tally: &Tally) -> Self {
        TallyJson {
            messages: tally.messages,
            message_bytes: tally.message_bytes,
            logical_bytes: tally.logical_bytes,
            virtual_bytes: tally.virtual_bytes,
            allocated_bytes: tally.allocated_bytes,
            other_bytes: tally.other_bytes,
            reclaimable_bytes: tally.reclaimable_bytes,
            files: tally.files,
            directories: tally.directories,
            directory_bytes: tally.directory_bytes,
            inodes: tally.inodes,
            oldest: tally.oldest,
            newest: tally.newest,
        }
    }
}

fn classes(classes: &Classes) -> BTreeMap<&'static str, &Share> {
    classes.iter().map(|(class, share)| (class.word(), share)).collect()
}

impl<'a> From<&'a Store> for StoreJson<'a> {
    fn from(store: &'a Store) -> Self {
        StoreJson {
            store: &store.name,
            root: &store.root,
            mailboxes: store.mailboxes.len(),
            tally: (&store.tally).into(),
            classes: classes(&store.classes),
            layouts: store.layouts(),
            events: &store.events,
            blobs: &store.blobs,
            calibration: store.calibration,
            mailbox: store.mailboxes.iter().map(MailboxJson::from).collect(),
        }
    }
}

impl<'a> From<&'a Mailbox> for MailboxJson<'a> {
    fn from(mailbox: &'a Mailbox) -> Self {
        MailboxJson {
            domain: mailbox.domain.as_deref(),
            user: &mailbox.user,
            path: &mailbox.path,
            layout: &mailbox.layout,
            sureness: mailbox.sureness,
            tally: (&mailbox.tally).into(),
            classes: classes(&mailbox.classes),
            folders: mailbox.folders.iter().map(FolderJson::from).collect(),
        }
    }
}

impl<'a> From<&'a Folder> for FolderJson<'a> {
    fn from(folder: &'a Folder) -> Self {
        FolderJson {
            name: &folder.name,
            path: &folder.path,
            special_use: folder.special_use,
            tally: (&folder.tally).into(),
        }
    }
}

/// The snapshot as one line of JSON, without the line's end.
pub fn line(snapshot: &Snapshot) -> String {
    let json = SnapshotJson {
        schema_version: SCHEMA_VERSION,
        taken_at: snapshot.taken_at,
        host: &snapshot.host,
        complete: snapshot.complete,
        filesystems: &snapshot.filesystems,
        stores: snapshot.stores.iter().map(StoreJson::from).collect(),
        problems: &snapshot.problems,
    };
    escape::json(&json)
}
