//! Default paths of settings and history: of the machine, or by the XDG base directories.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

/// The package gives it to a user of its own.
const STATE: &str = "/var/lib/mailrunway";
const ROOT: u32 = 0;

/// The default paths of a user; none for a user without a home.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The settings file, which may be missing.
    pub config: Option<PathBuf>,
    /// The directory of the history.
    pub history: Option<PathBuf>,
}

impl Places {
    /// The paths of a user. Root and the package's user share those of the machine.
    pub fn find(user: u32, environment: impl Fn(&str) -> Option<OsString>) -> Places {
        let state_owner = fs::metadata(STATE).ok().map(|state| state.uid());
        match user == ROOT || state_owner == Some(user) {
            true => Places::of_machine(),
            false => Places::of_home(environment),
        }
    }

    fn of_machine() -> Places {
        Places {
            config: Some("/etc/mailrunway/mailrunway.toml".into()),
            history: Some(PathBuf::from(STATE).join("history")),
        }
    }

    fn of_home(environment: impl Fn(&str) -> Option<OsString>) -> Places {
        // The specification says to ignore relative paths.
        let absolute = |name: &str| environment(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let base = |name: &str, below_home: &str| absolute(name).or_else(|| Some(absolute("HOME")?.join(below_home)));
        Places {
            config: base("XDG_CONFIG_HOME", ".config").map(|base| base.join("mailrunway/mailrunway.toml")),
            history: base("XDG_DATA_HOME", ".local/share").map(|base| base.join("mailrunway/history")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn default_paths_depend_on_the_user() {
        let environment = |name: &str| match name {
            "HOME" => Some("/home/ann".into()),
            "XDG_CONFIG_HOME" => Some("relative".into()),
            "XDG_DATA_HOME" => Some("/data".into()),
            _ => None,
        };
        let user = Places::of_home(environment);
        assert_eq!(user.config.as_deref(), Some(Path::new("/home/ann/.config/mailrunway/mailrunway.toml")));
        assert_eq!(user.history.as_deref(), Some(Path::new("/data/mailrunway/history")));
        let root = Places::find(ROOT, environment);
        assert_eq!(root.history.as_deref(), Some(Path::new("/var/lib/mailrunway/history")));
        assert_eq!(Places::of_home(|_| None), Places::default());
    }
}
