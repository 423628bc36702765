//! A private Dovecot: settings, sockets, log and mail below one temporary directory, without a port.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::account::Account;
use super::lmtp;
use super::server_home::ServerHome;

/// Debian installs the server in `/usr/sbin`, which is not on the PATH of ordinary users.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The server's zone, far from UTC and in no database, since mbox has local times.
pub const ZONE: &str = "RWY-5:45";

/// The socket of the LMTP service.
const LMTP: &str = "run/lmtp";

/// The hint of a test that fails because something is not installed.
const HINT: &str = "tests/run installs what these tests need (dovecot-core, dovecot-lmtpd, dovecot-imapd)";

/// A running server. It is stopped and its directory removed when it goes out of scope, also on a panic.
pub struct Dovecot {
    home: ServerHome,
    master: Child,
}

impl Dovecot {
    /// Starts a server with additional settings, which must include `mail_location`. `{home}` stands for the server's
    /// directory, in which `store` is the store.
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

    /// The directory of all mail, with the homes of users at `<domain>/<user>/`.
    pub fn store(&self) -> PathBuf {
        self.home.join("store")
    }

    /// A path outside the store for other files of the test.
    pub fn aside(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    /// One user's mail, as `doveadm` and IMAP reach it.
    pub fn account<'a>(&'a self, user: &'a str) -> Account<'a> {
        Account { server: self, user, location: None }
    }

    /// The socket of the LMTP service.
    pub fn lmtp_socket(&self) -> PathBuf {
        self.home.join(LMTP)
    }

    /// Delivers one message over LMTP to all these users.
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

/// Fails the test if the server is not installed or has another version.
fn require_dovecot() {
    let found = Command::new("dovecot").env("PATH", PATH).arg("--version").output();
    let version = found.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    match version {
        Ok(version) if version.starts_with("2.3.") => {}
        Ok(version) => panic!("these tests need Dovecot 2.3, as in Debian 12, and found {version}"),
        Err(error) => panic!("these tests need Dovecot 2.3, and it does not start ({error}): {HINT}"),
    }
}

/// Settings of a server without root, ports and passwords.
///
/// Without `chroot =` the helpers would need root. Data need not survive a crash, so it is not synced.
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
