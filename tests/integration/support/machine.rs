//! A private machine for one test: a directory with settings, history and mail, and the command.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
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
const NOBODY: u32 = 65534;

/// The longest that a command of these tests may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// One test's machine. Commands start in its directory, so that they read as a user writes them.
pub struct Machine {
    place: TempDir,
    /// A copy of the binary where an ordinary user reaches it.
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

    /// Where something lies; links resolved, as the scan tells it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.place.path().canonicalize().expect("the directory is there").join(name)
    }

    /// Writes a file, and makes the directories above it.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(name).parent().expect("a file lies in a directory")).expect("it can be made");
        fs::write(self.path(name), content).expect("a file can be written");
    }

    /// Writes the settings that every command reads.
    pub fn settings(&self, text: &str) {
        self.write("mailrunway.toml", text);
    }

    /// A mail store, empty until mail is delivered.
    pub fn store(&self, name: &str) -> Store {
        Store::new(self.path(name))
    }

    /// Sets who may do what.
    pub fn allow(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), Permissions::from_mode(mode)).expect("the mode of a file can be set");
    }

    /// Takes rights away until the end of the test.
    pub fn forbid(&self, name: &str, mode: u32) {
        self.forbidden.borrow_mut().push(self.path(name));
        self.allow(name, mode);
    }

    /// Runs `mailrunway` with these words.
    pub fn run(&self, words: &str) -> Outcome {
        self.runway(words).run()
    }

    /// A command that can be told more before it runs.
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

    /// The binary where anyone may run it. A link costs nothing; where /tmp is another file system it is copied.
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

    /// Everything that lies here, and how each file stands. The times of directories tell nothing: a file that comes
    /// and goes again, as one that tries whether there is room, leaves no other trace.
    fn everything(&self) -> BTreeMap<PathBuf, Standing> {
        let entries = WalkDir::new(self.place.path()).into_iter().flatten();
        entries.map(|entry| (entry.path().to_owned(), standing(&entry))).collect()
    }
}

/// Inode, length, and the time of the last change of a file; nothing for what is none.
type Standing = Option<(u64, u64, i64, i64)>;

fn standing(entry: &walkdir::DirEntry) -> Standing {
    let file = entry.metadata().ok().filter(fs::Metadata::is_file)?;
    Some((file.ino(), file.len(), file.ctime(), file.ctime_nsec()))
}

impl Drop for Machine {
    fn drop(&mut self) {
        // What may not be read cannot be removed either.
        for path in self.forbidden.borrow().iter() {
            let _ = fs::set_permissions(path, Permissions::from_mode(0o755));
        }
    }
}

/// `mailrunway` with its words, before it runs.
pub struct Runway<'a> {
    machine: &'a Machine,
    words: Vec<OsString>,
    environment: BTreeMap<String, OsString>,
    input: Vec<u8>,
    ordinary: bool,
    shell: Option<String>,
}

impl Runway<'_> {
    /// One more word, which may hold blanks and worse.
    pub fn arg(mut self, word: impl Into<OsString>) -> Self {
        self.words.push(word.into());
        self
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.environment.insert(name.to_owned(), value.into());
        self
    }

    /// Takes a variable away.
    pub fn without(mut self, name: &str) -> Self {
        self.environment.remove(name);
        self
    }

    /// What comes on standard input.
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = bytes.into();
        self
    }

    /// Not as root, whom no mode of a file stops.
    pub fn by_ordinary_user(mut self) -> Self {
        self.ordinary = true;
        self
    }

    /// By a script of the shell, in which `"$@"` is the command.
    pub fn in_shell(mut self, script: &str) -> Self {
        self.shell = Some(script.to_owned());
        self
    }

    /// Runs it to its end.
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
