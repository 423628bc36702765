//! What can we do?

use super::safe::capital;
use crate::output::chart::ChartKind;
use crate::output::document::{Block, Section, Table, say};
use crate::output::picture::{Picture, of_kind};
use crate::output::view::{ViewOptions, whatif};
use crate::planning::report::{Report, Subject};

pub(crate) fn section<'a>(report: &'a Report, subject: &'a Subject, pictures: &'a [Picture]) -> Option<Section<'a>> {
    let mut blocks: Vec<Block> = Vec::new();
    let options =
        ViewOptions { units: report.units, horizon: report.horizon, policy: report.policy, today: report.today };
    for comparison in &subject.what_ifs {
        let resource = capital(comparison.base.forecast.resource);
        let caption = Some(resource.to_owned());
        blocks.push(Block::Table(Table { caption, ..whatif::table(comparison, &options) }));
        if let Some(reasons) = whatif::reasons(comparison) {
            blocks.push(Block::Details { summary: "How this was computed".to_owned(), blocks: vec![reasons] });
        }
    }
    if blocks.is_empty() {
        blocks.push(say(
            "The settings name no scenario. `mailrunway whatif add=1TiB retain=Trash:30d` shows what another disk or a \
             retention rule buys; what_if in [report] of the settings adds scenarios to this report.",
        ));
    }
    blocks.extend(of_kind(pictures, ChartKind::WhatIf).map(Block::Picture));
    Some(Section::new("options", "What can we do?", blocks))
}
