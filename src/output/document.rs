//! A document of headings, verdicts, facts, tables and pictures, before it is rendered.
//!
//! All text in a document is printable. The renderers escape it for their markup.

use serde::Serialize;

use crate::model::escape;
use crate::output::picture::Picture;
use crate::planning::verdict::Status;

/// The answer of a command.
#[derive(Clone, Debug, Serialize)]
pub struct Document<'a> {
    pub(crate) head: Option<Head>,
    pub(crate) blocks: Vec<Block<'a>>,
}

/// The head and foot of a whole page; a short answer has none.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Head {
    pub(crate) status: Status,
    pub(crate) title: String,
    /// The answer in one sentence.
    pub(crate) summary: String,
    /// When the stores were scanned, and how often.
    pub(crate) scanned: Option<String>,
    pub(crate) today: String,
    pub(crate) warnings: Vec<String>,
    /// Printed at the foot: the rule of the status, and the meaning of the numbers.
    pub(crate) notes: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub(crate) enum Block<'a> {
    Section(Section<'a>),
    Verdict(Sentence),
    /// One paragraph.
    Say {
        text: String,
    },
    Facts {
        facts: Vec<Fact>,
    },
    Table(Table),
    List {
        items: Vec<String>,
    },
    /// Steps to tick off.
    Checklist {
        items: Vec<String>,
    },
    Picture(&'a Picture),
    /// Collapsed where the format allows it.
    Details {
        summary: String,
        blocks: Vec<Block<'a>>,
    },
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Section<'a> {
    /// Names the section for style sheets.
    pub(crate) key: &'static str,
    pub(crate) status: Option<Status>,
    pub(crate) heading: String,
    pub(crate) blocks: Vec<Block<'a>>,
}

/// A status with the sentence that explains it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Sentence {
    pub(crate) status: Status,
    /// The status as a word: RED, or NO-GO.
    pub(crate) word: &'static str,
    pub(crate) text: String,
    /// Further sentences, each on a line of its own.
    pub(crate) details: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) value: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Table {
    pub(crate) caption: Option<String>,
    pub(crate) columns: Vec<String>,
    /// The number of left-aligned columns, which hold text; the others hold figures.
    pub(crate) left: usize,
    /// Each has as many cells as there are columns.
    pub(crate) rows: Vec<Vec<String>>,
    /// Whether the last row sums up the others.
    pub(crate) has_total: bool,
}

impl<'a> Document<'a> {
    /// A short answer, without a head.
    pub(crate) fn short(blocks: Vec<Block<'a>>) -> Document<'a> {
        Document { head: None, blocks }
    }
}

impl<'a> Section<'a> {
    pub(crate) fn new(key: &'static str, heading: impl Into<String>, blocks: Vec<Block<'a>>) -> Section<'a> {
        Section { key, status: None, heading: heading.into(), blocks }
    }
}

impl Table {
    /// A table without rows yet; the first column holds text.
    pub(crate) fn new(columns: &[&str]) -> Table {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        Table { caption: None, columns, left: 1, rows: Vec::new(), has_total: false }
    }

    pub(crate) fn with<R: Into<Vec<String>>>(self, rows: impl IntoIterator<Item = R>) -> Table {
        Table { rows: rows.into_iter().map(Into::into).collect(), ..self }
    }

    /// `None` without rows.
    pub(crate) fn block<'a>(self) -> Option<Block<'a>> {
        (!self.rows.is_empty()).then_some(Block::Table(self))
    }

    pub(crate) fn captioned(caption: impl Into<String>, columns: &[&str]) -> Table {
        Table { caption: Some(caption.into()), ..Table::new(columns) }
    }
}

pub(crate) fn section<'a>(heading: impl Into<String>, blocks: Vec<Block<'a>>) -> Block<'a> {
    Block::Section(Section::new("", heading, blocks))
}

pub(crate) fn verdict<'a>(status: Status, text: String, details: Vec<String>) -> Block<'a> {
    Block::Verdict(Sentence { status, word: status.word(), text, details })
}

pub(crate) fn say<'a>(text: impl Into<String>) -> Block<'a> {
    Block::Say { text: text.into() }
}

pub(crate) fn fact(name: impl Into<String>, value: impl Into<String>) -> Fact {
    Fact { name: name.into(), value: value.into() }
}

pub(crate) fn printable(name: &str) -> String {
    escape::printable(name).into_owned()
}
