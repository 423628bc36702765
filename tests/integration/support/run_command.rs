//! Runs a command with input and a timeout.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

/// The output of a command for an input; a timeout ends the test.
///
/// Written by hand, since the crates for this enable features of dependencies of polars, which would be built twice.
pub fn finish(mut command: Command, input: Vec<u8>, patience: Duration) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let pid = Pid::from_child(&child);
    let mut stdin = child.stdin.take().expect("standard input is piped");
    // A command may end without reading its input.
    thread::spawn(move || stdin.write_all(&input));
    let (done, ended) = mpsc::channel();
    thread::spawn(move || done.send(child.wait_with_output()));
    match ended.recv_timeout(patience) {
        Ok(output) => output.expect("a child's output can be read"),
        Err(_) => {
            let _ = kill_process(pid, Signal::KILL);
            panic!("{command:?} has not ended after {patience:?}");
        }
    }
}
