//! Settings. Flags override environment variables, which override the file, which overrides the defaults.

mod file;
pub(crate) mod places;
pub mod quota;
pub(crate) mod settled;

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use toml::Spanned;

use crate::model::error::{Error, Result};
use crate::model::{bytes::Bytes, days::Days, when::When};
use crate::planning::{verdict::Policy, whatif::Scenario};
use crate::scan::StoreRequest;
use crate::store::template::OwnerTemplate;
use places::Places;
pub use quota::QuotaSettings;

const DEFAULT_HORIZON: Days = Days(3 * 365);
const DEFAULT_AUDIT_EVERY: u32 = 10;

/// The settings from all sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Directory of the history.
    pub history: PathBuf,
    /// The name of this machine in the history; `None` for its host name.
    pub host: Option<String>,
    /// Thresholds of the verdict.
    pub policy: Policy,
    /// Forecast horizon.
    pub horizon: Days,
    /// Options of the scan.
    pub scan: ScanSettings,
    /// The stores.
    pub stores: Vec<StoreSettings>,
    /// The quota rules; the last that matches a mailbox holds.
    pub quotas: Vec<QuotaSettings>,
    /// Options of the report.
    pub report: ReportSettings,
}

/// Options of the report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportSettings {
    /// Recipients.
    pub to: Vec<String>,
    /// Sender.
    pub from: Option<String>,
    /// When a report is written.
    pub when: When,
    /// Scenarios, one row each.
    pub what_if: Vec<Scenario>,
}

/// Options of the scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanSettings {
    /// Directories read at the same time; 0 for the default.
    pub threads: usize,
    /// Limit of disk operations a second.
    pub io_limit: Option<NonZeroU32>,
    /// Whether the scan has the lowest CPU and disk priority.
    pub idle: bool,
    /// Scans between audits of the cache; 0 for no audit.
    pub audit_every: u32,
    /// Whether a scan compacts one finished month of the history, if there is one.
    pub compact: bool,
}

/// A store of the settings file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreSettings {
    /// The name.
    pub name: String,
    /// The directory.
    pub path: PathBuf,
    /// A limit besides that of the volume.
    pub limit: Option<Bytes>,
    /// Whether the scan collects the volume's figures too.
    pub filesystem: bool,
    /// Pattern of the mailboxes' paths; `None` to guess the owners.
    pub owner: Option<OwnerTemplate>,
}

impl StoreSettings {
    /// What a scan of the store asks for.
    pub(crate) fn request(&self) -> StoreRequest {
        StoreRequest {
            name: self.name.clone(),
            root: self.path.clone(),
            filesystem: self.filesystem,
            owner: self.owner.clone(),
        }
    }
}

/// Settings by flags and environment variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The settings file.
    pub config: Option<PathBuf>,
    /// Directory of the history.
    pub history: Option<PathBuf>,
    /// Forecast horizon.
    pub horizon: Option<Days>,
    /// Directories read at the same time.
    pub threads: Option<usize>,
    /// Limit of disk operations a second.
    pub io_limit: Option<NonZeroU32>,
    /// Whether the scan has the lowest priority, whatever the file says.
    pub idle: bool,
    /// Time it takes to get more space.
    pub lead_time: Option<Days>,
}

impl Settings {
    /// Reads the settings file, if there is one, and merges all sources.
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
        let policy = file::checked_policy(file.policy, &text).map_err(|e| wrong(&path).because(e))?;
        let stores = file::checked_stores(file.store, &text).map_err(|e| wrong(&path).because(e))?;
        let quotas = file::checked_quotas(file.quota, &text).map_err(|e| wrong(&path).because(e))?;
        let what_if = file::checked_scenarios(&file.report.what_if, &text).map_err(|e| wrong(&path).because(e))?;
        let history = overrides.history.or(file.history.map(Spanned::into_inner)).or_else(|| places.history.clone());
        Ok(Settings {
            history: history.ok_or_else(|| {
                Error::new("the history has no directory, because there is no home directory")
                    .hint("name one with --history")
            })?,
            host: file.host.map(Spanned::into_inner),
            policy: Policy { lead_time: overrides.lead_time.unwrap_or(policy.lead_time), ..policy },
            horizon: overrides.horizon.or(file.forecast.horizon).unwrap_or(DEFAULT_HORIZON),
            scan: ScanSettings {
                threads: overrides.threads.or(file.scan.threads.map(Spanned::into_inner)).unwrap_or(0),
                io_limit: overrides.io_limit.or(file.scan.io_limit.and_then(NonZeroU32::new)),
                idle: overrides.idle || file.scan.idle,
                audit_every: file.scan.audit_every.unwrap_or(DEFAULT_AUDIT_EVERY),
                compact: file.scan.compact,
            },
            stores,
            quotas,
            report: ReportSettings { to: file.report.to, from: file.report.from, when: file.report.when, what_if },
        })
    }

    /// The quota of a mailbox by its address.
    pub fn quota(&self, address: &str) -> Option<&QuotaSettings> {
        self.quotas.iter().rev().find(|quota| quota.fits(address))
    }
}

