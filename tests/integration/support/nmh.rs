//! MH folders of nmh in a private home.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use super::run_command::finish;

/// Debian installs the commands here, since their names are too common.
const PATH: &str = "/usr/bin/mh:/usr/lib/mh:/usr/bin:/bin";

/// The time limit of a command.
const PATIENCE: Duration = Duration::from_secs(20);

/// A user of nmh.
pub struct Nmh {
    home: PathBuf,
}

impl Nmh {
    /// A user without mail, with folders in `Mail`.
    pub fn new(home: PathBuf) -> Nmh {
        fs::create_dir_all(home.join("Mail")).expect("a directory can be made");
        fs::write(home.join(".mh_profile"), "Path: Mail\n").expect("a file can be written");
        Nmh { home }
    }

    /// Stores a message in a folder, which is created if missing.
    pub fn store(&self, folder: &str, message: &[u8]) {
        self.run("rcvstore", &[&format!("+{folder}"), "-create"], message);
    }

    /// Runs a command of nmh; any failure ends the test.
    pub fn run(&self, command: &str, arguments: &[&str], input: &[u8]) -> String {
        let mut nmh = Command::new(command);
        nmh.env_clear().env("PATH", PATH).env("HOME", &self.home).current_dir(&self.home).args(arguments);
        let output = finish(nmh, input.to_vec(), PATIENCE);
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command} {arguments:?}: {words}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Every folder with messages, and their sizes by nmh.
    pub fn folders(&self) -> Vec<(String, Vec<u64>)> {
        let names = self.run("folders", &["-all", "-recurse", "-fast"], b"");
        let folder = |name: &str| (name.to_owned(), self.sizes(name));
        names.lines().map(folder).filter(|(_, sizes)| !sizes.is_empty()).collect()
    }

    /// The sizes of the messages of one folder.
    pub fn sizes(&self, folder: &str) -> Vec<u64> {
        let folder = format!("+{folder}");
        let output = self.run("folder", &[&folder, "-nototal", "-noheader"], b"");
        if output.contains("has no messages") {
            return Vec::new();
        }
        let sizes = self.run("scan", &[&folder, "-format", "%(size)"], b"");
        sizes.lines().map(|size| size.trim().parse().unwrap_or_else(|_| panic!("{size:?} is not a size"))).collect()
    }
}
