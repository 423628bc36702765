//! Settings: flag before environment before file before default, checked once.

mod file;
pub(crate) mod places;
pub mod quota;

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use toml::Spanned;

use crate::model::bytes::Bytes;
use crate::model::days::{Days, Horizon};
use crate::model::error::{Error, Result};
use crate::model::when::When;
use crate::planning::verdict::Policy;
use crate::planning::whatif::Scenario;
use crate::store::template::OwnerTemplate;
use places::Places;
use quota::QuotaSettings;

/// What holds when nothing is said.
const DEFAULT_HORIZON: Days = Days(3 * 365);
const DEFAULT_AUDIT_EVERY: u32 = 10;

/// Everything that is settled, after all sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Where the history lies.
    pub history: PathBuf,
    /// When to worry.
    pub policy: Policy,
    /// How far ahead is looked.
    pub horizon: Days,
    /// How a scan treats the disk.
    pub scan: ScanSettings,
    /// The stores.
    pub stores: Vec<StoreSettings>,
    /// The quotas, of which the last that fits a mailbox holds.
    pub quotas: Vec<QuotaSettings>,
    /// What the report tells, and to whom.
    pub report: ReportSettings,
}

/// What the report tells, and to whom.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportSettings {
    /// The addresses of those who get it by mail.
    pub to: Vec<String>,
    /// The address that it comes from.
    pub from: Option<String>,
    /// When it is written at all.
    pub when: When,
    /// The scenarios that it looks at, each a row.
    pub what_if: Vec<Scenario>,
}

/// How a scan treats the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanSettings {
    /// How many threads measure; 0: as many as keep the disk busy.
    pub threads: usize,
    /// How many operations a second there are at most, if they are limited.
    pub io_limit: Option<NonZeroU32>,
    /// Whether it gives way to everything else on the machine.
    pub idle: bool,
    /// Every so many scans of a store, part of what is remembered is looked at again; 0: never.
    pub audit_every: u32,
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
    /// Whose mailbox lies where, if it is not to be guessed.
    pub owner: Option<OwnerTemplate>,
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
    /// How many threads measure.
    pub threads: Option<usize>,
    /// How many operations a second there are at most.
    pub io_limit: Option<NonZeroU32>,
    /// Whether a scan gives way to everything else, whatever the file says.
    pub idle: bool,
    /// How long it takes to get more room.
    pub lead_time: Option<Days>,
}

impl Settings {
    /// Reads the file, if there is one, and settles everything.
    ///
    /// # Errors
    /// If a named file is missing, or the file has an unknown key or a bad value; the error names the line.
    pub fn load(places: &Places, overrides: Overrides) -> Result<Settings> {
        let named = overrides.config.is_some();
        let path = overrides.config.or_else(|| places.config.clone()).unwrap_or_default();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && !named => String::new(),
            Err(e) => return Err(Error::io("cannot read the settings", &path, e).hint(SETTINGS_HINT)),
        };
        let file: file::File = toml::from_str(&text).map_err(|e| wrong(&path).because(e))?;
        file::checked_values(&file, &text).map_err(|e| wrong(&path).because(e))?;
        let stores = file::checked_stores(file.store, &text).map_err(|e| wrong(&path).because(e))?;
        let quotas = file::checked_quotas(file.quota, &text).map_err(|e| wrong(&path).because(e))?;
        let what_if = file::checked_scenarios(&file.report.what_if, &text).map_err(|e| wrong(&path).because(e))?;
        let history = overrides.history.or(file.history.map(Spanned::into_inner)).or_else(|| places.history.clone());
        let (policy, default) = (file.policy, Policy::default());
        let share = |setting: Option<Spanned<file::Percent>>, default: f64| {
            setting.map_or(default, |percent| percent.into_inner().0)
        };
        Ok(Settings {
            history: history.ok_or_else(|| {
                Error::new("there is no home directory to keep the history in").hint("name one with --history")
            })?,
            policy: Policy {
                lead_time: overrides.lead_time.or(policy.lead_time).unwrap_or(default.lead_time),
                review_interval: policy.review_interval.unwrap_or(default.review_interval),
                used_floor: policy.used_floor.map_or(default.used_floor, |percent| percent.0),
                used_warning: share(policy.used_warning, default.used_warning),
                used_critical: share(policy.used_critical, default.used_critical),
            },
            horizon: overrides.horizon.or(file.forecast.horizon.map(Horizon::days)).unwrap_or(DEFAULT_HORIZON),
            scan: ScanSettings {
                threads: overrides.threads.or(file.scan.threads.map(Spanned::into_inner)).unwrap_or(0),
                io_limit: overrides.io_limit.or(file.scan.io_limit.and_then(NonZeroU32::new)),
                idle: overrides.idle || file.scan.idle,
                audit_every: file.scan.audit_every.unwrap_or(DEFAULT_AUDIT_EVERY),
            },
            stores,
            quotas,
            report: ReportSettings {
                to: file.report.to,
                from: file.report.from,
                when: file.report.when.unwrap_or_default(),
                what_if,
            },
        })
    }
}

impl Settings {
    /// The quota of a mailbox, by its address: that of the last rule that fits.
    pub fn quota(&self, address: &str) -> Option<&QuotaSettings> {
        self.quotas.iter().rev().find(|quota| quota.fits(address))
    }
}

const SETTINGS_HINT: &str = "name the file with --config; data/mailrunway.toml in the source shows every key";

