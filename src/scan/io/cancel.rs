//! The wish that a scan ends before it is done: by SIGINT, by SIGTERM, or by whoever holds it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::model::error::{Error, Result};

/// Whether a scan is to end before it is done. Clones are one wish.
///
/// ```
/// use mailrunway::scan::stop::Stop;
/// let stop = Stop::never();
/// assert!(!stop.is_asked());
/// stop.clone().ask(15);
/// assert_eq!(stop.asked(), Some(15));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Stop {
    /// 0: it was not asked.
    signal: Arc<AtomicUsize>,
}

impl Stop {
    /// No signal is listened to.
    pub fn never() -> Stop {
        Stop::default()
    }

    /// The first SIGINT or SIGTERM asks; a second one of either ends the program at once, with exit status 128 and the
    /// signal's number. To be called once in a program: what listens does so for good.
    ///
    /// # Errors
    /// If the system does not let the program listen.
    pub fn on_signals() -> Result<Stop> {
        let stop = Stop::never();
        let listen = || {
            let again = Arc::new(AtomicBool::new(false));
            for signal in [SIGINT, SIGTERM] {
                // In the order in which a signal calls them: the first one finds that none came before.
                flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&again))?;
                flag::register_usize(signal, Arc::clone(&stop.signal), signal as usize)?;
                flag::register(signal, Arc::clone(&again))?;
            }
            Ok(())
        };
        listen().map_err(|e: std::io::Error| Error::new("cannot listen to signals").because(e))?;
        Ok(stop)
    }

    /// Asks as a signal of that number does.
    pub fn ask(&self, signal: i32) {
        self.signal.store(usize::try_from(signal).unwrap_or_default(), Relaxed);
    }

    /// Whether it was asked.
    #[inline]
    pub fn is_asked(&self) -> bool {
        self.signal.load(Relaxed) != 0
    }

    /// The signal that asked, if one did.
    pub fn asked(&self) -> Option<i32> {
        i32::try_from(self.signal.load(Relaxed)).ok().filter(|&signal| signal != 0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Lines};
    use std::process::{Child, ChildStdout, Command, Stdio};
    use std::time::{Duration, Instant};

    use rustix::process::{Pid, Signal, kill_process};

    use super::*;

    /// Set where a test program is started to listen.
    const LISTENS: &str = "MAILRUNWAY_TEST_LISTENS";
    /// Nobody listens longer than that, whatever becomes of the test that waits for it.
    const LONGEST: Duration = Duration::from_secs(30);

    /// A program of its own that listens: this very test program, with one test only.
    struct Listener {
        child: Child,
        lines: Lines<BufReader<ChildStdout>>,
    }

    impl Listener {
        fn start() -> Listener {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "scan::stop::tests::listens_where_it_is_started_for_that", "--nocapture"])
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
    fn listens_where_it_is_started_for_that() {
        if std::env::var_os(LISTENS).is_none() {
            return;
        }
        let started = Instant::now();
        let stop = Stop::on_signals().unwrap();
        assert_eq!((stop.is_asked(), stop.asked()), (false, None));
        println!("it listens");
        while !stop.is_asked() && started.elapsed() < LONGEST {
            std::thread::sleep(Duration::from_millis(5));
        }
        println!("asked by {}", stop.asked().unwrap());
        std::thread::sleep(LONGEST);
    }

    #[test]
    fn the_first_signal_asks_and_the_second_ends() {
        for (first, said, second, status) in [
            (Signal::INT, "asked by 2", Signal::INT, 130),
            (Signal::TERM, "asked by 15", Signal::TERM, 143),
            (Signal::TERM, "asked by 15", Signal::INT, 130),
        ] {
            let mut listener = Listener::start();
            listener.send(first);
            listener.says(said);
            listener.send(second);
            assert_eq!(listener.exit_status(), Some(status));
        }
    }

    #[test]
    fn clones_are_one_wish() {
        let stop = Stop::never();
        let other = stop.clone();
        assert_eq!((other.is_asked(), other.asked()), (false, None));
        stop.ask(SIGTERM);
        assert_eq!((other.is_asked(), other.asked()), (true, Some(SIGTERM)));
        assert!(!Stop::never().is_asked());
    }
}
