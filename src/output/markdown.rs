//! A document as Markdown, for a wiki or a ticket.

use super::document::{Block, Document, Head, Table};

/// The document as Markdown with GitHub's tables; names are escaped. It ends in a new line.
pub fn render(document: &Document) -> String {
    let mut page = Page { paragraphs: Vec::new() };
    if let Some(head) = &document.head {
        page.head(head);
    }
    page.blocks(&document.blocks, "##");
    if let Some(head) = &document.head {
        page.add("---".to_owned());
        page.list(&head.notes, "- ");
    }
    page.paragraphs.join("\n\n") + "\n"
}

/// Paragraphs, lists and tables, separated by blank lines.
struct Page {
    paragraphs: Vec<String>,
}

impl Page {
    fn add(&mut self, paragraph: String) {
        self.paragraphs.push(paragraph);
    }

    fn list(&mut self, items: &[String], mark: &str) {
        let items: Vec<String> = items.iter().map(|item| format!("{mark}{}", line(item))).collect();
        if !items.is_empty() {
            self.add(items.join("\n"));
        }
    }

    fn head(&mut self, head: &Head) {
        self.add(format!("# {}", plain(&head.title)));
        self.add(format!("**{}** {}", head.status.word(), plain(&head.summary)));
        let scanned = head.scanned.as_ref().map(|scanned| format!("; {scanned}")).unwrap_or_default();
        self.add(plain(&format!("{}{scanned}", head.today)));
        head.warnings.iter().for_each(|warning| self.add(format!("> {}", plain(warning))));
    }

    fn blocks(&mut self, blocks: &[Block], level: &str) {
        let deeper = format!("{level}#");
        for block in blocks {
            match block {
                Block::Section(section) => {
                    self.add(format!("{level} {}", plain(&section.heading)));
                    self.blocks(&section.blocks, &deeper);
                }
                Block::Verdict(verdict) => {
                    self.add(format!("**{}** {}", verdict.word, plain(&verdict.text)));
                    self.list(&verdict.details, "- ");
                }
                Block::Say { text } => self.add(line(text)),
                Block::List { items } => self.list(items, "- "),
                Block::Checklist { items } => self.list(items, "- [ ] "),
                Block::Facts { facts } => {
                    let fact = |name: &str, value: &str| format!("- {}: **{}**", line(name), plain(value));
                    let facts: Vec<String> = facts.iter().map(|one| fact(&one.name, &one.value)).collect();
                    self.add(facts.join("\n"));
                }
                Block::Table(table) => self.table(table),
                Block::Picture(_) => {}
                Block::Details { summary, blocks } => {
                    self.add(format!("{level} {}", plain(summary)));
                    self.blocks(blocks, &deeper);
                }
            }
        }
    }

    fn table(&mut self, table: &Table) {
        let row = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
            format!("| {} |", cells.join(" | "))
        };
        let align = |column: usize| if column < table.left { "---" } else { "---:" };
        let aligned: Vec<&str> = (0..table.columns.len()).map(align).collect();
        if let Some(caption) = &table.caption {
            self.add(format!("{}:", line(caption)));
        }
        let head = [row(&table.columns), format!("| {} |", aligned.join(" | "))];
        let lines: Vec<String> = head.into_iter().chain(table.rows.iter().map(|cells| row(cells))).collect();
        self.add(lines.join("\n"));
    }
}

/// Characters with a meaning anywhere in a line of Markdown or HTML.
const MEANING: &str = "\\`*_{}[]<>#|~&!$^";

/// [`plain`] for the beginning of a line, where a dash or a number could begin a list, and blanks could begin code.
fn line(text: &str) -> String {
    let text = plain(text.trim_start());
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let at = match text[digits..].chars().next() {
        Some('-' | '+' | '=') if digits == 0 => 0,
        Some('.' | ')') if digits > 0 => digits,
        _ => return text,
    };
    format!("{}\\{}", &text[..at], &text[at..])
}

/// Escapes every character that could have a meaning.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        // GitHub turns bare addresses into links.
        let before = &text.as_bytes()[..at];
        let after_www = before.last_chunk::<3>().is_some_and(|last| last.eq_ignore_ascii_case(b"www"));
        let begins_link = (character == '/' && before.ends_with(b":")) || (character == '.' && after_www);
        if MEANING.contains(character) || begins_link {
            plain.push('\\');
        }
        plain.push(character);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_names_is_escaped() {
        assert_eq!(plain("ann.o-neil@example.org (80 %: 3)"), "ann.o-neil@example.org (80 %: 3)");
        assert_eq!(plain("<script>|`x`[a](b)"), "\\<script\\>\\|\\`x\\`\\[a\\](b)");
        assert_eq!(plain("http://a WWW.b \\"), "http:\\//a WWW\\.b \\\\");
    }

    #[test]
    fn names_start_no_list_or_code_block() {
        let lines = ["- a", "12. b", "12 b", "    c", "3) d", "---"].map(line);
        assert_eq!(lines, ["\\- a", "12\\. b", "12 b", "c", "3\\) d", "\\---"]);
    }
}
