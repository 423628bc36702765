//! The owner of a mailbox, guessed from its path.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::names::{COMPRESSED_SUFFIXES, MBOX_SUFFIXES};
use crate::model::escape;

/// Directory names that mean "mail" and name nobody.
const GENERIC: [&str; 12] =
    ["mail", "Mail", ".mail", "mdbox", "sdbox", "dbox", "home", "mbox", "inbox", "mh", "MH", "homes"];

/// CommuniGate's suffix of account directories.
const COMMUNIGATE: &str = ".macnt";

/// The owner of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner {
    /// The domain, as in a mail address.
    pub domain: Option<String>,
    /// The user, without the domain.
    pub user: String,
}

impl Owner {
    /// Guesses the owner from the mailbox's path relative to the store's root. The user is the last part that is
    /// not a generic name, without a creation stamp; the domain is the nearest part above that looks like one;
    /// `user@domain` gives both. A store that is itself a mailbox is named by the root's own path.
    pub fn guess(root: &Path, relative: &Path) -> Owner {
        let is_root = relative.as_os_str().is_empty();
        let mut parts = text_parts(if is_root { root } else { relative });
        while parts.len() > 1 && is_generic(&parts) {
            parts.pop();
        }
        if !is_root && parts.len() == 1 && is_generic(&parts) {
            return Owner::guess(root, Path::new(""));
        }
        let user = parts.pop().unwrap_or_default();
        let user = plain_user(&user).to_owned();
        if let Some((user, domain)) = user.rsplit_once('@')
            && !user.is_empty()
            && !domain.is_empty()
        {
            return Owner { domain: Some(domain.to_owned()), user: user.to_owned() };
        }
        // Directories farther above belong to the machine.
        let nearest = |parts: Vec<String>| parts.into_iter().rev().find(|part| !is_hash(part));
        let domain = match is_root {
            true => nearest(parts),
            false => parts.into_iter().rev().find(|part| is_domain(part)).or_else(|| nearest(text_parts(root))),
        };
        Owner { domain: domain.filter(|part| is_domain(part)), user }
    }
}

/// Whether the last part means "mail". Below a domain `mail` can be a user.
fn is_generic(parts: &[String]) -> bool {
    let Some((last, above)) = parts.split_last() else { return false };
    let is_maildir = ["Maildir", ".maildir", ".Maildir", "maildir"].iter().any(|name| {
        // `Maildir.old` belongs to the same user.
        last.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
    });
    let is_below_domain = || above.last().is_some_and(|part| is_known_domain(part));
    is_maildir || (GENERIC.contains(&last.as_str()) && !is_below_domain())
}

/// Hash directories: letters of a name or digits.
fn is_hash(part: &str) -> bool {
    part.chars().count() <= 2
}

/// A domain that cannot be a user's name, unlike `john.doe`.
fn is_known_domain(part: &str) -> bool {
    const TOP: [&str; 14] =
        ["com", "org", "net", "edu", "gov", "info", "biz", "dev", "local", "lan", "internal", "test", "example", "eu"];
    let top = part.rsplit('.').next().unwrap_or_default().to_lowercase();
    is_domain(part) && (TOP.contains(&top.as_str()) || (top.len() == 2 && top.is_ascii()))
}

/// Strips suffixes of formats and hosting panels.
fn plain_user(name: &str) -> &str {
    let packed = COMPRESSED_SUFFIXES.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let name = MBOX_SUFFIXES.iter().find_map(|end| packed.strip_suffix(end)).unwrap_or(name);
    let name = without_stamp(name);
    name.strip_suffix(COMMUNIGATE).unwrap_or(name)
}

pub(crate) fn text_parts(path: &Path) -> Vec<String> {
    path.iter().map(|part| escape::text(part.as_bytes())).collect()
}

/// Labels of letters, digits and hyphens, the last one not a number.
pub(crate) fn is_domain(part: &str) -> bool {
    let labels: Vec<&str> = part.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty()
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
            && !label.starts_with('-')
    };
    let top_is_a_name = labels.last().is_some_and(|top| top.chars().any(char::is_alphabetic));
    let is_file = MBOX_SUFFIXES.iter().any(|end| part.ends_with(end));
    labels.len() > 1 && labels.iter().all(is_label) && top_is_a_name && !is_file
}

/// Strips the creation stamp that iRedMail appends: `ann-2024.05.06.07.08.09`.
fn without_stamp(name: &str) -> &str {
    let Some((user, stamp)) = name.rsplit_once('-') else { return name };
    let numbers: Vec<&str> = stamp.split('.').collect();
    let is_number = |number: &&str| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let is_stamp = numbers.len() == 6 && numbers[0].len() == 4 && numbers.iter().all(is_number);
    if is_stamp && !user.is_empty() { user } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_guessed_in_usual_trees() {
        for (relative, domain, user) in [
            ("example.org/ann/Maildir", Some("example.org"), "ann"),
            ("example.org/ann", Some("example.org"), "ann"),
            ("example.org/a/n/ann/mail", Some("example.org"), "ann"),
            ("ann@example.org", Some("example.org"), "ann"),
            ("ann/Maildir", None, "ann"),
            ("customers/ann", None, "ann"),
            ("Maildir", None, "vmail"),
            (".hidden/ann", None, "ann"),
            ("example.org/@/Maildir", Some("example.org"), "@"),
            ("vmail1/example.org/a/n/n/ann-2024.05.06.07.08.09/Maildir", Some("example.org"), "ann"),
            ("acct/mail/example.org/ann", Some("example.org"), "ann"),
            ("acct/mail", None, "acct"),
            ("acct/imap/example.org/ann/Maildir", Some("example.org"), "ann"),
            ("example.org/ann/home/mdbox", Some("example.org"), "ann"),
            ("2023.11/ann", None, "ann"),
            ("example.org/mail/Maildir", Some("example.org"), "mail"),
            ("example.net/mail", Some("example.net"), "mail"),
            ("john.doe/mail", None, "john.doe"),
            ("example.org/ann/Maildir.old", Some("example.org"), "ann"),
            ("ann/Maildir-2024", None, "ann"),
            ("lists/news.mbox/news.mbox", None, "news"),
            ("ann/old.mbox.gz", None, "old"),
            ("Domains/example.org/ann.macnt", Some("example.org"), "ann"),
            ("example.org/jean-2024", Some("example.org"), "jean-2024"),
        ] {
            let owner = Owner::guess(Path::new("/var/vmail"), Path::new(relative));
            assert_eq!((owner.domain.as_deref(), owner.user.as_str()), (domain, user), "{relative}");
        }
    }

    #[test]
    fn the_root_of_a_store_names_its_own_mailbox() {
        let owner = Owner::guess(Path::new("/home/ann.smith/Maildir"), Path::new(""));
        assert_eq!(owner, Owner { domain: None, user: "ann.smith".into() });
        let owner = Owner::guess(Path::new("/var/vmail/example.org/ann/Maildir"), Path::new(""));
        assert_eq!(owner, Owner { domain: Some("example.org".into()), user: "ann".into() });
        let owner = Owner::guess(Path::new("/vmail1/example.org/a/n/n"), Path::new("ann-2024.01.02.03.04.05/Maildir"));
        assert_eq!(owner, Owner { domain: Some("example.org".into()), user: "ann".into() });
    }

    #[test]
    fn mailboxes_in_the_store_of_a_domain_have_that_domain() {
        let owner = Owner::guess(Path::new("/var/vmail/example.org"), Path::new("ann"));
        assert_eq!(owner.domain.as_deref(), Some("example.org"));
    }
}
