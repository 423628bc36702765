//! The report: a sheet for each subject, a section for each question.

mod changed;
mod growing;
mod options;
mod past;
mod safe;

use crate::model::dates;
use crate::output::document::{Block, Document, Head, Section, printable};
use crate::output::picture::Picture;
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
    let sections = [
        safe::section(report, subject, pictures),
        changed::section(report, subject, pictures),
        growing::section(report, subject, pictures),
        past::section(report, subject, pictures),
        options::section(report, subject, pictures),
    ];
    let sections = sections.into_iter().flatten().map(Block::Section).collect();
    let sheet = Section::new("sheet", printable(&subject.name), sections);
    Block::Section(Section { status: Some(subject.status()), ..sheet })
}
