//! The sections of the report, one question each.

mod changed;
mod growing;
mod options;
mod past;
mod safe;

use crate::model::dates;
use crate::output::document::{Document, Sheet, printable};
use crate::output::picture::Picture;
use crate::planning::report::{Report, Subject};

/// The report in words, with the pictures of each subject in the order of the subjects; none for a form without pictures.
pub fn document<'a>(report: &'a Report, pictures: &'a [Vec<Picture>]) -> Document<'a> {
    let hosts: Vec<String> = report.hosts.iter().map(|host| printable(host)).collect();
    Document {
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
        sheets: report
            .subjects
            .iter()
            .enumerate()
            .map(|(index, subject)| sheet(report, subject, pictures.get(index).map_or(&[], Vec::as_slice)))
            .collect(),
        notes: notes(report),
    }
}

fn sheet<'a>(report: &'a Report, subject: &'a Subject, pictures: &'a [Picture]) -> Sheet<'a> {
    let sections = [
        safe::section(report, subject, pictures),
        changed::section(report, subject, pictures),
        growing::section(report, subject, pictures),
        past::section(report, subject, pictures),
        options::section(report, subject, pictures),
    ];
    Sheet {
        status: subject.status(),
        name: printable(&subject.name),
        sections: sections.into_iter().flatten().collect(),
    }
}

fn notes(report: &Report) -> Vec<String> {
    let mut notes: Vec<String> = report.rule().into();
    notes.push("A range in brackets shall hold what comes in 80 of 100 cases; P is a probability.".to_owned());
    notes
}
