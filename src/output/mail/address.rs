//! Mail addresses for a header; other text in them is refused.

use std::fmt;
use std::str::FromStr;

use crate::model::error::{Error, Result};
use crate::model::escape;

/// In bytes (RFC 5321, section 4.5.3.1; RFC 1035).
const LONGEST_LOCAL_PART: usize = 64;
const LONGEST_DOMAIN: usize = 253;
const LONGEST_LABEL: usize = 63;

/// In characters.
const LONGEST_NAME: usize = 200;

/// A mailbox, and its owner's name if known.
///
/// ```
/// use mailrunway::output::mail::Address;
/// let ann: Address = "Ann Example <ann@example.org>".parse()?;
/// assert_eq!((ann.name(), ann.mailbox()), (Some("Ann Example"), "ann@example.org"));
/// // A user of this machine.
/// assert_eq!("root".parse::<Address>()?.mailbox(), "root");
/// assert!("ann@example.org\nBcc: bob@example.org".parse::<Address>().is_err());
/// # Ok::<(), mailrunway::model::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    name: Option<String>,
    mailbox: String,
}

impl Address {
    /// A user at this machine. If its name is not a domain, the mail server completes the address.
    ///
    /// # Errors
    /// If the user is not valid.
    pub fn at_host(user: &str, host: &str) -> Result<Address> {
        format!("{user}@{host}").parse().or_else(|_| user.parse())
    }

    /// The owner's name.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The mailbox: `user@domain`, or a user of this machine.
    pub fn mailbox(&self) -> &str {
        &self.mailbox
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name} <{}>", self.mailbox),
            None => f.write_str(&self.mailbox),
        }
    }
}

impl FromStr for Address {
    type Err = Error;

    fn from_str(text: &str) -> Result<Address> {
        let refused = |why: &str| {
            Error::usage(format!("'{}' is not a valid mail address: {why}", escape::printable(text)))
                .hint("write it as ann@example.org, Ann Example <ann@example.org>, or root for a user of this machine")
        };
        if escape::printable(text) != text {
            return Err(refused("it contains an invisible character"));
        }
        let (name, mailbox) = match text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, mailbox)) => (name.trim(), mailbox),
            None => ("", text.trim()),
        };
        let (user, domain) = mailbox.split_once('@').map_or((mailbox, None), |(user, domain)| (user, Some(domain)));
        check_user(user).map_err(refused)?;
        domain.map_or(Ok(()), check_domain).map_err(refused)?;
        let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name).trim();
        check_name(name).map_err(refused)?;
        Ok(Address { name: (!name.is_empty()).then(|| name.to_owned()), mailbox: mailbox.to_owned() })
    }
}

fn check_name(name: &str) -> std::result::Result<(), &'static str> {
    let is_syntax = |c: char| matches!(c, '<' | '>' | ',' | ';' | ':' | '@' | '"' | '\\' | '(' | ')');
    match name {
        _ if name.contains(is_syntax) => Err("the name contains a separator of addresses"),
        _ if name.contains("=?") => Err("the name looks encoded"),
        _ if name.chars().count() > LONGEST_NAME => Err("the name is too long"),
        _ => Ok(()),
    }
}

/// A dot-atom (RFC 5322, section 3.2.3). Mail servers read a first `-` as an option, `|` as a command and `/` as a file.
fn check_user(user: &str) -> std::result::Result<(), &'static str> {
    let is_atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    match user {
        "" => Err("it has no user"),
        _ if user.len() > LONGEST_LOCAL_PART => Err("the user's name is longer than 64 bytes"),
        _ if user.starts_with(['-', '|', '/']) => Err("no mail server accepts a user that begins with -, | or /"),
        _ if user.contains(',') => Err("it has several addresses"),
        _ if user.contains(' ') => Err("it contains a space"),
        _ if !user.is_ascii() => Err("the user's name is not ASCII, which not every mail server accepts"),
        _ if !user.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom)) => {
            Err("the user's name contains an invalid character")
        }
        _ => Ok(()),
    }
}

