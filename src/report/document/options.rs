//! What can we do?

use super::safe::capital;
use super::{Block, Section, Table, printable, say};
use crate::report::{PictureKind, Report, Subject};
use crate::scenario::{Comparison, Row, Setting, text};

pub(super) fn section<'a>(report: &'a Report, subject: &'a Subject) -> Option<Section<'a>> {
    let mut blocks: Vec<Block> = subject.what_ifs.iter().flat_map(|comparison| of_one(report, comparison)).collect();
    if blocks.is_empty() {
        blocks.push(say(
            "The settings name no scenario. `mailrunway whatif add=1TiB retain=Trash:30d` shows what a disk more or a rule \
             of retention buys; what_if of [report] in the settings makes them part of this report.",
        ));
    }
    blocks.extend(subject.pictures_of(PictureKind::WhatIf).map(Block::Picture));
    Some(Section { key: "options", question: "What can we do?", blocks })
}

fn of_one<'a>(report: &Report, comparison: &Comparison) -> Vec<Block<'a>> {
    let setting = Setting {
        resource: comparison.base.forecast.resource,
        units: report.units,
        horizon_days: report.horizon.0,
        as_of: comparison.base.forecast.as_of,
        pace: 0.0,
    };
    let rows: Vec<&Row> = std::iter::once(&comparison.base).chain(comparison.rows.iter().flatten()).collect();
    let within = format!("P(full in {})", report.policy.lead_time);
    let columns = ["", "full on", "80 % range", &within, "buys", "frees at once"];
    let mut table = Table::new(capital(comparison.base.forecast.resource), &columns);
    table.left = 3;
    table.rows = rows.iter().enumerate().map(|(index, row)| text::cells(row, index > 0, &setting)).collect();
    let mut blocks = vec![Block::Table(table)];
    let basis = rows.iter().flat_map(|row| row.basis.iter().map(|basis| format!("{}: {basis}", printable(&row.name))));
    let failed = comparison.rows.iter().filter_map(|row| row.as_ref().err()).map(text::why_not);
    let said: Vec<Block> = basis.chain(failed).map(say).collect();
    if !said.is_empty() {
        blocks.push(Block::Details { summary: "From what this was computed".to_owned(), blocks: said });
    }
    blocks
}
