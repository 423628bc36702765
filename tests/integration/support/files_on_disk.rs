//! Files on the disk, by `find` and `du`.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One name on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Device and inode: equal for all the hard links of one file.
    pub inode: String,
    /// Allocated blocks of 512 bytes.
    pub blocks: u64,
    pub size: u64,
    /// The modification and change times, as text.
    pub changed: String,
    pub path: PathBuf,
    /// Whether it has messages; set by the test.
    pub holds_mail: bool,
}

impl Name {
    /// The name without its directory.
    pub fn base(&self) -> &str {
        self.path.file_name().and_then(OsStr::to_str).expect("Dovecot names its files in UTF-8")
    }

    /// Whether a message in Maildir has the flag for deleted messages.
    pub fn is_marked_as_deleted(&self) -> bool {
        self.base().split_once(":2,").is_some_and(|(_, flags)| flags.contains('T'))
    }
}

/// All names below a directory except directories, sorted by path.
pub fn names(root: &Path) -> Vec<Name> {
    let mut names = find(root, &["!", "-type", "d"]);
    names.sort_by(|one, other| one.path.cmp(&other.path));
    names
}

/// Records the current state of everything below a directory.
pub fn state(root: &Path) -> Vec<Name> {
    find(root, &[])
}

/// Checks that nothing, including directories, was added, removed or changed since then. Access times do not count.
pub fn assert_untouched(root: &Path, then: &[Name]) {
    let now = state(root);
    let touched: Vec<&Name> = now.iter().filter(|name| !then.contains(name)).collect();
    assert!(touched.is_empty() && now.len() == then.len(), "the scan changed the store: {touched:#?}");
}

fn find(root: &Path, wanted: &[&str]) -> Vec<Name> {
    // Some file systems only fix the number of blocks when they write them.
    let sync = Command::new("sync").arg("--file-system").arg(root).status().expect("`sync` comes with coreutils");
    assert!(sync.success(), "sync {}: {sync}", root.display());
    let form = ["-printf", "%D:%i\\t%b\\t%s\\t%T@ %C@\\t%p\\0"];
    let find = Command::new("find").arg(root).args(wanted).args(form).output();
    let find = find.expect("`find` comes with findutils");
    assert!(find.status.success(), "find {}: {}", root.display(), String::from_utf8_lossy(&find.stderr));
    let listing = String::from_utf8(find.stdout).expect("Dovecot names its files in UTF-8");
    listing.split_terminator('\0').map(name).collect()
}

fn name(line: &str) -> Name {
    let mut fields = line.splitn(5, '\t');
    let mut field = || fields.next().expect("find prints five fields").to_owned();
    let (inode, blocks, size, changed, path) = (field(), field(), field(), field(), field());
    let count = |text: String| text.parse().expect("find prints numbers");
    Name { inode, blocks: count(blocks), size: count(size), changed, path: path.into(), holds_mail: false }
}

/// The messages of one Maildir folder.
pub fn messages(names: &[Name], folder: &Path) -> Vec<Name> {
    let places = [folder.join("cur"), folder.join("new")];
    let inside = |name: &&Name| name.path.parent().is_some_and(|parent| places.iter().any(|place| place == parent));
    names.iter().filter(inside).cloned().collect()
}

/// Whether a file has one name below `one` and another name below `other`.
pub fn share_a_file(names: &[Name], one: &Path, other: &Path) -> bool {
    let twin = |name: &Name, twin: &Name| twin.inode == name.inode && twin.path != name.path;
    let mut below = names.iter().filter(|name| name.path.starts_with(one));
    below.any(|name| names.iter().any(|found| twin(name, found) && found.path.starts_with(other)))
}

/// The bytes of the files, counted for each name.
pub fn size(names: &[Name]) -> u64 {
    names.iter().map(|name| name.size).sum()
}

/// The bytes of the files, each counted once.
pub fn size_of_inodes(names: &[Name]) -> u64 {
    let files: BTreeMap<&str, u64> = names.iter().map(|name| (name.inode.as_str(), name.size)).collect();
    files.values().sum()
}

/// The allocated bytes of the files, each counted once.
pub fn allocated(names: &[Name]) -> u64 {
    let files: BTreeMap<&str, u64> = names.iter().map(|name| (name.inode.as_str(), name.blocks)).collect();
    files.values().sum::<u64>() * 512
}

/// The bytes of a directory by `du`.
pub fn usage(root: &Path) -> u64 {
    let du = Command::new("du").args(["-s", "--block-size=1"]).arg(root).output().expect("`du` comes with coreutils");
    assert!(du.status.success(), "du {}: {}", root.display(), String::from_utf8_lossy(&du.stderr));
    let bytes = String::from_utf8_lossy(&du.stdout).split_whitespace().next().map(str::to_owned);
    bytes.and_then(|bytes| bytes.parse().ok()).expect("du prints bytes")
}

/// The number of inodes of a directory by `find`.
pub fn inodes(root: &Path) -> u64 {
    let all = find(root, &[]);
    all.iter().map(|name| name.inode.as_str()).collect::<BTreeSet<_>>().len() as u64
}
