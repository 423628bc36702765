//! What can we do?

use super::safe::capital;
use crate::output::document::{Block, Section, Table, say};
use crate::output::picture::{Picture, PictureKind, of_kind};
use crate::output::view::whatif as text;
use crate::planning::report::{Report, Subject};
use crate::planning::whatif::Comparison;

pub(crate) fn section<'a>(report: &'a Report, subject: &'a Subject, pictures: &'a [Picture]) -> Option<Section<'a>> {
    let mut blocks: Vec<Block> = subject.what_ifs.iter().flat_map(|comparison| of_one(report, comparison)).collect();
    if blocks.is_empty() {
        blocks.push(say(
            "The settings name no scenario. `mailrunway whatif add=1TiB retain=Trash:30d` shows what a disk more or a rule \
             of retention buys; what_if of [report] in the settings makes them part of this report.",
        ));
    }
    blocks.extend(of_kind(pictures, PictureKind::WhatIf).map(Block::Picture));
    Some(Section { key: "options", question: "What can we do?", blocks })
}

fn of_one<'a>(report: &Report, comparison: &Comparison) -> Vec<Block<'a>> {
    let table = Table {
        caption: capital(comparison.base.forecast.resource).to_owned(),
        columns: text::columns(report.policy.lead_time).into(),
        left: text::LEFT,
        rows: text::rows(comparison, report.units, report.horizon),
        has_total: false,
    };
    let failed = comparison.rows.iter().filter_map(|row| row.as_ref().err()).map(text::why_not);
    let said: Vec<Block> = text::bases(comparison).into_iter().chain(failed).map(say).collect();
    let mut blocks = vec![Block::Table(table)];
    if !said.is_empty() {
        blocks.push(Block::Details { summary: "From what this was computed".to_owned(), blocks: said });
    }
    blocks
}
