//! The report for a terminal.

use std::fmt::Write;

use super::document::{Block, Document, Fact, Section, Sheet, Table};
use crate::output::columns;
use crate::planning::verdict::Status;

/// A line of words is no longer.
const WIDTH: usize = 100;

/// Between a figure's name and the figure.
const GAP: usize = 2;

/// The document as text; `styled` gives a status its colour, or leaves it as it is.
pub(crate) fn render(document: &Document, styled: impl Fn(Status, &str) -> String) -> String {
    let mut text = String::new();
    Page { out: &mut text, styled: &styled }.write(document).expect("writing to a string does not fail");
    text
}

struct Page<'a, F> {
    out: &'a mut String,
    styled: &'a F,
}

impl<F: Fn(Status, &str) -> String> Page<'_, F> {
    fn write(&mut self, document: &Document) -> std::fmt::Result {
        writeln!(self.out, "{}, {}", document.title, document.today)?;
        writeln!(self.out, "{} {}", (self.styled)(document.status, document.status.word()), document.summary)?;
        if let Some(scanned) = &document.scanned {
            writeln!(self.out, "{scanned}")?;
        }
        for warning in &document.warnings {
            writeln!(self.out, "\n{}", wrapped(&format!("! {warning}"), 0))?;
        }
        document.sheets.iter().try_for_each(|sheet| self.sheet(sheet))?;
        writeln!(self.out)?;
        document.notes.iter().try_for_each(|note| writeln!(self.out, "{}", wrapped(note, 0)))
    }

    fn sheet(&mut self, sheet: &Sheet) -> std::fmt::Result {
        let underline = "=".repeat(sheet.name.chars().count().min(WIDTH));
        writeln!(self.out, "\n{}\n{underline}", sheet.name)?;
        sheet.sections.iter().try_for_each(|section| self.section(section))
    }

    fn section(&mut self, section: &Section) -> std::fmt::Result {
        writeln!(self.out, "\n{}", section.question)?;
        self.blocks(&section.blocks)
    }

    fn blocks(&mut self, blocks: &[Block]) -> std::fmt::Result {
        let mut is_after_figures = false;
        for block in blocks {
            if is_after_figures && matches!(block, Block::Verdict { .. } | Block::Say { .. }) {
                writeln!(self.out)?;
            }
            is_after_figures = matches!(block, Block::Facts { .. } | Block::Table(_));
            self.block(block)?;
        }
        Ok(())
    }

    fn block(&mut self, block: &Block) -> std::fmt::Result {
        match block {
            Block::Verdict { status, text } => {
                writeln!(self.out, "  {} {text}", (self.styled)(*status, status.word()))
            }
            Block::Say { text } => writeln!(self.out, "{}", wrapped(text, 2)),
            Block::Facts { facts } => self.facts(facts),
            Block::Table(table) => self.table(table),
            // A terminal shows none; what they show stands in the words.
            Block::Picture(_) => Ok(()),
            Block::Details { summary, blocks } => {
                writeln!(self.out, "\n  {summary}")?;
                self.blocks(blocks)
            }
        }
    }

    fn facts(&mut self, facts: &[Fact]) -> std::fmt::Result {
        let width = facts.iter().map(|fact| fact.name.chars().count()).max().unwrap_or(0) + GAP;
        writeln!(self.out)?;
        facts.iter().try_for_each(|fact| writeln!(self.out, "  {:<width$}{}", fact.name, fact.value))
    }

    fn table(&mut self, table: &Table) -> std::fmt::Result {
        let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        writeln!(self.out, "\n  {}", table.caption)?;
        for line in columns::plain(&columns, &table.rows, table.left).lines() {
            writeln!(self.out, "    {line}")?;
        }
        Ok(())
    }
}

/// Words in lines that begin with so many blanks; a longer word stands alone.
fn wrapped(text: &str, indent: usize) -> String {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && indent + line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines.iter().map(|line| format!("{:indent$}{line}", "")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_broken_between_them_and_none_is_lost() {
        let text = "the quick brown fox jumps over the lazy dog ".repeat(12) + &"x".repeat(150);
        let lines = wrapped(&text, 4);
        let (last, before) = lines.lines().collect::<Vec<_>>().split_last().map(|(l, b)| (*l, b.to_vec())).unwrap();
        assert!(before.iter().all(|line| line.starts_with("    ") && line.chars().count() <= WIDTH), "{lines}");
        assert_eq!(last.trim_start().len(), 150);
        assert_eq!(lines.split_whitespace().collect::<Vec<_>>(), text.split_whitespace().collect::<Vec<_>>());
    }
}
