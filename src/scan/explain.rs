//! How one path was understood, and why.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::measure::Ground;
use super::progress::Progress;
use super::unit::{Content, Unit};
use super::{StoreRequest, check_root, measure};
use crate::model::class::Class;
use crate::model::error::{Error, Result};
use crate::model::escape;
use crate::model::snapshot::Sureness;
use crate::model::special_use::SpecialUse;
use crate::scan::discover::search::Found;
use crate::scan::io::cancel::Stop;
use crate::scan::io::rate_limit::Pace;
use crate::scan::io::root::Root;
use crate::scan::tally::mailbox::{Findings, Holds};
use crate::store::Scope;
use crate::store::listing::DirectoryListing;
use crate::store::reader::Message;

/// How one path was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Explanation {
    /// The path.
    pub path: String,
    /// The store's name.
    pub store: String,
    /// The store's directory.
    pub root: String,
    /// The mailbox, if the path belongs to one.
    pub mailbox: Option<MailboxPart>,
    /// What it is there for.
    pub class: &'static str,
    /// The message, if it is one.
    pub message: Option<MessagePart>,
    /// Deleted mail in it, if it holds several messages.
    pub reclaimable_bytes: Option<u64>,
    /// What was found wrong with it.
    pub problems: Vec<String>,
}

/// The mailbox that a path belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct MailboxPart {
    /// Its place, relative to the store's root.
    pub path: String,
    /// The part of it that lies elsewhere and holds the path, if one does.
    pub joined: Option<String>,
    /// Its format.
    pub layout: &'static str,
    /// How sure that is.
    pub sureness: Sureness,
    /// Why.
    pub because: &'static str,
    /// The domain of its owner.
    pub domain: Option<String>,
    /// The user without the domain.
    pub user: String,
    /// Where the owner is known from.
    pub owner_from: &'static str,
    /// The folder, as a person reads it.
    pub folder: Option<String>,
    /// What the folder is used for.
    pub special_use: Option<SpecialUse>,
}

/// A message that is a file of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct MessagePart {
    /// What it takes in its file.
    pub bytes: u64,
    /// Its size uncompressed.
    pub logical_bytes: u64,
    /// When it arrived.
    pub arrival: Option<Timestamp>,
    /// When it was saved on this disk.
    pub saved: Option<Timestamp>,
    /// The date in its header.
    pub sent: Option<Timestamp>,
}

/// Tells how a path was understood, in that of the stores in which it lies; without stores, in the directory above the
/// mailbox that it belongs to.
///
/// # Errors
/// If there is no such path, or it lies in none of the stores.
pub(crate) fn explain(path: &Path, stores: &[StoreRequest]) -> Result<Explanation> {
    let path = resolved(path)?;
    let (request, root) = store_of(&path, stores)?;
    let metadata = path.symlink_metadata().map_err(|e| Error::io("cannot ask for the path", &path, e))?;
    let relative = path.strip_prefix(&root).unwrap_or(&path);
    let pace = Pace::unlimited();
    let opened = Root::open(&root, &pace).map_err(|e| Error::io("cannot read the store", &root, e))?;
    let (progress, stop) = (Progress::default(), Stop::never());
    let ground =
        Ground { root: &opened, progress: &progress, stop: &stop, settled_by: (0, 0), is_noted: false, guess: None };
    let found = super::discover::search::units(&ground, request.owner.as_ref(), None);
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
        let findings = measure::measure_watching(&ground, unit, &path, (metadata.dev(), metadata.ino()));
        explanation.tell(unit, part, &findings, &request);
    }
    Ok(explanation)
}

/// The path without links but the last part, which may be one itself.
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
        return Err(Error::new("the path lies in none of the stores")
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

/// The unit that holds a path, and the joined part that does, if it is one.
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

/// What a path is there for that belongs to no mailbox.
fn outside_class(path: &Path, metadata: &std::fs::Metadata) -> &'static str {
    let name = path.file_name().map_or(&b""[..], |name| name.as_encoded_bytes());
    let class = crate::store::names::common_class(name).unwrap_or(Class::Other);
    if metadata.is_dir() && class == Class::Temporary { Class::Other.word() } else { class.word() }
}

impl Explanation {
    fn tell(&mut self, unit: &Unit, joined: Option<&PathBuf>, findings: &Findings, request: &StoreRequest) {
        let watched = findings.watched;
        if let Some(watched) = watched {
            self.class = watched.class.word();
            match watched.holds {
                Holds::Nothing => {}
                Holds::Message(message) => self.message = Some(message.into()),
                Holds::Mail { reclaimable } => self.reclaimable_bytes = Some(reclaimable),
            }
        }
        let is_here = |problem: &&crate::model::snapshot::Problem| problem.path == self.path;
        self.problems = findings.problems.iter().filter(is_here).map(|problem| problem.detail.clone()).collect();
        let Content::Mailbox(layout, sureness) = unit.content else { return };
        let owner_from = match (&findings.owner, &request.owner) {
            (Some(_), _) => "the mailbox's own files",
            (None, Some(_)) => "the settings' template, or its path where that does not fit",
            (None, None) => "its path",
        };
        let owner = findings.owner.clone().unwrap_or_else(|| unit.owner.clone());
        let folder = watched.map(|watched| &findings.folders[watched.folder.0]);
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

    /// One line of JSON, without the line's end.
    pub(crate) fn json(&self) -> String {
        escape::json(self)
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
