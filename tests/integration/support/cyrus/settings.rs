//! The settings, services and directories of a private Cyrus.

use std::fs;

use super::{ADMIN, UNPACKED};
use crate::support::server_home::ServerHome;

/// Writes the settings with additional ones, in which `{store}` is the directory of all mail.
pub fn write(home: &ServerHome, settings: &str) {
    make_directories(home);
    let settings = settings.replace("{store}", &home.join("store").display().to_string());
    fs::write(home.join("imapd.conf"), configuration(home, &settings)).expect("it is written");
    fs::write(home.join("cyrus.conf"), services(home)).expect("the services can be written");
    home.give(home.path());
}

fn make_directories(home: &ServerHome) {
    let inner = ["db", "socket", "log", "msg", "proc", "ptclient", "lock", "user", "quota"];
    let outer = ["store/spool", "store/archive", "store/meta", "store/search"].map(|name| home.join(name));
    for path in inner.map(|name| home.join("config").join(name)).iter().chain(&outer) {
        fs::create_dir_all(path).expect("a directory can be made");
    }
}

/// Settings of a server without root, ports and passwords.
fn configuration(home: &ServerHome, settings: &str) -> String {
    let (owner, home) = (home.owner(), home.path().display());
    let (user, group) = (owner.name("-un"), owner.name("-gn"));
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

/// The services: `-N` accepts any login without a password, and `-a` accepts mail without authentication.
fn services(home: &ServerHome) -> String {
    let home = home.path().display();
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
