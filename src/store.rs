//! Mail stores on disk: how a mailbox is recognised, how it is read, and whose it is.
//!
//! Each format has one file here: its signature, its layout with the source, and its [`reader::Reader`]. The parsers of
//! binary files are in the directories beside, take bytes and return values, and know nothing else.

pub mod attachments;
pub mod class;
pub mod cyrus;
pub mod dbox;
pub mod dovecot;
pub mod listing;
pub mod lone;
pub mod maildir;
pub mod mbox;
pub mod mdbox;
pub mod names;
pub mod owner;
pub mod plain;
pub mod reader;
pub mod sdbox;
pub mod special;
pub mod template;
pub mod utf7;

use std::path::{Path, PathBuf};

use crate::snapshot::Sureness;
use class::Class;
use listing::Listing;
use lone::Lone;
use reader::{Facts, Reader};

/// The on-disk format of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layout {
    /// One file a message in `cur` and `new`; see [`maildir`].
    Maildir,
    /// One file a message, with what is said of it at its end; see [`sdbox`].
    Sdbox,
    /// Many messages a file, shared by all folders; see [`mdbox`].
    Mdbox,
    /// One file a folder; see [`mbox`].
    Mbox,
    /// One file a message, and an index that says which there still are; see [`cyrus`].
    Cyrus,
}

/// How far down a unit of the scan goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The directory and all below it.
    Tree,
    /// The directory without its subdirectories.
    Directory,
    /// One file.
    File,
}

/// What a directory was recognised as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// A mailbox.
    Mailbox {
        /// Its format.
        layout: Layout,
        /// How sure that is.
        sureness: Sureness,
        /// How far down it goes.
        scope: Scope,
    },
    /// A part of a mailbox that lies elsewhere.
    Part(Part),
    /// Files that serve many mailboxes.
    Shared(Shared),
    /// A directory of which these files are mailboxes.
    Files(Vec<Vec<u8>>),
    /// A store that keeps its mail in files of its own kind.
    Blob(&'static str),
}

/// Files that serve many mailboxes, or the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// All for the same.
    Class(Class),
    /// Cyrus's own lists.
    CyrusConfig,
}

impl Shared {
    /// A reader of such files.
    pub fn reader(self) -> Box<dyn Reader> {
        match self {
            Shared::Class(class) => Box::new(plain::PlainReader::of(class)),
            Shared::CyrusConfig => Box::new(cyrus::config::ConfigReader::default()),
        }
    }
}

/// A part of a mailbox that lies apart from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Alternative storage of a dbox mailbox.
    Alternative(Layout),
    /// Indexes or control files of a mailbox, which is in one of Dovecot's dbox formats or is not.
    Indexes {
        /// Whether it is.
        of_dbox: bool,
    },
    /// A mailbox's directory on Cyrus's archive or meta partition.
    Cyrus,
}

impl Part {
    /// How far down it goes.
    pub fn scope(self) -> Scope {
        match self {
            Part::Alternative(_) | Part::Indexes { .. } => Scope::Tree,
            Part::Cyrus => Scope::Directory,
        }
    }
}

impl Layout {
    /// All of them.
    pub const ALL: [Layout; 5] = [Layout::Maildir, Layout::Sdbox, Layout::Mdbox, Layout::Mbox, Layout::Cyrus];

    /// The format's name, as JSON and the history call it.
    pub fn word(self) -> &'static str {
        match self {
            Layout::Maildir => "maildir",
            Layout::Sdbox => "sdbox",
            Layout::Mdbox => "mdbox",
            Layout::Mbox => "mbox",
            Layout::Cyrus => "cyrus",
        }
    }

    /// The format of that name.
    pub fn of_word(word: &str) -> Option<Layout> {
        Layout::ALL.into_iter().find(|layout| layout.word() == word)
    }

    /// Whether it is one of Dovecot's dbox formats.
    pub fn is_dbox(self) -> bool {
        matches!(self, Layout::Sdbox | Layout::Mdbox)
    }

    /// Whether the files themselves say whose the mailbox is.
    pub fn tells_owner(self) -> bool {
        self == Layout::Cyrus
    }

    /// What such a mailbox is recognised by, for a reader.
    pub fn signature(self) -> &'static str {
        match self {
            Layout::Maildir => "it has cur, new and tmp",
            Layout::Sdbox => "its folders in mailboxes/ have dbox-Mails with files u.1, u.2 and so on",
            Layout::Mdbox => "it has mailboxes/, and files m.1, m.2 and so on in storage/",
            Layout::Cyrus => "it has a cyrus.header that begins as one",
            Layout::Mbox => "it begins with a line `From ` as each message of an mbox does",
        }
    }

    /// Whether mailboxes of others lie inside.
    pub fn nested(self, listing: &Listing) -> Vec<PathBuf> {
        match self {
            Layout::Maildir => maildir::domains_inside(listing),
            _ => Vec::new(),
        }
    }

    /// A reader of a mailbox of the format.
    pub fn reader(self, scope: Scope) -> Box<dyn Reader> {
        match self {
            Layout::Maildir => Box::new(maildir::MaildirReader::default()),
            Layout::Sdbox => Box::new(sdbox::SdboxReader::default()),
            Layout::Mdbox => Box::new(mdbox::MdboxReader::default()),
            Layout::Cyrus => Box::new(cyrus::CyrusReader::default()),
            Layout::Mbox if scope == Scope::File => Box::new(mbox::MboxReader::alone()),
            Layout::Mbox => Box::new(mbox::MboxReader::directory()),
        }
    }
}

/// Recognises a directory, the most specific formats first; `None` if it is nothing that is known.
pub fn recognise(listing: &Listing) -> Option<Recognised> {
    let mailbox = |layout, sureness| Recognised::Mailbox { layout, sureness, scope: Scope::Tree };
    if let Some(recognised) = cyrus::recognise(listing) {
        return Some(recognised);
    }
    if let Some((kind, piece)) = dbox::recognise(listing) {
        let layout = if kind == dbox::Kind::Single { Layout::Sdbox } else { Layout::Mdbox };
        return Some(match piece {
            dbox::Piece::Home => mailbox(layout, Sureness::Certain),
            dbox::Piece::Mail => Recognised::Part(Part::Alternative(layout)),
            dbox::Piece::Indexes => Recognised::Part(Part::Indexes { of_dbox: true }),
        });
    }
    if maildir::recognise(listing) {
        return Some(mailbox(Layout::Maildir, Sureness::Certain));
    }
    if maildir::is_index_tree(listing) {
        return Some(Recognised::Part(Part::Indexes { of_dbox: false }));
    }
    if attachments::recognise(listing) {
        return Some(Recognised::Shared(Shared::Class(Class::SharedAttachment)));
    }
    if mbox::is_root(listing) {
        return Some(mailbox(Layout::Mbox, Sureness::Certain));
    }
    match lone::recognise(listing) {
        Lone::Folders => Some(mailbox(Layout::Mbox, Sureness::Likely)),
        Lone::Mailboxes(names) if !names.is_empty() => Some(Recognised::Files(names)),
        Lone::Mailboxes(_) => None,
    }
}

/// What kind of opaque store a file is, if it is one.
pub fn opaque_file(_path: &Path, _facts: &Facts) -> Option<&'static str> {
    None
}
