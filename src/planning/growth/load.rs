//! Reads from the history what growth needs.

pub mod past;
mod scan;
mod scan_pairs;
pub mod scans;
