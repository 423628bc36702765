//! Plain values that every room speaks: sizes, days, names, snapshots and series.

pub(crate) mod atomic;
pub mod bytes;
pub mod cancel;
pub mod class;
pub mod dates;
pub mod days;
pub(crate) mod directory;
pub mod error;
pub mod escape;
pub mod json;
pub(crate) mod links;
pub(crate) mod numbers;
pub(crate) mod panics;
pub(crate) mod pseudonyms;
pub(crate) mod quantiles;
pub(crate) mod schema;
pub mod series;
pub(crate) mod signed;
pub mod snapshot;
pub mod special_use;
pub(crate) mod sums;
pub(crate) mod temporary;
pub(crate) mod threads;
pub(crate) mod varint;
pub(crate) mod when;
pub(crate) mod with_unit;
