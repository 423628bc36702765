//! Values that the settings write as text with a unit.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};

/// Reads a value from text. A bare number is refused with the text that may be meant.
pub(crate) fn with_unit<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: fn(&str) -> Result<T, String>,
    meant: fn(f64) -> String,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(WithUnit { parse, meant })
}

struct WithUnit<T> {
    parse: fn(&str) -> Result<T, String>,
    meant: fn(f64) -> String,
}

impl<T> Visitor<'_> for WithUnit<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "a number with its unit, in quotes")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        self.visit_f64(number as f64)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        self.visit_f64(number as f64)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        Err(E::custom(format!("{number} has no unit: write \"{}\"", (self.meant)(number))))
    }
}
