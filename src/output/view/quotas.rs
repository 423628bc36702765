//! The mailboxes that reach their quota first.

use super::ViewOptions;
use super::forecast::level_cells;
use crate::forecast::Level;
use crate::model::{dates::day, escape};
use crate::output::document::{Block, Document, Table, say, section};
use crate::planning::verdict::quotas::{QuotaRanking, TEXT_COLUMNS};

pub(crate) fn document(soonest: &QuotaRanking, options: &ViewOptions) -> Document<'static> {
    let block = match &soonest.first[..] {
        [] => say("there is too little history to forecast any of them"),
        _ => Block::Table(table(soonest, options)),
    };
    let blocks = [block].into_iter().chain(levels(soonest, options).block()).collect();
    Document::short(vec![section(format!("quotas: {}", soonest.sentence()), blocks)])
}

/// The levels at the dates that were asked for.
fn levels(soonest: &QuotaRanking, options: &ViewOptions) -> Table {
    let rows = soonest.first.iter().map(|one| &one.forecast).flat_map(|forecast| {
        let levels = forecast.outlook.iter().flat_map(|outlook| &outlook.level);
        let head = |level: &Level| vec![escape::brief(&forecast.series), day(level.date)];
        levels.map(move |level| [head(level), level_cells(forecast, level, options)].concat())
    });
    Table { left: 2, ..Table::new(&["mailbox", "date", "median", "80 % range", "quota"]).with(rows) }
}

fn table(soonest: &QuotaRanking, options: &ViewOptions) -> Table {
    let rows = soonest.first.iter().map(|one| one.cells(options.horizon, options.units));
    let table = Table::new(&soonest.columns().each_ref().map(String::as_str)).with(rows);
    Table { left: TEXT_COLUMNS, ..table }
}
