//! The report as one HTML page that needs nothing else: no network, no script, no file beside it.

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::document::Document;
use crate::error::{Error, Result};

/// The document as a page of its own, whose pictures are SVG.
///
/// # Errors
/// If the template is wrong, which a test would have shown.
pub fn render(document: &Document) -> Result<String> {
    // The names' endings make minijinja escape every value.
    filled("page.html", include_str!("page.html"), document)
}

/// The document as the HTML part of a letter, whose pictures are PNG in other parts of it, found by `cid:` and their names.
///
/// Clients for mail leave out style sheets, grids and what is folded, so every element has its own style.
///
/// # Errors
/// As [`render`].
pub fn letter(document: &Document) -> Result<String> {
    filled("letter.html", include_str!("letter.html"), document)
}

/// What the templates are filled with.
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

/// The text without a line break before a percent sign.
fn unbroken(text: &str) -> String {
    text.replace(" %", "\u{a0}%")
}
