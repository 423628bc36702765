//! Mail stores on disk: recognises mailboxes, reads them and finds their owners.
//!
//! One file or folder per format, with its signature, layout, sources and [`reader::Reader`]. Parsers of binary files
//! take bytes and depend on nothing else.

mod attachments;
mod communigate;
pub(crate) mod cyrus;
pub(crate) mod dbox;
mod dovecot;
mod exim;
mod index_trees;
pub(crate) mod listing;
mod loose_files;
pub(crate) mod maildir;
mod mbox;
mod mdbox;
mod mh;
pub(crate) mod names;
pub(crate) mod opaque;
pub(crate) mod owner;
mod postfix;
pub(crate) mod reader;
mod sdbox;
mod single_class;
pub(crate) mod template;
mod utf7;
mod zimbra;

use std::path::PathBuf;

use crate::model::class::Class;
use crate::model::snapshot::Sureness;
use listing::DirectoryListing;
use loose_files::LooseFiles;
use reader::Reader;

/// The on-disk format of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Layout {
    /// One file per message in `cur` and `new`.
    Maildir,
    /// One file per message, metadata at its end.
    Sdbox,
    /// Many messages per file, shared by all folders.
    Mdbox,
    /// One file per folder.
    Mbox,
    /// One file per message, and an index of the live ones.
    Cyrus,
    /// One numbered file per message.
    Mh,
    Postfix,
    Exim,
    /// One file per message, named by item and revision.
    Zimbra,
    /// An account of `.mdir` folders and `.mbox` files.
    Communigate,
}

/// How deep a unit of the scan goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Tree,
    /// Not its subdirectories.
    Directory,
    File,
}

/// What a directory was recognised as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Recognised {
    Mailbox {
        layout: Layout,
        sureness: Sureness,
        scope: Scope,
    },
    Part(ExternalPart),
    Shared(SharedFiles),
    /// These files of the directory are mailboxes.
    Files(Vec<Vec<u8>>),
    /// A database that only its own server can read.
    Blob(&'static str),
}

/// Files that serve many mailboxes, or the whole server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SharedFiles {
    Class(Class),
    /// Cyrus's `configdirectory`.
    CyrusConfig,
}

impl SharedFiles {
    /// Directories inside that belong to other units.
    pub(crate) fn nested(self, listing: &DirectoryListing) -> Vec<PathBuf> {
        match self {
            SharedFiles::Class(_) => Vec::new(),
            SharedFiles::CyrusConfig => cyrus::config::others_inside(listing),
        }
    }

    pub(crate) fn reader(self) -> Box<dyn Reader> {
        match self {
            SharedFiles::Class(class) => Box::new(single_class::SingleClassReader(class)),
            SharedFiles::CyrusConfig => Box::new(cyrus::config::ConfigReader::default()),
        }
    }
}

/// A part of a mailbox that is stored outside the mailbox's directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExternalPart {
    Alternative(Layout),
    Indexes,
    /// On the archive or meta partition.
    Cyrus,
}

impl ExternalPart {
    pub(crate) fn scope(self) -> Scope {
        match self {
            ExternalPart::Alternative(_) | ExternalPart::Indexes => Scope::Tree,
            ExternalPart::Cyrus => Scope::Directory,
        }
    }
}

impl Layout {
    pub(crate) const ALL: [Layout; 10] = [
        Layout::Maildir,
        Layout::Sdbox,
        Layout::Mdbox,
        Layout::Mbox,
        Layout::Cyrus,
        Layout::Mh,
        Layout::Postfix,
        Layout::Exim,
        Layout::Zimbra,
        Layout::Communigate,
    ];

    /// The name in JSON and in the history.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Layout::Maildir => "maildir",
            Layout::Sdbox => "sdbox",
            Layout::Mdbox => "mdbox",
            Layout::Mbox => "mbox",
            Layout::Cyrus => "cyrus",
            Layout::Mh => "mh",
            Layout::Postfix => "postfix",
            Layout::Exim => "exim",
            Layout::Zimbra => "zimbra",
            Layout::Communigate => "communigate",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Layout> {
        Layout::ALL.into_iter().find(|layout| layout.word() == word)
    }

    pub(crate) fn is_dbox(self) -> bool {
        matches!(self, Layout::Sdbox | Layout::Mdbox)
    }

    /// Whether the mailbox's files name its owner.
    pub(crate) fn tells_owner(self) -> bool {
        self == Layout::Cyrus
    }

