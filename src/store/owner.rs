//! Whose mailbox it is, read from where it lies.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::escape;

/// Directory names that say "mail", not whose.
const GENERIC: [&str; 6] = ["Maildir", ".maildir", ".Maildir", "maildir", "mail", "Mail"];

/// A user and the domain, if the path tells one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The domain, as in a mail address.
    pub domain: Option<String>,
    /// The user, without the domain.
    pub user: String,
}

impl Owner {
    /// Guesses the owner from the mailbox's path relative to the store's root: the last part that is not a generic
    /// name is the user, the nearest part above that has an inner dot is the domain; `user@domain` says both. A store
    /// that is itself a mailbox belongs to whom the root's own path says.
    pub fn guess(root: &Path, relative: &Path) -> Owner {
        let whole = if relative.as_os_str().is_empty() { root } else { relative };
        let mut parts: Vec<String> = whole.iter().map(|part| escape::text(part.as_bytes())).collect();
        while parts.len() > 1 && parts.last().is_some_and(|part| GENERIC.contains(&part.as_str())) {
            parts.pop();
        }
        let user = parts.pop().unwrap_or_default();
        if let Some((user, domain)) =
            user.rsplit_once('@').filter(|(user, domain)| !user.is_empty() && !domain.is_empty())
        {
            return Owner { domain: Some(domain.to_owned()), user: user.to_owned() };
        }
        // Above the root lie the machine's directories, not the mail's.
        let domains = if relative.as_os_str().is_empty() { &[][..] } else { &parts[..] };
        Owner { domain: domains.iter().rev().find(|part| is_domain(part)).cloned(), user }
    }
}

fn is_domain(part: &str) -> bool {
    let labels: Vec<&str> = part.split('.').collect();
    labels.len() > 1 && labels.iter().all(|label| !label.is_empty()) && !part.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_the_usual_trees() {
        for (relative, domain, user) in [
            ("example.org/ann/Maildir", Some("example.org"), "ann"),
            ("example.org/ann", Some("example.org"), "ann"),
            ("example.org/a/n/ann/mail", Some("example.org"), "ann"),
            ("ann@example.org", Some("example.org"), "ann"),
            ("ann/Maildir", None, "ann"),
            ("customers/ann", None, "ann"),
            ("Maildir", None, "Maildir"),
            (".hidden/ann", None, "ann"),
            ("example.org/@/Maildir", Some("example.org"), "@"),
        ] {
            let owner = Owner::guess(Path::new("/var/vmail"), Path::new(relative));
            assert_eq!((owner.domain.as_deref(), owner.user.as_str()), (domain, user), "{relative}");
        }
    }

    #[test]
    fn a_store_that_is_a_mailbox_is_named_by_its_own_path() {
        let owner = Owner::guess(Path::new("/home/ann.smith/Maildir"), Path::new(""));
        assert_eq!(owner, Owner { domain: None, user: "ann.smith".into() });
    }
}
