//! A table for a terminal. A wide one breaks cells at blanks, then rows between columns, but never a word.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use textwrap::core::display_width;

use super::words::words;
use crate::output::document::Table;

/// Blanks between two columns, and before what continues a row.
const GAP: usize = 2;
/// A word that is wider than this part of the page may stand alone.
const LEAST_PART: usize = 4;

/// The lines of a table.
pub(super) fn lines(table: &Table, room: usize) -> Vec<String> {
    let header = std::iter::once(&table.columns);
    let cells: Vec<&[String]> = header.chain(&table.rows).map(Vec::as_slice).collect();
    let least = least_widths(&cells, table.columns.len(), room);
    let parts = parts(&least, room);
    let layouts: Vec<Layout> = parts.iter().map(|part| Layout::new(&cells, part.clone(), &least, room)).collect();
    let mut lines = Vec::new();
    for row in cells {
        for layout in &layouts {
            let indent = if layout.columns.start == 0 { 0 } else { GAP };
            let drawn = layout.row(row, table.left, room - indent);
            // What continues a row may be empty.
            let kept = drawn.into_iter().filter(|line| indent == 0 || !line.trim().is_empty());
            lines.extend(kept.map(|line| format!("{:indent$}{}", "", line.trim_end())));
        }
    }
    lines
}

/// The width of the longest word in each column. If they do not fit side by side, the longest of all stand alone, as many as
/// need be; if that does not help, none.
fn least_widths(cells: &[&[String]], columns: usize, room: usize) -> Vec<usize> {
    let widths = |column: usize| cells.iter().flat_map(move |row| words(&row[column])).map(display_width);
    let longest: Vec<usize> = (0..columns).map(|column| widths(column).max().unwrap_or(0).min(room)).collect();
    let all: BTreeSet<usize> = (0..columns).flat_map(widths).chain([room / LEAST_PART]).collect();
    let capped = |cap: usize| longest.iter().map(|&width| width.min(cap)).collect::<Vec<_>>();
    let mut bounds = all.into_iter().rev().filter(|&width| width >= room / LEAST_PART);
    bounds.find_map(|cap| Some(capped(cap)).filter(|least| parts(least, room).len() == 1)).unwrap_or(longest)
}

/// Columns that fit side by side, all if possible.
fn parts(least: &[usize], room: usize) -> Vec<Range<usize>> {
    let (mut parts, mut start, mut used) = (Vec::new(), 0, 0);
    for (column, width) in least.iter().enumerate() {
        let indent = if parts.is_empty() { 0 } else { GAP };
        if column > start && indent + used + GAP + width > room {
            parts.push(start..column);
            (start, used) = (column, 0);
        }
        used += width + if column > start { GAP } else { 0 };
    }
    parts.push(start..least.len());
    parts
}

/// Columns side by side, and their widths.
struct Layout {
    columns: Range<usize>,
    widths: Vec<usize>,
}

impl Layout {
    /// Starts with the longest words, and widens the column with the tallest cell until no cell is broken or there is no
    /// room.
    fn new(cells: &[&[String]], columns: Range<usize>, least: &[usize], room: usize) -> Layout {
        let indent = if columns.start == 0 { 0 } else { GAP };
        let widest = |column: usize| cells.iter().map(|row| display_width(&row[column])).max().unwrap_or(0);
        let all: Vec<usize> = columns.clone().map(widest).collect();
        let gaps = GAP * (columns.len().saturating_sub(1)) + indent;
        if all.iter().sum::<usize>() + gaps <= room {
            return Layout { columns, widths: all };
        }
        let height = |place: usize, width: usize| {
            let column = columns.start + place;
            cells.iter().map(|row| broken(&row[column], width).len()).max().unwrap_or(0)
        };
        let mut widths = least[columns.clone()].to_vec();
        let mut heights: Vec<usize> = widths.iter().enumerate().map(|(place, &width)| height(place, width)).collect();
        let spare = room.saturating_sub(widths.iter().sum::<usize>() + gaps);
        for _ in 0..spare {
            let tallest = (0..widths.len()).filter(|&place| heights[place] > 1);
            let Some(place) = tallest.max_by_key(|&place| (heights[place], Reverse(widths[place]))) else { break };
            widths[place] += 1;
            heights[place] = height(place, widths[place]);
        }
        // What no cell fills is left to the end of the line.
        for (place, width) in widths.iter_mut().enumerate() {
            let lines = cells.iter().flat_map(|row| broken(&row[columns.start + place], *width));
            *width = lines.map(|line| display_width(&line)).max().unwrap_or(0).min(*width);
        }
        Layout { columns, widths }
    }

