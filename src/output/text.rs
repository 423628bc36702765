//! A document as text for a terminal.

mod table;
mod words;

use textwrap::core::display_width;

pub(crate) use words::wrapped;

use super::document::{Block, Document, Fact, Head, Sentence, Table};
use crate::planning::verdict::Status;

/// Columns of a terminal.
pub(crate) const WIDTH: usize = 80;

/// Columns of a fact's name beside which its value is written; the value of a longer one follows below.
const WIDEST_NAME: usize = 32;

/// Columns by which a part is indented below its heading.
const INDENT: usize = 2;

/// The document without colour.
pub fn plain(document: &Document) -> String {
    styled(document, |_, word| word.to_owned())
}

/// The document with coloured statuses: `style` writes the word of a status.
pub(crate) fn styled(document: &Document, style: impl Fn(Status, &str) -> String) -> String {
    let mut page = Page { text: String::new(), style: &style, last: Last::Nothing };
    page.document(document);
    page.text
}

/// Whether a blank line separates the document from one before it.
pub(crate) fn begins_apart(document: &Document) -> bool {
    matches!(document.blocks.first(), Some(Block::Section(_) | Block::Table(_) | Block::Facts { .. }))
}

/// The kind of line written last, which decides whether a blank line follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Heading,
    Words,
    Figures,
}

struct Page<'a> {
    text: String,
    style: &'a dyn Fn(Status, &str) -> String,
    last: Last,
}

impl Page<'_> {
    fn document(&mut self, document: &Document) {
        if let Some(head) = &document.head {
            self.head(head);
        }
        for block in &document.blocks {
            match block {
                Block::Section(section) if document.head.is_some() => {
                    let underline = "=".repeat(section.heading.chars().count().min(WIDTH));
                    self.heading(&section.heading, 0);
                    self.line(&underline);
                    self.last = Last::Figures;
                    self.blocks(&section.blocks, 0);
                }
                block => self.block(block, 0),
            }
        }
        if let Some(head) = &document.head {
            self.line("");
            head.notes.iter().for_each(|note| self.words(note, 0, ""));
        }
    }

    fn head(&mut self, head: &Head) {
        self.words(&format!("{}, {}", head.title, head.today), 0, "");
        let status = (self.style)(head.status, head.status.word());
        self.words(&format!("{status} {}", head.summary), 0, "  ");
        head.scanned.iter().for_each(|scanned| self.words(scanned, 0, ""));
        for warning in &head.warnings {
            self.line("");
            self.words(&format!("! {warning}"), 0, "");
        }
        self.last = Last::Figures;
    }

    fn blocks(&mut self, blocks: &[Block], indent: usize) {
        blocks.iter().for_each(|block| self.block(block, indent));
    }

    fn block(&mut self, block: &Block, indent: usize) {
        match block {
            Block::Section(section) => {
                self.heading(&section.heading, indent);
                self.blocks(&section.blocks, indent + INDENT);
                self.last = Last::Figures;
            }
            Block::Verdict(sentence) => self.verdict(sentence, indent),
            Block::Say { text } => self.paragraph(text, indent, ""),
            Block::List { items } => items.iter().for_each(|item| self.paragraph(item, indent, "  ")),
            Block::Checklist { items } => {
                items.iter().for_each(|item| self.paragraph(&format!("[ ] {item}"), indent, "    "));
            }
            Block::Facts { facts } => self.facts(facts, indent),
            Block::Table(table) => self.table(table, indent),
            Block::Picture(_) => {}
            Block::Details { summary, blocks } => {
                self.heading(summary, indent);
                self.blocks(blocks, indent);
            }
        }
    }

    fn heading(&mut self, heading: &str, indent: usize) {
        if self.last != Last::Nothing {
            self.line("");
        }
        self.words(heading, indent, "  ");
        self.last = Last::Heading;
    }

    fn verdict(&mut self, sentence: &Sentence, indent: usize) {
        self.gap_after_figures();
        let word = (self.style)(sentence.status, sentence.word);
        self.words(&format!("{word} {}", sentence.text), indent, "  ");
        sentence.details.iter().for_each(|detail| self.words(detail, indent + 2 * INDENT, "  "));
        self.last = Last::Words;
    }

    fn paragraph(&mut self, text: &str, indent: usize, hanging: &str) {
        self.gap_after_figures();
        self.words(text, indent, hanging);
        self.last = Last::Words;
    }

    fn facts(&mut self, facts: &[Fact], indent: usize) {
        self.gap_before_figures();
        let short = facts.iter().map(|fact| display_width(&fact.name)).filter(|&name| name <= WIDEST_NAME);
        let width = short.max().unwrap_or(0) + INDENT;
        let beside = " ".repeat(indent + width);
        for fact in facts {
            let name = display_width(&fact.name);
            let first = match name + INDENT <= width {
                true => format!("{:indent$}{}{:pad$}", "", fact.name, "", pad = width - name),
                false => {
                    self.words(&fact.name, indent, "  ");
                    beside.clone()
                }
            };
            wrapped(&fact.value, &first, &beside).iter().for_each(|line| self.line(line));
        }
    }

    fn table(&mut self, table: &Table, indent: usize) {
        self.gap_before_figures();
        let mut indent = indent;
        if let Some(caption) = &table.caption {
            self.words(caption, indent, "  ");
            indent += INDENT;
        }
        let rows = table::lines(table, WIDTH - indent);
        rows.iter().for_each(|row| self.line(&format!("{:indent$}{row}", "")));
    }

    fn gap_before_figures(&mut self) {
        if !matches!(self.last, Last::Nothing | Last::Heading) {
            self.line("");
        }
        self.last = Last::Figures;
    }

    fn gap_after_figures(&mut self) {
        if self.last == Last::Figures {
            self.line("");
        }
    }

    fn words(&mut self, text: &str, indent: usize, hanging: &str) {
        let first = " ".repeat(indent);
        let rest = format!("{first}{hanging}");
        wrapped(text, &first, &rest).iter().for_each(|line| self.line(line));
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::document::{fact, say, section, verdict};

    #[test]
    fn table_columns_are_aligned() {
        let mut table = Table::new(&["who", "n"]);
        table.rows = [["ann", "9"], ["bartholomew", "123"]].map(|row| row.map(str::to_owned).to_vec()).to_vec();
        let text = plain(&Document::short(vec![Block::Table(table)]));
        assert_eq!(text, "who            n\nann            9\nbartholomew  123\n");
    }

    #[test]
    fn facts_are_separated_from_text_by_blank_lines() {
        let facts = Block::Facts { facts: vec![fact("a", "1"), fact("bcd", "2")] };
        let steps = Block::Checklist { items: vec!["go".to_owned()] };
        let blocks = vec![
            verdict(Status::Red, "x: full".to_owned(), vec!["why".to_owned()]),
            facts.clone(),
            say("words"),
            section("Before", vec![steps]),
            section("Facts", vec![facts]),
        ];
        let expected =
            "RED x: full\n    why\n\na    1\nbcd  2\n\nwords\n\nBefore\n  [ ] go\n\nFacts\n  a    1\n  bcd  2\n";
        assert_eq!(plain(&Document::short(blocks)), expected);
    }
}
