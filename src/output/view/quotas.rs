//! The mailboxes that reach their quota first.

use super::ViewOptions;
use crate::output::document::{Block, Document, Table, say, section};
use crate::planning::verdict::quotas::{QuotaRanking, TEXT_COLUMNS};

pub(crate) fn document(soonest: &QuotaRanking, options: &ViewOptions) -> Document<'static> {
    let block = match &soonest.first[..] {
        [] => say("there is too little history to forecast any of them"),
        _ => Block::Table(table(soonest, options)),
    };
    Document::short(vec![section(format!("quotas: {}", soonest.sentence()), vec![block])])
}

fn table(soonest: &QuotaRanking, options: &ViewOptions) -> Table {
    let rows = soonest.first.iter().map(|one| one.cells(options.horizon, options.units));
    let table = Table::new(&soonest.columns().each_ref().map(String::as_str)).with(rows);
    Table { left: TEXT_COLUMNS, ..table }
}
