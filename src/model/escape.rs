//! Names are hostile bytes: how they become text, and how that text becomes safe to show.

use std::borrow::Cow;
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use serde::Serialize;

/// Characters of a name in a table.
pub const LONGEST_CELL: usize = 64;

/// Bytes as text in which nothing is lost: what is not UTF-8 is written `\xNN`, and so is a backslash that would read as
/// the beginning of that.
///
/// ```
/// assert_eq!(mailrunway::escape::text(b"caf\xc3\xa9 \xff"), "caf\u{e9} \\xff");
/// assert_eq!(mailrunway::escape::text(br"\xff \x"), r"\x5cxff \x");
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

/// Appends text; a backslash before `x` and two hexadecimal digits would be taken for one of ours.
fn push_unambiguous(text: &mut String, mut rest: &str) {
    while let Some(at) = rest.find("\\x") {
        let digits = rest.as_bytes().get(at + 2..at + 4);
        text.push_str(&rest[..at]);
        text.push_str(if digits.is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit)) { "\\x5c" } else { "\\" });
        rest = &rest[at + 1..];
    }
    text.push_str(rest);
}

/// Text that cannot move a cursor, ring a bell, break a line or turn the direction of reading: such characters are
/// written as escapes.
///
/// ```
/// assert_eq!(mailrunway::escape::printable("a\x1b[2Jb\n"), "a\\u{1b}[2Jb\\n");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match is_hostile(character) {
            true => safe.extend(character.escape_default()),
            false => safe.push(character),
        }
    }
    Cow::Owned(safe)
}

/// Printable text for a cell of a table, where a long name would push the figures out of sight: of more than
/// [`LONGEST_CELL`] characters the beginning and the end, by which domains and numbers are told apart.
///
/// ```
/// let long = format!("{}@example.org", "x".repeat(400));
/// let brief = mailrunway::escape::brief(&long);
/// assert!(brief.starts_with("xxx") && brief.ends_with("xx@example.org") && brief.contains('…'));
/// assert_eq!(mailrunway::escape::brief("ann@example.org\n"), "ann@example.org\\n");
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

/// A value as JSON on one line. Names are whole in it and have no power over a terminal either, where people look at JSON
/// too: characters that [`printable`] escapes are written as JSON's own escapes, which it asks for below U+0020 only.
///
/// ```
/// assert_eq!(mailrunway::escape::json(&"a\u{9b}2J\u{202e}b\n"), r#""a\u009b2J\u202eb\n""#);
/// ```
///
/// # Panics
/// If the value has no JSON form, as a table with keys that are no text; numbers, dates and strings have one.
pub fn json(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).expect("numbers, dates and strings always have a JSON form");
    if !json.contains(is_hostile) {
        return json;
    }
    let mut safe = String::with_capacity(json.len() + 8);
    let mut units = [0; 2];
    for character in json.chars() {
        match is_hostile(character) {
            true => character.encode_utf16(&mut units).iter().for_each(|unit| {
                write!(safe, "\\u{unit:04x}").expect("writing to a string does not fail");
            }),
            false => safe.push(character),
        }
    }
    safe
}

/// A path as text in which nothing is lost.
pub fn path_text(path: &Path) -> String {
    text(path.as_os_str().as_bytes())
}

/// A path as printable text.
pub fn path(path: &Path) -> String {
    printable(&text(path.as_os_str().as_bytes())).into_owned()
}

/// Control characters, separators of lines, marks that change the direction of text or have no width, and what is no
/// character at all and therefore not allowed in XML.
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
