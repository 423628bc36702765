//! Who may lead this program to a place: links, directories and files of its own user or of root.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::model::error::{Error, Result};

/// The kernel's own bound.
const MOST_LINKS: usize = 40;

/// Whether that user could do all that this program can: it runs as that user, or that is root.
pub(crate) fn is_trusted(user: u32) -> bool {
    user == 0 || user == rustix::process::geteuid().as_raw()
}

/// A user, as errors name it.
pub(crate) fn user(number: u32) -> String {
    if number == 0 { "root".to_owned() } else { format!("user {number}") }
}

/// The place that a path means, which may not exist yet. Links are followed if this program's user or root made them; the
/// kernel does the same in `/tmp` if `fs.protected_symlinks` is set.
///
/// # Errors
/// If somebody else made a link, or it leads in a circle.
pub(crate) fn follow(path: &Path) -> Result<PathBuf> {
    // Without a slash at the end, which would follow the link.
    let mut place: PathBuf = path.components().collect();
    for _ in 0..MOST_LINKS {
        let Some(link) = fs::symlink_metadata(&place).ok().filter(fs::Metadata::is_symlink) else { return Ok(place) };
        if !is_trusted(link.uid()) {
            return Err(Error::new(format!("{} made this link, which is not followed", user(link.uid())))
                .at(path)
                .hint("name the place it leads to, if that is the one you mean"));
        }
        let target = fs::read_link(&place).map_err(|e| Error::io("cannot follow the link", path, e))?;
        let next = place.parent().unwrap_or(Path::new("")).join(target);
        // The kernel's links to pipes in /proc have no path to lead to.
        if fs::symlink_metadata(&next).is_err() && place.exists() {
            return Ok(place);
        }
        place = next;
    }
    Err(Error::new("this link leads in a circle").at(path).hint("remove it, or name another place"))
}
