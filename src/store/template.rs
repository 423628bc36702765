//! Owner templates: settings that name the owner by the mailbox's path.
//!
//! `/var/vmail/{domain}/{hash}/{user}-{stamp}`: each part of a path is text with placeholders. A template that begins
//! with `/` is matched against the whole path, any other against the path relative to the store's root. The mailbox
//! may be deeper than the template, such as a `Maildir` below the described home.

use std::path::Path;
use std::str::FromStr;

use super::owner::{Owner, text_parts};

/// An owner template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerTemplate {
    is_absolute: bool,
    parts: Vec<Vec<Token>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Literal(String),
    Domain,
    User,
    Hash,
    Stamp,
}

/// Why a template is not valid.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum OwnerTemplateError {
    /// An unknown placeholder.
    #[error("there is no {{{0}}} in an owner template (write {{domain}}, {{user}}, {{hash}} or {{stamp}})")]
    Unknown(String),
    /// A brace is left open.
    #[error("a brace is not closed in the owner template")]
    Unclosed,
    /// `{user}` is missing or repeated.
    #[error("an owner template needs {{user}} once")]
    NoUser,
}

impl FromStr for OwnerTemplate {
    type Err = OwnerTemplateError;

    fn from_str(text: &str) -> Result<OwnerTemplate, OwnerTemplateError> {
        let parts: Vec<Vec<Token>> =
            text.split('/').filter(|part| !part.is_empty()).map(tokens).collect::<Result<_, _>>()?;
        if parts.iter().flatten().filter(|token| **token == Token::User).count() != 1 {
            return Err(OwnerTemplateError::NoUser);
        }
        Ok(OwnerTemplate { is_absolute: text.starts_with('/'), parts })
    }
}

impl OwnerTemplate {
    /// The owner of a mailbox at a path relative to the store's root; `None` if the template does not match.
    pub fn owner(&self, root: &Path, relative: &Path) -> Option<Owner> {
        let path = if self.is_absolute { root.join(relative) } else { relative.to_owned() };
        let parts = text_parts(&path);
        // An absolute path begins with the part `/`.
        let parts = parts.get(usize::from(self.is_absolute)..).filter(|parts| parts.len() >= self.parts.len())?;
        let unnamed = Owner { domain: None, user: String::new() };
        self.parts.iter().zip(parts).try_fold(unnamed, |owner, (tokens, part)| fit(tokens, part, owner))
    }
}

/// The owner of a mailbox at a path relative to the store's root: from the template if it fits, else a guess.
pub(crate) fn find_owner(template: Option<&OwnerTemplate>, root: &Path, relative: &Path) -> Owner {
    template.and_then(|template| template.owner(root, relative)).unwrap_or_else(|| Owner::guess(root, relative))
}

fn tokens(part: &str) -> Result<Vec<Token>, OwnerTemplateError> {
    let mut tokens = Vec::new();
    let mut rest = part;
    while let Some(open) = rest.find('{') {
        if open > 0 {
            tokens.push(Token::Literal(rest[..open].to_owned()));
        }
        let close = open + rest[open..].find('}').ok_or(OwnerTemplateError::Unclosed)?;
        tokens.push(match &rest[open + 1..close] {
            "domain" => Token::Domain,
            "user" => Token::User,
            "hash" => Token::Hash,
            "stamp" => Token::Stamp,
            other => return Err(OwnerTemplateError::Unknown(other.to_owned())),
        });
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        tokens.push(Token::Literal(rest.to_owned()));
    }
    Ok(tokens)
}

/// Matches tokens greedily, with backtracking. A path part has at most 255 bytes and few placeholders, so this is
/// cheap.
fn fit(tokens: &[Token], text: &str, owner: Owner) -> Option<Owner> {
    let Some((token, rest)) = tokens.split_first() else { return text.is_empty().then_some(owner) };
    if let Token::Literal(literal) = token {
        return fit(rest, text.strip_prefix(literal.as_str())?, owner);
    }
    let mut ends = text.char_indices().rev().map(|(at, character)| at + character.len_utf8());
    ends.find_map(|end| {
        let (value, left) = text.split_at(end);
        let mut owner = owner.clone();
        match token {
            Token::Domain => owner.domain = Some(value.to_owned()),
            Token::User => value.clone_into(&mut owner.user),
            Token::Stamp if !value.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | ':' | 'T')) => {
                return None;
            }
            Token::Stamp | Token::Hash | Token::Literal(_) => {}
        }
        fit(rest, left, owner)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(template: &str, relative: &str) -> Option<(Option<String>, String)> {
        let template: OwnerTemplate = template.parse().unwrap();
        template.owner(Path::new("/var/vmail"), Path::new(relative)).map(|owner| (owner.domain, owner.user))
    }

    #[test]
    fn owners_are_read_by_the_template() {
        for (template, relative, domain, user) in [
            ("/var/vmail/{domain}/{user}", "example.org/ann/Maildir", Some("example.org"), "ann"),
            ("{domain}/{hash}/{hash}/{user}-{stamp}", "a.b/x/y/jo-ann-2024.01.02/Maildir", Some("a.b"), "jo-ann"),
            ("{user}@{domain}", "a@b@example.org", Some("example.org"), "a@b"),
            ("u{hash}/{user}", "u1/intranet", None, "intranet"),
        ] {
            assert_eq!(owner(template, relative), Some((domain.map(str::to_owned), user.to_owned())), "{template}");
        }
    }

    #[test]
    fn a_path_that_does_not_match_has_no_owner() {
        for (template, relative) in
            [("{domain}/{user}", "ann"), ("/srv/{user}", "ann"), ("{user}-{stamp}", "ann-lee"), ("x{user}", "x")]
        {
            assert_eq!(owner(template, relative), None, "{template}");
        }
    }

    #[test]
    fn invalid_templates_are_refused() {
        for (template, error) in [
            ("{domain}/{name}", OwnerTemplateError::Unknown("name".into())),
            ("{domain", OwnerTemplateError::Unclosed),
            ("{domain}", OwnerTemplateError::NoUser),
            ("{user}/{user}", OwnerTemplateError::NoUser),
            ("", OwnerTemplateError::NoUser),
        ] {
            assert_eq!(template.parse::<OwnerTemplate>(), Err(error), "{template}");
        }
    }
}
