//! Standard output for results, standard error for messages.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Mutex;

use anstyle::{AnsiColor, Style};

use rayon::prelude::*;

use super::owner;
use crate::cli::OutputFormat;
use crate::model::error::{Error, Result};
use crate::model::{atomic, escape};
use crate::output::{document::Document, markdown, text};
use crate::planning::verdict::Status;

/// Names in a message.
const NAMES_LISTED: usize = 5;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();

/// Writes text to standard output. A reader that stops early (`| head`) is not an error.
///
/// # Errors
/// If standard output cannot be written, as on a full disk.
pub(super) fn print(text: &str) -> Result<()> {
    write_stdout(&mut anstream::stdout().lock(), text.as_bytes())
}

fn write_stdout(stdout: &mut impl Write, bytes: &[u8]) -> Result<()> {
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::new("cannot write to standard output").because(e).hint("is the disk full?"))
        }
        _ => Ok(()),
    }
}

/// Prints words in lines that fit on a terminal.
///
/// # Errors
/// If standard output cannot be written.
pub(super) fn print_words(text: &str) -> Result<()> {
    print(&(folded(text) + "\n"))
}

/// Writes what `-o` names: a file, or standard output for `-`. Warns if a crash could still undo a file.
///
/// # Errors
/// If it cannot be written.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    if is_stdout(path) {
        return write_stdout(&mut io::stdout().lock(), bytes);
    }
    owner::as_caller(|| atomic::write(path, bytes))?.iter().for_each(warn_error);
    Ok(())
}

/// Whether `-o` names standard output.
pub(super) fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// Prints the parts of an answer in one format.
pub(super) struct Printer {
    /// `None` prints nothing.
    format: Option<OutputFormat>,
    has_printed: bool,
}

impl Printer {
    pub(super) fn new(format: OutputFormat) -> Printer {
        Printer { format: Some(format), has_printed: false }
    }

    /// A printer beside the chart that `-o` names: it leaves standard output to a chart there.
    pub(super) fn beside(chart: Option<&Path>, format: OutputFormat) -> Printer {
        Printer { format: Some(format).filter(|_| !chart.is_some_and(is_stdout)), has_printed: false }
    }

    /// Prints a part: as a document for people, or in whole lines of JSON.
    pub(super) fn print<'a>(
        &mut self,
        document: impl FnOnce() -> Document<'a>,
        json: impl FnOnce() -> String,
    ) -> Result<()> {
        let text = self.render(self.has_printed, document, json);
        self.has_printed = true;
        print(&text)
    }

    /// Prints items in parts, which are rendered in parallel.
    pub(super) fn print_all<'a, T: Sync>(
        &mut self,
        items: &'a [T],
        document: impl Fn(&'a [T]) -> Document<'a> + Sync,
        json: impl Fn(&'a [T]) -> String + Sync,
    ) -> Result<()> {
        let parts = items.par_chunks(PART).enumerate();
        let render = |(place, part)| self.render(self.has_printed || place > 0, || document(part), || json(part));
        let text: String = parts.map(render).collect();
        self.has_printed = true;
        print(&text)
    }

    fn render<'a>(
        &self,
        is_next: bool,
        document: impl FnOnce() -> Document<'a>,
        json: impl FnOnce() -> String,
    ) -> String {
        let gap = |is_wanted| if is_next && is_wanted { "\n" } else { "" };
        match self.format {
            None => String::new(),
            Some(OutputFormat::Json) => json(),
            Some(OutputFormat::Markdown) => gap(true).to_owned() + &markdown::render(&document()),
            Some(OutputFormat::Text) => {
                let document = document();
                gap(text::begins_apart(&document)).to_owned() + &styled(&document)
            }
        }
    }
}

/// Items of a part.
const PART: usize = 64;

pub(super) fn styled(document: &Document) -> String {
    text::styled(document, |status, word| {
        let style = style(status);
        format!("{style}{word}{style:#}")
    })
}

/// Words for standard error that wait for the answer; `None` if they do not wait.
static HELD: Mutex<Option<String>> = Mutex::new(None);

/// Prints words on standard error, in lines that fit on a terminal.
pub(super) fn note(text: &str) {
    let text = folded(text) + "\n";
    match HELD.lock().as_deref_mut() {
        Ok(Some(held)) => held.push_str(&text),
        // A closed standard error is ignored.
        _ => drop(anstream::stderr().write_all(text.as_bytes())),
    }
}

/// Holds words for standard error until [`release_notes`]: of a plugin, Icinga reads both streams as one, and takes the first
/// line for the answer.
pub(super) fn hold_notes() {
    if let Ok(mut held) = HELD.lock() {
        *held = Some(String::new());
    }
}

/// Prints the words that were held.
pub(super) fn release_notes() {
    if let Some(held) = HELD.lock().ok().and_then(|mut held| held.take()) {
        let _ = anstream::stderr().write_all(held.as_bytes());
    }
}

/// Text whose long lines go on below, indented by two more columns.
pub(super) fn folded(text: &str) -> String {
    let fold = |line: &str| {
        let rest = line.trim_start_matches(' ');
        let indent = &line[..line.len() - rest.len()];
        text::wrapped(rest, indent, &format!("{indent}  ")).join("\n")
    };
    text.lines().map(fold).collect::<Vec<_>>().join("\n")
}

/// The first names of a list.
pub(super) fn listed(names: &[String]) -> String {
    let shown: Vec<_> = names.iter().take(NAMES_LISTED).map(|name| escape::printable(name)).collect();
    match names.len().saturating_sub(NAMES_LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Warns once: several parts of an answer may find the same file damaged.
pub(super) fn warn(text: &str, hint: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if !SAID.lock().is_ok_and(|mut said| said.insert(text.to_owned())) {
        return;
    }
    note(&format!("{WARNING}warning:{WARNING:#} {text}\n  {HINT}hint:{HINT:#} {hint}"));
}

/// Prints an error, its causes and its advice.
pub(super) fn print_error(error: &Error) {
    note(&format!("{ERROR}error:{ERROR:#} {}", with_causes(error)));
    if let Some(advice) = error.advice() {
        note(&format!("  {HINT}hint:{HINT:#} {advice}"));
    }
}

/// Warns of an error that does not stop the work.
pub(super) fn warn_error(error: &Error) {
    warn(&with_causes(error), error.advice().unwrap_or("the work continues without it"));
}

fn with_causes(error: &Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| {
        // The settings' own text has several lines, which may be hostile.
        let lines: Vec<_> = cause.to_string().trim_end().lines().map(|l| escape::printable(l).into_owned()).collect();
        format!("{text}: {}", lines.join("\n"))
    })
}

fn style(status: Status) -> Style {
    match status {
        Status::Green => AnsiColor::Green.on_default().bold(),
        Status::Amber => AnsiColor::Yellow.on_default().bold(),
        Status::Red => AnsiColor::Red.on_default().bold(),
        Status::Unknown => Style::new().bold(),
    }
}
