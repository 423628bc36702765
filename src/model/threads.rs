//! The number of threads of a scan.

/// More threads would wait for each other instead of the disk.
const MOST_THREADS: usize = 1_024;

/// Rejects more threads than are useful.
pub(crate) fn checked_threads(threads: usize) -> std::result::Result<(), String> {
    match threads > MOST_THREADS {
        true => Err(format!("{threads} threads are more than {MOST_THREADS}")),
        false => Ok(()),
    }
}
