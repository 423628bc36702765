//! The report as Markdown, for a wiki or a ticket.

use std::fmt::Write;

use super::document::{Block, Document, Section, Table};

/// The document as Markdown with the tables of GitHub's dialect. What names hold has no meaning in it.
pub fn render(document: &Document) -> String {
    let mut text = String::new();
    write(&mut text, document).expect("writing to a string does not fail");
    text
}

fn write(out: &mut String, document: &Document) -> std::fmt::Result {
    writeln!(out, "# {}\n", plain(&document.title))?;
    writeln!(out, "**{}** {}\n", document.status.word(), plain(&document.summary))?;
    let scanned = document.scanned.as_ref().map(|scanned| format!("; {scanned}")).unwrap_or_default();
    writeln!(out, "{}", plain(&format!("{}{scanned}", document.today)))?;
    for warning in &document.warnings {
        writeln!(out, "\n> {}", plain(warning))?;
    }
    for sheet in &document.sheets {
        writeln!(out, "\n## {}", plain(&sheet.name))?;
        sheet.sections.iter().try_for_each(|section| write_section(out, section))?;
    }
    writeln!(out, "\n---\n")?;
    document.notes.iter().try_for_each(|note| writeln!(out, "- {}", plain(note)))
}

fn write_section(out: &mut String, section: &Section) -> std::fmt::Result {
    writeln!(out, "\n### {}", section.question)?;
    section.blocks.iter().try_for_each(|block| write_block(out, block))
}

fn write_block(out: &mut String, block: &Block) -> std::fmt::Result {
    match block {
        Block::Verdict { status, text } => writeln!(out, "\n**{}** {}", status.word(), plain(text)),
        Block::Say { text } => writeln!(out, "\n{}", plain(text)),
        Block::Facts { facts } => {
            writeln!(out)?;
            facts.iter().try_for_each(|fact| writeln!(out, "- {}: **{}**", plain(&fact.name), plain(&fact.value)))
        }
        Block::Table(table) => write_table(out, table),
        // Pictures are files, and a text has none beside it.
        Block::Picture(_) => Ok(()),
        Block::Details { summary, blocks } => {
            writeln!(out, "\n#### {}", plain(summary))?;
            blocks.iter().try_for_each(|block| write_block(out, block))
        }
    }
}

fn write_table(out: &mut String, table: &Table) -> std::fmt::Result {
    let row = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
        format!("| {} |", cells.join(" | "))
    };
    let align = |column: usize| if column < table.left { "---" } else { "---:" };
    let aligned: Vec<&str> = (0..table.columns.len()).map(align).collect();
    writeln!(out, "\n{}:\n\n{}\n| {} |", plain(&table.caption), row(&table.columns), aligned.join(" | "))?;
    table.rows.iter().try_for_each(|cells| writeln!(out, "{}", row(cells)))
}

/// What has a meaning in Markdown within a line, or begins HTML. What has one only at the beginning of a line stands there
/// nowhere: every line begins with words of ours.
const MEANING: &str = "\\`*_{}[]<>#|~&!$^";

/// Text that means nothing but itself: a backslash before what could mean more, which Markdown takes away again.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        // GitHub makes links of addresses that nobody marked as such.
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
    fn names_have_no_meaning() {
        assert_eq!(plain("ann.o-neil@example.org (80 %: 3)"), "ann.o-neil@example.org (80 %: 3)");
        assert_eq!(plain("<script>|`x`[a](b)"), "\\<script\\>\\|\\`x\\`\\[a\\](b)");
        assert_eq!(plain("http://a WWW.b \\"), "http:\\//a WWW\\.b \\\\");
    }
}
