//! The system calls of a scan below a store, by `strace`.

use std::collections::BTreeSet;
use std::fs;

use super::machine::Machine;

/// The calls of one scan that name a file or list a directory.
pub struct SystemCalls(Vec<String>);

impl SystemCalls {
    /// Runs `mailrunway` with these arguments, on one thread.
    #[track_caller]
    pub fn trace(machine: &Machine, words: &str) -> SystemCalls {
        let script = "exec strace -f -y -s 4096 -e trace=%file,getdents64 -o calls \"$@\"";
        machine.runway(&format!("{words} --threads 1")).in_shell(script).run().succeeds();
        let calls = fs::read_to_string(machine.path("calls")).expect("strace wrote it");
        fs::remove_file(machine.path("calls")).expect("it is the test's own");
        SystemCalls(calls.lines().map(str::to_owned).collect())
    }

    /// The listed directories with these names.
    pub fn listed(&self, names: &[&str]) -> BTreeSet<&str> {
        let listings = self.0.iter().filter(|call| call.contains("getdents64("));
        let directories = listings.filter_map(|call| call.split_once('<')?.1.split_once('>').map(|parts| parts.0));
        directories.filter(|path| path.rsplit('/').next().is_some_and(|base| names.contains(&base))).collect()
    }

    /// The names, without directories, of statted or opened files that contain this text.
    pub fn named(&self, letters: &str) -> BTreeSet<&str> {
        let texts = self.0.iter().flat_map(|call| call.split('"').skip(1).step_by(2));
        let named = texts.filter(|text| text.contains(letters));
        named.map(|text| text.rsplit('/').next().unwrap_or(text)).collect()
    }
}
