//! The JSON Schemas of what commands print: committed, complete, and as strict as they look.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::help::{all_commands, help};
use crate::support::machine::Machine;

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/schema")
}

fn schema(name: &str) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_mailrunway"));
    let output = program.args(["schema", name]).env_clear().output().expect("the program starts");
    assert!(output.status.success() && output.stderr.is_empty(), "{name}: {output:?}");
    String::from_utf8(output.stdout).expect("a schema is text")
}

/// The names of all schemas.
fn names() -> Vec<String> {
    Machine::new().run("schema").succeeds().text().lines().map(str::to_owned).collect()
}

/// `INSTA_UPDATE=always` writes them, as it does the committed help.
#[test]
fn schemas_are_those_in_the_source() {
    let mut files: Vec<String> = names().iter().map(|name| format!("{name}.json")).collect();
    for (name, file) in names().iter().zip(&files) {
        let path = committed().join(file);
        let now = schema(name);
        if std::env::var_os("INSTA_UPDATE").is_some_and(|how| how == "always") {
            fs::write(&path, &now).expect("it can be written");
        }
        let then = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(
            now == then,
            "{file} differs from `mailrunway schema {name}`: see what changed, then INSTA_UPDATE=always"
        );
    }
    let entries = fs::read_dir(committed()).expect("it can be listed");
    let mut found: Vec<String> =
        entries.map(|entry| entry.expect("it can be listed").file_name().into_string().expect("it is text")).collect();
    files.push("README.md".to_owned());
    files.sort();
    found.sort();
    assert_eq!(found, files);
}

/// All objects of a schema that have fields.
fn objects<'a>(schema: &'a Value, found: &mut Vec<&'a Value>) {
    if schema["properties"].is_object() {
        found.push(schema);
    }
    match schema {
        Value::Object(fields) => fields.values().for_each(|value| objects(value, found)),
        Value::Array(items) => items.iter().for_each(|value| objects(value, found)),
        _ => {}
    }
}

#[test]
fn every_field_is_described_and_no_other_is_allowed() {
    for name in names() {
        let schema: Value = serde_json::from_str(&schema(&name)).expect("it is JSON");
        assert_eq!(schema["$id"], format!("urn:mailrunway:schema:1:{name}"));
        let mut found = Vec::new();
        objects(&schema, &mut found);
        assert!(!found.is_empty(), "{name}");
        for object in found {
            assert_eq!(object["additionalProperties"], false, "{name}: {object}");
            for (field, property) in object["properties"].as_object().expect("it has fields") {
                let about = property["description"].as_str().unwrap_or_default();
                // Not the text of Rust's documentation.
                assert!(about.ends_with('.') && !about.contains(['[', '\n']), "{name}: {field}: {about:?}");
            }
        }
    }
}

#[test]
fn every_command_that_prints_json_has_a_schema() {
    let prints_json = |words: &Vec<String>| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        help(&words).lines().any(|line| line.trim_start().starts_with("- json:"))
    };
    // The demo prints its forecast.
    let commands =
        all_commands().into_iter().filter(prints_json).map(|words| words.join("-")).filter(|one| one != "demo");
    let mut expected: Vec<String> = commands.chain(["scan-explain".to_owned()]).collect();
    let mut found = names();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_schema_is_named_by_the_words_of_its_command() {
    let machine = Machine::new();
    let told = machine.run("schema history event list").succeeds().keeps_silent().json();
    assert_eq!(told["title"], "mailrunway history-event-list");
    machine.run("schema history").fails(2, &["there is no schema `history`", "there are: scan,"]);
}
