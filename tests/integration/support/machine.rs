//! A private machine for one test: a directory with settings, history and mail, and the command.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use walkdir::WalkDir;

use super::command_outcome::Outcome;
use super::maildir::Store;
use super::run_command::finish;

/// The binary under test.
const MAILRUNWAY: &str = env!("CARGO_BIN_EXE_mailrunway");

/// The user and group `nobody`, which owns nothing.
pub const NOBODY: u32 = 65534;

/// The time limit of a command.
const PATIENCE: Duration = Duration::from_secs(120);

/// A machine for one test. Commands run in its directory.
pub struct Machine {
    place: TempDir,
    /// A copy of the binary that an ordinary user can run.
    open: OnceCell<TempDir>,
    forbidden: RefCell<Vec<PathBuf>>,
}

impl Machine {
    /// A machine with empty settings and no history.
    pub fn new() -> Machine {
        let place = tempfile::tempdir().expect("a temporary directory can be made");
        let machine = Machine { place, open: OnceCell::new(), forbidden: RefCell::default() };
        machine.allow("", 0o755);
        machine.settings("");
        fs::create_dir(machine.path("home")).expect("a directory can be made");
        machine.allow("home", 0o777);
        machine
    }

    /// The absolute path of a file, with links resolved as in a scan.
    pub fn path(&self, name: &str) -> PathBuf {
        self.place.path().canonicalize().expect("the directory is there").join(name)
    }

    /// Writes a file and creates its parent directories.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(name).parent().expect("a file lies in a directory")).expect("it can be made");
        fs::write(self.path(name), content).expect("a file can be written");
    }

    /// Writes the settings for all commands.
    pub fn settings(&self, text: &str) {
        self.write("mailrunway.toml", text);
    }

    /// A mail store, empty until mail is delivered.
    pub fn store(&self, name: &str) -> Store {
        Store::new(self.path(name))
    }

    /// Sets the mode of a file or directory.
    pub fn allow(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), Permissions::from_mode(mode)).expect("the mode of a file can be set");
    }

    /// Sets a more restrictive mode until the end of the test.
    pub fn forbid(&self, name: &str, mode: u32) {
        self.forbidden.borrow_mut().push(self.path(name));
        self.allow(name, mode);
    }

    /// Gives a directory and all in it to the user of [`Runway::by_ordinary_user`].
    pub fn give_to_ordinary_user(&self, name: &str) {
        self.own(name, NOBODY);
    }

    /// Gives a directory and all in it to the user that runs the test again.
    pub fn take_back(&self, name: &str) {
        self.own(name, rustix::process::geteuid().as_raw());
    }

    fn own(&self, name: &str, user: u32) {
        // Anybody else than root is an ordinary user already.
        if rustix::process::geteuid().is_root() {
            for entry in WalkDir::new(self.path(name)) {
                let path = entry.expect("it can be listed").into_path();
                lchown(path, Some(user), None).expect("root can give it away");
            }
        }
    }

    /// Runs `mailrunway` with these arguments.
    pub fn run(&self, words: &str) -> Outcome {
        self.runway(words).run()
    }

    /// A command that can be changed before it runs.
    pub fn runway(&self, words: &str) -> Runway<'_> {
        let environment = [
            ("HOME", self.path("home")),
            ("PATH", "/usr/local/bin:/usr/bin:/bin".into()),
            ("MAILRUNWAY_CONFIG", self.path("mailrunway.toml")),
            ("MAILRUNWAY_HISTORY", self.path("history")),
        ];
        Runway {
            machine: self,
            words: words.split_whitespace().map(OsString::from).collect(),
            environment: environment.map(|(name, value)| (name.to_owned(), value.into())).into(),
            input: Vec::new(),
            ordinary: false,
            shell: None,
        }
    }

    /// Puts the binary where any user may run it, as a hard link or, across file systems, as a copy.
    fn open_binary(&self) -> PathBuf {
        let open = self.open.get_or_init(|| {
            let open = tempfile::tempdir().expect("a temporary directory can be made");
            fs::set_permissions(open.path(), Permissions::from_mode(0o755)).expect("the mode can be set");
            let binary = open.path().join("mailrunway");
            fs::hard_link(MAILRUNWAY, &binary)
                .or_else(|_| fs::copy(MAILRUNWAY, &binary).map(drop))
                .expect("the binary can be copied");
            open
        });
        open.path().join("mailrunway")
    }

    /// The state of every file and directory. Times of directories do not count, since a temporary file changes them
    /// without another trace.
    fn everything(&self) -> BTreeMap<PathBuf, Standing> {
        let entries = WalkDir::new(self.place.path()).into_iter().flatten();
        entries.map(|entry| (entry.path().to_owned(), standing(&entry))).collect()
    }
}

/// Inode, length and change time of a file; `None` for other entries.
type Standing = Option<(u64, u64, i64, i64)>;

fn standing(entry: &walkdir::DirEntry) -> Standing {
    let file = entry.metadata().ok().filter(fs::Metadata::is_file)?;
    Some((file.ino(), file.len(), file.ctime(), file.ctime_nsec()))
}

impl Drop for Machine {
    fn drop(&mut self) {
        // An unreadable directory cannot be removed.
        for path in self.forbidden.borrow().iter() {
            let _ = fs::set_permissions(path, Permissions::from_mode(0o755));
        }
    }
}

/// `mailrunway` with its arguments, before it runs.
pub struct Runway<'a> {
    machine: &'a Machine,
    words: Vec<OsString>,
    environment: BTreeMap<String, OsString>,
    input: Vec<u8>,
    ordinary: bool,
    shell: Option<String>,
}

impl Runway<'_> {
    /// Adds an argument, which may have any characters.
    pub fn arg(mut self, word: impl Into<OsString>) -> Self {
        self.words.push(word.into());
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.environment.insert(name.to_owned(), value.into());
        self
    }

    /// Removes an environment variable.
    pub fn without(mut self, name: &str) -> Self {
        self.environment.remove(name);
        self
    }

    /// Sets standard input.
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = bytes.into();
        self
    }

    /// Runs as an ordinary user, since file modes do not restrict root.
    pub fn by_ordinary_user(mut self) -> Self {
        self.ordinary = true;
        self
    }

    /// Runs in a shell script, in which `"$@"` is the command.
    pub fn in_shell(mut self, script: &str) -> Self {
        self.shell = Some(script.to_owned());
        self
    }

    /// Runs the command to its end.
    pub fn run(self) -> Outcome {
        let before = self.machine.everything();
        let output = finish(self.command(), self.input.clone(), PATIENCE);
        let after = self.machine.everything();
        let mut changed: Vec<PathBuf> = after.iter().filter(|now| before.get(now.0) != Some(now.1)).map(path).collect();
        changed.extend(before.iter().filter(|then| !after.contains_key(then.0)).map(path));
        Outcome { words: self.words, output, changed }
    }

    fn command(&self) -> Command {
        let steps_down = self.ordinary && rustix::process::geteuid().is_root();
        let binary = if steps_down { self.machine.open_binary() } else { MAILRUNWAY.into() };
        let mut command = match &self.shell {
            Some(script) => {
                let mut shell = Command::new("/bin/sh");
                shell.arg("-c").arg(script).arg("sh").arg(binary);
                shell
            }
            None => Command::new(binary),
        };
        command.args(&self.words).env_clear().envs(&self.environment).current_dir(self.machine.path(""));
        command.stdin(Stdio::piped());
        if steps_down {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }
}

fn path(entry: (&PathBuf, &Standing)) -> PathBuf {
    entry.0.clone()
}
