//! Explains how a scan classifies one path, and why.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::progress::Progress;
use super::unit::{Content, Unit};
use super::{StoreRequest, check_root, measure};
use crate::model::cancel::Cancel;
use crate::model::error::{Error, Result};
use crate::model::schema::Time;
use crate::model::{class::Class, escape, snapshot::Sureness, special_use::SpecialUse};
use crate::scan::io::{RateLimit, Root};
use crate::scan::tally::{MailContent, MailboxTally};
use crate::scan::{context::ScanContext, discover::found::Found, discover::search::find_units};
use crate::store::{Scope, listing::DirectoryListing, reader::Message};

/// How a scan classifies one path, and why.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub(crate) struct Explanation {
    /// The path.
    pub path: String,
    /// The store.
    pub store: String,
    /// The directory of the store.
    pub root: String,
    /// The mailbox that the path belongs to; `None` outside of mailboxes.
    pub mailbox: Option<MailboxPart>,
    /// The class of the path.
    #[schemars(with = "Class")]
    pub class: &'static str,
    /// The message; `None` if the path is no message.
    pub message: Option<MessagePart>,
    /// Bytes of deleted mail in a file with several messages; `None` for other files.
    pub reclaimable_bytes: Option<u64>,
    /// What is wrong with it, in words.
    pub problems: Vec<String>,
}

/// The mailbox that a path belongs to.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub(crate) struct MailboxPart {
    /// Its directory, relative to the store's root.
    pub path: String,
    /// The joined part that contains the path; `None` if none does.
    pub joined: Option<String>,
    /// The on-disk format, such as `maildir`.
    pub layout: &'static str,
    /// The certainty of the format.
    pub sureness: Sureness,
    /// Why the mailbox is taken for that format.
    pub because: &'static str,
    /// The user's domain; `None` if the path has none.
    pub domain: Option<String>,
    /// The user, without the domain.
    pub user: String,
    /// Where user and domain are known from.
    pub owner_from: &'static str,
    /// The folder of the path; `None` outside of folders.
    pub folder: Option<String>,
    /// The special use of the folder by its name.
    pub special_use: Option<SpecialUse>,
}

/// A message that is a file of its own.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub(crate) struct MessagePart {
    /// Bytes in the file.
    #[serde(rename = "message_bytes")]
    pub bytes: u64,
    /// Uncompressed bytes, line ends as stored.
    pub logical_bytes: u64,
    /// When it arrived.
    #[schemars(with = "Option<Time>")]
    pub arrival: Option<Timestamp>,
    /// When it was saved in this store; `None` if that is not known.
    #[schemars(with = "Option<Time>")]
    pub saved: Option<Timestamp>,
    /// The date of its header; `None` without one.
    #[schemars(with = "Option<Time>")]
    pub sent: Option<Timestamp>,
}

/// Explains a path in the store that contains it; without stores, in the directory above its mailbox.
///
/// # Errors
/// If the path does not exist, or none of the stores contains it.
pub(crate) fn explain(path: &Path, stores: &[StoreRequest]) -> Result<Explanation> {
    let path = resolved(path)?;
    let (request, root) = store_of(&path, stores)?;
    let metadata = path.symlink_metadata().map_err(|e| Error::io("cannot stat the path", &path, e))?;
    let relative = path.strip_prefix(&root).unwrap_or(&path);
    let rate_limit = RateLimit::unlimited();
    let opened = Root::open(&root, &rate_limit).map_err(|e| Error::io("cannot read the store", &root, e))?;
    let (progress, cancel) = (Progress::default(), Cancel::never());
    let context = ScanContext { root: &opened, progress: &progress, cancel: &cancel, settled_before: (0, 0) };
    let found = find_units(&context, request.owner.as_ref(), None);
    let mut explanation = Explanation {
        path: escape::path_text(&path),
        store: request.name.clone(),
        root: escape::path_text(&root),
        mailbox: None,
        class: outside_class(&path, &metadata),
        message: None,
        reclaimable_bytes: None,
        problems: Vec::new(),
    };
    if let Some((unit, part)) = unit_of(&found, relative) {
        let tally = measure::measure_watching(&context, unit, &path, (metadata.dev(), metadata.ino()));
        explanation.set_mailbox(unit, part, &tally, &request);
    }
    Ok(explanation)
}

/// The path without symbolic links, except for its last component.
fn resolved(path: &Path) -> Result<PathBuf> {
    let missing = |e| Error::io("there is no such path", path, e).hint("check the path");
    let absolute = std::path::absolute(path).map_err(missing)?;
    match (absolute.parent(), absolute.file_name()) {
        (Some(above), Some(name)) => {
            let path = above.canonicalize().map_err(missing)?.join(name);
            path.symlink_metadata().map_err(missing)?;
            Ok(path)
        }
        _ => Ok(absolute),
    }
}

