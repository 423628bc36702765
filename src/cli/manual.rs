//! The whole command line with its examples, and its manual pages.

use std::fmt::Write;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, roman};

use super::{Cli, examples};

const EXIT_STATUS: &str = "0 when done, 1 for a failure, 2 for a usage error.";
const FILES: [(&str, &str); 4] = [
    ("/etc/mailrunway/mailrunway.toml", "The settings, for root and for the user of the package."),
    ("/var/lib/mailrunway/history", "The history, for root and for the user of the package."),
    ("~/.config/mailrunway/mailrunway.toml", "The settings of any other user; XDG_CONFIG_HOME moves it."),
    ("~/.local/share/mailrunway/history", "The history of any other user; XDG_DATA_HOME moves it."),
];

/// A manual page.
pub(crate) struct Page {
    /// Such as `mailrunway-scan.1`.
    pub file: String,
    /// In roff.
    pub text: Vec<u8>,
}

/// The command line, with examples at the end of each command's help.
pub(crate) fn command() -> Command {
    with_examples(Cli::command(), "")
}

fn with_examples(command: Command, words: &str) -> Command {
    let notes = examples::of(words);
    let mut text = String::new();
    if let Some(status) = notes.exit_status {
        let _ = write!(text, "Exit status:\n  {status}\n");
    }
    if !notes.examples.is_empty() {
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}Examples:");
    }
    for (what, lines) in notes.examples {
        let _ = writeln!(text, "  {what}:\n    {}", lines.replace('\n', "\n    "));
    }
    let command = if text.is_empty() { command } else { command.after_long_help(text.trim_end().to_owned()) };
    command.mut_subcommands(|below| {
        let words = format!("{words} {}", below.get_name()).trim_start().to_owned();
        with_examples(below, &words)
    })
}

/// The manual pages, one for each command.
pub(crate) fn pages() -> Vec<Page> {
    let mut program = command().disable_help_subcommand(true);
    program.build();
    let mut pages = Vec::new();
    add_pages(&program, "", &mut pages);
    pages
}

fn add_pages(command: &Command, words: &str, pages: &mut Vec<Page>) {
    pages.push(page(command, words));
    for below in command.get_subcommands() {
        add_pages(below, format!("{words} {}", below.get_name()).trim_start(), pages);
    }
}

fn page(command: &Command, words: &str) -> Page {
    // The usage names the groups of options, where a list of all would take half of the page.
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim().to_owned();
    let man = Man::new(command.clone().override_usage(usage))
        .manual("User Commands")
        .source(concat!("mailrunway ", env!("CARGO_PKG_VERSION")))
        .date("");
    let mut text = Vec::new();
    let mut render = |section: fn(&Man, &mut dyn std::io::Write) -> std::io::Result<()>| {
        section(&man, &mut text).expect("memory can be written");
    };
    render(Man::render_title);
    render(Man::render_name_section);
    render(Man::render_synopsis_section);
    render(Man::render_description_section);
    render(Man::render_options_section);
    if command.has_subcommands() {
        render(Man::render_subcommands_section);
    }
    text.extend(own_sections(command, words).render().into_bytes());
    Page { file: man.get_filename(), text }
}

fn own_sections(command: &Command, words: &str) -> Roff {
    let notes = examples::of(words);
    let mut roff = Roff::new();
    if !command.has_subcommands() {
        roff.control("SH", ["EXIT STATUS"]).text([roman(notes.exit_status.unwrap_or(EXIT_STATUS))]);
    }
    roff.control("SH", ["FILES"]);
    for (file, what) in FILES {
        roff.control("TP", []).text([bold(file)]).text([roman(what)]);
    }
    if !notes.examples.is_empty() {
        roff.control("SH", ["EXAMPLES"]);
    }
    for (what, lines) in notes.examples {
        roff.control("PP", []).text([roman(format!("{what}:"))]);
        roff.control("RS", ["4"]).control("nf", []);
        let lines = lines.lines().map(|line| vec![roman(line)]).collect::<Vec<_>>();
        roff.text(lines.join(&Inline::LineBreak));
        roff.control("fi", []).control("RE", []);
    }
    roff.control("SH", ["SEE ALSO"]).text([roman(see_also(words))]);
    roff
}

/// The page above, or the first pages to read.
fn see_also(words: &str) -> String {
    match words.rsplit_once(' ') {
        _ if words.is_empty() => "mailrunway-demo(1), mailrunway-scan(1), mailrunway-report(1)".to_owned(),
        Some((above, _)) => format!("mailrunway-{}(1)", above.replace(' ', "-")),
        None => "mailrunway(1)".to_owned(),
    }
}
