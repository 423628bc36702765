//! Names are hostile bytes: they become text without loss, and that text becomes safe to show.

use std::borrow::Cow;
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use serde::Serialize;

/// Characters of a name in a table.
pub const LONGEST_CELL: usize = 64;

/// Bytes as text without loss: bytes that are not UTF-8 become `\xNN`, and so does a backslash that would read as the
/// start of such an escape.
///
/// ```
/// assert_eq!(mailrunway::model::escape::text(b"caf\xc3\xa9 \xff"), "caf\u{e9} \\xff");
/// assert_eq!(mailrunway::model::escape::text(br"\xff \x"), r"\x5cxff \x");
/// ```
pub fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        push_unambiguous(&mut text, chunk.valid());
        for byte in chunk.invalid() {
            write!(text, "\\x{byte:02x}").expect("writing to a string does not fail");
        }
    }
    text
}

/// Appends text, and escapes a backslash before `x` and two hexadecimal digits.
fn push_unambiguous(text: &mut String, mut rest: &str) {
    while let Some(at) = rest.find("\\x") {
        let digits = rest.as_bytes().get(at + 2..at + 4);
        text.push_str(&rest[..at]);
        text.push_str(if digits.is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit)) { "\\x5c" } else { "\\" });
        rest = &rest[at + 1..];
    }
    text.push_str(rest);
}

/// Text that cannot move a cursor, ring a bell, break a line or change the direction of reading: such characters become
/// escapes.
///
/// ```
/// assert_eq!(mailrunway::model::escape::printable("a\x1b[2Jb\n"), "a\\u{1b}[2Jb\\n");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    match text.contains(is_hostile) {
        true => Cow::Owned(escaped(text, |safe, character| safe.extend(character.escape_default()))),
        false => Cow::Borrowed(text),
    }
}

fn escaped(text: &str, escape: impl Fn(&mut String, char)) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match is_hostile(character) {
            true => escape(&mut safe, character),
            false => safe.push(character),
        }
    }
    safe
}

/// Printable text for a table cell, where a long name would push the figures out of sight: beyond [`LONGEST_CELL`]
/// characters only the beginning and the end, which tell domains and numbers apart.
///
/// ```
/// let long = format!("{}@example.org", "x".repeat(400));
/// let brief = mailrunway::model::escape::brief(&long);
/// assert!(brief.starts_with("xxx") && brief.ends_with("xx@example.org") && brief.contains('…'));
/// assert_eq!(mailrunway::model::escape::brief("ann@example.org\n"), "ann@example.org\\n");
/// ```
pub fn brief(text: &str) -> String {
    let printable = printable(text);
    let length = printable.chars().count();
    if length <= LONGEST_CELL {
        return printable.into_owned();
    }
    let end = LONGEST_CELL / 3;
    let kept = printable.chars().take(LONGEST_CELL - end - 1).chain(['…']);
    kept.chain(printable.chars().skip(length - end)).collect()
}

/// A value as JSON on one line, safe for a terminal: the characters that [`printable`] escapes become JSON escapes, which
/// JSON itself requires only below U+0020.
///
/// ```
/// assert_eq!(mailrunway::model::escape::json(&"a\u{9b}2J\u{202e}b\n"), r#""a\u009b2J\u202eb\n""#);
/// ```
///
/// # Panics
/// If the value has no JSON form, such as a map whose keys are not text.
pub fn json(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).expect("numbers, dates and strings always have a JSON form");
    if !json.contains(is_hostile) {
        return json;
    }
    escaped(&json, |safe, character| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            write!(safe, "\\u{unit:04x}").expect("writing to a string does not fail");
        }
    })
}

/// A path as text without loss.
pub fn path_text(path: &Path) -> String {
    text(path.as_os_str().as_bytes())
}

/// A path as printable text.
pub fn path(path: &Path) -> String {
    printable(&text(path.as_os_str().as_bytes())).into_owned()
}

/// Control characters, line separators, marks that change the direction of text or have no width, and code points that
/// are not characters and therefore not allowed in XML.
fn is_hostile(character: char) -> bool {
    let hidden = matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    hidden || character.is_control() || u32::from(character) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_unchanged() {
        for name in ["INBOX", "Entwürfe", "日本語", "a b&c~", ""] {
            assert_eq!(printable(name), name);
        }
    }

    #[test]
    fn escaped_json_reads_back_unchanged() {
        let name = "a\r\n\u{1b}\u{7f}\u{9b}31m\u{202e}\u{2028}\u{feff}\u{ffff}\u{e0041}\u{1f4ec}\"\\ü";
        let json = json(&[name]);
        assert!(!json.contains(is_hostile), "{json:?}");
        assert!(json.ends_with("\\uffff\\udb40\\udc41\u{1f4ec}\\\"\\\\ü\"]"), "{json}");
        assert_eq!(serde_json::from_str::<[String; 1]>(&json).unwrap(), [name]);
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(printable("\u{202e}txt.exe"), "\\u{202e}txt.exe");
        assert_eq!(printable("a\r\nBcc: b"), "a\\r\\nBcc: b");
        assert_eq!(printable("\u{9b}31m"), "\\u{9b}31m");
        assert_eq!(printable("\u{ffff}\u{feff}\u{0}"), "\\u{ffff}\\u{feff}\\u{0}");
    }
}
