//! Settings: flag before environment before file before default, checked once.

use std::ffi::OsString;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use crate::bytes::Bytes;
use crate::days::{Days, Horizon};
use crate::error::{Error, Result};
use crate::verdict::Policy;

/// What holds when nothing is said.
const DEFAULT_HORIZON: Days = Days(3 * 365);
const DEFAULT_SEED: u64 = 1;

/// Everything that is settled, after all sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Where the history lies.
    pub history: PathBuf,
    /// When to worry.
    pub policy: Policy,
    /// How far ahead is looked.
    pub horizon: Days,
    /// Fixes every random draw.
    pub seed: u64,
    /// How many threads measure; 0: as many as keep a disk busy.
    pub threads: usize,
    /// The stores.
    pub stores: Vec<StoreSettings>,
}

/// What is settled of one store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreSettings {
    /// Its name.
    pub name: String,
    /// Its directory.
    pub path: PathBuf,
    /// What it may take at most, if there is a limit beside the volume's.
    pub limit: Option<Bytes>,
    /// Whether the volume's figures are collected with it.
    pub filesystem: bool,
}

/// What flags and environment say, each before the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The settings file.
    pub config: Option<PathBuf>,
    /// Where the history lies.
    pub history: Option<PathBuf>,
    /// How far ahead is looked.
    pub horizon: Option<Days>,
    /// Fixes every random draw.
    pub seed: Option<u64>,
    /// How many threads measure.
    pub threads: Option<usize>,
    /// How long it takes to get more room.
    pub lead_time: Option<Days>,
}

