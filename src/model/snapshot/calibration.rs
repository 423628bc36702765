//! The calibration of sizes that were taken from the names of messages.

use schemars::JsonSchema;
use serde::Serialize;

/// The errors of sizes from names, measured on a sample of whole folders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema, Serialize)]
pub struct SizeCalibration {
    /// Sampled folders.
    pub folders: u64,
    /// Messages in them.
    pub messages: u64,
    /// Messages whose size differs from their name.
    pub unlike: u64,
    /// Size of the files over that in the names, in millionths.
    pub size_ppm: u64,
    /// The 95 % error of the sum of sizes, in millionths of it; `None` for fewer than two sampled folders.
    pub size_error_ppm: Option<u64>,
    /// Allocated size over that in blocks of 4 KiB, in millionths.
    pub disk_ppm: u64,
    /// The 95 % error of the allocated sum, in millionths of it.
    pub disk_error_ppm: Option<u64>,
}