    /// The lines of a row.
    fn row(&self, row: &[String], left: usize, room: usize) -> Vec<String> {
        let cells = row[self.columns.clone()].iter().zip(&self.widths);
        let cells: Vec<Vec<String>> = cells.map(|(cell, &width)| broken(cell, width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        (0..height).flat_map(|line| self.line(&cells, line, left, room)).collect()
    }

    /// One line of each cell; more than one line if a word is wider than its column.
    fn line(&self, cells: &[Vec<String>], number: usize, left: usize, room: usize) -> Vec<String> {
        let mut lines = vec![String::new()];
        let mut start = 0;
        for ((cell, &width), column) in cells.iter().zip(&self.widths).zip(self.columns.clone()) {
            let text = cell.get(number).map_or("", String::as_str);
            let wide = display_width(text);
            let shift = if column < left { 0 } else { width.saturating_sub(wide) };
            let place = (start + shift).min(room.saturating_sub(wide));
            if wide > 0 {
                let drawn = lines.last().map_or(0, |line| display_width(line));
                if drawn > 0 && drawn + GAP > place {
                    lines.push(String::new());
                }
                if let Some(line) = lines.last_mut() {
                    line.extend(std::iter::repeat_n(' ', place - display_width(line)));
                    line.push_str(text);
                }
            }
            start += width + GAP;
        }
        lines
    }
}

/// The lines of a cell; a longer word has a line of its own.
fn broken(cell: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words(cell) {
        match lines.last_mut() {
            Some(line) if display_width(line) + 1 + display_width(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: &[&str], left: usize, rows: &[&[&str]]) -> Table {
        let rows = rows.iter().map(|row| row.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>());
        Table { left, ..Table::new(columns).with(rows) }
    }

    fn drawn(table: &Table, room: usize) -> String {
        lines(table, room).join("\n")
    }

    #[test]
    fn a_table_that_fits_has_a_line_for_each_row() {
        let table = table(&["who", "", "mail"], 2, &[&["ann", "", "1.50 TiB"], &["bartholomew", "x", "9 B"]]);
        let expected = "who                 mail\nann             1.50 TiB\nbartholomew  x       9 B";
        assert_eq!(drawn(&table, 30), expected);
    }

    #[test]
    fn cells_break_at_blanks() {
        let row: &[&str] = &["retain=Trash:30d", "25 Jan 2027", "19 Dec 2026 to 14 May 2027", "at least 2 weeks"];
        let table = table(&["", "full on", "80 % range", "buys"], 3, &[row]);
        let expected = [
            "                  full on      80 % range          buys",
            "retain=Trash:30d  25 Jan 2027  19 Dec 2026 to  at least",
            "                               14 May 2027      2 weeks",
        ];
        assert_eq!(lines(&table, 56), expected);
    }

    #[test]
    fn a_long_word_stands_alone() {
        let long = "x".repeat(30);
        let table = table(&["who", "messages"], 1, &[&[&long, "12"], &["ann", "9"]]);
        assert_eq!(drawn(&table, 24), format!("who       messages\n{long}\n                12\nann              9"));
    }

    #[test]
    fn columns_that_do_not_fit_continue_below() {
        let figures = ["1234567890", "2345678901", "3456789012"];
        let table = table(&["snapshot", "a", "b", "c"], 1, &[&[&["s"], &figures[..]].concat()]);
        let expected = "\
snapshot           a
           b           c
s         1234567890
  2345678901  3456789012";
        assert_eq!(drawn(&table, 30), expected);
    }
}
