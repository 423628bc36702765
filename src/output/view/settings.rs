//! What is settled, and where.

use std::path::Path;

use crate::model::escape;
use crate::model::settled::{Origin, Settled};
use crate::output::document::{Block, Document, Table, printable, say};

/// One row for each setting, below where the settings file is.
pub(crate) fn settled(all: &[Settled], file: &Path, exists: bool) -> Document<'static> {
    let missing = if exists { "" } else { ", which does not exist" };
    let from = |one: &Settled| match one.from {
        Origin::Flag => "flag".to_owned(),
        Origin::Environment => "environment".to_owned(),
        Origin::File => format!("line {}", one.line.unwrap_or_default()),
        Origin::Default => "default".to_owned(),
    };
    let row = |one: &Settled| [printable(&one.key), printable(&one.value), from(one)];
    let table = Table { left: 3, ..Table::new(&["setting", "value", "from"]).with(all.iter().map(row)) };
    let heading = say(format!("Settings file: {}{missing}", escape::path(file)));
    Document::short(vec![heading, Block::Table(table)])
}
