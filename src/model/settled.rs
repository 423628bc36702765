//! A setting, and where it was set.

use schemars::JsonSchema;
use serde::Serialize;

/// A setting as it holds.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub(crate) struct Settled {
    /// Its key in the file, such as `policy.lead_time`; of a store or quota with its name.
    pub key: String,
    /// For people.
    pub value: String,
    /// Where it was set.
    pub from: Origin,
    /// The line in the settings file, from 1 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

/// Where a setting was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Origin {
    /// On the command line.
    Flag,
    /// By an environment variable.
    Environment,
    /// In the settings file.
    File,
    /// Nowhere.
    Default,
}
