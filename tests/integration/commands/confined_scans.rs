//! What code in the place of a scan could do: the kernel confines it to the store and the history (Landlock).

use std::process::Command;

use walkdir::WalkDir;

use crate::support::machine::Machine;
use crate::support::scan_result::answer;

/// A library that takes the place of `fsync`, which a scan calls when it saves its snapshot, and tells what it can do there.
const INTRUDER: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void say(const char *what, int done) {
    dprintf(2, "INTRUDER %s: %s\n", what, done >= 0 ? "done" : errno == EACCES || errno == EPERM ? "denied" : strerror(errno));
}

int fsync(int file) {
    static int called = 0;
    if (!called++) {
        say("reads a message", open(getenv("MESSAGE"), O_RDONLY));
        say("writes a message", open(getenv("MESSAGE"), O_WRONLY));
        say("reads elsewhere", open(getenv("ELSEWHERE"), O_RDONLY));
        say("writes elsewhere", open(getenv("ELSEWHERE"), O_WRONLY | O_APPEND));
        say("runs a program", execl("/bin/true", "true", (char *)0));
        struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(9)};
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        say("connects", connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&here, sizeof here));
    }
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file);
}
"#;

/// Whether the kernel has Landlock.
fn kernel_confines(machine: &Machine) -> bool {
    let told = machine.run("scan vmail --history probe -v").succeeds().stderr();
    assert!(told.contains("Landlock"), "{told}");
    told.contains("nothing else")
}

#[test]
fn whoever_takes_over_a_scan_reaches_the_store_and_the_history_only() {
    for ordinary in [false, true] {
        let machine = Machine::new();
        machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
        if !kernel_confines(&machine) {
            eprintln!("not tested: this kernel has no Landlock");
            return;
        }
        let files = WalkDir::new(machine.path("vmail")).into_iter().flatten();
        let message = files.map(|entry| entry.into_path()).find(|path| path.is_file()).expect("it has a message");
        machine.write("elsewhere", "text");
        machine.write("intruder.c", INTRUDER);
        let library = machine.path("intruder.so");
        let mut cc = Command::new("cc");
        cc.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(machine.path("intruder.c"));
        answer(&mut cc);
        let scan = machine.runway("scan vmail --history home/history");
        let scan =
            scan.env("LD_PRELOAD", &library).env("MESSAGE", &message).env("ELSEWHERE", machine.path("elsewhere"));
        if ordinary {
            machine.give_to_ordinary_user("");
        }
        let scan = if ordinary { scan.by_ordinary_user() } else { scan }.run().succeeds();
        machine.take_back("");
        scan.warns(&["INTRUDER reads a message: done", "INTRUDER writes a message: denied"])
            .warns(&["INTRUDER reads elsewhere: denied", "INTRUDER writes elsewhere: denied"])
            .warns(&["INTRUDER runs a program: denied", "INTRUDER connects: denied"]);
    }
}

#[test]
#[ignore = "needs strace: run tests/run"]
fn a_scan_is_confined_before_it_starts_a_thread() {
    let machine = Machine::new();
    machine.store("vmail").deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
    if !kernel_confines(&machine) {
        eprintln!("not tested: this kernel has no Landlock");
        return;
    }
    let traced = "exec strace -f -qq -e trace=landlock_restrict_self,clone,clone3 -o trace \"$@\"";
    machine.runway("scan vmail").in_shell(traced).run().succeeds();
    let trace = std::fs::read_to_string(machine.path("trace")).expect("strace wrote it");
    let calls: Vec<&str> = trace.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
    assert!(calls[0].starts_with("landlock_restrict_self"), "{trace}");
    assert!(calls[1..].iter().any(|call| call.starts_with("clone")), "{trace}");
}