fn check_domain(domain: &str) -> std::result::Result<(), &'static str> {
    let is_in_label = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.chars().all(is_in_label)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    match domain {
        "" => Err("it has no domain after the @"),
        _ if domain.len() > LONGEST_DOMAIN => Err("the domain is longer than 253 bytes"),
        _ if !domain.is_ascii() => Err("the domain is not ASCII: write it as xn--…"),
        _ if !domain.split('.').all(is_label) => Err("the part after the @ is not a valid domain"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, String) {
        let address: Address = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        (address.name, address.mailbox)
    }

    #[test]
    fn usual_addresses_parse() {
        let plain = |mailbox: &str| (None, mailbox.to_owned());
        for mailbox in ["ann@example.org", "root", "o'brien+lists@mail-1.example.org", "a.b@localhost", "x@mail_01"] {
            assert_eq!(parts(mailbox), plain(mailbox));
        }
        assert_eq!(parts(" ann@example.org "), plain("ann@example.org"));
        assert_eq!(parts("<ann@example.org>"), plain("ann@example.org"));
        let named = |name: &str| (Some(name.to_owned()), "ann@example.org".to_owned());
        assert_eq!(parts("Ann Example <ann@example.org>"), named("Ann Example"));
        assert_eq!(parts("\"Ann Example\" <ann@example.org>"), named("Ann Example"));
        assert_eq!(parts("Änn 日本 <ann@example.org>"), named("Änn 日本"));
        assert_eq!(parts("Ann's Mail Store.<ann@example.org>"), named("Ann's Mail Store."));
    }

    #[test]
    fn invalid_addresses_are_refused_with_a_reason() {
        let long = format!("{}@example.org", "a".repeat(65));
        for (text, why) in [
            ("", "has no user"),
            ("@example.org", "has no user"),
            ("ann@", "has no domain"),
            ("ann@example.org\r\nBcc: bob@example.org", "invisible character"),
            ("ann\u{0}@example.org", "invisible character"),
            ("\u{202e}ann@example.org", "invisible character"),
            ("ann@example.org\n", "invisible character"),
            ("A\u{1b}[2J <ann@example.org>", "invisible character"),
            ("ann@example.org,bob@example.org", "not a valid domain"),
            ("ann, bob@example.org", "several addresses"),
            ("ann bob@example.org", "a space"),
            ("ann@example.org bob", "not a valid domain"),
            ("ann@@example.org", "not a valid domain"),
            ("ann@example..org", "not a valid domain"),
            ("ann@-example.org", "not a valid domain"),
            ("ann@[192.0.2.1]", "not a valid domain"),
            ("ann..lee@example.org", "invalid character"),
            (".ann", "invalid character"),
            ("\"a b\"@example.org", "a space"),
            ("ann(comment)@example.org", "invalid character"),
            ("-oQ/tmp", "begins with -"),
            ("|/bin/sh", "begins with"),
            ("/etc/passwd", "begins with"),
            ("änn@example.org", "not ASCII"),
            ("ann@exämple.org", "xn--"),
            ("friends: ann@example.org;", "a space"),
            ("Ann, Bob <ann@example.org>", "separator"),
            ("Ann <b@x> <ann@example.org>", "separator"),
            ("=?utf-8?Q?=0D=0A?= <ann@example.org>", "encoded"),
            ("Ann <ann@example.org", "a space"),
            (&long, "64 bytes"),
        ] {
            let error = text.parse::<Address>().expect_err(text);
            assert!(error.to_string().contains(why), "{error} does not say: {why}");
            assert!(error.advice().is_some() && !error.to_string().contains(char::is_control), "{error:?}");
        }
    }

    #[test]
    fn an_invalid_host_name_gives_an_address_without_domain() {
        let mailbox = |host: &str| Address::at_host("mailrunway", host).map(|address| address.mailbox).unwrap();
        assert_eq!(mailbox("mail01.example.org"), "mailrunway@mail01.example.org");
        assert_eq!(mailbox("mail01\nBcc: x"), "mailrunway");
        assert_eq!(mailbox(""), "mailrunway");
    }
}