fn wrong(path: &Path) -> Error {
    Error::new("the settings are wrong").at(path).hint(SETTINGS_HINT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, overrides: Overrides) -> Result<Settings> {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("mailrunway.toml");
        std::fs::write(&config, text).unwrap();
        let places = Places { config: Some(config), history: Some("/places/history".into()) };
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
        let flags = Overrides { history: Some("/flag".into()), lead_time: Some(Days(5)), ..Overrides::default() };
        let flagged = load(text, flags).unwrap();
        assert_eq!((flagged.history, flagged.policy.lead_time), ("/flag".into(), Days(5)));
        assert_eq!(load("", Overrides::default()).unwrap().history, Path::new("/places/history"));
    }

    #[test]
    fn a_scan_is_settled_the_same_way() {
        let default = ScanSettings { threads: 0, io_limit: None, idle: false, audit_every: 10 };
        assert_eq!(load("", Overrides::default()).unwrap().scan, default);
        let text = "[scan]\nthreads = 4\nio_limit = 2000\nidle = true\naudit_every = 0\n";
        let of_file = ScanSettings { threads: 4, io_limit: NonZeroU32::new(2_000), idle: true, audit_every: 0 };
        assert_eq!(load(text, Overrides::default()).unwrap().scan, of_file);
        let flags = Overrides { threads: Some(1), io_limit: NonZeroU32::new(50), idle: true, ..Overrides::default() };
        let flagged = load(text, flags.clone()).unwrap().scan;
        assert_eq!((flagged.threads, flagged.io_limit), (1, NonZeroU32::new(50)));
        assert!(load("[scan]\nidle = false\n", flags).unwrap().scan.idle);
        assert_eq!(load("[scan]\nio_limit = 0\n", Overrides::default()).unwrap().scan, default);
        let example = include_str!("../data/mailrunway.toml");
        assert_eq!(load(example, Overrides::default()).unwrap().scan, default);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        assert!(cause("[policy]\nlead_tme = '90d'\n").contains("line 2"), "{}", cause("[policy]\nlead_tme = '90d'\n"));
        assert!(cause("[policy]\nlead_tme = '90d'\n").contains("lead_tme"));
        assert!(cause("\n\n[policy]\nlead_time = '90 days'\n").contains("line 4"));
        assert!(cause("[policy]\nused_floor = '160%'\n").contains("line 2"));
        assert!(cause("[[store]]\nname = 'a'\npath = '/a'\nlimit = '5X'\n").contains("line 4"));
        for wrong in ["io_limit = -1", "io_limit = '5k'", "idle = 1", "audit_every = 4294967296", "threads = 1025"] {
            let cause = cause(&format!("[scan]\n{wrong}\n"));
            assert!(cause.contains("line 2"), "{cause}");
        }
        let owner = "[[store]]\nname = 'a'\npath = '/a'\nowner = '{domain}/{name}'\n";
        assert!(cause(owner).starts_with("line 4: there is no {name}"), "{}", cause(owner));
        let twice = "[[store]]\nname = 'a'\npath = '/a'\n[[store]]\nname = 'a'\npath = '/b'\n";
        assert_eq!(cause(twice), "line 5: there are two stores `a`");
        let scenario = cause("[report]\nwhat_if = ['add=1TiB',\n  'growth=20%']\n");
        assert!(scenario.starts_with("line 3: `growth=20%`: write how much"), "{scenario}");
        assert_eq!(cause("[[store]]\nname = 'a'\npath = 'a'\n"), "line 3: the path of store `a` does not begin with /");
    }

    #[test]
    fn the_last_quota_that_fits_holds() {
        let text = "[[quota]]\nmailboxes = '*'\nlimit = '5GiB'\nmessages = 100000\n\
                    [[quota]]\nmailboxes = '*@example.org'\nlimit = '1GiB'\n\
                    [[quota]]\nmailboxes = 'ann@*'\nmessages = 7\n";
        let settings = load(text, Overrides::default()).unwrap();
        let of = |address| settings.quota(address).map(|quota| (quota.limit, quota.messages));
        assert_eq!(of("bob@example.net"), Some((Some(Bytes(5 << 30)), Some(100_000))));
        assert_eq!(of("bob@example.org"), Some((Some(Bytes(1 << 30)), None)));
        assert_eq!(of("ann@example.org"), Some((None, Some(7))));
        assert_eq!(load("", Overrides::default()).unwrap().quota("ann@example.org"), None);
        assert!(load(include_str!("../data/mailrunway.toml"), Overrides::default()).unwrap().quota("a@b").is_some());
    }

    #[test]
    fn a_quota_that_makes_no_sense_is_named_with_its_line() {
        let neither = "line 2: the quota of `*@a` has neither a limit nor messages";
        assert_eq!(cause("[[quota]]\nmailboxes = '*@a'\n"), neither);
        assert_eq!(cause("[[quota]]\nmailboxes = ''\nlimit = '1G'\n"), "line 2: a quota needs mailboxes");
        let zero = "line 3: the quota of `*` is zero";
        assert_eq!(cause("[[quota]]\nmailboxes = '*'\nlimit = '0'\n"), zero);
        assert_eq!(cause("[[quota]]\nmailboxes = '*'\nmessages = 0\n"), zero);
        assert!(cause("[[quota]]\nmailboxes = '*'\nlimit = '5X'\n").contains("line 3"));
        assert!(cause("[[quota]]\nmailboxes = '*'\nmessages = -1\n").contains("line 3"));
        assert!(cause("[[quota]]\nmailbox = '*'\nlimit = '1G'\n").contains("line 2"));
    }

    #[test]
    fn a_named_file_has_to_exist() {
        let overrides = Overrides { config: Some("/nonexistent.toml".into()), ..Overrides::default() };
        let error = load("", overrides).unwrap_err();
        assert_eq!(error.to_string(), "cannot read the settings: /nonexistent.toml");
    }
}