fn store_of(path: &Path, stores: &[StoreRequest]) -> Result<(StoreRequest, PathBuf)> {
    let roots = stores.iter().filter_map(|store| Some((store.clone(), store.root.canonicalize().ok()?)));
    let above = roots.filter(|(_, root)| path.starts_with(root)).max_by_key(|(_, root)| root.as_os_str().len());
    if let Some((store, root)) = above {
        return Ok((store, check_root(&root)?));
    }
    if !stores.is_empty() {
        return Err(Error::new("the path is in none of the stores")
            .at(path)
            .hint("name the store's directory: `mailrunway scan --explain PATH DIRECTORY`"));
    }
    let is_known = |directory: &&Path| {
        DirectoryListing::read(directory).is_ok_and(|listing| crate::store::recognise(&listing).is_some())
    };
    let top = path.ancestors().filter(is_known).last().unwrap_or(path);
    let root = check_root(top.parent().unwrap_or(top))?;
    let name = escape::path_text(&root);
    Ok((StoreRequest { name, root: root.clone(), filesystem: false, owner: None }, root))
}

/// The unit that contains a path, and the joined part if that does.
fn unit_of<'a>(found: &'a Found, path: &Path) -> Option<(&'a Unit, Option<&'a PathBuf>)> {
    let excluded = |unit: &Unit| unit.excluded.iter().any(|excluded| path.starts_with(excluded));
    let parts = found.units.iter().filter(|unit| !excluded(unit)).flat_map(|unit| {
        let joined = unit.joined.iter().map(move |part| (unit, Some(part)));
        std::iter::once((unit, None)).chain(joined)
    });
    let place = |part: &(&'a Unit, Option<&'a PathBuf>)| part.1.unwrap_or(&part.0.path);
    let holds = |part: &(&'a Unit, Option<&'a PathBuf>)| match part.0.scope {
        Scope::Tree => path.starts_with(place(part)),
        Scope::Directory => path == place(part) || path.parent() == Some(place(part)),
        Scope::File => path == place(part),
    };
    parts.filter(holds).max_by_key(|part| place(part).as_os_str().len())
}

/// The class of a path outside all mailboxes.
fn outside_class(path: &Path, metadata: &std::fs::Metadata) -> &'static str {
    let name = path.file_name().map_or(&b""[..], |name| name.as_encoded_bytes());
    let class = crate::store::names::common_class(name).unwrap_or(Class::Other);
    if metadata.is_dir() && class == Class::Temporary { Class::Other.word() } else { class.word() }
}

impl Explanation {
    fn set_mailbox(&mut self, unit: &Unit, joined: Option<&PathBuf>, tally: &MailboxTally, request: &StoreRequest) {
        let watched = tally.watched;
        if let Some(watched) = watched {
            self.class = watched.class.word();
            match watched.content {
                MailContent::Nothing => {}
                MailContent::Message(message) => self.message = Some(message.into()),
                MailContent::Messages { reclaimable } => self.reclaimable_bytes = Some(reclaimable),
            }
        }
        let is_here = |problem: &&crate::model::snapshot::Problem| problem.path == self.path;
        self.problems = tally.problems.iter().filter(is_here).map(|problem| problem.detail.clone()).collect();
        let Content::Mailbox(layout, sureness) = unit.content else { return };
        let owner_from = match (&tally.owner, &request.owner) {
            (Some(_), _) => "the mailbox's own files",
            (None, Some(_)) => "the settings' template, or its path where that does not fit",
            (None, None) => "its path",
        };
        let owner = tally.owner.clone().unwrap_or_else(|| unit.owner.clone());
        let folder = watched.map(|watched| &tally.folders[watched.folder.0]);
        self.mailbox = Some(MailboxPart {
            path: escape::path_text(&unit.path),
            joined: joined.map(|path| escape::path_text(path)),
            layout: layout.word(),
            sureness,
            because: layout.signature(),
            domain: owner.domain,
            user: owner.user,
            owner_from,
            folder: folder.map(|folder| folder.name.clone()),
            special_use: folder.and_then(|folder| folder.special_use),
        });
    }
}

impl From<Message> for MessagePart {
    fn from(message: Message) -> MessagePart {
        let time = |second: i64| Timestamp::from_second(second).ok();
        MessagePart {
            bytes: message.bytes,
            logical_bytes: message.logical,
            arrival: time(message.arrival),
            saved: message.saved.and_then(time),
            sent: message.sent.and_then(time),
        }
    }
}
