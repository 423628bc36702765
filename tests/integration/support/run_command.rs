//! Runs a command with input and a timeout.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

/// What a command puts out for an input; a command that takes longer than that ends the test.
///
/// By hand, since the crates for it switch on features of crates below polars, which is then built a second time.
pub fn finish(mut command: Command, input: Vec<u8>, patience: Duration) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let pid = Pid::from_child(&child);
    let mut stdin = child.stdin.take().expect("standard input is piped");
    // A command that ends without reading its input is none of ours to judge.
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
