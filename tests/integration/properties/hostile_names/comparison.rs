//! Compares two texts that may differ only in names.

use super::generator::is_of_a_name;

/// Whether a character has an effect of its own: it moves the cursor, breaks the line, is invisible, or changes the reading
/// direction.
fn has_power(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Checks that a text of one line has no such character.
#[track_caller]
pub fn assert_harmless(what: &str, text: &str) {
    assert!(!text.contains(has_power), "{what}: {text:?}");
}

/// A text with runs of blanks and line ends replaced by one blank, since wide letters change the line breaks.
pub fn squeezed(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for c in text.chars().map(|c| if c == '\n' { ' ' } else { c }) {
        if c != ' ' || !squeezed.ends_with(' ') {
            squeezed.push(c);
        }
    }
    squeezed
}

/// Checks that a text equals the tame one, except for harmless letters in place of names.
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
