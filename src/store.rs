//! Mail stores on disk: how a mailbox is recognised, how it is read, and whose it is.
//!
//! Each format has one file here: its signature, its layout with the source, and its [`reader::Reader`]. The parsers of
//! binary files are in the directories beside, take bytes and return values, and know nothing else.

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
    /// One numbered file a message; see [`mh`].
    Mh,
    /// A queue; see [`postfix`].
    Postfix,
    /// A queue; see [`exim`].
    Exim,
    /// One file a message, named by item and revision; see [`zimbra`].
    Zimbra,
    /// An account of `.mdir` and `.mbox`; see [`communigate`].
    Communigate,
}

/// How far down a unit of the scan goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The directory and all below it.
    Tree,
    /// The directory without its subdirectories.
    Directory,
    /// One file.
    File,
}

/// What a directory was recognised as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Recognised {
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
    Part(ExternalPart),
    /// Files that serve many mailboxes.
    Shared(SharedFiles),
    /// A directory of which these files are mailboxes.
    Files(Vec<Vec<u8>>),
    /// A store that keeps its mail in files of its own kind.
    Blob(&'static str),
}

/// Files that serve many mailboxes, or the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SharedFiles {
    /// All for the same.
    Class(Class),
    /// Cyrus's own lists.
    CyrusConfig,
}

impl SharedFiles {
    /// Directories inside that hold something else.
    pub(crate) fn nested(self, listing: &DirectoryListing) -> Vec<PathBuf> {
        match self {
            SharedFiles::Class(_) => Vec::new(),
            SharedFiles::CyrusConfig => cyrus::config::others_inside(listing),
        }
    }

    /// A reader of such files.
    pub(crate) fn reader(self) -> Box<dyn Reader> {
        match self {
            SharedFiles::Class(class) => Box::new(single_class::SingleClassReader(class)),
            SharedFiles::CyrusConfig => Box::new(cyrus::config::ConfigReader::default()),
        }
    }
}

/// A part of a mailbox that lies apart from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExternalPart {
    /// Alternative storage of a dbox mailbox.
    Alternative(Layout),
    /// Indexes or control files of a mailbox.
    Indexes,
    /// A mailbox's directory on Cyrus's archive or meta partition.
    Cyrus,
}

impl ExternalPart {
    /// How far down it goes.
    pub(crate) fn scope(self) -> Scope {
        match self {
            ExternalPart::Alternative(_) | ExternalPart::Indexes => Scope::Tree,
            ExternalPart::Cyrus => Scope::Directory,
        }
    }
}

impl Layout {
    /// All of them.
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

    /// The format's name, as JSON and the history call it.
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

    /// The format of that name.
    pub(crate) fn from_word(word: &str) -> Option<Layout> {
        Layout::ALL.into_iter().find(|layout| layout.word() == word)
    }

    /// Whether it is one of Dovecot's dbox formats.
    pub(crate) fn is_dbox(self) -> bool {
        matches!(self, Layout::Sdbox | Layout::Mdbox)
    }

    /// Whether the files themselves say whose the mailbox is.
    pub(crate) fn tells_owner(self) -> bool {
        self == Layout::Cyrus
    }

    /// What such a mailbox is recognised by, for a reader.
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

    /// Whether mailboxes of others lie inside.
    pub(crate) fn nested(self, listing: &DirectoryListing) -> Vec<PathBuf> {
        match self {
            Layout::Maildir => maildir::domains_inside(listing),
            Layout::Sdbox | Layout::Mdbox => maildir::domains_of_panel(listing),
            Layout::Mbox => mbox::mailboxes_inside(listing),
            _ => Vec::new(),
        }
    }

    /// A reader of a mailbox of the format.
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

/// Recognises a directory, the most specific formats first; `None` if it is nothing that is known.
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

/// Recognises formats that are known from their descriptions only.
fn recognise_described(listing: &DirectoryListing) -> Option<Layout> {
    if zimbra::recognise(listing) {
        Some(Layout::Zimbra)
    } else {
        communigate::recognise(listing).then_some(Layout::Communigate)
    }
}
