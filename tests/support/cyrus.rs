//! A private Cyrus: its settings, sockets, databases and mail all lie below one temporary directory, and it opens no
//! port.

mod imap;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tempfile::TempDir;

use super::finish::finish;
use super::lmtp;
use imap::{Session, quoted};

/// Where Debian's cyrus-common keeps its programs.
const PROGRAMS: &str = "/usr/lib/cyrus/bin";

/// Where tests/setup unpacks Debian's cyrus-imapd, which cannot be installed beside dovecot-imapd.
const UNPACKED: &str = "/usr/local/lib/mailrunway-tests/cyrus/usr/lib/cyrus/bin";

/// Who may do all at the server.
const ADMIN: &str = "cyrus";

/// The longest wait for the server to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a test that lacks something ends, so that nobody has to guess what to do.
const HINT: &str = "tests/run installs what these tests need (cyrus-common, and cyrus-imapd unpacked)";

/// A running server. It is stopped, and its directory removed, when it goes out of scope, by a panic too.
pub struct Cyrus {
    home: TempDir,
    owner: Owner,
    master: Child,
}

/// Who runs the server and owns the mail.
#[derive(Clone, Copy)]
struct Owner {
    uid: u32,
    gid: u32,
}

/// A message on its way into a folder by IMAP APPEND.
pub struct Upload<'a> {
    /// The folder as IMAP writes it: in modified UTF-7.
    pub folder: &'a str,
    /// Flags, such as `\Seen`, with blanks between them.
    pub flags: &'a str,
    /// The arrival as IMAP writes it: `04-Jul-1999 23:59:59 -0700`.
    pub arrival: &'a str,
    /// The message itself; all its lines end in CRLF.
    pub message: &'a [u8],
}

/// What Cyrus says about one folder, and where it keeps it.
#[derive(Debug, Default)]
pub struct Folder {
    /// The sizes of the messages (`RFC822.SIZE`) by their numbers.
    pub sizes: BTreeMap<u32, u64>,
    /// The numbers of messages that are marked as deleted, and still are messages.
    pub marked: Vec<u32>,
    /// The first and the last arrival (`INTERNALDATE`), in seconds since 1970.
    pub arrivals: Option<(i64, i64)>,
    /// The directories in which its files lie, on every partition.
    pub places: Vec<PathBuf>,
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
        assert!(id.status.success(), "Cyrus needs a user with a name, and uid {} has none", self.uid);
        String::from_utf8_lossy(&id.stdout).trim().to_owned()
    }
}

impl Cyrus {
    /// Starts a server with these settings on top of its own, in which `{store}` is the directory that holds all mail.
    pub fn start(settings: &str) -> Cyrus {
        require_cyrus();
        // Not TMPDIR: the path of a socket has to stay below 108 bytes.
        let home = tempfile::Builder::new().prefix("runway-").tempdir_in("/tmp").expect("/tmp takes a directory");
        let owner = Owner::of(home.path());
        make_directories(home.path());
        let store = home.path().join("store").display().to_string();
        let settings = settings.replace("{store}", &store);
        fs::write(home.path().join("imapd.conf"), configuration(home.path(), owner, &settings)).expect("it is written");
        fs::write(home.path().join("cyrus.conf"), services(home.path())).expect("the services can be written");
        give(home.path(), owner);
        let mut master = command(PROGRAMS, "master", home.path(), owner);
        master.arg("-M").arg(home.path().join("cyrus.conf")).arg("-p").arg(home.path().join("pid")).arg("-D");
        let log = || fs::File::create(home.path().join("log")).expect("a log can be made");
        let master = master.stdin(Stdio::null()).stdout(log()).stderr(log()).spawn().expect("the master starts");
        let mut server = Cyrus { master, home, owner };
        server.wait_until_it_answers();
        server
    }

    /// The directory that holds all mail: `spool`, and `archive` and `meta` if the settings say so.
    pub fn store(&self) -> PathBuf {
        self.home.path().join("store")
    }

    /// What the server keeps beside the mail.
    pub fn configuration(&self) -> PathBuf {
        self.home.path().join("config")
    }

    /// Makes a user's inbox and folders, given as IMAP writes them.
    pub fn create(&self, user: &str, folders: &[&str]) {
        self.session(ADMIN).ask(&format!("CREATE {}", quoted(&mailbox(user, ""))));
        self.create_folders(user, folders);
    }

