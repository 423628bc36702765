//! A private Dovecot: its settings, sockets, log and mail all lie below one temporary directory, and it opens no port.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::account::Account;
use super::finish::finish;
use super::lmtp;

/// Debian keeps the server in `/usr/sbin`, which an ordinary user's own path leaves out.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The server's zone, far from UTC and in no database: mbox has its dates in the time of the place.
pub const ZONE: &str = "RWY-5:45";

/// The longest wait for the server to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a test that lacks something ends, so that nobody has to guess what to do.
const HINT: &str = "tests/run installs what these tests need (dovecot-core, dovecot-lmtpd, dovecot-imapd)";

/// A running server. It is stopped, and its directory removed, when it goes out of scope, by a panic too.
pub struct Dovecot {
    home: TempDir,
    owner: Owner,
    master: Child,
}

/// Who runs the server and owns the mail: never root, for which Dovecot refuses to open a mailbox.
#[derive(Clone, Copy)]
struct Owner {
    uid: u32,
    gid: u32,
}

impl Owner {
    /// Whoever runs the test; root steps down to `nobody`.
    fn of(home: &Path) -> Owner {
        let made = fs::metadata(home).expect("the temporary directory was just made");
        if made.uid() == 0 { Owner { uid: 65534, gid: 65534 } } else { Owner { uid: made.uid(), gid: made.gid() } }
    }

    /// What `id` answers: the name of the user (`-un`) or of the group (`-gn`).
    fn name(self, option: &str) -> String {
        let id = Command::new("id").args([option, &self.uid.to_string()]).output().expect("`id` comes with coreutils");
        assert!(id.status.success(), "Dovecot needs a user with a name, and uid {} has none", self.uid);
        String::from_utf8_lossy(&id.stdout).trim().to_owned()
    }
}

impl Dovecot {
    /// Starts a server with these settings on top of its own; `mail_location` has to be among them. `{home}` stands for
    /// the server's directory, in which `store` is the store.
    pub fn start(settings: &str) -> Dovecot {
        require_dovecot();
        // Not TMPDIR: the path of a socket has to stay below 108 bytes.
        let home = tempfile::Builder::new().prefix("runway-").tempdir_in("/tmp").expect("/tmp takes a directory");
        let owner = Owner::of(home.path());
        chown(home.path(), Some(owner.uid), Some(owner.gid)).expect("the directory goes to the server's user");
        let file = home.path().join("dovecot.conf");
        fs::write(&file, configuration(home.path(), owner, settings)).expect("the settings can be written");
        let master = command("dovecot", home.path(), owner).arg("-F").arg("-c").arg(file).stdin(Stdio::null()).spawn();
        let mut server = Dovecot { master: master.expect("dovecot starts"), home, owner };
        server.wait_until_it_answers();
        server
    }

    /// The directory that holds all mail: `<domain>/<user>/` are the homes of users.
    pub fn store(&self) -> PathBuf {
        self.home.path().join("store")
    }

    /// A place outside the store for whatever the test has to keep as long as the server runs.
    pub fn aside(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// One user's mail, as `doveadm` and IMAP reach it.
    pub fn account<'a>(&'a self, user: &'a str) -> Account<'a> {
        Account { server: self, user, location: None }
    }

    /// Hands one message to the LMTP service, for all these users at once.
    pub fn deliver(&self, users: &[&str], message: &[u8]) {
        lmtp::deliver(&self.lmtp_socket(), users, message);
    }

    /// Runs `doveadm` with these arguments and this input; any failure ends the test.
    pub fn doveadm(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let mut doveadm = command("doveadm", self.home.path(), self.owner);
        doveadm.arg("-c").arg(self.home.path().join("dovecot.conf")).args(arguments);
        let output = finish(doveadm, input.to_vec(), PATIENCE);
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "doveadm {arguments:?} failed: {words}\n{}\n{HINT}", self.log());
        output.stdout
    }

    /// Runs another command as the server's user; any failure ends the test.
    pub fn run(&self, program: &str, arguments: &[&OsStr]) {
        let mut other = command(program, self.home.path(), self.owner);
        other.args(arguments);
        let output = finish(other, Vec::new(), PATIENCE);
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments:?} failed: {words}");
    }

    fn lmtp_socket(&self) -> PathBuf {
        self.home.path().join("run/lmtp")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.home.path().join("log")).unwrap_or_default()
    }

    fn wait_until_it_answers(&mut self) {
        let begun = Instant::now();
        while UnixStream::connect(self.lmtp_socket()).is_err() {
            let ended = self.master.try_wait().expect("the server is a child of this test");
            assert!(ended.is_none(), "Dovecot ended at once:\n{}\n{HINT}", self.log());
            assert!(begun.elapsed() < PATIENCE, "Dovecot does not answer:\n{}\n{HINT}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let mut stop = command("doveadm", self.home.path(), self.owner);
        let stopped = stop.arg("-c").arg(self.home.path().join("dovecot.conf")).arg("stop").status();
        if !stopped.is_ok_and(|status| status.success()) {
            self.master.kill().ok();
        }
        self.master.wait().ok();
    }
}

/// A command that sees nothing of this session and runs as the server's user.
fn command(program: &str, home: &Path, owner: Owner) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", PATH).env("TZ", ZONE).current_dir(home).gid(owner.gid).uid(owner.uid);
    command
}

/// Fails the test where the server is missing or speaks another language of settings.
fn require_dovecot() {
    let found = Command::new("dovecot").env("PATH", PATH).arg("--version").output();
    let version = found.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    match version {
        Ok(version) if version.starts_with("2.3.") => {}
        Ok(version) => panic!("these tests need Dovecot 2.3, as in Debian 12, and found {version}"),
        Err(error) => panic!("these tests need Dovecot 2.3, and it does not start ({error}): {HINT}"),
    }
}

/// Settings for a server without root, ports and passwords.
///
/// Without `chroot =` the helpers would ask for root. Nothing has to survive a crash, so nothing is synced.
fn configuration(home: &Path, owner: Owner, settings: &str) -> String {
    let (uid, gid, home) = (owner.uid, owner.gid, home.display());
    let settings = settings.replace("{home}", &home.to_string());
    let (user, group) = (owner.name("-un"), owner.name("-gn"));
    format!(
        "base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = lmtp
ssl = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_fsync = never
namespace inbox {{
  inbox = yes
  separator = /
}}
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/store/%d/%n
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service lmtp {{
  unix_listener lmtp {{
    mode = 0600
  }}
}}
{settings}
"
    )
}
