//! What the program's own words name exists: commands, options and files.

use std::path::Path;

use clap::Command;

#[test]
fn the_command_line_passes_claps_checks() {
    super::command().debug_assert();
}

/// The boundary in the demo's messages, which begins as an option does.
const DEMO_BOUNDARY: &str = "next-part";

/// The string literals of the program, without those of tests.
fn literals() -> Vec<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(source).into_iter().map(|entry| entry.expect("the source can be listed"));
    let is_code = |path: &Path| path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs");
    let code =
        files.filter(|file| is_code(file.path()) && !file.path().components().any(|part| part.as_os_str() == "tests"));
    let text = |file: walkdir::DirEntry| std::fs::read_to_string(file.path()).expect("the source can be read");
    code.map(text).flat_map(|text| literals_of(text.split("#[cfg(test)]\nmod ").next().unwrap_or_default())).collect()
}

fn literals_of(code: &str) -> Vec<String> {
    let (mut literals, mut rest) = (Vec::new(), code);
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let (start, after) = (&rest[at..], &rest[at + 1..]);
        if start.starts_with("//") {
            rest = after.split_once('\n').map_or("", |(_, next)| next);
        } else if start.starts_with("'\"'") || start.starts_with("'\\") {
            rest = &start[3..];
        } else if let Some(mut text) = start.strip_prefix('"') {
            let mut literal = String::new();
            while let Some(end) = text.find(['"', '\\']) {
                literal.push_str(&text[..end]);
                if text[end..].starts_with('"') {
                    text = &text[end + 1..];
                    break;
                }
                // A line that goes on, or an escape.
                text = match text[end + 1..].strip_prefix('\n') {
                    Some(next) => next.trim_start(),
                    None => &text[end + 2..],
                };
            }
            literals.push(literal);
            rest = text;
        } else {
            rest = after;
        }
    }
    literals
}

/// The help of a command and its arguments, and of all commands below it.
fn help(command: &Command) -> Vec<String> {
    let own = [command.get_about(), command.get_long_about()].into_iter().flatten();
    let of_arguments = command.get_arguments().filter_map(|argument| argument.get_help());
    let mut texts: Vec<String> = own.chain(of_arguments).map(ToString::to_string).collect();
    texts.extend(command.get_subcommands().flat_map(help));
    texts
}

/// The options in a text, without their dashes.
fn options(text: &str) -> impl Iterator<Item = &str> {
    let starts = text
        .match_indices("--")
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| !c.is_whitespace() && !"(`[".contains(c)));
    let name = |(at, _)| text[at + 2..].split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap_or_default();
    starts
        .map(name)
        .filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.starts_with(DEMO_BOUNDARY))
}

fn has_option(command: &Command, name: &str) -> bool {
    command.get_arguments().any(|argument| argument.get_long() == Some(name))
        || command.get_subcommands().any(|below| has_option(below, name))
        || ["help", "version"].contains(&name)
}

/// What is wrong with the words between backticks, if they call this program or one of its commands.
fn wrong_call(program: &Command, words: &str) -> Option<String> {
    let called = words.strip_prefix("mailrunway ").unwrap_or(words);
    let mut command = program.find_subcommand(called.split(' ').next().unwrap_or_default());
    if command.is_none() {
        let first = called.split(' ').next().unwrap_or_default();
        let is_name = !first.is_empty() && first.chars().all(|c| c.is_ascii_lowercase());
        return (called != words && is_name).then(|| format!("there is no command {first}"));
    }
    for word in called.split(' ').skip(1) {
        match command.filter(|command| command.has_subcommands()) {
            Some(above) => match above.find_subcommand(word) {
                Some(below) => command = Some(below),
                None => return Some(format!("{} has no command {word}", above.get_name())),
            },
            None => break,
        }
    }
    let is_known = |name: &&str| {
        command.is_some_and(|command| has_option(command, name))
            || program.get_arguments().any(|argument| argument.get_long() == Some(name))
    };
    let unknown = options(called).find(|name| !is_known(name))?;
    Some(format!("{} has no option --{unknown}", command.map_or("it", Command::get_name)))
}

