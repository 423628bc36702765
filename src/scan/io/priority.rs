//! The priority of a scan that gives way to everything else on the machine.

use ioprio::{Class, Pid, Priority, Target};

use crate::model::error::{Error, Result};

/// The niceness that gets least of the processor.
const NICEST: i32 = 19;
const HINT: &str = "the scan goes on at the usual priority; limit it with --threads or --io-limit";

/// Gives way to everything else, for the processor and for the disk.
///
/// In Linux this is of the calling thread and of those it starts from then on: call it before the threads are started
/// that measure. It cannot be taken back but by root.
///
/// # Errors
/// If the kernel refuses one of the two, as in a container that may not set priorities; the other one then holds. That
/// is no reason to leave a scan.
pub(crate) fn idle() -> Result<()> {
    let processor = rustix::process::setpriority_process(None, NICEST);
    // Of use where the disk's scheduler knows classes (bfq, mq-deadline); the others take no notice.
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
    fn a_thread_and_those_it_starts_give_way_and_others_do_not() {
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
