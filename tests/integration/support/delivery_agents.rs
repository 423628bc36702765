//! Delivery agents in a private home: maildrop and procmail.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::run_command::finish;

/// The user and group `nobody`, since the agents do not deliver to root.
const NOBODY: u32 = 65534;

/// The time limit of a delivery.
const PATIENCE: Duration = Duration::from_secs(20);

/// A user whose mail an agent delivers.
pub struct Home {
    path: PathBuf,
}

impl Home {
    /// A home without mail.
    pub fn new(path: PathBuf) -> Home {
        fs::create_dir_all(&path).expect("a directory can be made");
        let home = Home { path };
        home.give_away(&home.path);
        home
    }

    /// Writes a file that only its owner may read, as the agents require.
    pub fn write(&self, name: &str, content: &str) {
        let path = self.path.join(name);
        fs::write(&path, content).expect("a file can be written");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("the mode can be set");
        self.give_away(&path);
    }

    /// Runs an agent with a message; any failure ends the test.
    pub fn run(&self, command: &str, arguments: &[&str], message: &[u8]) {
        let mut agent = Command::new(command);
        agent.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", &self.path).current_dir(&self.path).args(arguments);
        if rustix::process::geteuid().is_root() {
            agent.uid(NOBODY).gid(NOBODY);
        }
        let output = finish(agent, message.to_vec(), PATIENCE);
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command} {arguments:?}: {words}");
    }

    fn give_away(&self, path: &Path) {
        if rustix::process::geteuid().is_root() {
            chown(path, Some(NOBODY), Some(NOBODY)).expect("root may give a file away");
        }
    }
}
