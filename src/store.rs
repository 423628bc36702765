//! Mail stores on disk: recognises mailboxes, reads them and finds their owners.
//!
//! One file or folder per format, with its signature, layout, sources and [`reader::Reader`]. Parsers of binary files
//! take bytes and depend on nothing else.

mod attachments;
mod communigate;
pub(crate) mod content;
pub(crate) mod cyrus;
pub(crate) mod dbox;
pub(crate) mod digits;
mod dovecot;
mod exim;
mod index_trees;
pub(crate) mod listing;
mod loose_files;
pub(crate) mod maildir;
mod mbox;
mod mdbox;
mod mh;
pub(crate) mod name_list;
pub(crate) mod names;
pub(crate) mod no_links;
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

use crate::model::{class::Class, snapshot::Sureness};
use listing::DirectoryListing;
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

impl Recognised {
    fn mailbox(layout: Layout, sureness: Sureness) -> Recognised {
        Recognised::Mailbox { layout, sureness, scope: Scope::Tree }
    }
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
    /// All layouts in their order, with the name in JSON and in the history, and the signature in words for the user.
    const ALL: [(Layout, &str, &str); 10] = [
        (Layout::Maildir, "maildir", "it has cur, new and tmp"),
        (Layout::Sdbox, "sdbox", "its folders in mailboxes/ have dbox-Mails with files u.1, u.2 and so on"),
        (Layout::Mdbox, "mdbox", "it has mailboxes/, and files m.1, m.2 and so on in storage/"),
        (Layout::Mbox, "mbox", "it begins with a line `From ` as each message of an mbox does"),
        (Layout::Cyrus, "cyrus", "it has a cyrus.header that begins as one"),
        (Layout::Mh, "mh", "it has .mh_sequences or context, and messages named by numbers"),
        (Layout::Postfix, "postfix", "it has all directories of a queue, from active to maildrop"),
        (Layout::Exim, "exim", "its input has files -H and -D of one message"),
        (Layout::Zimbra, "zimbra", "its msg holds numbered directories with files item-revision.msg"),
        (Layout::Communigate, "communigate", "it is called .macnt and holds .mdir or .mbox"),
    ];

    pub(crate) fn word(self) -> &'static str {
        Layout::ALL[self as usize].1
    }

    pub(crate) fn from_word(word: &str) -> Option<Layout> {
        Layout::ALL.into_iter().find(|row| row.1 == word).map(|row| row.0)
    }

    pub(crate) fn is_dbox(self) -> bool {
        matches!(self, Layout::Sdbox | Layout::Mdbox)
    }

    /// Whether the mailbox's files name its owner.
    pub(crate) fn tells_owner(self) -> bool {
        self == Layout::Cyrus
    }

    pub(crate) fn signature(self) -> &'static str {
        Layout::ALL[self as usize].2
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

type Signature = fn(&DirectoryListing) -> bool;

/// Recognises a directory, the most specific formats first.
pub(crate) fn recognise(listing: &DirectoryListing) -> Option<Recognised> {
    let certain = |layout| Recognised::mailbox(layout, Sureness::Certain);
    let likely = |layout| Recognised::mailbox(layout, Sureness::Likely);
    let attachments = Recognised::Shared(SharedFiles::Class(Class::SharedAttachment));
    let formats: [(Signature, Recognised); 10] = [
        (postfix::recognise, certain(Layout::Postfix)),
        (exim::recognise, certain(Layout::Exim)),
        (maildir::recognise, certain(Layout::Maildir)),
        (index_trees::recognise, Recognised::Part(ExternalPart::Indexes)),
        (attachments::recognise, attachments),
        (mbox::is_root, certain(Layout::Mbox)),
        (mh::is_root, certain(Layout::Mh)),
        (mh::is_folder, certain(Layout::Mh)),
        // Formats known from their documentation only.
        (zimbra::recognise, likely(Layout::Zimbra)),
        (communigate::recognise, likely(Layout::Communigate)),
    ];
    cyrus::recognise(listing)
        .or_else(|| dbox::recognise(listing))
        .or_else(|| formats.into_iter().find(|(fits, _)| fits(listing)).map(|(_, recognised)| recognised))
        .or_else(|| opaque::kind_of_directory(listing).map(Recognised::Blob))
        .or_else(|| loose_files::recognise(listing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_layout_has_its_own_words() {
        for (at, (layout, word, signature)) in Layout::ALL.into_iter().enumerate() {
            assert_eq!((layout as usize, layout.word(), layout.signature()), (at, word, signature));
            assert_eq!(Layout::from_word(word), Some(layout));
        }
    }
}
