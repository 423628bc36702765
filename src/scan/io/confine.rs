//! Confines a scan to its stores and the history (Landlock), so that no file in a store can lead it anywhere else.

use std::fmt;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, LandlockStatus, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, path_beneath_rules,
};

use crate::model::error::{Error, Result};

/// The version of Landlock whose rights are asked for; an older kernel denies those it knows.
const VERSION: ABI = ABI::V10;
/// The process itself: mount points, limits of the processor.
const PROCESS: &str = "/proc/self";
/// What else a scan reads beside stores: what kind of disk they are on, and time zones.
const SYSTEM: [&str; 4] = ["/sys", "/etc/localtime", "/etc/zoneinfo", "/usr/share/zoneinfo"];
/// Variables that name a time zone by its file, or the directory of time zones.
const ZONES: [&str; 2] = ["TZ", "TZDIR"];

/// How far the kernel confines this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Confinement {
    /// To the paths that were given, by this version of Landlock.
    Paths(i32),
    /// Not at all: no Landlock, or none since Linux 5.19.
    None,
}

impl fmt::Display for Confinement {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Confinement::Paths(version) => {
                write!(f, "Landlock {version}: the scan may read its stores and write the history, and nothing else")
            }
            Confinement::None => f.write_str("Landlock: not in this kernel (since Linux 5.19), or switched off"),
        }
    }
}

/// Lets this thread, and those that it starts from now on, read below some directories and write below one. As far as the
/// kernel can deny it, they cannot open other files, run programs, use a network, or reach other processes by signals and
/// abstract sockets. What is open stays open. Nothing undoes it.
///
/// # Errors
/// If the kernel has Landlock and refuses it.
pub(crate) fn confine(readable: &[PathBuf], writable: &Path) -> Result<Confinement> {
    // A rule holds for an inode, and those of /proc are forgotten and made anew unless somebody holds them.
    std::mem::forget(PathFd::new(PROCESS));
    restrict(readable, writable).map_err(|e| Error::new("the kernel refuses to confine the scan (Landlock)").because(e))
}

