//! A strict XML reader for HTML and SVG: elements, attributes and text.

use std::collections::BTreeSet;

use super::comparison;

/// A piece of markup.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Open(String, Vec<(String, String)>),
    Close(String),
    Text(String),
}

/// HTML elements without an end tag.
const VOID: [&str; 3] = ["meta", "br", "img"];
const DOCTYPE: &str = "<!DOCTYPE html>";

/// The pieces, or the first syntax error.
pub fn read(markup: &str) -> Result<Vec<Piece>, String> {
    let mut rest = markup.strip_prefix(DOCTYPE).unwrap_or(markup);
    let (mut pieces, mut open) = (Vec::new(), Vec::new());
    while !rest.is_empty() {
        let start = rest.find('<').unwrap_or(rest.len());
        if start > 0 {
            pieces.push(Piece::Text(decoded(&rest[..start])?));
            rest = &rest[start..];
        } else if let Some(closing) = rest.strip_prefix("</") {
            let (name, after) = closing.split_once('>').ok_or("a tag does not end")?;
            if open.pop().as_deref() != Some(name) {
                return Err(format!("</{name}> closes what is not open"));
            }
            pieces.push(Piece::Close(name.to_owned()));
            rest = after;
        } else {
            let (name, attributes, is_closed, after) = tag(&rest[1..])?;
            pieces.push(Piece::Open(name.clone(), attributes));
            rest = after;
            if name == "style" {
                rest = rest.split_once("</style>").ok_or("the style does not end")?.1;
            } else if is_closed {
                pieces.push(Piece::Close(name));
            } else if !VOID.contains(&name.as_str()) {
                open.push(name);
            }
        }
    }
    if open.is_empty() { Ok(pieces) } else { Err(format!("{open:?} are open")) }
}

/// A tag's name and attributes, whether it closes itself, and what follows it.
type Tag<'a> = (String, Vec<(String, String)>, bool, &'a str);

fn tag(text: &str) -> Result<Tag<'_>, String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':');
    let word = |text: &str| text.find(|c| !is_name(c)).unwrap_or(text.len());
    let end = word(text);
    let (name, mut rest) = (text[..end].to_owned(), &text[end..]);
    if name.is_empty() {
        return Err(format!("no tag: {:?}", rest.chars().take(20).collect::<String>()));
    }
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return Ok((name, attributes, true, after));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Ok((name, attributes, false, after));
        }
        let end = word(rest);
        let (key, after) = rest.split_at(end);
        let value = after.strip_prefix("=\"").and_then(|value| value.split_once('"'));
        let (value, after) = value.ok_or_else(|| format!("an attribute of {name} is malformed: {key:?}"))?;
        attributes.push((key.to_owned(), decoded(value)?));
        rest = after;
    }
}

/// Text with its entities decoded; other entities than the expected ones are errors.
fn decoded(text: &str) -> Result<String, String> {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<']) {
        decoded.push_str(&rest[..at]);
        let (entity, after) = rest[at..].split_once(';').ok_or_else(|| format!("a bare sign in {text:?}"))?;
        decoded.push(match entity {
            "&amp" => '&',
            "&lt" => '<',
            "&gt" => '>',
            "&quot" => '"',
            "&#x27" | "&#39" | "&apos" => '\'',
            "&#x2f" => '/',
            _ => return Err(format!("{entity:?} is not a known entity: {text:?}")),
        });
        rest = after;
    }
    // HTML joins a percent sign with its number.
    Ok((decoded + rest).replace("\u{a0}%", " %"))
}

/// The pieces outside of pictures, and the pieces of pictures.
fn without_pictures(pieces: &[Piece]) -> (Vec<Piece>, Vec<Piece>) {
    let mut is_inside = false;
    pieces.iter().cloned().partition(|piece| {
        let begins = matches!(piece, Piece::Open(name, _) if name == "svg");
        let ends = matches!(piece, Piece::Close(name) if name == "svg");
        let inside = is_inside || begins;
        is_inside = inside && !ends;
        !inside
    })
}

