//! How sizes were taken from the names of messages, and how far off that is.

use serde::Serialize;

/// What a sample of whole folders said of sizes that were taken from names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SizeCalibration {
    /// How many folders were sampled.
    pub folders: u64,
    /// How many messages were in them.
    pub messages: u64,
    /// Of these, how many have another size than their names tell.
    pub unlike: u64,
    /// What the files take of what the names tell, in millionths.
    pub size_ppm: u64,
    /// How far off the sum of sizes may be in 95 of 100 cases, in millionths of it; `None` if one
    /// folder or none was sampled.
    pub size_error_ppm: Option<u64>,
    /// What the files take on disk of what they would in blocks of 4 KiB, in millionths.
    pub disk_ppm: u64,
    /// How far off the sum on disk may be in 95 of 100 cases, in millionths of it.
    pub disk_error_ppm: Option<u64>,
}
