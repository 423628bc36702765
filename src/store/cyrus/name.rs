//! Names of Cyrus mailboxes: owner and folder in `example.org!user.ann.Archive.2024`.
//!
//! A domain ends with `!`, `.` separates levels, and `^` is a dot within a level. A user's mailboxes begin with
//! `user`; others are shared. A deleted mailbox on disk is named `DELETED.<name>.<time in hex>`. Levels stay in
//! modified UTF-7 here. Sources: <https://www.cyrusimap.org> (Namespaces, delete_mode), and stores filled by Cyrus
//! 3.6.

/// First level of users' mailboxes.
pub(super) const USER: &[u8] = b"user";

/// First level of deleted mailboxes, unless `deletedprefix` changes it.
pub(super) const DELETED: &[u8] = b"DELETED";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MailboxName {
    /// Only for domains other than the server's default.
    pub domain: Option<Vec<u8>>,
    /// `None` for shared mailboxes.
    pub user: Option<Vec<u8>>,
    /// Below the user (empty for the inbox), or all levels of a shared mailbox.
    pub levels: Vec<Vec<u8>>,
    /// The last level of a deleted mailbox's name: the time of its deletion.
    pub deletion: Option<Vec<u8>>,
}

impl MailboxName {
    /// Parses a name as in `cyrus.header`; `None` without a level.
    pub(crate) fn parse(name: &[u8]) -> Option<MailboxName> {
        let (domain, rest) = split_domain(name);
        let levels: Vec<&[u8]> = rest.split(|&byte| byte == b'.').collect();
        MailboxName::from_levels(domain, &levels)
    }

    pub(crate) fn from_levels(domain: Option<&[u8]>, levels: &[&[u8]]) -> Option<MailboxName> {
        if levels.iter().all(|level| level.is_empty()) {
            return None;
        }
        let (mut levels, mut deletion) = (levels, None);
        // A folder named DELETED has no stamp.
        if let [first, inner @ .., stamp] = levels
            && *first == DELETED
            && !inner.is_empty()
        {
            deletion = Some(stamp.to_vec());
            levels = inner;
        }
        let (user, levels) = match levels {
            [first, user, folder @ ..] if *first == USER && !user.is_empty() => (Some(dotted(user)), folder),
            all => (None, all),
        };
        let levels = levels.iter().map(|level| dotted(level)).collect();
        let domain = domain.filter(|domain| !domain.is_empty()).map(<[u8]>::to_vec);
        Some(MailboxName { domain, user, levels, deletion }.with_domain_of_user())
    }

    pub(crate) fn has_owner_of(&self, other: &MailboxName) -> bool {
        self.domain == other.domain && self.user == other.user
    }

    /// Without `virtdomains` the domain is in the user's name: `user.ann@example^org`.
    fn with_domain_of_user(mut self) -> MailboxName {
        let at = self.user.as_ref().and_then(|user| user.iter().rposition(|&byte| byte == b'@'));
        if let (None, Some(user), Some(at)) = (&self.domain, &mut self.user, at)
            && at > 0
            && at.saturating_add(1) < user.len()
        {
            let domain = user.split_off(at);
            self.domain = domain.get(1..).map(<[u8]>::to_vec);
        }
        self
    }
}

/// Splits at the first `!`. Without domains that byte is ordinary: a prefix that begins like a user's mailbox or
/// contains `^` is not a domain.
fn split_domain(name: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let at = name.iter().position(|&byte| byte == b'!').and_then(|at| name.split_at_checked(at));
    match at {
        Some((domain, rest)) if !domain.starts_with(b"user.") && !domain.contains(&b'^') => {
            (Some(domain), rest.get(1..).unwrap_or_default())
        }
        _ => (None, name),
    }
}

fn dotted(level: &[u8]) -> Vec<u8> {
    level.iter().map(|&byte| if byte == b'^' { b'.' } else { byte }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name as `domain user levels stamp`.
    pub(super) fn described(name: &MailboxName) -> String {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let levels: Vec<String> = name.levels.iter().map(|level| text(level)).collect();
        let part = |bytes: &Option<Vec<u8>>| bytes.as_deref().map_or("-".to_owned(), text);
        let stamp = part(&name.deletion);
        format!("{} {} {} {stamp}", part(&name.domain), part(&name.user), levels.join("|"))
    }

    #[test]
    fn owner_and_folder_are_parsed_from_names() {
        for (name, expected) in [
            ("user.ann", "- ann  -"),
            ("user.ann.Sent", "- ann Sent -"),
            ("example.org!user.tina.Projects.2024", "example.org tina Projects|2024 -"),
            ("user.tom^jones.Dotted^Name", "- tom.jones Dotted.Name -"),
            ("user.ann.Entw&APw-rfe", "- ann Entw&APw-rfe -"),
            ("user.ann@example^org.Sent", "example.org ann Sent -"),
            ("example.org!user.ann@home", "example.org ann@home  -"),
            ("news.foo", "- - news|foo -"),
            ("example.org!news^x", "example.org - news.x -"),
            ("user", "- - user -"),
            ("DELETED.user.ann.Sent.5F5E1000", "- ann Sent 5F5E1000"),
            ("example.org!DELETED.user.ann.6B05DBE3", "example.org ann  6B05DBE3"),
            ("DELETED.news.foo.6B05DBE3", "- - news|foo 6B05DBE3"),
            ("user.tom^jones.DELETED", "- tom.jones DELETED -"),
            ("DELETED.x", "- - DELETED|x -"),
            ("user.tom^jones.a!b", "- tom.jones a!b -"),
            ("user.ann.a!b", "- ann a!b -"),
        ] {
            assert_eq!(described(&MailboxName::parse(name.as_bytes()).unwrap()), expected, "{name}");
        }
    }

    #[test]
    fn names_without_a_level_are_refused() {
        for name in ["", ".", "..", "example.org!", "!"] {
            assert_eq!(MailboxName::parse(name.as_bytes()), None, "{name}");
        }
        assert_eq!(described(&MailboxName::parse(b"!user.a").unwrap()), "- a  -");
        assert_eq!(described(&MailboxName::parse(b"user..a").unwrap()), "- - user||a -");
        assert_eq!(described(&MailboxName::parse(b"user.@").unwrap()), "- @  -");
        assert!(MailboxName::parse(b"\xff\xfe.\x00").is_some());
    }
}