/// The file, as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    history: Option<PathBuf>,
    policy: PolicyTable,
    forecast: ForecastTable,
    scan: ScanTable,
    store: Vec<StoreTable>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PolicyTable {
    lead_time: Option<Days>,
    review_interval: Option<Days>,
    used_floor: Option<Percent>,
    used_warning: Option<Percent>,
    used_critical: Option<Percent>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ForecastTable {
    horizon: Option<Horizon>,
    seed: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ScanTable {
    threads: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoreTable {
    name: Spanned<String>,
    path: Spanned<PathBuf>,
    limit: Option<Bytes>,
    #[serde(default = "yes")]
    filesystem: bool,
}

fn yes() -> bool {
    true
}

/// A share, written `85%`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
struct Percent(f64);

impl TryFrom<String> for Percent {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<Self, String> {
        let number = text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok());
        let share = number.filter(|number| (0.0..=100.0).contains(number)).map(|number| Percent(number / 100.0));
        share.ok_or_else(|| format!("`{text}` is no share (write 85%)"))
    }
}

/// The directories that a user, or the root, keeps settings and histories in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The settings file that is read where none is named; it may be missing.
    pub config: PathBuf,
    /// The history that is used where none is named.
    pub history: PathBuf,
}

impl Places {
    /// The root's places, or a user's by the XDG base directories, from the environment.
    ///
    /// # Errors
    /// If a user has no home.
    pub fn find(is_root: bool, environment: impl Fn(&str) -> Option<OsString>) -> Result<Places> {
        if is_root {
            return Ok(Places {
                config: "/etc/mailrunway/mailrunway.toml".into(),
                history: "/var/lib/mailrunway/history".into(),
            });
        }
        // The specification has relative paths ignored.
        let absolute = |name: &str| environment(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let base = |name: &str, below_home: &str| absolute(name).or_else(|| Some(absolute("HOME")?.join(below_home)));
        let homeless = || Error::new("there is no home directory").hint("set HOME, or name --history");
        let config = base("XDG_CONFIG_HOME", ".config").ok_or_else(homeless)?;
        let state = base("XDG_DATA_HOME", ".local/share").ok_or_else(homeless)?;
        Ok(Places { config: config.join("mailrunway/mailrunway.toml"), history: state.join("mailrunway/history") })
    }
}

impl Settings {
    /// Reads the file, if there is one, and settles everything.
    ///
    /// # Errors
    /// If a named file is missing, or the file has an unknown key or a bad value; the error names the line.
    pub fn load(places: &Places, overrides: Overrides) -> Result<Settings> {
        let (path, named) = match overrides.config.clone() {
            Some(path) => (path, true),
            None => (places.config.clone(), false),
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && !named => String::new(),
            Err(e) => return Err(Error::io("cannot read the settings", &path, e).hint(SETTINGS_HINT)),
        };
        let file: File = toml::from_str(&text).map_err(|e| wrong(&path).because(e))?;
        let stores = checked_stores(file.store, &text).map_err(|e| wrong(&path).because(e))?;
        let (policy, default) = (file.policy, Policy::default());
        let share = |setting: Option<Percent>, default: f64| setting.map_or(default, |percent| percent.0);
        Ok(Settings {
            history: overrides.history.or(file.history).unwrap_or_else(|| places.history.clone()),
            policy: Policy {
                lead_time: overrides.lead_time.or(policy.lead_time).unwrap_or(default.lead_time),
                review_interval: policy.review_interval.unwrap_or(default.review_interval),
                used_floor: share(policy.used_floor, default.used_floor),
                used_warning: share(policy.used_warning, default.used_warning),
                used_critical: share(policy.used_critical, default.used_critical),
            },
            horizon: overrides.horizon.or(file.forecast.horizon.map(Horizon::days)).unwrap_or(DEFAULT_HORIZON),
            seed: overrides.seed.or(file.forecast.seed).unwrap_or(DEFAULT_SEED),
            threads: overrides.threads.or(file.scan.threads).unwrap_or(0),
            stores,
        })
    }
}

const SETTINGS_HINT: &str = "name the file with --config; data/mailrunway.toml in the source shows every key";

fn wrong(path: &Path) -> Error {
    Error::new("the settings are wrong").at(path).hint(SETTINGS_HINT)
}

/// Checks what a type alone cannot.
fn checked_stores(tables: Vec<StoreTable>, text: &str) -> std::result::Result<Vec<StoreSettings>, String> {
    let at_line = |span: Range<usize>, what: String| {
        let line = 1 + text[..span.start].matches('\n').count();
        format!("line {line}: {what}")
    };
    let mut stores: Vec<StoreSettings> = Vec::new();
    for table in tables {
        let name = table.name.get_ref();
        if name.is_empty() {
            return Err(at_line(table.name.span(), "a store needs a name".to_owned()));
        }
        if stores.iter().any(|store| store.name == *name) {
            return Err(at_line(table.name.span(), format!("there are two stores `{name}`")));
        }
        if !table.path.get_ref().is_absolute() {
            return Err(at_line(table.path.span(), format!("the path of store `{name}` does not begin with /")));
        }
        stores.push(StoreSettings {
            name: table.name.into_inner(),
            path: table.path.into_inner(),
            limit: table.limit,
            filesystem: table.filesystem,
        });
    }
    Ok(stores)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, overrides: Overrides) -> Result<Settings> {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("mailrunway.toml");
        std::fs::write(&config, text).unwrap();
        let places = Places { config, history: "/places/history".into() };
        Settings::load(&places, overrides)
    }

    fn cause(text: &str) -> String {
        let error = load(text, Overrides::default()).unwrap_err();
        std::error::Error::source(&error).unwrap().to_string()
    }

    #[test]
    fn a_flag_goes_before_the_file_before_the_default() {
        let text = "history = '/file/history'\n[policy]\nlead_time = '10w'\nused_warning = '70%'\n";
        let from_file = load(text, Overrides::default()).unwrap();
        assert_eq!(from_file.history, Path::new("/file/history"));
        assert_eq!(from_file.policy.lead_time, Days(70));
        assert_eq!(from_file.policy.used_warning, 0.7);
        assert_eq!(from_file.seed, DEFAULT_SEED);
        let flags = Overrides { history: Some("/flag".into()), lead_time: Some(Days(5)), ..Overrides::default() };
        let flagged = load(text, flags).unwrap();
        assert_eq!((flagged.history, flagged.policy.lead_time), ("/flag".into(), Days(5)));
        assert_eq!(load("", Overrides::default()).unwrap().history, Path::new("/places/history"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        assert!(cause("[policy]\nlead_tme = '90d'\n").contains("line 2"), "{}", cause("[policy]\nlead_tme = '90d'\n"));
        assert!(cause("[policy]\nlead_tme = '90d'\n").contains("lead_tme"));
        assert!(cause("\n\n[policy]\nlead_time = '90 days'\n").contains("line 4"));
        assert!(cause("[policy]\nused_floor = '160%'\n").contains("line 2"));
        assert!(cause("[[store]]\nname = 'a'\npath = '/a'\nlimit = '5X'\n").contains("line 4"));
        let twice = "[[store]]\nname = 'a'\npath = '/a'\n[[store]]\nname = 'a'\npath = '/b'\n";
        assert_eq!(cause(twice), "line 5: there are two stores `a`");
        assert_eq!(cause("[[store]]\nname = 'a'\npath = 'a'\n"), "line 3: the path of store `a` does not begin with /");
    }

    #[test]
    fn a_named_file_has_to_exist() {
        let overrides = Overrides { config: Some("/nonexistent.toml".into()), ..Overrides::default() };
        let error = load("", overrides).unwrap_err();
        assert_eq!(error.to_string(), "cannot read the settings: /nonexistent.toml");
    }

    #[test]
    fn places_follow_the_user() {
        let environment = |name: &str| match name {
            "HOME" => Some("/home/ann".into()),
            "XDG_CONFIG_HOME" => Some("relative".into()),
            "XDG_DATA_HOME" => Some("/data".into()),
            _ => None,
        };
        let user = Places::find(false, environment).unwrap();
        assert_eq!(user.config, Path::new("/home/ann/.config/mailrunway/mailrunway.toml"));
        assert_eq!(user.history, Path::new("/data/mailrunway/history"));
        assert_eq!(Places::find(true, environment).unwrap().history, Path::new("/var/lib/mailrunway/history"));
        assert!(Places::find(false, |_| None).is_err());
    }
}
