//! How many threads a scan may use.

/// More threads than that wait for each other, not for the disk.
const MOST_THREADS: usize = 1_024;

/// Refuses more threads than are of use.
pub(crate) fn checked_threads(threads: usize) -> std::result::Result<(), String> {
    match threads > MOST_THREADS {
        true => Err(format!("{threads} threads are more than {MOST_THREADS}")),
        false => Ok(()),
    }
}
