//! `cyrus.header`: the name and the unique id of a Cyrus mailbox.
//!
//! After three lines of magic, Cyrus 3.6 and later write one list of keys and values, `%(T <type> N <name> I <unique
//! id> Q <quota root> A %(<rights>) U (<flags>))`; a value is an atom, a quoted string, a literal `{5+}` with its
//! bytes on the next line, or a list. Older versions write `<quota root> TAB <unique id>`, the flags and the rights,
//! one line each; the name is in the path. Sources: <https://github.com/cyrusimap/cyrus-imapd> (`imap/mailbox.c`,
//! `imap/dlist.c`), and stores filled by Cyrus 3.6.

use std::borrow::Cow;

use super::super::digits::decimal;

/// The first line; two more lines are the same in every file.
pub(crate) const MAGIC: &[u8] = b"\xa1\x02\x8b\x0dCyrus mailbox header\n";

/// The type letter of a mailbox in a directory of its own name; see [`MailboxHeader::kind`].
pub(crate) const NAMED: u8 = b'l';

const MAGIC_LINES: usize = 3;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MailboxHeader {
    /// The internal name. Old versions lack it; in a directory of its own name, it is the name at creation.
    pub name: Option<Vec<u8>>,
    /// Type letters: `e` mail, `c` calendar, `a` address book; and [`NAMED`].
    pub kind: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HeaderError {
    #[error("it does not begin with the magic of a mailbox header")]
    NoMagic,
    #[error("it ends too early")]
    Cut,
    #[error("it is not a list of keys and values")]
    NoList,
}

pub(crate) fn is_header(beginning: &[u8]) -> bool {
    beginning.starts_with(MAGIC)
}

impl MailboxHeader {
    /// # Errors
    ///
    /// Fails if the magic is missing or the file is truncated.
    pub(crate) fn parse(bytes: &[u8]) -> Result<MailboxHeader, HeaderError> {
        if !is_header(bytes) {
            return Err(HeaderError::NoMagic);
        }
        let rest = bytes.splitn(MAGIC_LINES + 1, |&byte| byte == b'\n').nth(MAGIC_LINES).ok_or(HeaderError::Cut)?;
        match rest.strip_prefix(b"%(") {
            Some(list) => MailboxHeader::list(list),
            // Before Cyrus 3.6 the name is in the path.
            None if rest.contains(&b'\n') => Ok(MailboxHeader::default()),
            None => Err(HeaderError::Cut),
        }
    }

    /// Cyrus 3.6 and later.
    fn list(bytes: &[u8]) -> Result<MailboxHeader, HeaderError> {
        let mut header = MailboxHeader::default();
        let mut tokens = Tokens(bytes);
        loop {
            let key = match tokens.next()? {
                Token::Close => return Ok(header),
                Token::Text(key) => key,
                Token::Open => return Err(HeaderError::NoList),
            };
            let value = tokens.value()?;
            match (&*key, value) {
                (b"N", Some(name)) => header.name = Some(name.into_owned()),
                (b"T", Some(kind)) => header.kind = kind.into_owned(),
                _ => {}
            }
        }
    }
}

enum Token<'a> {
    /// `(` or `%(`.
    Open,
    /// `)`.
    Close,
    Text(Cow<'a, [u8]>),
}

/// The unread rest of a list.
struct Tokens<'a>(&'a [u8]);

impl<'a> Tokens<'a> {
    fn next(&mut self) -> Result<Token<'a>, HeaderError> {
        let rest = self.0.trim_ascii_start();
        let (token, rest) = match rest {
            [b')', rest @ ..] => (Token::Close, rest),
            [b'(', rest @ ..] | [b'%', b'(', rest @ ..] => (Token::Open, rest),
            [b'"', rest @ ..] => quoted(rest)?,
            [b'{', rest @ ..] => literal(rest)?,
            _ => atom(rest)?,
        };
        self.0 = rest;
        Ok(token)
    }

    /// `None` for a list, which is skipped at any depth.
    fn value(&mut self) -> Result<Option<Cow<'a, [u8]>>, HeaderError> {
        let mut depth: usize = 0;
        loop {
            match self.next()? {
                Token::Open => depth = depth.saturating_add(1),
                Token::Close => depth = depth.checked_sub(1).ok_or(HeaderError::NoList)?,
                // NIL without quotes is not text.
                Token::Text(text) if depth == 0 => return Ok(Some(text).filter(|text| **text != *b"NIL")),
                Token::Text(_) => {}
            }
            if depth == 0 {
                return Ok(None);
            }
        }
    }
}

/// A token and the rest.
type Parsed<'a> = Result<(Token<'a>, &'a [u8]), HeaderError>;

/// An atom ends before a blank or a closing bracket; at the end of the file it may be truncated.
fn atom(text: &[u8]) -> Parsed<'_> {
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || *byte == b')';
    let end = text.iter().position(is_end).ok_or(HeaderError::Cut)?;
    let (atom, rest) = text.split_at_checked(end).ok_or(HeaderError::Cut)?;
    Ok((Token::Text(Cow::Borrowed(atom)), rest))
}

