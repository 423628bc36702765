//! JSON Schema (draft 2020-12) of what commands print, derived from the types that are printed.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use crate::model::json::SCHEMA_VERSION;

/// A day, for fields whose type has no schema of its own.
pub(crate) struct Day;
/// A time, likewise.
pub(crate) struct Time;

impl JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date"})
    }
}

impl JsonSchema for Time {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time"})
    }
}

/// Gives a type the schema of the one as which it is serialised.
macro_rules! serialized_as {
    ($type:ty, $fields:ty) => {
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                <$fields>::schema_name()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                <$fields>::schema_id()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                <$fields>::json_schema(generator)
            }
        }
    };
}
pub(crate) use serialized_as;

/// What a version means, for the description of every schema.
const PROMISE: &str = "The schema is exact for this release. Within a schema_version later releases may add fields, and \
                       values to an enum: ignore what you do not know. schema_version is raised when a field is \
                       removed or renamed, or changes its type, unit or meaning.";

/// The schema of `T` under the name of its command, as text that ends in a newline. `form` is a sentence that says how many
/// objects the command prints.
pub(crate) fn text<T: JsonSchema>(command: &str, form: &str) -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(RecursiveTransform(exact));
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    let about = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let about = [about, form, PROMISE].join(" ");
    for (key, value) in [
        ("$id", format!("urn:mailrunway:schema:{SCHEMA_VERSION}:{command}")),
        ("title", format!("mailrunway {command}")),
        ("description", about),
    ] {
        schema.insert(key.to_owned(), value.into());
    }
    serde_json::to_string_pretty(&schema).expect("a schema always has a JSON form") + "\n"
}

/// Allows no other fields, and no `null` where a field is rather left out.
fn exact(schema: &mut Schema) {
    if let Some(about) = schema.get("description").and_then(Value::as_str) {
        // Doc comments speak of Rust.
        let about = about.replace("`None`", "`null`").replace('\n', " ");
        schema.insert("description".to_owned(), about.into());
    }
    let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    let left_out = properties.iter_mut().filter(|(name, _)| !required.contains(&json!(name)));
    left_out.for_each(|(_, property)| without_null(property));
    schema.insert("additionalProperties".to_owned(), false.into());
}

fn without_null(property: &mut Value) {
    let Some(property) = property.as_object_mut() else { return };
    if let Some(types) = property.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|one| one != "null");
        if let [only] = &types[..] {
            let only = only.clone();
            property.insert("type".to_owned(), only);
        }
    }
    if let Some(any) = property.get_mut("anyOf").and_then(Value::as_array_mut) {
        any.retain(|one| one["type"] != "null");
        if let [Value::Object(only)] = &any[..] {
            let only = only.clone();
            property.remove("anyOf");
            property.extend(only);
        }
    }
}
