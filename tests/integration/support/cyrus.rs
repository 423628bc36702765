//! A private Cyrus: settings, sockets, databases and mail below one temporary directory, without a port.

mod imap;
mod settings;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::imap_append::Upload;
use super::lmtp;
use super::server_home::ServerHome;
use imap::{Session, quoted};

/// The directory of the programs of Debian's cyrus-common.
const PROGRAMS: &str = "/usr/lib/cyrus/bin";

/// The directory to which tests/setup unpacks Debian's cyrus-imapd, which conflicts with dovecot-imapd.
const UNPACKED: &str = "/usr/local/lib/mailrunway-tests/cyrus/usr/lib/cyrus/bin";

/// The administrator of the server.
const ADMIN: &str = "cyrus";

/// The hint of a test that fails because something is not installed.
const HINT: &str = "tests/run installs what these tests need (cyrus-common, and cyrus-imapd unpacked)";

/// A running server. It is stopped and its directory removed when it goes out of scope, also on a panic.
pub struct Cyrus {
    home: ServerHome,
    master: Child,
}

/// One folder in Cyrus and its directories.
#[derive(Debug, Default)]
pub struct CyrusFolder {
    /// The sizes of the messages (`RFC822.SIZE`) by UID.
    pub sizes: BTreeMap<u32, u64>,
    /// The UIDs of messages marked as deleted.
    pub marked: Vec<u32>,
    /// The first and the last arrival (`INTERNALDATE`), in seconds since 1970.
    pub arrivals: Option<(i64, i64)>,
    /// Its directories on all partitions.
    pub places: Vec<PathBuf>,
}

impl Cyrus {
    /// Starts a server with additional settings, in which `{store}` is the directory of all mail.
    pub fn start(settings: &str) -> Cyrus {
        require_cyrus();
        let home = ServerHome::create("Cyrus", HINT);
        settings::write(&home, settings);
        let mut master = command(&home, PROGRAMS, "master");
        master.arg("-M").arg(home.join("cyrus.conf")).arg("-p").arg(home.join("pid")).arg("-D");
        let log = || fs::File::create(home.join("log")).expect("a log can be made");
        let master = master.stdin(Stdio::null()).stdout(log()).stderr(log()).spawn().expect("the master starts");
        let mut server = Cyrus { master, home };
        server.home.wait(&mut server.master, &["imap", "lmtp"]);
        server
    }

    /// The directory of all mail: `spool`, and `archive` and `meta` with such settings.
    pub fn store(&self) -> PathBuf {
        self.home.join("store")
    }

    /// The configuration directory of the server.
    pub fn configuration(&self) -> PathBuf {
        self.home.join("config")
    }

    /// Creates a user's inbox and folders, by IMAP name.
    pub fn create(&self, user: &str, folders: &[&str]) {
        self.session(ADMIN).ask(&format!("CREATE {}", quoted(&mailbox(user, ""))));
        self.create_folders(user, folders);
    }

    /// Creates folders of a user who has an inbox.
    pub fn create_folders(&self, user: &str, folders: &[&str]) {
        let mut session = self.session(user);
        for folder in folders {
            session.ask(&format!("CREATE {}", quoted(folder)));
        }
    }

    /// Creates a shared mailbox that everyone may write to.
    pub fn create_shared(&self, name: &str) {
        let mut session = self.session(ADMIN);
        session.ask(&format!("CREATE {}", quoted(name)));
        session.ask(&format!("SETACL {} anyone lrswipkxtecdn", quoted(name)));
    }

    /// Uploads messages of a user.
    pub fn append(&self, user: &str, uploads: &[Upload]) {
        let mut session = self.session(user);
        for Upload { folder, flags, arrival, message } in uploads {
            session.ask_with(&format!("APPEND {} ({flags}) \"{arrival}\"", quoted(folder)), message);
        }
    }

    /// Copies messages, which Cyrus does with hard links.
    pub fn copy(&self, user: &str, from: &str, to: &str, messages: &str) {
        let mut session = self.session(user);
        session.ask(&format!("SELECT {}", quoted(from)));
        session.ask(&format!("COPY {messages} {}", quoted(to)));
    }

    /// Sets flags, such as `\Deleted`.
    pub fn flag(&self, user: &str, folder: &str, flags: &str, messages: &str) {
        let mut session = self.session(user);
        session.ask(&format!("SELECT {}", quoted(folder)));
        session.ask(&format!("STORE {messages} +FLAGS.SILENT ({flags})"));
    }

    /// Expunges messages.
    pub fn expunge(&self, user: &str, folder: &str, messages: &str) {
        self.flag(user, folder, "\\Deleted", messages);
        let mut session = self.session(user);
        session.ask(&format!("SELECT {}", quoted(folder)));
        session.ask("EXPUNGE");
    }

    /// Renames a folder.
    pub fn rename(&self, user: &str, from: &str, to: &str) {
        self.session(user).ask(&format!("RENAME {} {}", quoted(from), quoted(to)));
    }

    /// Deletes a folder.
    pub fn delete(&self, user: &str, folder: &str) {
        self.session(user).ask(&format!("DELETE {}", quoted(folder)));
    }

    /// Delivers one message over LMTP to all these users.
    pub fn deliver(&self, users: &[&str], message: &[u8]) {
        lmtp::deliver(&self.home.join("lmtp"), users, message);
    }

