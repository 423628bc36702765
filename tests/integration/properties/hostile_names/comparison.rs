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
fn squeezed(text: &str) -> String {
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

/// Checks that a text for a terminal has the tame one's letters, and harmless ones in place of names. Wide letters change
/// where tables fold, and with it the order.
#[track_caller]
pub fn assert_same_letters(what: &str, text: &str, tame: &str) {
    assert_harmless(what, &text.replace('\n', ""));
    let letters = |text: &str| {
        let mut letters: Vec<char> = text.chars().filter(|c| ![' ', '\n'].contains(c)).collect();
        letters.sort_unstable();
        letters
    };
    let (mut found, tame_letters) = (letters(text), letters(tame));
    assert_eq!(found.len(), tame_letters.len(), "{what}:\n{text}\n{tame}");
    for letter in tame_letters.into_iter().filter(|&letter| !is_of_a_name(letter)) {
        let place = found.binary_search(&letter).unwrap_or_else(|_| panic!("{what}: no {letter:?} in\n{text}\n{tame}"));
        found.remove(place);
    }
}
