//! The names behind pseudonyms as lines of JSON.

use schemars::JsonSchema;
use serde::Serialize;

/// A pseudonym and its name.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct NameLine {
    /// The pseudonym.
    pub pseudonym: String,
    /// What it stands for: an address, a domain, a folder, a store, a path or a host.
    pub name: String,
}
