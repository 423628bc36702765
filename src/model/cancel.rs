//! Cancels a scan: on SIGINT, SIGTERM or SIGHUP, or on request.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

use crate::model::error::{Error, Result};

/// Whether a scan is cancelled. Clones share the request.
///
/// ```
/// use mailrunway::model::cancel::Cancel;
/// let cancel = Cancel::never();
/// assert!(!cancel.is_requested());
/// cancel.clone().request(15);
/// assert_eq!(cancel.signal(), Some(15));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    /// 0: not requested.
    signal: Arc<AtomicUsize>,
}

impl Cancel {
    /// Listens to no signal.
    pub fn never() -> Cancel {
        Cancel::default()
    }

    /// The first SIGINT, SIGTERM or SIGHUP cancels the scan; a second one ends the program at once, with exit status 128
    /// plus the signal's number. A SIGHUP that `nohup` ignores stays ignored. Call it once in a program: the handlers stay
    /// installed.
    ///
    /// # Errors
    /// If a handler cannot be installed.
    pub fn on_signals() -> Result<Cancel> {
        let cancel = Cancel::never();
        let listen = || {
            let again = Arc::new(AtomicBool::new(false));
            let hangs_up = (!is_ignored(SIGHUP)).then_some(SIGHUP);
            for signal in [SIGINT, SIGTERM].into_iter().chain(hangs_up) {
                // The handlers run in this order, so the first signal finds `again` unset.
                flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&again))?;
                flag::register_usize(signal, Arc::clone(&cancel.signal), signal as usize)?;
                flag::register(signal, Arc::clone(&again))?;
            }
            Ok(())
        };
        listen().map_err(|e: std::io::Error| Error::new("cannot listen to signals").because(e))?;
        Ok(cancel)
    }

    /// Cancels the scan as that signal would.
    pub fn request(&self, signal: i32) {
        self.signal.store(usize::try_from(signal).unwrap_or_default(), Relaxed);
    }

    /// Whether the scan is cancelled.
    #[inline]
    pub fn is_requested(&self) -> bool {
        self.signal.load(Relaxed) != 0
    }

    /// The signal that cancelled the scan.
    pub fn signal(&self) -> Option<i32> {
        i32::try_from(self.signal.load(Relaxed)).ok().filter(|&signal| signal != 0)
    }
}

/// Whether the program was started with that signal ignored (proc(5)).
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & (1 << (signal - 1)) != 0)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Lines};
    use std::process::{Child, ChildStdout, Command, Stdio};
    use std::time::{Duration, Instant};

    use rustix::process::{Pid, Signal, kill_process};

    use super::*;

    /// Set in the process that listens.
    const LISTENS: &str = "MAILRUNWAY_TEST_LISTENS";
    /// The listener ends after this time, even if the test died.
    const LONGEST: Duration = Duration::from_secs(30);

    /// A separate process that listens: this test program, with a single test.
    struct Listener {
        child: Child,
        lines: Lines<BufReader<ChildStdout>>,
    }

    impl Listener {
        fn start() -> Listener {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "model::cancel::tests::listener_process", "--nocapture"])
                .env(LISTENS, "1")
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let lines = BufReader::new(child.stdout.take().unwrap()).lines();
            let mut listener = Listener { child, lines };
            listener.says("it listens");
            listener
        }

        fn send(&self, signal: Signal) {
            kill_process(Pid::from_child(&self.child), signal).unwrap();
        }

        fn says(&mut self, line: &str) {
            assert!(self.lines.any(|said| said.unwrap().ends_with(line)), "it never said {line}");
        }

        fn exit_status(mut self) -> Option<i32> {
            self.child.wait().unwrap().code()
        }
    }

    #[test]
    fn listener_process() {
        if std::env::var_os(LISTENS).is_none() {
            return;
        }
        let started = Instant::now();
        let cancel = Cancel::on_signals().unwrap();
        assert_eq!((cancel.is_requested(), cancel.signal()), (false, None));
        println!("it listens");
        while !cancel.is_requested() && started.elapsed() < LONGEST {
            std::thread::sleep(Duration::from_millis(5));
        }
        println!("cancelled by {}", cancel.signal().unwrap());
        std::thread::sleep(LONGEST);
    }

    #[test]
    fn the_first_signal_cancels_and_the_second_exits() {
        for (first, said, second, status) in [
            (Signal::INT, "cancelled by 2", Signal::INT, 130),
            (Signal::TERM, "cancelled by 15", Signal::TERM, 143),
            (Signal::TERM, "cancelled by 15", Signal::INT, 130),
        ] {
            let mut listener = Listener::start();
            listener.send(first);
            listener.says(said);
            listener.send(second);
            assert_eq!(listener.exit_status(), Some(status));
        }
    }

    #[test]
    fn clones_share_the_request() {
        let cancel = Cancel::never();
        let other = cancel.clone();
        assert_eq!((other.is_requested(), other.signal()), (false, None));
        cancel.request(SIGTERM);
        assert_eq!((other.is_requested(), other.signal()), (true, Some(SIGTERM)));
        assert!(!Cancel::never().is_requested());
    }
}