fn restrict(readable: &[PathBuf], writable: &Path) -> std::result::Result<Confinement, RulesetError> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let write = read | AccessFs::WriteFile | AccessFs::Truncate | AccessFs::Refer;
    let write = write | AccessFs::MakeReg | AccessFs::MakeDir | AccessFs::RemoveFile | AccessFs::RemoveDir;
    let zones = ZONES.iter().filter_map(std::env::var_os).filter_map(|zone| {
        let zone = zone.into_string().ok()?;
        Some(PathBuf::from(zone.strip_prefix(':').unwrap_or(&zone))).filter(|path| path.is_absolute())
    });
    let system = SYSTEM.iter().chain([&PROCESS]).map(PathBuf::from).chain(zones);
    let status = Ruleset::default()
        // Without this right there is no renaming to another directory, by which a snapshot is saved.
        .set_compatibility(CompatLevel::SoftRequirement)
        .handle_access(AccessFs::Refer)?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(VERSION))?
        .handle_access(AccessNet::from_all(VERSION))?
        .scope(Scope::from_all(VERSION))?
        .create()?
        .add_rules(path_beneath_rules(readable.iter().cloned().chain(system), read))?
        .add_rules(path_beneath_rules([writable], write))?
        .restrict_self()?;
    Ok(match (status.ruleset, status.landlock) {
        (RulesetStatus::NotEnforced, _) => Confinement::None,
        (_, LandlockStatus::Available { effective_abi, .. }) => Confinement::Paths(effective_abi as i32),
        _ => Confinement::None,
    })
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io;
    use std::net::{TcpListener, TcpStream};
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
    use std::process::Command;

    use rustix::io::Errno;
    use rustix::process::{Pid, Signal, kill_process};

    use super::*;

    /// Runs a test of the version of Landlock in a thread of its own, which alone is confined, and in one started by it.
    fn confined(readable: &Path, writable: &Path, test: impl Fn(i32) + Send + Sync) {
        std::thread::scope(|scope| {
            let run = || match confine(&[readable.to_owned()], writable).unwrap() {
                Confinement::Paths(version) => {
                    test(version);
                    std::thread::scope(|inner| inner.spawn(|| test(version)).join().unwrap());
                }
                Confinement::None => eprintln!("not tested: {}", Confinement::None),
            };
            scope.spawn(run).join().unwrap();
        });
    }

    fn is_denied<T>(result: io::Result<T>) -> bool {
        result.is_err_and(|e| matches!(Errno::from_io_error(&e), Some(Errno::ACCESS | Errno::PERM)))
    }

    #[test]
    fn only_the_store_can_be_read_and_only_the_history_written() {
        let [store, history, other] = std::array::from_fn(|_| tempfile::tempdir().unwrap());
        let [in_store, in_history, in_other] = [&store, &history, &other].map(|above| {
            fs::create_dir(above.path().join("below")).unwrap();
            fs::write(above.path().join("below/file"), "text").unwrap();
            above.path().join("below")
        });
        symlink(in_other.join("file"), store.path().join("link")).unwrap();
        symlink(other.path(), history.path().join("link")).unwrap();
        confined(store.path(), history.path(), |_| {
            assert_eq!(fs::read(in_store.join("file")).unwrap(), b"text");
            assert_eq!(fs::read_dir(store.path()).unwrap().count(), 2);
            assert!(is_denied(File::options().write(true).open(in_store.join("file"))), "a message is opened to write");
            assert!(is_denied(File::create(in_store.join("new"))) && is_denied(fs::create_dir(in_store.join("new"))));
            assert!(is_denied(fs::remove_file(in_store.join("file"))) && is_denied(fs::remove_dir(&in_store)));
            assert!(is_denied(fs::rename(in_store.join("file"), in_store.join("moved"))), "a message is moved");
            assert!(is_denied(fs::read(store.path().join("link"))), "a link leads out of the store");

            fs::create_dir(in_history.join("new")).unwrap();
            fs::write(in_history.join("new/file"), "text").unwrap();
            fs::rename(in_history.join("new"), history.path().join("new")).unwrap();
            fs::remove_dir_all(history.path().join("new")).unwrap();
            assert!(is_denied(fs::write(history.path().join("link/new"), "text")), "a link leads out of the history");

            assert!(is_denied(fs::read(in_other.join("file"))) && is_denied(fs::read_dir(&in_other)));
            assert!(is_denied(fs::write(in_other.join("new"), "text")));
            assert!(is_denied(fs::read("/etc/passwd")) && is_denied(fs::read_dir("/")));
            assert!(is_denied(Command::new("/bin/true").status()), "a program is run");
        });
        assert!(fs::read(in_other.join("file")).is_ok(), "other threads are not confined");
    }

    #[test]
    fn no_network_and_no_other_process_can_be_reached() {
        let here = tempfile::tempdir().unwrap();
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let name = SocketAddr::from_abstract_name(here.path().as_os_str().as_encoded_bytes()).unwrap();
        let _socket = UnixListener::bind_addr(&name).unwrap();
        let mut process = Command::new("/bin/sleep").arg("60").spawn().unwrap();
        confined(here.path(), here.path(), |version| {
            if version >= 4 {
                assert!(is_denied(TcpStream::connect(tcp.local_addr().unwrap())), "TCP is connected");
                assert!(is_denied(TcpListener::bind("127.0.0.1:0")), "TCP is bound");
            }
            if version >= 6 {
                assert!(is_denied(UnixStream::connect_addr(&name)), "an abstract socket is connected");
                let killed = kill_process(Pid::from_child(&process), Signal::KILL);
                assert!(is_denied(killed.map_err(io::Error::from)), "a process is killed");
            }
        });
        process.kill().unwrap();
        process.wait().unwrap();
    }

    #[test]
    fn what_a_scan_reads_beside_its_stores_can_be_read() {
        let here = tempfile::tempdir().unwrap();
        let zone = jiff::tz::TimeZone::system();
        let mounts = |file: &str| fs::read(file).unwrap().len();
        confined(here.path(), here.path(), |_| {
            assert!(mounts("/proc/self/mountinfo") > 0 && mounts("/proc/self/status") > 0);
            assert!(fs::read_dir("/sys").is_ok_and(|mut below| below.next().is_some()));
            assert!(jiff::tz::TimeZone::system() == zone);
        });
    }
}
