//! A preloaded library that changes the time of `doveadm`.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::dovecot::Dovecot;

/// Required setting of the server: `doveadm` re-executes itself and only passes on these variables.
pub const SETTING: &str = "import_environment = TZ LD_PRELOAD CLOCK_AT";

/// Only file times use the kernel's clock.
const SOURCE: &str = r#"
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
static time_t now(void) { return atoll(getenv("CLOCK_AT")); }
time_t time(time_t *to) { if (to) *to = now(); return now(); }
int gettimeofday(struct timeval *restrict to, void *restrict zone) {
    (void)zone;
    *to = (struct timeval){ .tv_sec = now() };
    return 0;
}
"#;

/// A clock for the programs of a server.
pub struct Clock<'a> {
    server: &'a Dovecot,
    library: PathBuf,
}

impl<'a> Clock<'a> {
    /// Builds the library with the compiler that Rust links with.
    pub fn preload(server: &'a Dovecot) -> Clock<'a> {
        let (source, library) = (server.aside("clock.c"), server.aside("clock.so"));
        fs::write(&source, SOURCE).expect("a file can be written");
        let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).args([&library, &source]).status();
        assert!(built.expect("Rust needs a compiler too").success(), "the clock does not build");
        Clock { server, library }
    }

    /// Runs `doveadm` at a time, in unix seconds; any failure ends the test.
    pub fn doveadm(&self, at: u64, arguments: &[&str]) {
        let mut preload = OsString::from("LD_PRELOAD=");
        preload.push(&self.library);
        let (time, settings) = (OsString::from(format!("CLOCK_AT={at}")), self.server.aside("dovecot.conf"));
        let mut words = vec![time.as_os_str(), &preload, "doveadm".as_ref(), "-c".as_ref(), settings.as_os_str()];
        words.extend(arguments.iter().map(AsRef::<std::ffi::OsStr>::as_ref));
        self.server.run("env", &words);
    }
}
