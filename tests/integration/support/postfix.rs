//! A private Postfix: settings, queue and log below one temporary directory, without a port; it defers all other mail.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::run_command::finish;
use super::scan_result::{number, text};

/// Debian installs the server in `/usr/sbin`, which is not on the PATH of ordinary users.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The longest wait for the server.
const PATIENCE: Duration = Duration::from_secs(30);

/// The services that accept and deliver mail; none listens on the network.
const SERVICES: &str = "\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
postlog unix-dgram n - n - 1 postlogd
";

/// A server and its queue. It is stopped and its directory removed when it goes out of scope, also on a panic.
pub struct Postfix {
    home: TempDir,
}

/// A message in the listing of the queue.
#[derive(Debug)]
pub struct Queued {
    /// The queue: `deferred`, `hold` and the like.
    pub queue: String,
    /// The queue id.
    pub id: String,
    /// In bytes.
    pub size: u64,
    /// In unix seconds.
    pub arrival: i64,
}

impl Postfix {
    /// Starts a server with additional settings.
    pub fn start(settings: &str) -> Postfix {
        assert!(rustix::process::geteuid().is_root(), "only root can start Postfix: run these tests as root");
        // Not TMPDIR: the path of a socket must be below 108 bytes.
        let home = tempfile::Builder::new().prefix("runway-").tempdir_in("/tmp").expect("/tmp takes a directory");
        fs::set_permissions(home.path(), Permissions::from_mode(0o755)).expect("the mode can be set");
        let server = Postfix { home };
        for directory in ["settings", "spool/postfix", "state"] {
            fs::create_dir_all(server.aside(directory)).expect("a directory can be made");
        }
        let owner = Command::new("chown").arg("postfix").arg(server.aside("state")).status();
        assert!(owner.is_ok_and(|status| status.success()), "there is no user `postfix`: tests/run installs Postfix");
        fs::write(server.aside("settings/main.cf"), server.settings(settings)).expect("settings can be written");
        fs::write(server.aside("settings/master.cf"), SERVICES).expect("settings can be written");
        server.run("postfix", &["start"], b"");
        server
    }

    /// The parent directory of the queue directory `postfix`, which is alone in it.
    pub fn spool(&self) -> PathBuf {
        self.aside("spool")
    }

    /// Submits a message, as a local program does.
    pub fn submit(&self, recipients: &[&str], message: &[u8]) {
        self.run("sendmail", &[&["-i", "-f", "ann@example.org"], recipients].concat(), message);
    }

    /// The directory of its settings, `MAIL_CONFIG` for `sendmail`.
    pub fn settings_directory(&self) -> PathBuf {
        self.aside("settings")
    }

    /// Puts a message on hold.
    pub fn hold(&self, id: &str) {
        self.run("postsuper", &["-h", id], b"");
    }

    /// Stops the server; its queue remains and still accepts messages.
    pub fn stop(&self) {
        self.run("postfix", &["stop"], b"");
    }

    /// The queues once the server has tried `messages` messages.
    pub fn settled(&self, messages: usize) -> Vec<Queued> {
        let begun = Instant::now();
        loop {
            let queued = self.queued();
            let is_tried = |message: &&Queued| ["deferred", "hold"].contains(&message.queue.as_str());
            if queued.len() == messages && queued.iter().all(|message| is_tried(&message)) {
                return queued;
            }
            assert!(begun.elapsed() < PATIENCE, "the queue does not settle: {queued:#?}\n{}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The current queues.
    pub fn queued(&self) -> Vec<Queued> {
        let listing = self.run("postqueue", &["-j"], b"");
        let message = |line: &str| {
            let message: Value = serde_json::from_str(line).expect("`postqueue -j` writes JSON");
            Queued {
                queue: text(&message, "queue_name").to_owned(),
                id: text(&message, "queue_id").to_owned(),
                size: number(&message, "message_size"),
                arrival: number(&message, "arrival_time").cast_signed(),
            }
        };
        listing.lines().map(message).collect()
    }

    fn aside(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The log of the server.
    pub fn log(&self) -> String {
        fs::read_to_string(self.aside("log")).unwrap_or_default()
    }

    /// Runs one of the server's commands; any failure ends the test.
    fn run(&self, command: &str, arguments: &[&str], input: &[u8]) -> String {
        let output = finish(self.command(command, arguments), input.to_vec(), PATIENCE);
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command} {arguments:?}: {words}\n{}", self.log());
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn command(&self, command: &str, arguments: &[&str]) -> Command {
        let settings = self.aside("settings");
        let mut command = Command::new(command);
        // `sendmail` has another letter for the option.
        let option = if command.get_program() == "sendmail" { "-C" } else { "-c" };
        command.env_clear().env("PATH", PATH).current_dir(self.home.path()).arg(option).arg(settings).args(arguments);
        command
    }

    fn settings(&self, more: &str) -> String {
        let home = self.home.path().display();
        format!(
            "compatibility_level = 3.6
queue_directory = {home}/spool/postfix
data_directory = {home}/state
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = queue.example
mydestination =
inet_protocols = ipv4
inet_interfaces = loopback-only
master_service_disable = inet
default_transport = smtp:[127.0.0.1]:9
defer_transports = smtp
alias_maps =
local_recipient_maps =
maillog_file = {home}/log
maillog_file_prefixes = {home}
{more}
"
        )
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // The server may have been stopped already.
        let _ = self.command("postfix", &["abort"]).output();
    }
}