    /// The signature, in words for the user.
    pub(crate) fn signature(self) -> &'static str {
        match self {
            Layout::Maildir => "it has cur, new and tmp",
            Layout::Sdbox => "its folders in mailboxes/ have dbox-Mails with files u.1, u.2 and so on",
            Layout::Mdbox => "it has mailboxes/, and files m.1, m.2 and so on in storage/",
            Layout::Cyrus => "it has a cyrus.header that begins as one",
            Layout::Mh => "it has .mh_sequences or context, and messages named by numbers",
            Layout::Postfix => "it has all directories of a queue, from active to maildrop",
            Layout::Exim => "its input has files -H and -D of one message",
            Layout::Zimbra => "its msg holds numbered directories with files item-revision.msg",
            Layout::Communigate => "it is called .macnt and holds .mdir or .mbox",
            Layout::Mbox => "it begins with a line `From ` as each message of an mbox does",
        }
    }

    /// Directories inside that are mailboxes of other owners.
    pub(crate) fn nested(self, listing: &DirectoryListing) -> Vec<PathBuf> {
        match self {
            Layout::Maildir => maildir::domains_inside(listing),
            Layout::Sdbox | Layout::Mdbox => maildir::domains_of_panel(listing),
            Layout::Mbox => mbox::mailboxes_inside(listing),
            _ => Vec::new(),
        }
    }

    pub(crate) fn reader(self, scope: Scope) -> Box<dyn Reader> {
        match self {
            Layout::Maildir => Box::new(maildir::MaildirReader),
            Layout::Sdbox => Box::new(sdbox::SdboxReader::default()),
            Layout::Mdbox => Box::new(mdbox::MdboxReader::default()),
            Layout::Cyrus => Box::new(cyrus::CyrusReader::default()),
            Layout::Mh => Box::new(mh::MhReader::default()),
            Layout::Postfix => Box::new(postfix::PostfixReader),
            Layout::Exim => Box::new(exim::EximReader),
            Layout::Zimbra => Box::new(zimbra::ZimbraReader),
            Layout::Communigate => Box::new(communigate::CommunigateReader),
            Layout::Mbox if scope == Scope::File => Box::new(mbox::MboxReader::alone()),
            Layout::Mbox => Box::new(mbox::MboxReader::directory()),
        }
    }
}

/// Recognises a directory, the most specific formats first.
pub(crate) fn recognise(listing: &DirectoryListing) -> Option<Recognised> {
    let mailbox = |layout, sureness| Recognised::Mailbox { layout, sureness, scope: Scope::Tree };
    if let Some(recognised) = cyrus::recognise(listing) {
        return Some(recognised);
    }
    if let Some((kind, piece)) = dbox::recognise(listing) {
        let layout = if kind == dbox::DboxFormat::Single { Layout::Sdbox } else { Layout::Mdbox };
        return Some(match piece {
            dbox::DboxPart::Home => mailbox(layout, Sureness::Certain),
            dbox::DboxPart::Mail => Recognised::Part(ExternalPart::Alternative(layout)),
            dbox::DboxPart::Indexes => Recognised::Part(ExternalPart::Indexes),
        });
    }
    if postfix::recognise(listing) {
        return Some(mailbox(Layout::Postfix, Sureness::Certain));
    }
    if exim::recognise(listing) {
        return Some(mailbox(Layout::Exim, Sureness::Certain));
    }
    if maildir::recognise(listing) {
        return Some(mailbox(Layout::Maildir, Sureness::Certain));
    }
    if index_trees::recognise(listing) {
        return Some(Recognised::Part(ExternalPart::Indexes));
    }
    if attachments::recognise(listing) {
        return Some(Recognised::Shared(SharedFiles::Class(Class::SharedAttachment)));
    }
    if mbox::is_root(listing) {
        return Some(mailbox(Layout::Mbox, Sureness::Certain));
    }
    if mh::is_root(listing) || mh::is_folder(listing) {
        return Some(mailbox(Layout::Mh, Sureness::Certain));
    }
    if let Some(layout) = recognise_described(listing) {
        return Some(mailbox(layout, Sureness::Likely));
    }
    if let Some(kind) = opaque::kind_of_directory(listing) {
        return Some(Recognised::Blob(kind));
    }
    match loose_files::recognise(listing) {
        LooseFiles::Folders => Some(mailbox(Layout::Mbox, Sureness::Likely)),
        LooseFiles::Messages => Some(mailbox(Layout::Mh, Sureness::Likely)),
        LooseFiles::Mailboxes(names) if !names.is_empty() => Some(Recognised::Files(names)),
        LooseFiles::Mailboxes(_) => None,
    }
}

/// Formats known from their documentation only.
fn recognise_described(listing: &DirectoryListing) -> Option<Layout> {
    if zimbra::recognise(listing) {
        Some(Layout::Zimbra)
    } else {
        communigate::recognise(listing).then_some(Layout::Communigate)
    }
}
