//! The report for a terminal.

use std::fmt::Write;

use super::Report;
use crate::dates;
use crate::escape;
use crate::table;
use crate::verdict::Status;

/// The report as text; `styled` gives a status its colour, or leaves it as it is.
pub fn render(report: &Report, styled: impl Fn(Status, &str) -> String) -> String {
    let mut text = String::new();
    write(&mut text, report, styled).expect("writing to a string does not fail");
    text
}

fn write(out: &mut String, report: &Report, styled: impl Fn(Status, &str) -> String) -> std::fmt::Result {
    let hosts: Vec<_> = report.hosts.iter().map(|host| escape::printable(host)).collect();
    writeln!(out, "Mail store capacity of {}, {}\n", hosts.join(", "), dates::day(report.today))?;
    for line in &report.lines {
        let status = line.verdict.status;
        let name = escape::printable(&line.forecast.series);
        writeln!(out, "{} {name}, {}: {}", styled(status, status.word()), line.forecast.resource, line.headline)?;
        writeln!(out, "    {:<28}{}", "in use", line.used(report.units))?;
        let lead_time = format!("P(full within {})", report.policy.lead_time);
        writeln!(out, "    {lead_time:<28}{}", line.within_lead_time())?;
        writeln!(out, "    {:<28}{}", "order by", line.order_by(report.today))?;
        if let Some(growth) = line.weekly_growth(report.units) {
            writeln!(out, "    {:<28}{growth}", "growth a week")?;
        }
        writeln!(out, "    {:<28}{}\n", "why", line.verdict.reason)?;
    }
    write_mailboxes(out, report)?;
    if let Some(scan) = &report.last_scan {
        let partial = if scan.complete { "" } else { ", partial: not everything could be read" };
        writeln!(out, "Last scan {}{partial}; {} snapshots.\n", scan.taken_at, scan.snapshots)?;
    }
    report.rule().iter().try_for_each(|line| writeln!(out, "{line}"))
}

fn write_mailboxes(out: &mut String, report: &Report) -> std::fmt::Result {
    if !report.largest.is_empty() {
        let rows: Vec<_> = report.largest.iter().map(|mailbox| mailbox.cells(report.units).to_vec()).collect();
        writeln!(out, "{}", table::plain(&["largest mailboxes", "on disk", "share", "messages"], &rows, 1))?;
    }
    if !report.growers.is_empty() {
        let title = format!("grew most in {} days", report.growth_days);
        let rows: Vec<_> = report.growers.iter().map(|mailbox| mailbox.cells(report.units).to_vec()).collect();
        writeln!(out, "{}", table::plain(&[&title, "growth", "on disk", "messages"], &rows, 1))?;
    }
    Ok(())
}
