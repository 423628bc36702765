//! Root works as the owner of the history, so that nothing in it belongs to root, and keeps only the right to read mail.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use rustix::io;
use rustix::process::{Gid, Uid, geteuid};
use rustix::thread::{
    CapabilitySet, CapabilitySets, set_capabilities, set_keep_capabilities, set_thread_groups, set_thread_res_gid,
    set_thread_res_uid,
};

use crate::model::error::{Error, Result};

/// Whether root became another user, and can become root again.
static CAN_BE_ROOT: AtomicBool = AtomicBool::new(false);

/// Lets root work as the user who owns the history, with the capability to read all files. Does nothing for anybody else,
/// or if there is no history yet. To be called before the first thread starts, since each has a user of its own.
///
/// A command that writes no file for the caller gives root up `for_good`.
///
/// # Errors
/// If the kernel refuses it, as in a container without that capability.
pub(super) fn work_as_owner(history: &Path, for_good: bool) -> Result<()> {
    let Ok(place) = fs::metadata(history) else { return Ok(()) };
    if !geteuid().is_root() || place.uid() == 0 {
        return Ok(());
    }
    CAN_BE_ROOT.store(!for_good, Relaxed);
    become_user(Uid::from_raw(place.uid()), Gid::from_raw(place.gid()), for_good).map_err(|e| {
        Error::io(format!("cannot work as user {}, who owns the history", place.uid()), history, e.into())
            .hint(format!("run as that user: `sudo -u '#{}' mailrunway …`", place.uid()))
    })
}

fn become_user(user: Uid, group: Gid, for_good: bool) -> io::Result<()> {
    let (saved_user, saved_group) = if for_good { (user, group) } else { (Uid::ROOT, Gid::ROOT) };
    set_thread_groups(&[])?;
    set_thread_res_gid(group, group, saved_group)?;
    set_keep_capabilities(true)?;
    set_thread_res_uid(user, user, saved_user)?;
    keep_reading(for_good)
}

fn keep_reading(for_good: bool) -> io::Result<()> {
    let reading = CapabilitySet::DAC_READ_SEARCH;
    let permitted = if for_good { reading } else { rustix::thread::capabilities(None)?.permitted };
    set_capabilities(None, CapabilitySets { effective: reading, permitted, inheritable: CapabilitySet::empty() })
}

/// Does as the caller what the caller asked for: writes the file that `-o` names.
pub(super) fn as_caller<T>(work: impl FnOnce() -> T) -> T {
    if !CAN_BE_ROOT.load(Relaxed) {
        return work();
    }
    let _back = BackToOwner { user: geteuid(), group: rustix::process::getegid() };
    // If either fails, the file is written as the owner, or not at all.
    let _ = set_thread_res_uid(None, Uid::ROOT, None).and_then(|()| set_thread_res_gid(None, Gid::ROOT, None));
    work()
}

struct BackToOwner {
    user: Uid,
    group: Gid,
}

impl Drop for BackToOwner {
    fn drop(&mut self) {
        let back = set_thread_res_gid(None, self.group, None)
            .and_then(|()| set_thread_res_uid(None, self.user, None))
            .and_then(|()| keep_reading(false));
        back.expect("root can become any user");
    }
}
