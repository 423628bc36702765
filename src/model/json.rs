//! JSON on one line, its version, and amounts in whole units.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::model::{escape, quantiles::Quantiles};

/// Raised by a change that breaks a reader: see [`crate::model::schema`].
pub(crate) const SCHEMA_VERSION: u32 = 1;

/// An object with its version.
#[derive(Serialize)]
pub(crate) struct Versioned<'a, T> {
    schema_version: u32,
    #[serde(flatten)]
    value: &'a T,
}

impl<'a, T> Versioned<'a, T> {
    pub(crate) fn new(value: &'a T) -> Versioned<'a, T> {
        Versioned { schema_version: SCHEMA_VERSION, value }
    }
}

impl<T: JsonSchema> JsonSchema for Versioned<'_, T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        format!("Versioned<{}>", T::schema_id()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            let version = json!({"description": "The version of this form.", "const": SCHEMA_VERSION});
            properties.shift_insert(0, "schema_version".to_owned(), version);
        }
        if let Some(Value::Array(required)) = schema.get_mut("required") {
            required.insert(0, "schema_version".into());
        }
        schema
    }
}

/// An object with its version as a line of JSON.
pub fn line(value: &impl Serialize) -> String {
    escape::json(&Versioned::new(value)) + "\n"
}

/// A line for each object.
pub fn lines<T: Serialize>(values: impl IntoIterator<Item = T>) -> String {
    values.into_iter().map(|value| line(&value)).collect()
}

/// An object inside another one, with a version of its own.
pub(crate) fn versioned<S: Serializer>(value: &impl Serialize, serializer: S) -> Result<S::Ok, S::Error> {
    Versioned::new(value).serialize(serializer)
}

pub(crate) fn whole<S: Serializer>(amount: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(amount.round() as u64)
}

/// For amounts that may be negative.
pub(crate) fn whole_signed<S: Serializer>(amount: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(amount.round() as i64)
}

pub(crate) fn whole_quantiles<S: Serializer>(amounts: &Quantiles<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    amounts.map(|amount| amount.round() as u64).serialize(serializer)
}