    /// Runs one of the programs of cyrus-common; any failure ends the test.
    pub fn run(&self, program: &str, arguments: &[&str]) -> String {
        self.run_in(PROGRAMS, program, arguments)
    }

    /// Indexes all mail for searches.
    pub fn squatter(&self) {
        self.run_in(UNPACKED, "squatter", &[]);
    }

    /// The folders of a user by IMAP name.
    pub fn folders(&self, user: &str) -> BTreeMap<String, CyrusFolder> {
        let mut session = self.session(user);
        let shown = |name: &String| !name.starts_with("Other Users/") && !name.starts_with("Shared Folders/");
        let names: Vec<String> = session.list().into_iter().filter(shown).collect();
        let folder = |name: &String| {
            let mut folder = session.folder(name);
            let mailbox = mailbox(user, if name == "INBOX" { "" } else { name });
            folder.places = self.places(&mailbox);
            let counted = (folder.sizes.len() as u64, folder.sizes.values().sum());
            assert_eq!(counted, self.examine(&mailbox), "Cyrus contradicts itself about {mailbox}");
            (name.clone(), folder)
        };
        names.iter().map(folder).collect()
    }

    /// A shared mailbox.
    pub fn shared(&self, name: &str) -> CyrusFolder {
        let mut folder = self.session(ADMIN).folder(name);
        folder.places = self.places(name);
        folder
    }

    /// The deleted mailboxes of a user that are still on the disk, by former name, with the time of the deletion in hex.
    pub fn deleted(&self, user: &str) -> Vec<(String, String, CyrusFolder)> {
        let (name, domain) = user.split_once('@').map_or((user, String::new()), |(n, d)| (n, format!("@{d}")));
        let of_user = |whole: &String| -> Option<(String, String, CyrusFolder)> {
            let output = whole.strip_prefix(&format!("DELETED/user/{name}/"))?.strip_suffix(&domain)?;
            let (folder, stamp) = output.rsplit_once('/').unwrap_or(("INBOX", output));
            let folder_of_it = CyrusFolder { places: self.places(whole), ..CyrusFolder::default() };
            (!stamp.contains('@')).then(|| (folder.to_owned(), stamp.to_owned(), folder_of_it))
        };
        self.session(ADMIN).list().iter().filter_map(of_user).collect()
    }

    /// Messages and bytes of a mailbox, as `mbexamine` reads them from the index.
    fn examine(&self, mailbox: &str) -> (u64, u64) {
        let output = self.run("mbexamine", &[mailbox]);
        let number = |item: &str| -> u64 {
            let rest = output.split_once(item).map_or("", |(_, rest)| rest.trim_start());
            let digits = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
            digits.parse().unwrap_or_else(|_| panic!("mbexamine prints no {item} of {mailbox}: {output}"))
        };
        (number("Number of Messages:"), number("Mailbox Size:"))
    }

    fn places(&self, mailbox: &str) -> Vec<PathBuf> {
        let output = self.run("mbpath", &["-a", mailbox]);
        let place = |line: &str| line.split_once(": ").map_or(line, |(_, path)| path).trim().into();
        let mut places: Vec<PathBuf> = output.lines().map(place).collect();
        places.retain(|place| place.starts_with(self.store()));
        places.sort();
        places.dedup();
        assert!(!places.is_empty(), "mbpath prints no directory of {mailbox}: {output}");
        places
    }

    fn session(&self, user: &str) -> Session {
        Session::start(&self.home.join("imap"), user)
    }

    fn run_in(&self, place: &str, program: &str, arguments: &[&str]) -> String {
        let mut command = command(&self.home, place, program);
        command.args(arguments);
        String::from_utf8_lossy(&self.home.run(command, b"")).into_owned()
    }
}

impl Cyrus {
    /// Stops the server and keeps its files.
    pub fn stop(&mut self) {
        if self.master.try_wait().is_ok_and(|ended| ended.is_some()) {
            return;
        }
        let pid = Pid::from_child(&self.master);
        if kill_process(pid, Signal::TERM).is_err() {
            self.master.kill().ok();
        }
        self.master.wait().ok();
        // Services that still run would write to the directory while it is removed.
        kill_process_group(pid, Signal::KILL).ok();
    }
}

impl Drop for Cyrus {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The administrator's name of a user's folder.
fn mailbox(user: &str, folder: &str) -> String {
    let (name, domain) = user.split_once('@').map_or((user, String::new()), |(n, d)| (n, format!("@{d}")));
    let folder = if folder.is_empty() { String::new() } else { format!("/{folder}") };
    format!("user/{name}{folder}{domain}")
}

/// A command with only the server's settings.
///
/// The master ends its whole process group, so it gets a separate one.
fn command(home: &ServerHome, place: &str, program: &str) -> Command {
    let mut command = home.command(Path::new(place).join(program), "/usr/bin:/bin");
    command.process_group(0).arg("-C").arg(home.join("imapd.conf"));
    command
}

/// Fails the test if the server is not installed.
fn require_cyrus() {
    for program in [Path::new(PROGRAMS).join("master"), Path::new(UNPACKED).join("imapd")] {
        assert!(program.exists(), "these tests need Cyrus 3.6, and {} is missing: {HINT}", program.display());
    }
}
