//! The rooms of `src/`: each uses only the rooms below it, commands do not use each other, and files form no circles.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The rooms from the ground up. Rooms on one floor do not use each other.
const FLOORS: [&[&str]; 9] = [
    &["model"],
    &["store"],
    &["scan"],
    &["history"],
    &["forecast"],
    &["planning"],
    &["output"],
    &["settings", "cli"],
    &["commands"],
];

/// The files of `commands/` that commands share. Every other file there is a command.
const SHARED_BY_COMMANDS: [&str; 5] = ["figures", "input", "output", "owner", "session"];

/// The module of a file, by the names on its path: `["scan", "io"]` for `src/scan/io.rs`.
type Module = Vec<String>;

/// The modules that each file uses, without itself, its unit tests and the two crate roots.
fn uses() -> BTreeMap<Module, BTreeSet<Module>> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut texts = BTreeMap::new();
    read_sources(&source, &mut Vec::new(), &mut texts);
    texts.iter().map(|(module, text)| (module.clone(), used_by(module, text, &texts))).collect()
}

fn read_sources(directory: &Path, parent: &mut Module, texts: &mut BTreeMap<Module, String>) {
    for entry in fs::read_dir(directory).expect("the source can be listed") {
        let path = entry.expect("the source can be listed").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("names are UTF-8").to_owned();
        if name == "tests" || (parent.is_empty() && (name == "lib" || name == "main")) {
            continue;
        }
        parent.push(name);
        if path.is_dir() {
            read_sources(&path, parent, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("the source can be read");
            let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
            let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
            texts.insert(parent.clone(), code.collect::<Vec<_>>().join("\n"));
        }
        parent.pop();
    }
}

fn used_by(module: &Module, text: &str, modules: &BTreeMap<Module, String>) -> BTreeSet<Module> {
    let mut paths = Vec::new();
    for root in ["crate::", "super::", "self::"] {
        for (at, _) in text.match_indices(root) {
            if !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                read_paths(&text[at..], &mut Vec::new(), &mut paths);
            }
        }
    }
    let used = paths.into_iter().filter_map(|path| {
        let mut target = if path[0] == "crate" { Module::new() } else { module.clone() };
        for name in path {
            match name {
                "crate" | "self" => {}
                "super" => drop(target.pop()),
                name => target.push(name.to_owned()),
            }
        }
        while !target.is_empty() && !modules.contains_key(&target) {
            target.pop();
        }
        (!target.is_empty() && target != *module).then_some(target)
    });
    used.collect()
}

/// Reads the path at the start of a text, or the paths of a `use` with braces; returns the text after it.
fn read_paths<'t>(text: &'t str, path: &mut Vec<&'t str>, found: &mut Vec<Vec<&'t str>>) -> &'t str {
    let depth = path.len();
    let mut rest = text.trim_start();
    loop {
        if let Some(group) = rest.strip_prefix('{') {
            rest = group;
            while !rest.is_empty() && !rest.trim_start().starts_with('}') {
                rest = read_paths(rest, path, found);
                rest = &rest[rest.find([',', '}']).unwrap_or(rest.len())..];
                rest = rest.strip_prefix(',').unwrap_or(rest);
            }
            rest = rest.trim_start().strip_prefix('}').unwrap_or_default();
            break;
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        path.push(&rest[..end]);
        rest = &rest[end..];
        if let Some(more) = rest.strip_prefix("::") {
            rest = more;
        } else {
            found.push(path.clone());
            break;
        }
    }
    path.truncate(depth);
    rest
}

fn floor(room: &str) -> usize {
    FLOORS
        .iter()
        .position(|rooms| rooms.contains(&room))
        .unwrap_or_else(|| panic!("{room} is not in the list of rooms"))
}

/// All uses of one file by another that break a rule, one line each.
fn violations(breaks: impl Fn(&Module, &Module) -> bool) -> Vec<String> {
    let uses = uses();
    let pairs = uses.iter().flat_map(|(user, used)| used.iter().map(move |used| (user, used)));
    let broken = pairs.filter(|(user, used)| breaks(user, used));
    broken.map(|(user, used)| format!("{} uses {}", user.join("/"), used.join("/"))).collect()
}

#[test]
fn a_room_uses_only_the_rooms_below_it() {
    let found = violations(|user, used| user[0] != used[0] && floor(&user[0]) <= floor(&used[0]));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_command_uses_no_other_command() {
    let is_command = |name: &String| !SHARED_BY_COMMANDS.contains(&name.as_str());
    let found = violations(|user, used| match (&user[..], &used[..]) {
        ([room, user, ..], [other, used, ..]) => {
            room == "commands" && other == room && user != used && is_command(used)
        }
        _ => false,
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_files_form_a_circle() {
    let mut uses = uses();
    loop {
        let used: BTreeSet<Module> = uses.values().flatten().cloned().collect();
        let before = uses.len();
        let users: BTreeSet<Module> = uses.keys().cloned().collect();
        uses.retain(|module, uses| used.contains(module) && uses.iter().any(|used| users.contains(used)));
        if uses.len() == before {
            break;
        }
    }
    let left: Vec<String> = uses.keys().map(|module| module.join("/")).collect();
    assert!(left.is_empty(), "files in circles, or between them:\n{}", left.join("\n"));
}
