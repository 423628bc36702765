//! Panics of libraries, as errors.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// Calls of [`caught`] that go on.
static GUARDED: AtomicUsize = AtomicUsize::new(0);
static SILENCER: Once = Once::new();

/// Runs work of a library. `None` if it panics; then nothing is printed.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    SILENCER.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if GUARDED.load(SeqCst) == 0 || !is_in_library(info) {
                print(info);
            }
        }));
    });
    GUARDED.fetch_add(1, SeqCst);
    let done = panic::catch_unwind(AssertUnwindSafe(work)).ok();
    GUARDED.fetch_sub(1, SeqCst);
    done
}

/// The library may panic on a thread of its own. The compiler names the files of this crate relative to it.
fn is_in_library(info: &PanicHookInfo) -> bool {
    info.location().is_none_or(|location| location.file().starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_no_answer() {
        assert_eq!(caught(|| 1), Some(1));
        assert_eq!(caught(|| -> u8 { panic!("a test panics on purpose") }), None);
        assert_eq!(GUARDED.load(SeqCst), 0);
    }
}