#[test]
fn what_hints_and_help_name_exists() {
    let program = super::command();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let texts = [literals(), help(&program)].concat();
    assert!(texts.len() > 1_000, "the source has texts");
    for text in &texts {
        for (place, part) in text.split('`').enumerate() {
            let is_quoted = place % 2 == 1;
            let is_own =
                is_quoted && wrong_call(&program, part).map(|why| wrong.push(format!("{why}: {text}"))).is_some();
            let first = part.split(' ').next().unwrap_or_default();
            let is_of_others =
                is_quoted && first != "mailrunway" && program.find_subcommand(first).is_none() && part.contains(' ');
            let unknown = options(part).filter(|name| !is_own && !is_of_others && !has_option(&program, name));
            wrong.extend(unknown.map(|name| format!("there is no option --{name}: {text}")));
        }
        let is_file = |word: &&str| ["data/", "notebooks/", "tests/"].iter().any(|start| word.starts_with(start));
        let files = text.split(|c: char| c.is_whitespace() || "`,;:()".contains(c)).filter(is_file);
        wrong.extend(files.filter(|file| !root.join(file).exists()).map(|file| format!("there is no {file}: {text}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn calls_of_what_does_not_exist_are_found() {
    let program = super::command();
    for (words, why) in [
        ("mailrunway scan PATH", None),
        ("history event list", None),
        ("mailrunway whatif SCENARIO -o FILE", None),
        ("mailrunway history remove NAME --dry-run", None),
        ("mailrunway sacn", Some("there is no command sacn")),
        ("history event show", Some("event has no command show")),
        ("mailrunway scan --keep-daily 3", Some("scan has no option --keep-daily")),
        ("df -h", None),
    ] {
        assert_eq!(wrong_call(&program, words).as_deref(), why, "{words}");
    }
    assert_eq!(literals_of("f(\"a \\\n   b\", 'x', '\"') // \"no\"\n \"c\\\"d\""), ["a b", "cd"]);
    assert_eq!(options("use --name or (--key) a--b --").collect::<Vec<_>>(), ["name", "key"]);
}

/// The words of a line of shell, without quotes; what follows `;`, `|`, `&`, `<` or `>` belongs to other programs.
fn shell_words(line: &str) -> Vec<String> {
    let (mut words, mut quote, mut in_word) = (Vec::new(), None, false);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, ';' | '|' | '&' | '<' | '>') => break,
            (None, ' ' | '\n' | '\\') => in_word = false,
            (_, c) => {
                if !in_word {
                    words.push(String::new());
                }
                in_word = true;
                words.last_mut().unwrap_or(&mut String::new()).push(c);
            }
        }
    }
    words
}

fn all_words(command: &Command, words: &str) -> Vec<String> {
    let below = |below: &Command| all_words(below, format!("{words} {}", below.get_name()).trim_start());
    let mut all: Vec<String> = command.get_subcommands().flat_map(below).collect();
    all.push(words.to_owned());
    all
}

#[test]
fn every_command_has_examples_which_the_command_line_takes() {
    let program = super::command();
    for words in all_words(&program, "") {
        let command = words.split_whitespace().try_fold(&program, |above, word| above.find_subcommand(word));
        let has_none = super::examples::of(&words).examples.is_empty();
        assert!(!has_none || command.is_some_and(Command::has_subcommands), "{words} has no example");
        for (_, lines) in super::examples::of(&words).examples {
            // man indents them by eleven columns.
            assert!(lines.lines().all(|line| line.len() <= 69), "{lines}");
            let lines = lines.replace("\\\n", "");
            let calls: Vec<&str> =
                lines.split(['\n', '|']).filter(|line| line.trim().starts_with("mailrunway")).collect();
            assert!(!calls.is_empty(), "{lines}");
            for call in calls {
                let mut arguments: Vec<std::ffi::OsString> = shell_words(call).into_iter().map(Into::into).collect();
                if super::asks_check(&arguments) {
                    arguments = super::plugin_arguments(arguments);
                }
                let parsed = program.clone().try_get_matches_from(&arguments);
                assert!(call.contains(&words) && parsed.is_ok(), "{call}: {:?}", parsed.err());
            }
        }
    }
}