const SETTINGS_HINT: &str = "name the file with --config; `mailrunway config init -o -` prints every key";

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
    fn flags_override_the_file_which_overrides_the_defaults() {
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
    fn scan_settings_have_the_same_precedence() {
        let default = ScanSettings { threads: 0, io_limit: None, idle: false, audit_every: 10, compact: false };
        assert_eq!(load("", Overrides::default()).unwrap().scan, default);
        let text = "[scan]\nthreads = 4\nio_limit = 2000\nidle = true\naudit_every = 0\ncompact = true\n";
        let of_file =
            ScanSettings { threads: 4, io_limit: NonZeroU32::new(2_000), idle: true, audit_every: 0, compact: true };
        assert_eq!(load(text, Overrides::default()).unwrap().scan, of_file);
        let flags = Overrides { threads: Some(1), io_limit: NonZeroU32::new(50), idle: true, ..Overrides::default() };
        let flagged = load(text, flags.clone()).unwrap().scan;
        assert_eq!((flagged.threads, flagged.io_limit), (1, NonZeroU32::new(50)));
        assert!(load("[scan]\nidle = false\n", flags).unwrap().scan.idle);
        assert_eq!(load("[scan]\nio_limit = 0\n", Overrides::default()).unwrap().scan, default);
    }

    #[test]
    fn errors_name_the_line() {
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
        let named = "line 3: `growth=20%`: write the change of the growth with its sign";
        assert!(scenario.starts_with(named), "{scenario}");
        assert_eq!(cause("[[store]]\nname = 'a'\npath = 'a'\n"), "line 3: the path of store `a` does not begin with /");
    }

    #[test]
    fn a_number_without_a_unit_is_refused_with_one() {
        for (text, meant) in [
            ("[policy]\nlead_time = 90", "90 has no unit: write \"90d\""),
            ("[policy]\nreview_interval = 1.5", "1.5 has no unit: write \"1.5d\""),
            ("[policy]\nused_floor = 60", "60 has no unit: write \"60%\""),
            ("[policy]\nused_warning = 0.85", "0.85 has no unit: write \"85%\""),
            ("[forecast]\nhorizon = 1095", "1095 has no unit: write \"1095d\""),
            ("[[quota]]\nmailboxes = '*'\nlimit = 1.5", "1.5 has no unit: write \"1.5GiB\""),
        ] {
            let cause = cause(text);
            let line = format!("line {}", text.lines().count());
            assert!(cause.contains(meant) && cause.contains(&line), "{cause}");
        }
        assert_eq!(
            load("[[store]]\nname = 'a'\npath = '/a'\nlimit = 5000\n", Overrides::default()).unwrap().stores[0].limit,
            Some(Bytes(5000))
        );
    }

    #[test]
    fn the_last_matching_quota_applies() {
        let text = "[[quota]]\nmailboxes = '*'\nlimit = '5GiB'\nmessages = 100000\n\
                    [[quota]]\nmailboxes = '*@example.org'\nlimit = '1GiB'\n\
                    [[quota]]\nmailboxes = 'ann@*'\nmessages = 7\n";
        let settings = load(text, Overrides::default()).unwrap();
        let of = |address| settings.quota(address).map(|quota| (quota.limit, quota.messages));
        assert_eq!(of("bob@example.net"), Some((Some(Bytes(5 << 30)), Some(100_000))));
        assert_eq!(of("bob@example.org"), Some((Some(Bytes(1 << 30)), None)));
        assert_eq!(of("ann@example.org"), Some((None, Some(7))));
        assert_eq!(load("", Overrides::default()).unwrap().quota("ann@example.org"), None);
    }

    #[test]
    fn errors_in_quotas_name_the_line() {
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
    fn a_named_settings_file_must_exist() {
        let overrides = Overrides { config: Some("/nonexistent.toml".into()), ..Overrides::default() };
        let error = load("", overrides).unwrap_err();
        assert_eq!(error.to_string(), "cannot read the settings: /nonexistent.toml");
    }
}
