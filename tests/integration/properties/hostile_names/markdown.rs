//! A line-based reader of the GitHub Markdown that the report uses.

use super::comparison;

/// A token of a line.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// The start of a block: a heading, an item, a quote, a rule, code.
    Begins(String),
    /// A character or sequence with a meaning.
    Sign(String),
    /// Shown text.
    Text(String),
}

/// Checks that a text has the same blocks, cells, signs and words as the tame one, except for names.
#[track_caller]
pub fn assert_alike(text: &str, tame: &str) {
    assert_eq!(text.split('\n').count(), tame.split('\n').count(), "{text}");
    for (line, tame_line) in text.split('\n').zip(tame.split('\n')) {
        let (tokens, tame) = (tokens(line), tokens(tame_line));
        // The report has none of these.
        let is_foreign = |token: &Token| ["code", "fence", "number"].iter().any(|what| *token == begins(what));
        assert!(!tokens.iter().any(is_foreign), "markdown: {line}");
        assert_eq!(tokens.len(), tame.len(), "markdown:\n{line}\n{tame_line}");
        for pair in tokens.iter().zip(&tame) {
            match pair {
                (Token::Text(text), Token::Text(tame)) => comparison::assert_alike("markdown", text, tame),
                (token, tame) => assert_eq!(token, tame, "markdown:\n{line}\n{tame_line}"),
            }
        }
    }
}

fn tokens(line: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let rest = begin(line, &mut tokens);
    signs(rest, &mut tokens);
    tokens
}

fn begins(what: &str) -> Token {
    Token::Begins(what.to_owned())
}

/// Reads the block starts of a line, also inside quotes and items.
fn begin<'a>(line: &'a str, tokens: &mut Vec<Token>) -> &'a str {
    let indented = line.len() - line.trim_start_matches([' ', '\t']).len();
    let rest = &line[indented..];
    let is_of = |of: &str| !rest.is_empty() && rest.chars().all(|c| of.contains(c) || c == ' ');
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let ends = |at: usize| rest[at..].is_empty() || rest[at..].starts_with([' ', '\t']);
    let (what, length) = if indented >= 4 || line[..indented].contains('\t') {
        ("code", 0)
    } else if ["-", "*", "_", "="].into_iter().any(is_of) && rest.len() > 2 || is_of("=") {
        ("rule", rest.len())
    } else if rest.starts_with("```") || rest.starts_with("~~~") {
        ("fence", 3)
    } else if (1..=6).contains(&hashes) && ends(hashes) {
        (&rest[..hashes], hashes)
    } else if rest.starts_with('>') {
        ("quote", 1)
    } else if rest.starts_with(['-', '*', '+']) && ends(1) {
        ("item", 1)
    } else if digits > 0 && rest[digits..].starts_with(['.', ')']) && ends(digits + 1) {
        ("number", digits + 1)
    } else {
        return rest;
    };
    tokens.push(begins(what));
    match what {
        "quote" | "item" | "number" => begin(rest[length..].strip_prefix(' ').unwrap_or(&rest[length..]), tokens),
        _ => &rest[length..],
    }
}

/// Reads the signs in a line and the text between them.
fn signs(line: &str, tokens: &mut Vec<Token>) {
    let mut text = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let escaped = rest.strip_prefix('\\').and_then(|rest| rest.chars().next()).filter(char::is_ascii_punctuation);
        let links = ["://", "www.", "WWW.", "mailto:", "xmpp:"];
        let of_several = ["**"].into_iter().chain(links).find(|sign| rest.starts_with(sign));
        let length = match (escaped, of_several) {
            (Some(escaped), _) => {
                text.push(escaped);
                rest = &rest[2..];
                continue;
            }
            (None, Some(sign)) => sign.len(),
            (None, None) if "\\`*_[]<>|~&!$^{}#".contains(c) => 1,
            (None, None) => {
                text.push(c);
                rest = &rest[c.len_utf8()..];
                continue;
            }
        };
        tokens.push(Token::Text(std::mem::take(&mut text)));
        tokens.push(Token::Sign(rest[..length].to_owned()));
        rest = &rest[length..];
    }
    tokens.push(Token::Text(text));
}
