//! Compares two texts that may differ in names only.

use super::generator::is_of_a_name;

/// Whether a character does more than stand where it stands: moves a cursor, breaks a line, hides, or turns the direction
/// of reading.
fn has_power(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Fails where a text of one line has such a character.
#[track_caller]
pub fn assert_harmless(what: &str, text: &str) {
    assert!(!text.contains(has_power), "{what}: {text:?}");
}

/// A text of which runs of blanks and ends of lines are one blank, since wide letters leave less room beside them.
pub fn squeezed(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for c in text.chars().map(|c| if c == '\n' { ' ' } else { c }) {
        if c != ' ' || !squeezed.ends_with(' ') {
            squeezed.push(c);
        }
    }
    squeezed
}

/// Fails unless a text is the tame one, letter by letter, but for harmless letters where a name stands.
#[track_caller]
pub fn assert_alike(what: &str, text: &str, tame: &str) {
    let (text, tame) = (squeezed(text), squeezed(tame));
    let (text, tame) = (text.trim_end(), tame.trim_end());
    let is_alike = |(c, tame): (char, char)| match is_of_a_name(tame) {
        true => c != ' ' && !has_power(c),
        false => c == tame,
    };
    let counts = (text.chars().count(), tame.chars().count());
    let alike = counts.0 == counts.1 && text.chars().zip(tame.chars()).all(is_alike);
    assert!(alike, "{what}: {counts:?}\n{text:?}\n{tame:?}");
}
