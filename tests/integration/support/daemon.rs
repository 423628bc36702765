//! Servers that end with the test.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};

/// A running server, in a process group of its own.
pub struct Daemon(Child);

impl Daemon {
    /// Starts a server that writes its log to a file.
    #[track_caller]
    pub fn start(command: &mut Command, log: &Path) -> Daemon {
        let file = || File::options().create(true).append(true).open(log).expect("it can be written");
        let command = command.stdin(Stdio::null()).stdout(file()).stderr(file()).process_group(0);
        Daemon(command.spawn().unwrap_or_else(|error| panic!("{command:?} does not start: {error}")))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.0), Signal::KILL);
        let _ = self.0.wait();
    }
}

/// A port of the loopback that nobody listens to.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port is free").port()
}
