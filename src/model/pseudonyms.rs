//! Pseudonyms: a name becomes a keyed hash, which stays the same, and which nobody turns back without the key.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use hmac_sha256::HMAC;
use strum_macros::IntoStaticStr;

use crate::model::special_use::SpecialUse;

/// Characters of the hash, of 5 bits each. Among a million names, two are equal with a probability of 1 to 2,300,000.
const LENGTH: usize = 12;
/// As in base32, in lower case.
const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// What a name names: the word with which its pseudonym begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Named {
    /// A mail domain, in any case.
    Domain,
    /// The part of an address before the `@`.
    User,
    /// One level of a folder's name.
    Folder,
    /// One level of a path.
    Path,
    Store,
    Host,
}

const ALL: [Named; 6] = [Named::Domain, Named::User, Named::Folder, Named::Path, Named::Store, Named::Host];

/// Levels of paths, and names of stores, that are the same everywhere.
const USUAL: [&str; 44] = [
    "var",
    "srv",
    "home",
    "mnt",
    "media",
    "data",
    "opt",
    "usr",
    "local",
    "lib",
    "spool",
    "storage",
    "export",
    "nfs",
    "mail",
    "vmail",
    "mailboxes",
    "mailstore",
    "Mail",
    "Maildir",
    "maildir",
    "mdbox",
    "sdbox",
    "mbox",
    "mh",
    "users",
    "virtual",
    "domains",
    "cyrus",
    "imap",
    "dovecot",
    "postfix",
    "exim",
    "exim4",
    "queue",
    "INBOX",
    "inbox",
    "cur",
    "new",
    "tmp",
    "dbox-Mails",
    "alt",
    "attachments",
    "index",
];

/// A key, and the names that it has hidden so far.
#[derive(Debug)]
pub(crate) struct Pseudonyms {
    key: Vec<u8>,
    /// By pseudonym.
    hidden: RwLock<HashMap<String, String>>,
}

impl Pseudonyms {
    pub(crate) fn new(key: &[u8]) -> Pseudonyms {
        Pseudonyms { key: key.to_owned(), hidden: RwLock::default() }
    }

    /// The pseudonym of a whole name. `within` tells apart equal names in different places, such as users in domains.
    fn hide(&self, named: Named, within: &str, name: &str) -> String {
        let word: &str = named.into();
        let mut hash = HMAC::new(&self.key);
        // Names have no NUL.
        for part in [word, within, name] {
            hash.update(part);
            hash.update([0]);
        }
        let bits = hash.finalize().into_iter().take(8).fold(0_u64, |bits, byte| bits << 8 | u64::from(byte));
        let digit = |place: usize| char::from(DIGITS[(bits >> (64 - 5 * (place + 1)) & 31) as usize]);
        let pseudonym: String = word.chars().chain(['-']).chain((0..LENGTH).map(digit)).collect();
        let is_known = self.hidden.read().unwrap_or_else(PoisonError::into_inner).contains_key(&pseudonym);
        if !is_known {
            let mut hidden = self.hidden.write().unwrap_or_else(PoisonError::into_inner);
            hidden.insert(pseudonym.clone(), name.to_owned());
        }
        pseudonym
    }

    pub(crate) fn domain(&self, name: &str) -> String {
        self.hide(Named::Domain, "", &name.to_lowercase())
    }

    /// Users of two domains have different pseudonyms: otherwise, `info` would be the one that every domain has.
    pub(crate) fn user(&self, domain: Option<&str>, name: &str) -> String {
        self.hide(Named::User, &domain.unwrap_or_default().to_lowercase(), name)
    }

    pub(crate) fn host(&self, name: &str) -> String {
        self.hide(Named::Host, "", name)
    }

    pub(crate) fn store(&self, name: &str) -> String {
        if USUAL.contains(&name) { name.to_owned() } else { self.hide(Named::Store, "", name) }
    }

    /// A path, level by level: those that are the same everywhere stay.
    pub(crate) fn path(&self, path: &str) -> String {
        let level = |level: &str| match level.is_empty() || [".", ".."].contains(&level) || USUAL.contains(&level) {
            true => level.to_owned(),
            false => self.hide(Named::Path, "", level),
        };
        path.split('/').map(level).collect::<Vec<_>>().join("/")
    }

    /// A folder's name, level by level: those of a special use stay.
    pub(crate) fn folder(&self, name: &str) -> String {
        let level = |level: &str| match level.is_empty() || SpecialUse::guess(level).is_some() {
            true => level.to_owned(),
            false => self.hide(Named::Folder, "", level),
        };
        name.split('/').map(level).collect::<Vec<_>>().join("/")
    }

    /// A text in which every known pseudonym is the name again.
    pub(crate) fn real(&self, text: &str) -> String {
        let hidden = self.hidden.read().unwrap_or_else(PoisonError::into_inner);
        let mut real = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            match candidate(rest).and_then(|found| Some((found, hidden.get(found)?))) {
                Some((found, name)) => {
                    real.push_str(name);
                    rest = &rest[found.len()..];
                }
                None => {
                    real.push(first);
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        real
    }

    /// All names that were hidden, by pseudonym.
    pub(crate) fn known(&self) -> Vec<(String, String)> {
        let hidden = self.hidden.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<(String, String)> = hidden.iter().map(|(one, name)| (one.clone(), name.clone())).collect();
        all.sort_unstable();
        all
    }
}

/// What may be a pseudonym at the start of a text.
fn candidate(text: &str) -> Option<&str> {
    let word = ALL.into_iter().map(<&str>::from).find(|word| text.starts_with(*word))?;
    text.get(..word.len() + 1 + LENGTH).filter(|found| found[word.len()..].starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_is_that_of_hmac_sha_256() {
        // printf 'domain\0\0example.org\0' | openssl dgst -sha256 -hmac 0123456789abcdef -binary | base32 | head -c 12
        assert_eq!(Pseudonyms::new(b"0123456789abcdef").domain("Example.org"), "domain-ofnzx6fh6v3g");
    }

    #[test]
    fn names_are_hidden_and_turned_back() {
        let names = Pseudonyms::new(b"a key that is long enough");
        let other = Pseudonyms::new(b"another key, also long enough");
        let address = format!("{}@{}", names.user(Some("example.org"), "ann"), names.domain("example.org"));
        assert_eq!(names.real(&format!("host:{address}, user-")), "host:ann@example.org, user-");
        assert_eq!(other.real(&address), address, "without the key and the names there is no way back");
        assert_ne!(names.user(Some("example.org"), "ann"), names.user(Some("example.net"), "ann"));
        assert_ne!(names.domain("example.org"), other.domain("example.org"));
        assert_eq!(names.known().len(), 3);
    }

    #[test]
    fn usual_levels_of_paths_and_folders_stay() {
        let names = Pseudonyms::new(b"a key that is long enough");
        let path = names.path("/srv/acme/vmail/Maildir");
        assert!(path.starts_with("/srv/path-") && path.ends_with("/vmail/Maildir"), "{path}");
        assert!(path.starts_with(&names.path("/srv/acme")), "what is below stays below");
        assert_eq!(names.path("/"), "/");
        assert_eq!(names.folder("INBOX"), "INBOX");
        let folder = names.folder("Archive/Divorce");
        assert!(folder.starts_with("Archive/folder-"), "{folder}");
        assert_eq!(names.real(&folder), "Archive/Divorce");
        assert_eq!([names.store("vmail"), names.real(&names.store("acme"))], ["vmail", "acme"]);
    }
}
