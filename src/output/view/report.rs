//! The report: a sheet for each subject, a section for each question.

mod changed;
mod growing;
mod past;
mod safe;

use crate::model::dates;
use crate::output::chart::ChartKind;
use crate::output::document::{Block, Document, Head, Section, Table, printable, say};
use crate::output::picture::{Picture, of_kind};
use crate::output::view::{ViewOptions, whatif};
use crate::planning::report::{Report, Subject};

const RANGES: &str = "A range in brackets should hold the outcome in 80 of 100 cases; P is a probability.";

/// `pictures` has those of each subject; it may be empty.
pub fn document<'a>(report: &'a Report, pictures: &'a [Vec<Picture>]) -> Document<'a> {
    let hosts: Vec<String> = report.hosts.iter().map(|host| printable(host)).collect();
    let head = Head {
        status: report.status(),
        title: format!("Mail store capacity of {}", hosts.join(", ")),
        summary: report.summary(),
        scanned: report.last_scan.as_ref().map(|scan| {
            let partial = if scan.complete { "" } else { "; partial: not everything could be read" };
            let snapshots = match scan.snapshots {
                1 => "the only snapshot".to_owned(),
                snapshots => format!("{snapshots} snapshots"),
            };
            format!("last scan {}, {snapshots}{partial}", dates::minute(scan.taken_at))
        }),
        today: dates::day(report.today),
        warnings: report.warnings.clone(),
        notes: report.rule().into_iter().chain([RANGES.to_owned()]).collect(),
    };
    let pictures = |index: usize| pictures.get(index).map_or(&[][..], Vec::as_slice);
    let subjects = report.subjects.iter().enumerate();
    Document { head: Some(head), blocks: subjects.map(|(index, one)| sheet(report, one, pictures(index))).collect() }
}

fn sheet<'a>(report: &'a Report, subject: &'a Subject, pictures: &'a [Picture]) -> Block<'a> {
    let with_pictures = |mut section: Section<'a>, kind| {
        section.blocks.extend(of_kind(pictures, kind).map(Block::Picture));
        Block::Section(section)
    };
    let mut blocks = vec![
        with_pictures(safe::section(report, subject), ChartKind::Runway),
        with_pictures(changed::section(report, subject), ChartKind::Flows),
    ];
    blocks.extend(growing::section(report, subject, pictures).map(Block::Section));
    blocks.push(with_pictures(past::section(report, subject), ChartKind::Past));
    blocks.push(with_pictures(options(report, subject), ChartKind::WhatIf));
    let status = Some(subject.status());
    Block::Section(Section { status, ..Section::new("sheet", printable(&subject.name), blocks) })
}

/// What can we do?
fn options<'a>(report: &Report, subject: &Subject) -> Section<'a> {
    let &Report { units, horizon, policy, today, .. } = report;
    let options = ViewOptions { units, horizon, policy, today };
    let mut blocks: Vec<Block> = Vec::new();
    for comparison in &subject.what_ifs {
        let caption = Some(safe::capital(comparison.base.forecast.resource).to_owned());
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
    Section::new("options", "What can we do?", blocks)
}
