//! A setting, and where it was set: by a flag, the environment, a line of the file, or the default.

use serde::Serialize;

/// A setting as it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Settled {
    /// Its key in the file, such as `policy.lead_time`; of a store or quota with its name.
    pub key: String,
    /// For people.
    pub value: String,
    /// Where it was set.
    #[serde(flatten)]
    pub origin: Origin,
}

/// Where a setting was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub(crate) enum Origin {
    /// On the command line.
    Flag,
    /// By an environment variable.
    Environment,
    /// In the settings file.
    File {
        /// The line, from 1 on.
        line: usize,
    },
    /// Nowhere.
    Default,
}
