//! The report in words: sections, facts, tables and pictures, before they take the form of a terminal, a page or a letter.
//!
//! Every text in it is printable: names have been escaped for that, and not yet for any markup.

use serde::Serialize;

use crate::model::escape;
use crate::output::picture::Picture;
use crate::planning::verdict::Status;

/// The report in words.
#[derive(Clone, Debug, Serialize)]
pub struct Document<'a> {
    /// The worst status of all.
    pub status: Status,
    /// What it is about.
    pub title: String,
    /// The answer in one sentence.
    pub summary: String,
    /// When the stores were scanned, and how often.
    pub scanned: Option<String>,
    /// The day as of which is judged.
    pub today: String,
    /// What the reader has to know before all else.
    pub warnings: Vec<String>,
    /// One for each subject, the most urgent first.
    pub sheets: Vec<Sheet<'a>>,
    /// How a status is found, and what the numbers mean.
    pub notes: Vec<String>,
}

/// All that is said of one subject: what fits a sheet of paper on a meeting's table.
#[derive(Clone, Debug, Serialize)]
pub struct Sheet<'a> {
    /// The worst status of the subject.
    pub status: Status,
    /// The subject's name.
    pub name: String,
    /// The answers, in the order in which they are asked for.
    pub sections: Vec<Section<'a>>,
}

/// The answer to one question.
#[derive(Clone, Debug, Serialize)]
pub struct Section<'a> {
    /// A word by which a form can find it.
    pub key: &'static str,
    /// What is asked.
    pub question: &'static str,
    /// What is answered.
    pub blocks: Vec<Block<'a>>,
}

/// A part of an answer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Block<'a> {
    /// A status and the sentence to it.
    Verdict {
        /// How it stands.
        status: Status,
        /// Of what, and what is expected.
        text: String,
    },
    /// A sentence or some.
    Say {
        /// They.
        text: String,
    },
    /// Single figures.
    Facts {
        /// Each with its name.
        facts: Vec<Fact>,
    },
    /// Rows of figures.
    Table(Table),
    /// A picture.
    Picture(&'a Picture),
    /// What only some want to see.
    Details {
        /// What there is to see.
        summary: String,
        /// It.
        blocks: Vec<Block<'a>>,
    },
}

/// A figure and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// How much.
    pub value: String,
}

/// Rows of figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What the rows are.
    pub caption: String,
    /// The head of each column.
    pub columns: Vec<String>,
    /// How many columns hold text; those after them hold figures.
    pub left: usize,
    /// The cells, as many in each row as there are columns.
    pub rows: Vec<Vec<String>>,
    /// Whether the last row sums up the others.
    pub has_total: bool,
}

impl Table {
    /// A table without rows yet, of which the first column holds text.
    pub fn new(caption: impl Into<String>, columns: &[&str]) -> Table {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        Table { caption: caption.into(), columns, left: 1, rows: Vec::new(), has_total: false }
    }
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
