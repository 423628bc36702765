//! Lowers the priority of a scan.

use ioprio::{Class, Pid, Priority, Target};

use crate::model::error::{Error, Result};

const NICEST: i32 = 19;
const HINT: &str = "the scan continues at normal priority; limit it with --threads or --io-limit";

/// Sets the lowest priority for the processor and the disk.
///
/// On Linux this covers the calling thread and the threads it starts later. Only root can undo it.
///
/// # Errors
/// If the kernel refuses one of the two, as some containers do; the other one may still be set.
pub(crate) fn idle() -> Result<()> {
    let processor = rustix::process::setpriority_process(None, NICEST);
    // Only the schedulers bfq and mq-deadline have priority classes.
    let disk = ioprio::set_priority(Target::Process(Pid::from_raw(0)), Priority::new(Class::Idle));
    let refused = |whose: &str| Error::new(format!("the kernel refuses to lower the priority for {whose}")).hint(HINT);
    processor.map_err(|e| refused("the processor").because(e))?;
    disk.map_err(|e| refused("the disk").because(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Niceness and class of the calling thread.
    fn of_this_thread() -> (i32, Option<Class>) {
        let niceness = rustix::process::getpriority_process(None).unwrap();
        (niceness, ioprio::get_priority(Target::Process(Pid::from_raw(0))).unwrap().class())
    }

    #[test]
    fn idle_applies_to_the_thread_and_its_children() {
        let before = of_this_thread();
        let (own, started) = std::thread::spawn(|| {
            idle().unwrap();
            (of_this_thread(), std::thread::spawn(of_this_thread).join().unwrap())
        })
        .join()
        .unwrap();
        assert_eq!(own, (NICEST, Some(Class::Idle)));
        assert_eq!(started, own);
        assert_eq!(of_this_thread(), before);
    }
}
