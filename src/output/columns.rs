//! Tables of text for a terminal.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

/// A table in plain columns, two blanks apart; the columns after the first `left` are right-aligned. Ends in a new line.
pub(crate) fn plain(header: &[&str], rows: &[Vec<String>], left: usize) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header).add_rows(rows);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if index >= left {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_stand_under_each_other() {
        let rows = [vec!["ann".to_owned(), "9".to_owned()], vec!["bartholomew".to_owned(), "123".to_owned()]];
        assert_eq!(super::plain(&["who", "n"], &rows, 1), "who            n\nann            9\nbartholomew  123\n");
    }
}
