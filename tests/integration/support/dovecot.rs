//! A private Dovecot: settings, sockets, log and mail below one temporary directory, without a port.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::account::Account;
use super::lmtp;
use super::server_home::ServerHome;

/// Debian keeps the server in `/usr/sbin`, which an ordinary user's own path leaves out.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The server's zone, far from UTC and in no database: mbox has its dates in the time of the place.
pub const ZONE: &str = "RWY-5:45";

/// Where the service listens that takes mail in.
const LMTP: &str = "run/lmtp";

/// How a test that lacks something ends, so that nobody has to guess what to do.
const HINT: &str = "tests/run installs what these tests need (dovecot-core, dovecot-lmtpd, dovecot-imapd)";

/// A running server. It is stopped, and its directory removed, when it goes out of scope, by a panic too.
pub struct Dovecot {
    home: ServerHome,
    master: Child,
}

impl Dovecot {
    /// Starts a server with these settings on top of its own; `mail_location` has to be among them. `{home}` stands for
    /// the server's directory, in which `store` is the store.
    pub fn start(settings: &str) -> Dovecot {
        require_dovecot();
        let home = ServerHome::create("Dovecot", HINT);
        let file = home.join("dovecot.conf");
        fs::write(&file, configuration(&home, settings)).expect("the settings can be written");
        let master = command(&home, "dovecot").arg("-F").arg("-c").arg(file).stdin(Stdio::null()).spawn();
        let mut server = Dovecot { master: master.expect("dovecot starts"), home };
        server.home.wait(&mut server.master, &[LMTP]);
        server
    }

    /// The directory that holds all mail: `<domain>/<user>/` are the homes of users.
    pub fn store(&self) -> PathBuf {
        self.home.join("store")
    }

    /// A place outside the store for whatever the test has to keep as long as the server runs.
    pub fn aside(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    /// One user's mail, as `doveadm` and IMAP reach it.
    pub fn account<'a>(&'a self, user: &'a str) -> Account<'a> {
        Account { server: self, user, location: None }
    }

    /// Where the LMTP service listens.
    pub fn lmtp_socket(&self) -> PathBuf {
        self.home.join(LMTP)
    }

    /// Hands one message to the LMTP service, for all these users at once.
    pub fn deliver(&self, users: &[&str], message: &[u8]) {
        lmtp::deliver(&self.lmtp_socket(), users, message);
    }

    /// Runs `doveadm` with these arguments and this input; any failure ends the test.
    pub fn doveadm(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let mut doveadm = command(&self.home, "doveadm");
        doveadm.arg("-c").arg(self.home.join("dovecot.conf")).args(arguments);
        self.home.run(doveadm, input)
    }

    /// Runs another command as the server's user; any failure ends the test.
    pub fn run(&self, program: &str, arguments: &[&OsStr]) {
        let mut other = command(&self.home, program);
        other.args(arguments);
        self.home.run(other, b"");
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let mut stop = command(&self.home, "doveadm");
        let stopped = stop.arg("-c").arg(self.home.join("dovecot.conf")).arg("stop").status();
        if !stopped.is_ok_and(|status| status.success()) {
            self.master.kill().ok();
        }
        self.master.wait().ok();
    }
}

/// A command in the zone of the server.
fn command(home: &ServerHome, program: &str) -> Command {
    let mut command = home.command(program, PATH);
    command.env("TZ", ZONE);
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
fn configuration(home: &ServerHome, settings: &str) -> String {
    let owner = home.owner();
    let (uid, gid, home) = (owner.uid, owner.gid, home.path().display());
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
