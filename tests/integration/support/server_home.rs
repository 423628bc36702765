//! The directory below `/tmp` and the owner of each private server.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::run_command::finish;

/// The time limit for the server to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The directory of a server. It is removed when it goes out of scope, also on a panic.
pub struct ServerHome {
    directory: TempDir,
    owner: Owner,
    server: &'static str,
    hint: &'static str,
}

/// The user that runs the server and owns the mail, never root.
#[derive(Clone, Copy)]
pub struct Owner {
    pub uid: u32,
    pub gid: u32,
    server: &'static str,
}

impl Owner {
    /// The user that runs the test, or `nobody` for root.
    fn for_home(home: &Path, server: &'static str) -> Owner {
        let made = fs::metadata(home).expect("the temporary directory was just made");
        let (uid, gid) = if made.uid() == 0 { (65534, 65534) } else { (made.uid(), made.gid()) };
        Owner { uid, gid, server }
    }

    /// The output of `id`: the name of the user (`-un`) or of the group (`-gn`).
    pub fn name(self, option: &str) -> String {
        let id = Command::new("id").args([option, &self.uid.to_string()]).output().expect("`id` comes with coreutils");
        assert!(id.status.success(), "{} needs a user with a name, and uid {} has none", self.server, self.uid);
        String::from_utf8_lossy(&id.stdout).trim().to_owned()
    }
}

impl ServerHome {
    /// An empty home for a server; `hint` says what to do if something is not installed.
    pub fn create(server: &'static str, hint: &'static str) -> ServerHome {
        // Not TMPDIR: the path of a socket must be below 108 bytes.
        let directory = tempfile::Builder::new().prefix("runway-").tempdir_in("/tmp").expect("/tmp takes a directory");
        let owner = Owner::for_home(directory.path(), server);
        let home = ServerHome { directory, owner, server, hint };
        home.give(home.path());
        home
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// A path in it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// The user that runs the server.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// Gives a tree to the server's user.
    pub fn give(&self, path: &Path) {
        chown(path, Some(self.owner.uid), Some(self.owner.gid)).expect("files go to the server's user");
        if path.is_dir() {
            for entry in path.read_dir().expect("the directory was just made") {
                self.give(&entry.expect("it can be listed").path());
            }
        }
    }

    /// A command with an empty environment that runs as the server's user.
    pub fn command(&self, program: impl AsRef<OsStr>, path: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", path).current_dir(self.path()).gid(self.owner.gid).uid(self.owner.uid);
        command
    }

    /// The output of a command for an input; any failure ends the test.
    pub fn run(&self, command: Command, input: &[u8]) -> Vec<u8> {
        let shown = format!("{:?} {:?}", command.get_program(), command.get_args().collect::<Vec<_>>());
        let output = finish(command, input.to_vec(), PATIENCE);
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{shown} failed: {words}\n{}\n{}", self.log(), self.hint);
        output.stdout
    }

    /// Waits until the server listens on all these sockets.
    pub fn wait(&self, master: &mut Child, sockets: &[&str]) {
        let begun = Instant::now();
        let answers = |socket: &&str| UnixStream::connect(self.join(socket)).is_ok();
        while !sockets.iter().all(answers) {
            let ended = master.try_wait().expect("the server is a child of this test");
            assert!(ended.is_none(), "{} ended at once:\n{}\n{}", self.server, self.log(), self.hint);
            let is_late = begun.elapsed() >= PATIENCE;
            assert!(!is_late, "{} does not answer:\n{}\n{}", self.server, self.log(), self.hint);
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.join("log")).unwrap_or_default()
    }
}
