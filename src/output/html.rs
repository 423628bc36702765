//! A document as an HTML page without scripts or other files.

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::document::Document;
use crate::model::dates;
use crate::model::error::{Error, Result};

/// The document as a page with SVG pictures.
///
/// # Errors
/// If the template is wrong.
pub fn render(document: &Document) -> Result<String> {
    // minijinja escapes every value because of the extension .html.
    filled("page.html", include_str!("page.html"), document)
}

/// The document as the HTML part of a message, with PNG pictures in other parts.
///
/// Mail clients ignore style sheets, grids and collapsed parts, so every element has its own style.
///
/// # Errors
/// As [`render`].
pub fn letter(document: &Document) -> Result<String> {
    filled("letter.html", include_str!("letter.html"), document)
}

#[derive(Serialize)]
struct Page<'a> {
    document: &'a Document<'a>,
    version: &'static str,
}

fn filled(name: &str, template: &str, document: &Document) -> Result<String> {
    let failed = |e: minijinja::Error| Error::new("cannot write the page").because(e);
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("unbroken", unbroken);
    environment.add_template(name, template).map_err(failed)?;
    let page = Page { document, version: env!("CARGO_PKG_VERSION") };
    environment.get_template(name).and_then(|template| template.render(Serde(page))).map_err(failed)
}

/// Joins figures with their units, and days with their months, by a no-break space.
fn unbroken(text: &str) -> String {
    let mut unbroken = String::with_capacity(text.len());
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            unbroken.push(if unbroken.ends_with(|c: char| c.is_ascii_digit()) && is_unit(word) {
                '\u{a0}'
            } else {
                ' '
            });
        }
        unbroken.push_str(word);
    }
    unbroken
}

/// Whether a word, without punctuation, belongs to the figure before it.
fn is_unit(word: &str) -> bool {
    let end = word.find(|c: char| !c.is_ascii_alphabetic() && c != '%').unwrap_or(word.len());
    let (word, rest) = word.split_at(end);
    let is_size = word == "B"
        || matches!(word.strip_suffix('B'), Some("k" | "K" | "M" | "G" | "T" | "P" | "E"))
        || matches!(word.strip_suffix("iB"), Some("K" | "M" | "G" | "T" | "P" | "E"));
    !rest.starts_with(|c: char| c.is_alphanumeric()) && (word == "%" || is_size || dates::MONTHS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_do_not_break_from_their_units_or_months() {
        let text = unbroken("Full 19 May 2027 (80 %: 24 Feb), 190 MiB of 200 GB; 3 B! May 5 %x 7 Mars 2 weeks");
        assert_eq!(
            text.replace('\u{a0}', "~"),
            "Full 19~May 2027 (80~%: 24~Feb), 190~MiB of 200~GB; 3~B! May 5 %x 7 Mars 2 weeks"
        );
    }
}
