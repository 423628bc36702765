//! Text in lines that break between words.

use textwrap::core::display_width;

use super::WIDTH;

/// Letters of a unit or noun that stays with its number.
const LONGEST_UNIT: usize = 12;

/// Text in lines of at most [`WIDTH`] columns, the first after `first`, the others after `rest`. A longer word stands alone.
pub(crate) fn wrapped(text: &str, first: &str, rest: &str) -> Vec<String> {
    let (mut lines, mut line, mut has_word) = (Vec::new(), first.to_owned(), false);
    for word in words(text) {
        let gap = usize::from(has_word);
        let fits = display_width(&line) + gap + display_width(word) <= WIDTH;
        if !fits && !line.trim().is_empty() {
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
        } else if has_word {
            line.push(' ');
        }
        line.push_str(word);
        has_word = true;
    }
    lines.push(line);
    lines
}

/// The words of a text. A number and its unit, and a date, are one word: `149 weeks`, `23 Jan 2027`.
pub(super) fn words(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    let (mut start, mut end) = (0, 0);
    let mut last = "";
    for word in text.split(' ') {
        let next = end + word.len();
        if end > 0 && !belongs(last, word) {
            words.push(&text[start..end - 1]);
            start = end;
        }
        (end, last) = (next + 1, word);
    }
    words.push(&text[start..]);
    words
}

/// Whether a word is the unit, month or year of the one before it.
fn belongs(before: &str, word: &str) -> bool {
    let is_number =
        |text: &str| text.trim_start_matches(['+', '-', '−', '±', '(']).starts_with(|c: char| c.is_ascii_digit());
    let is_month =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].contains(&before);
    match is_number(word) {
        true => is_month,
        false => is_number(before) && word.len() <= LONGEST_UNIT && !before.ends_with([',', ';', ':']) && word != "to",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_keep_all_words() {
        let text = "the quick brown fox jumps over the lazy dog ".repeat(12) + &"x".repeat(150);
        let lines = wrapped(&text, "    ", "    ");
        let (last, before) = lines.split_last().unwrap();
        assert!(before.iter().all(|line| line.starts_with("    ") && line.len() <= WIDTH), "{lines:?}");
        assert_eq!(last.trim_start().len(), 150);
        let words = lines.join("\n");
        assert_eq!(words.split_whitespace().collect::<Vec<_>>(), text.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn a_long_word_stands_below_what_precedes_it() {
        let long = "x".repeat(79);
        assert_eq!(wrapped(&long, "name  ", "      "), ["name  ".to_owned(), format!("      {long}")]);
        assert_eq!(wrapped("", "name  ", "  "), ["name  "]);
    }

    #[test]
    fn words_keep_numbers_with_their_units() {
        assert_eq!(words("19 Dec 2026 to 12 May 2027"), ["19 Dec 2026", "to", "12 May 2027"]);
        assert_eq!(words("at least 149 weeks"), ["at", "least", "149 weeks"]);
        assert_eq!(words("P(full in 90 days)"), ["P(full", "in", "90 days)"]);
        assert_eq!(words("under 1 %"), ["under", "1 %"]);
        assert_eq!(words(""), [""]);
    }
}
