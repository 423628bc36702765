//! Each setting with where it was set.

use toml::de::DeTable;

use super::{QuotaSettings, Settings, StoreSettings};
use crate::model::numbers::percent;
use crate::model::settled::{Origin, Settled};

impl Settings {
    /// All settings in the order of the file. `host` is the name of this machine, `text` the settings file that was loaded,
    /// and `overridden` tells whether the flag or variable of a key was given.
    pub(crate) fn settled(&self, host: &str, text: &str, overridden: impl Fn(&str) -> Option<Origin>) -> Vec<Settled> {
        let file = DeTable::parse(text).map(toml::Spanned::into_inner).unwrap_or_default();
        let lines = Lines { file: &file, text };
        let one = |key: &str, value: String| {
            let (key, line) = (key.to_owned(), lines.of_key(key));
            match (overridden(&key), line) {
                (Some(from), _) => Settled { key, value, from, line: None },
                (None, Some(_)) => Settled { key, value, from: Origin::File, line },
                (None, None) => Settled { key, value, from: Origin::Default, line },
            }
        };
        let Settings { policy, scan, report, .. } = self;
        let default = |value: Option<String>, default: &str| value.unwrap_or_else(|| default.to_owned());
        let listed =
            |values: Vec<String>, none: &str| if values.is_empty() { none.to_owned() } else { values.join(" ") };
        let number = |number: usize, of_zero: &str| if number == 0 { of_zero.to_owned() } else { number.to_string() };
        let mut all = vec![
            one("history", self.history.to_string_lossy().into_owned()),
            one("host", default(self.host.clone(), host)),
            one("policy.lead_time", policy.lead_time.to_string()),
            one("policy.review_interval", policy.review_interval.to_string()),
            one("policy.used_floor", percent(policy.used_floor)),
            one("policy.used_warning", percent(policy.used_warning)),
            one("policy.used_critical", percent(policy.used_critical)),
            one("forecast.horizon", self.horizon.to_string()),
            one("scan.threads", number(scan.threads, "by cores and disk")),
            one("scan.io_limit", number(scan.io_limit.map_or(0, |limit| limit.get() as usize), "none")),
            one("scan.idle", scan.idle.to_string()),
            one("scan.audit_every", number(scan.audit_every as usize, "never")),
            one("scan.compact", scan.compact.to_string()),
            one("report.to", listed(report.to.clone(), "root")),
            one("report.from", default(report.from.clone(), &format!("mailrunway@{host}"))),
            one("report.when", format!("{:?}", report.when).to_lowercase()),
            one("report.what_if", listed(report.what_if.iter().map(ToString::to_string).collect(), "none")),
        ];
        all.extend(self.stores.iter().zip(lines.of_tables("store")).map(|(store, line)| of_store(store, line)));
        all.extend(self.quotas.iter().zip(lines.of_tables("quota")).map(|(quota, line)| of_quota(quota, line)));
        all
    }
}

fn of_store(store: &StoreSettings, line: usize) -> Settled {
    let limit = store.limit.map(|limit| format!(", limit {}", limit.show(Default::default())));
    let value = format!("{}{}", store.path.display(), limit.unwrap_or_default());
    Settled { key: format!("store {}", store.name), value, from: Origin::File, line: Some(line) }
}

fn of_quota(quota: &QuotaSettings, line: usize) -> Settled {
    let bytes = quota.limit.map(|limit| limit.show(Default::default()));
    let messages = quota.messages.map(|messages| format!("{messages} messages"));
    let value = bytes.into_iter().chain(messages).collect::<Vec<_>>().join(", ");
    Settled { key: format!("quota {}", quota.mailboxes), value, from: Origin::File, line: Some(line) }
}

/// Where keys stand in a settings file.
struct Lines<'t> {
    file: &'t DeTable<'t>,
    text: &'t str,
}

impl Lines<'_> {
    fn at(&self, start: usize) -> usize {
        1 + self.text[..start].matches('\n').count()
    }

    fn of_key(&self, key: &str) -> Option<usize> {
        let (table, name) = key.rsplit_once('.').unwrap_or(("", key));
        let table = if table.is_empty() { self.file } else { self.file.get(table)?.get_ref().as_table()? };
        table.get(name).map(|value| self.at(value.span().start))
    }

    fn of_tables(&self, name: &str) -> Vec<usize> {
        let tables = self.file.get(name).and_then(|tables| tables.get_ref().as_array());
        tables.into_iter().flat_map(|tables| tables.iter()).map(|table| self.at(table.span().start)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Overrides, places::Places};

    fn load(text: &str) -> Settings {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("mailrunway.toml");
        std::fs::write(&config, text).unwrap();
        let places = Places { config: Some(config), history: Some("/places/history".into()) };
        Settings::load(&places, Overrides::default()).unwrap()
    }

    /// The settings file that `config init` writes, with every `#` before a key removed.
    fn commented() -> (&'static str, String) {
        let text = include_str!("../../data/mailrunway.toml");
        let is_key = |line: &&str| line.starts_with('#') && !line.starts_with("# ") && line.len() > 1;
        let set = |line: &'static str| if is_key(&line) { &line[1..] } else { line };
        (text, text.lines().map(set).collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn the_commented_settings_set_nothing_and_show_every_key() {
        let (text, set) = commented();
        assert_eq!(load(text), load(""));
        let all = load(&set);
        assert_eq!((all.stores.len(), all.quotas.len(), all.report.what_if.len()), (2, 2, 3));
        let defaults = load("");
        assert_eq!((all.policy, all.horizon, all.scan), (defaults.policy, defaults.horizon, defaults.scan));
        let origins = all.settled("mail01", &set, |_| None);
        let unset: Vec<_> = origins.iter().filter(|one| one.from == Origin::Default).collect();
        assert!(unset.is_empty(), "{unset:?}");
    }

    #[test]
    fn what_is_settled_names_the_line() {
        let text =
            "history = '/h'\n\n[policy]\nlead_time = '10w'\n\n[[store]]\nname = 'a'\npath = '/a'\nlimit = '2GiB'\n";
        let flag = |key: &str| (key == "forecast.horizon").then_some(Origin::Flag);
        let all = load(text).settled("mail01", text, flag);
        let of = |key: &str| all.iter().find(|one| one.key == key).map(|one| (one.value.as_str(), one.from, one.line));
        assert_eq!(of("history"), Some(("/h", Origin::File, Some(1))));
        assert_eq!(of("policy.lead_time"), Some(("70 days", Origin::File, Some(4))));
        assert_eq!(of("policy.used_floor"), Some(("60 %", Origin::Default, None)));
        assert_eq!(of("forecast.horizon"), Some(("3 years", Origin::Flag, None)));
        assert_eq!(of("store a"), Some(("/a, limit 2.00 GiB", Origin::File, Some(6))));
    }
}