/// Checks that a page equals the tame one in elements and attributes, except for names in its text and in the
/// descriptions of pictures. A picture may have more or fewer elements, since long names leave less space, but no others.
#[track_caller]
pub fn assert_alike(what: &str, page: &str, tame: &str) {
    let [page, tame] = [page, tame].map(|page| read(page).unwrap_or_else(|why| panic!("{what}: {why}: {page}")));
    let ((page, pictures), (tame, tame_pictures)) = (without_pictures(&page), without_pictures(&tame));
    for (piece, tame) in page.iter().zip(&tame) {
        match (piece, tame) {
            (Piece::Text(text), Piece::Text(tame)) => comparison::assert_alike(what, text, tame),
            (Piece::Open(name, attributes), Piece::Open(tame_name, tame)) => {
                assert_eq!((name, attributes.len()), (tame_name, tame.len()), "{what}");
                for ((key, value), (tame_key, tame)) in attributes.iter().zip(tame) {
                    assert_eq!(key, tame_key, "{what}");
                    match key.as_str() {
                        "alt" => comparison::assert_alike(what, value, tame),
                        // The id of a picture depends on its content.
                        "src" => assert!(value.starts_with("cid:") && tame.starts_with("cid:"), "{what}: {value}"),
                        _ => assert_eq!(value, tame, "{what}"),
                    }
                }
            }
            _ => assert_eq!(piece, tame, "{what}"),
        }
    }
    assert_eq!(page.len(), tame.len(), "{what}");
    Vocabulary::of_pieces(&tame_pictures).assert_holds(&pictures);
    for element in ["svg", "title", "desc"] {
        let words = |pieces: &[Piece]| -> Vec<String> {
            let is_it = |piece: &Piece| matches!(piece, Piece::Open(name, _) if name == element);
            let of_each = pieces.windows(2).filter(|pair| is_it(&pair[0]));
            of_each
                .filter_map(|pair| if let Piece::Text(text) = &pair[1] { Some(text.clone()) } else { None })
                .collect()
        };
        let (words, tame) = (words(&pictures), words(&tame_pictures));
        assert_eq!(words.len(), tame.len(), "{what}: {element}");
        words.iter().zip(&tame).for_each(|(text, tame)| comparison::assert_alike(what, text, tame));
    }
}

/// The elements of pictures with their attributes.
#[derive(Debug)]
pub struct Vocabulary(BTreeSet<(String, Vec<String>)>);

impl Vocabulary {
    /// The elements of the pictures on a page, or of one picture.
    pub fn from_markup(markup: &str) -> Vocabulary {
        Vocabulary::of_pieces(&without_pictures(&read(markup).expect("it can be read")).1)
    }

    fn of_pieces(pieces: &[Piece]) -> Vocabulary {
        Vocabulary(pieces.iter().filter_map(element).collect())
    }

    /// Checks that the pieces have no other elements, and only numbers and words in attributes.
    #[track_caller]
    pub fn assert_holds(&self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Open(_, attributes) => {
                    let element = element(piece).expect("it is one");
                    assert!(self.0.contains(&element), "{piece:?} is not in a tame picture");
                    let is_plain = |c: char| c.is_ascii_alphanumeric() || " .,:;#%/()-'".contains(c);
                    let plain = attributes.iter().all(|(_, value)| value.chars().all(is_plain));
                    assert!(plain, "{piece:?}");
                }
                Piece::Text(text) => text.split('\n').for_each(|line| comparison::assert_harmless("picture", line)),
                Piece::Close(_) => {}
            }
        }
    }
}

fn element(piece: &Piece) -> Option<(String, Vec<String>)> {
    let Piece::Open(name, attributes) = piece else { return None };
    Some((name.clone(), attributes.iter().map(|(key, _)| key.clone()).collect()))
}