/// After the `"`; a backslash escapes the next byte.
fn quoted(text: &[u8]) -> Parsed<'_> {
    let mut quoted = Vec::new();
    let mut bytes = text.iter();
    loop {
        match bytes.next().ok_or(HeaderError::Cut)? {
            b'"' => return Ok((Token::Text(Cow::Owned(quoted)), bytes.as_slice())),
            b'\\' => quoted.push(*bytes.next().ok_or(HeaderError::Cut)?),
            byte => quoted.push(*byte),
        }
    }
}

/// After the `{`: the byte count, and the bytes after the line end.
fn literal(text: &[u8]) -> Parsed<'_> {
    let end = text.iter().position(|&byte| byte == b'}').ok_or(HeaderError::Cut)?;
    let (length, rest) = text.split_at_checked(end).ok_or(HeaderError::Cut)?;
    let length = decimal(length.strip_suffix(b"+").unwrap_or(length)).ok_or(HeaderError::NoList)?;
    let length = usize::try_from(length).map_err(|_| HeaderError::NoList)?;
    let rest = rest.strip_prefix(b"}\r\n").or(rest.strip_prefix(b"}\n")).ok_or(HeaderError::NoList)?;
    let (text, rest) = rest.split_at_checked(length).ok_or(HeaderError::Cut)?;
    Ok((Token::Text(Cow::Borrowed(text)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOKE: &str =
        "\"The best thing about this system was that it had lots of goals.\"\n\t--Jim Morris on Andrew\n";

    fn parse(text: &str) -> Result<MailboxHeader, HeaderError> {
        MailboxHeader::parse(&[MAGIC, JOKE.as_bytes(), text.as_bytes()].concat())
    }

    fn text(bytes: &Option<Vec<u8>>) -> Option<&str> {
        bytes.as_deref().map(|bytes| std::str::from_utf8(bytes).unwrap())
    }

    #[test]
    fn headers_of_cyrus_3_6_parse() {
        let header = parse("%(T e N example.org!user.ann I uvs7eb7q A %(ann@example.org lrswipkxtecdan))\n").unwrap();
        assert_eq!((text(&header.name), header.kind.as_slice()), (Some("example.org!user.ann"), &b"e"[..]));
        let all = "%(T ce N \"user.ann.To do\" I z5 Q user.ann A %(\"sp ace\" lrs bob lr) U (A ($x) \")\"))\n";
        let header = parse(all).unwrap();
        assert_eq!((text(&header.name), header.kind.as_slice()), (Some("user.ann.To do"), &b"ce"[..]));
    }

    #[test]
    fn all_string_forms_parse() {
        for (written, name) in [
            (r#""user.a(b)c""#, Some("user.a(b)c")),
            (r#""a\"b\\c""#, Some(r#"a"b\c"#)),
            ("{5+}\r\na b)c", Some("a b)c")),
            ("{3}\r\n\"x\"", Some("\"x\"")),
            ("{0}\r\n", Some("")),
            ("user.ann.R&-D", Some("user.ann.R&-D")),
            ("NIL", None),
            ("(a %(b c))", None),
        ] {
            let header = parse(&format!("%(N {written} T x)")).unwrap_or_else(|error| panic!("{written}: {error}"));
            assert_eq!((text(&header.name), header.kind.as_slice()), (name, &b"x"[..]), "{written}");
        }
    }

    #[test]
    fn an_old_header_has_no_mailbox_name() {
        for lines in ["user.ann\t4cd5e1f300000001\n$Label1 \nann\tlrs\t\n", "\tabc\n\n\n", "user.ann\n\n\n"] {
            assert_eq!(parse(lines), Ok(MailboxHeader::default()), "{lines}");
        }
    }

    #[test]
    fn truncated_and_invalid_headers_are_refused() {
        let whole = "%(T e N \"user.ann\" I x A %(ann lrs))";
        for end in 2..whole.len() {
            assert_eq!(parse(&whole[..end]), Err(HeaderError::Cut), "{}", &whole[..end]);
        }
        assert_eq!(parse("user.ann\tabc"), Err(HeaderError::Cut));
        assert_eq!(MailboxHeader::parse(MAGIC), Err(HeaderError::Cut));
        assert_eq!(MailboxHeader::parse(&MAGIC[..10]), Err(HeaderError::NoMagic));
        assert_eq!(MailboxHeader::parse(b"\n\n\n%(N a)"), Err(HeaderError::NoMagic));
        assert_eq!(parse("%((N a))"), Err(HeaderError::NoList));
        assert_eq!(parse("%(N )"), Err(HeaderError::NoList));
        assert_eq!(parse("%(N {x}\r\na)"), Err(HeaderError::NoList));
        assert_eq!(parse("%(N {3}abc)"), Err(HeaderError::NoList));
        assert_eq!(parse("%(N {99999999999999999999999}\r\na)"), Err(HeaderError::NoList));
        assert_eq!(parse("%(N {18446744073709551615}\r\na)"), Err(HeaderError::Cut));
        assert_eq!(parse(&format!("%(A {}", "(".repeat(100_000))), Err(HeaderError::Cut));
    }
}