    /// Makes folders of a user who has an inbox.
    pub fn create_folders(&self, user: &str, folders: &[&str]) {
        let mut session = self.session(user);
        for folder in folders {
            session.ask(&format!("CREATE {}", quoted(folder)));
        }
    }

    /// Makes a mailbox that belongs to nobody and that everybody may fill.
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

    /// Deletes messages for good, as far as IMAP is concerned.
    pub fn expunge(&self, user: &str, folder: &str, messages: &str) {
        self.flag(user, folder, "\\Deleted", messages);
        let mut session = self.session(user);
        session.ask(&format!("SELECT {}", quoted(folder)));
        session.ask("EXPUNGE");
    }

    /// Gives a folder another name.
    pub fn rename(&self, user: &str, from: &str, to: &str) {
        self.session(user).ask(&format!("RENAME {} {}", quoted(from), quoted(to)));
    }

    /// Deletes a folder.
    pub fn delete(&self, user: &str, folder: &str) {
        self.session(user).ask(&format!("DELETE {}", quoted(folder)));
    }

    /// Hands one message to the LMTP service, for all these users at once.
    pub fn deliver(&self, users: &[&str], message: &[u8]) {
        lmtp::deliver(&self.home.path().join("lmtp"), users, message);
    }

    /// Runs one of the programs of cyrus-common; any failure ends the test.
    pub fn run(&self, program: &str, arguments: &[&str]) -> String {
        self.run_in(PROGRAMS, program, arguments)
    }

    /// Indexes all mail for searches.
    pub fn squatter(&self) {
        self.run_in(UNPACKED, "squatter", &[]);
    }

    /// The folders of a user by the names that IMAP has for them.
    pub fn folders(&self, user: &str) -> BTreeMap<String, Folder> {
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

    /// A mailbox that belongs to nobody.
    pub fn shared(&self, name: &str) -> Folder {
        let mut folder = self.session(ADMIN).folder(name);
        folder.places = self.places(name);
        folder
    }

    /// The deleted mailboxes of a user that still lie on the disk, by the names that they had, with the time of the
    /// deletion in hex.
    pub fn deleted(&self, user: &str) -> Vec<(String, String, Folder)> {
        let (name, domain) = user.split_once('@').map_or((user, String::new()), |(n, d)| (n, format!("@{d}")));
        let of_user = |whole: &String| -> Option<(String, String, Folder)> {
            let told = whole.strip_prefix(&format!("DELETED/user/{name}/"))?.strip_suffix(&domain)?;
            let (folder, stamp) = told.rsplit_once('/').unwrap_or(("INBOX", told));
            let folder_of_it = Folder { places: self.places(whole), ..Folder::default() };
            (!stamp.contains('@')).then(|| (folder.to_owned(), stamp.to_owned(), folder_of_it))
        };
        self.session(ADMIN).list().iter().filter_map(of_user).collect()
    }

    /// Messages and bytes of a mailbox, as the server's own tool reads them from the index.
    fn examine(&self, mailbox: &str) -> (u64, u64) {
        let told = self.run("mbexamine", &[mailbox]);
        let number = |item: &str| -> u64 {
            let rest = told.split_once(item).map_or("", |(_, rest)| rest.trim_start());
            let digits = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
            digits.parse().unwrap_or_else(|_| panic!("mbexamine tells no {item} of {mailbox}: {told}"))
        };
        (number("Number of Messages:"), number("Mailbox Size:"))
    }

    fn places(&self, mailbox: &str) -> Vec<PathBuf> {
        let told = self.run("mbpath", &["-a", mailbox]);
        let place = |line: &str| line.split_once(": ").map_or(line, |(_, path)| path).trim().into();
        let mut places: Vec<PathBuf> = told.lines().map(place).collect();
        places.retain(|place| place.starts_with(self.store()));
        places.sort();
        places.dedup();
        assert!(!places.is_empty(), "mbpath names no place of {mailbox}: {told}");
        places
    }

    fn session(&self, user: &str) -> Session {
        Session::start(&self.home.path().join("imap"), user)
    }

    fn run_in(&self, place: &str, program: &str, arguments: &[&str]) -> String {
        let mut command = command(place, program, self.home.path(), self.owner);
        command.args(arguments);
        let output = finish(command, Vec::new(), PATIENCE);
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments:?} failed: {words}\n{}\n{HINT}", self.log());
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.home.path().join("log")).unwrap_or_default()
    }

    fn wait_until_it_answers(&mut self) {
        let begun = Instant::now();
        let answers = |socket: &str| UnixStream::connect(self.home.path().join(socket)).is_ok();
        while !answers("imap") || !answers("lmtp") {
            let ended = self.master.try_wait().expect("the server is a child of this test");
            assert!(ended.is_none(), "Cyrus ended at once:\n{}\n{HINT}", self.log());
            assert!(begun.elapsed() < PATIENCE, "Cyrus does not answer:\n{}\n{HINT}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Cyrus {
    /// Stops the server; what it keeps on the disk stays.
    pub fn stop(&mut self) {
        if self.master.try_wait().is_ok_and(|ended| ended.is_some()) {
            return;
        }
        let pid = Pid::from_child(&self.master);
        if kill_process(pid, Signal::TERM).is_err() {
            self.master.kill().ok();
        }
        self.master.wait().ok();
        // Whatever of its services is still at work would write into the directory that is being removed.
        kill_process_group(pid, Signal::KILL).ok();
    }
}

impl Drop for Cyrus {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A folder of a user as the administrator calls it.
fn mailbox(user: &str, folder: &str) -> String {
    let (name, domain) = user.split_once('@').map_or((user, String::new()), |(n, d)| (n, format!("@{d}")));
    let folder = if folder.is_empty() { String::new() } else { format!("/{folder}") };
    format!("user/{name}{folder}{domain}")
}

/// A command that sees nothing of this session, runs as the server's user, and knows none but the server's settings.
///
/// The master ends all of its process group, and so has one of its own.
fn command(place: &str, program: &str, home: &Path, owner: Owner) -> Command {
    let mut command = Command::new(Path::new(place).join(program));
    command.env_clear().env("PATH", "/usr/bin:/bin").current_dir(home).gid(owner.gid).uid(owner.uid).process_group(0);
    command.arg("-C").arg(home.join("imapd.conf"));
    command
}

/// Fails the test where the server is missing.
fn require_cyrus() {
    for program in [Path::new(PROGRAMS).join("master"), Path::new(UNPACKED).join("imapd")] {
        assert!(program.exists(), "these tests need Cyrus 3.6, and {} is missing: {HINT}", program.display());
    }
}

fn make_directories(home: &Path) {
    let inner = ["db", "socket", "log", "msg", "proc", "ptclient", "lock", "user", "quota"];
    let outer = ["store/spool", "store/archive", "store/meta", "store/search"].map(|name| home.join(name));
    for path in inner.map(|name| home.join("config").join(name)).iter().chain(&outer) {
        fs::create_dir_all(path).expect("a directory can be made");
    }
}

/// Gives a tree to the server's user.
fn give(path: &Path, owner: Owner) {
    chown(path, Some(owner.uid), Some(owner.gid)).expect("files go to the server's user");
    if path.is_dir() {
        for entry in path.read_dir().expect("the directory was just made") {
            give(&entry.expect("it can be listed").path(), owner);
        }
    }
}

/// Settings for a server without root, ports and passwords.
fn configuration(home: &Path, owner: Owner, settings: &str) -> String {
    let (home, user, group) = (home.display(), owner.name("-un"), owner.name("-gn"));
    format!(
        "configdirectory: {home}/config
defaultpartition: default
partition-default: {home}/store/spool
temp_path: {home}
cyrus_user: {user}
cyrus_group: {group}
admins: {ADMIN}
allowplaintext: yes
virtdomains: userid
defaultdomain: internal
unixhierarchysep: yes
altnamespace: yes
duplicatesuppression: no
expunge_mode: delayed
delete_mode: delayed
{settings}
"
    )
}

/// The services: `-N` lets everybody in by a name alone, and `-a` takes mail from everybody.
fn services(home: &Path) -> String {
    let home = home.display();
    let settings = format!("-C {home}/imapd.conf");
    format!(
        "START {{
  recover cmd=\"ctl_cyrusdb {settings} -r\"
}}
SERVICES {{
  imap cmd=\"{UNPACKED}/imapd {settings} -N\" listen=\"{home}/imap\" prefork=0
  lmtp cmd=\"lmtpd {settings} -a\" listen=\"{home}/lmtp\" prefork=0
}}
EVENTS {{
}}
"
    )
}
