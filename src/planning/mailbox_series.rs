//! The series of mailboxes that have a quota.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use crate::history::{History, SnapshotEntry, StoreEntry, names, query, table::ColumnTable};
use crate::model::bytes::Bytes;
use crate::model::error::{Error, Result};
use crate::model::series::{Identity, Observation, Resource, Series};
use crate::planning::growth::load::read_in_order;

/// The quota of a mailbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Quota {
    /// Bytes, with CRLF line ends.
    pub bytes: Option<Bytes>,
    pub messages: Option<u64>,
}

/// The series of a mailbox with a quota.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MailboxSeries {
    /// Named by the address, prefixed with host and store if there are several.
    pub series: Series,
    pub domain: Option<String>,
}

impl MailboxSeries {
    /// Whether `name` is the series, the address or the domain.
    pub(crate) fn goes_by(&self, name: &str) -> bool {
        let is_it = |own: &str| own == name || names::real(own) == name;
        is_it(&self.series.name)
            || is_it(self.series.identity.fields("").name)
            || self.domain.as_deref().is_some_and(is_it)
    }
}

/// The series of all mailboxes with a quota that still exist, by host, store and address, bytes before messages; and
/// read errors.
pub(crate) fn load(
    history: &History,
    entries: &[SnapshotEntry],
    quota: impl Fn(&str) -> Quota,
) -> (Vec<MailboxSeries>, Vec<Error>) {
    let snapshots = history.snapshots();
    // A partial scan that does not say what it missed would look like a purge.
    let is_usable = |entry: &&SnapshotEntry| {
        (entry.complete || !entry.unread.is_empty()) && measured_stores(entry).next().is_some()
    };
    let usable: Vec<&SnapshotEntry> = entries.iter().filter(is_usable).collect();
    let mut stores = BTreeMap::new();
    let unread = read_in_order(
        &usable,
        |entry| query::columns(&snapshots.join(&entry.name), "mailbox", &COLUMNS, Ok),
        |entry, table| add(&mut stores, entry, &table, &quota),
    );
    (all_series(stores), unread)
}

const COLUMNS: [&str; 7] = ["store", "domain", "user", "path", "messages", "logical_bytes", "virtual_bytes"];

/// The measured stores of a snapshot: estimates would look like steps.
fn measured_stores(entry: &SnapshotEntry) -> impl Iterator<Item = &StoreEntry> {
    entry.stores.iter().filter(|store| !store.is_estimated)
}

/// Host and store.
type StoreKey = (String, String);

#[derive(Debug, Default)]
struct StoreMailboxes {
    /// The time of the last scan.
    newest: Timestamp,
    /// By address.
    mailboxes: HashMap<String, MailboxHistory>,
}

/// A mailbox scan by scan; without a quota, no sizes are kept.
#[derive(Debug)]
struct MailboxHistory {
    domain: Option<String>,
    quota: Quota,
    /// Relative to the store's root.
    path: String,
    /// The last scan that found the mailbox, or could not read its place.
    seen: Timestamp,
    /// The last scan that could not read all of it.
    partial: Option<Timestamp>,
    sizes: Vec<MailboxSize>,
}

#[derive(Clone, Copy, Debug)]
struct MailboxSize {
    time: Timestamp,
    bytes: u64,
    messages: u64,
}

/// Snapshots are added in order of time.
fn add(
    stores: &mut BTreeMap<StoreKey, StoreMailboxes>,
    entry: &SnapshotEntry,
    table: &ColumnTable,
    quota: impl Fn(&str) -> Quota,
) -> Result<()> {
    let (of, domains, users, paths) =
        (table.text("store")?, table.text("domain")?, table.text("user")?, table.text("path")?);
    let messages = table.sizes("messages")?;
    let (logical, with_crlf) = (table.sizes("logical_bytes")?, table.sizes("virtual_bytes")?);
    let mut address = String::new();
    for measured in measured_stores(entry) {
        let (name, time) = (measured.name.as_str(), entry.taken_at);
        let store = stores.entry((entry.host.clone(), name.to_owned())).or_default();
        store.newest = time;
        let rows = || (0..table.rows()).filter(|&row| of(row) == Some(name));
        let unread = entry.unread_in(measured);
        let partial = match unread.is_empty() {
            true => HashSet::new(),
            false => unread.partial(rows().filter_map(&paths)),
        };
        for row in rows() {
            let Some(user) = users(row) else { continue };
            address.clear();
            match domains(row) {
                Some(domain) => write!(address, "{user}@{domain}").expect("writing to a string does not fail"),
                None => address.push_str(user),
            }
            if !store.mailboxes.contains_key(&address) {
                let (domain, quota) = (domains(row).map(str::to_owned), quota(&address));
                store.mailboxes.insert(address.clone(), MailboxHistory::new(domain, quota, time));
            }
            let mailbox = store.mailboxes.get_mut(&address).expect("it was just inserted");
            if mailbox.quota != Quota::default() {
                // Quotas count a line end as two bytes.
                let bytes = with_crlf(row).or(logical(row)).unwrap_or(0);
                let size = MailboxSize { time, bytes, messages: messages(row).unwrap_or(0) };
                let path = paths(row).unwrap_or_default();
                mailbox.add(path, (!partial.contains(Path::new(path))).then_some(size), time);
            }
        }
        for mailbox in store.mailboxes.values_mut().filter(|mailbox| !unread.is_empty() && mailbox.seen != time) {
            if unread.hide(&mailbox.path) {
                mailbox.seen = time;
            }
        }
    }
    Ok(())
}

fn all_series(stores: BTreeMap<StoreKey, StoreMailboxes>) -> Vec<MailboxSeries> {
    let hosts: BTreeSet<String> = stores.keys().map(|(host, _)| host.clone()).collect();
    let names: BTreeSet<String> = stores.keys().map(|(_, store)| store.clone()).collect();
    let mut all = Vec::new();
    for ((host, store), StoreMailboxes { newest, mailboxes }) in stores {
        let of_host = if hosts.len() > 1 { format!("{host}:") } else { String::new() };
        let of_store = if names.len() > 1 { format!("{store}:") } else { String::new() };
        let (host, store) = (Arc::from(host), Arc::from(store));
        let exists = |mailbox: &MailboxHistory| !mailbox.sizes.is_empty() && mailbox.seen == newest;
        let mut mailboxes: Vec<(String, MailboxHistory)> =
            mailboxes.into_iter().filter(|(_, mailbox)| exists(mailbox)).collect();
        mailboxes.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        for (address, mailbox) in mailboxes {
            let name = format!("{of_host}{of_store}{address}");
            let (host, store) = (Arc::clone(&host), Arc::clone(&store));
            let identity = Identity::Quota { host, store, mailbox: address.into() };
            let one = |series| MailboxSeries {
                series: Series { identity: identity.clone(), ..series },
                domain: mailbox.domain.clone(),
            };
            all.extend(mailbox.series(&name).map(one));
        }
    }
    all
}

impl MailboxHistory {
    fn new(domain: Option<String>, quota: Quota, seen: Timestamp) -> MailboxHistory {
        MailboxHistory { domain, quota, path: String::new(), seen, partial: None, sizes: Vec::new() }
    }

    /// Adds a scan; `None` if it could not read all of the mailbox. A user may have several mailboxes; the quota is for
    /// all of them.
    fn add(&mut self, path: &str, size: Option<MailboxSize>, time: Timestamp) {
        self.seen = time;
        if self.path != path {
            path.clone_into(&mut self.path);
        }
        match (size, self.sizes.last_mut().filter(|last| last.time == time)) {
            (None, _) => {
                // A part of the mailbox would look like a purge.
                self.partial = Some(time);
                self.sizes.pop_if(|last| last.time == time);
            }
            (Some(_), _) if self.partial == Some(time) => {}
            (Some(size), Some(last)) => {
                last.bytes = last.bytes.saturating_add(size.bytes);
                last.messages = last.messages.saturating_add(size.messages);
            }
            (Some(size), None) => self.sizes.push(size),
        }
    }

    /// One series for each resource that is limited.
    fn series(&self, name: &str) -> impl Iterator<Item = Series> {
        let of = |resource, limit: Option<u64>, used: fn(&MailboxSize) -> u64| {
            let observed = self.sizes.iter().map(|size| Observation { time: size.time, used: used(size) as f64 });
            limit.map(|limit| Series::new(name.to_owned(), resource, observed.collect(), Some(limit as f64)))
        };
        let bytes = of(Resource::Bytes, self.quota.bytes.map(|bytes| bytes.0), |size| size.bytes);
        let messages = of(Resource::Messages, self.quota.messages, |size| size.messages);
        bytes.into_iter().chain(messages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::History;
    use crate::model::snapshot;
    use crate::model::snapshot::{Snapshot, Store, Tally};
    use std::time::Instant;

    fn mailbox(user: &str, virtual_bytes: Option<u64>) -> snapshot::Mailbox {
        let tally = Tally { messages: 3, logical_bytes: 70, virtual_bytes, ..Tally::default() };
        snapshot::Mailbox {
            domain: Some("example.org".into()),
            user: user.into(),
            path: user.into(),
            layout: "maildir".into(),
            tally,
            ..snapshot::Mailbox::default()
        }
    }

    fn snapshot(day: i64, stores: Vec<Store>) -> Snapshot {
        Snapshot {
            taken_at: Timestamp::from_second(day * 86_400).unwrap(),
            host: "mail01".into(),
            complete: true,
            filesystems: Vec::new(),
            stores,
            problems: Vec::new(),
        }
    }

    fn store(name: &str, mailboxes: Vec<snapshot::Mailbox>) -> Store {
        Store { name: name.into(), root: format!("/{name}"), mailboxes: mailboxes.into(), ..Store::default() }
    }

    /// Name, resource and sizes of the series of all mailboxes except Bob's, which has no quota.
    fn series_of(snapshots: &[Snapshot]) -> Vec<(String, Resource, Vec<f64>)> {
        let dir = tempfile::tempdir().unwrap();
        let history = History::open_or_create(&dir.path().join("history")).unwrap();
        snapshots.iter().for_each(|snapshot| drop(history.append(snapshot).unwrap()));
        let of_all = |address: &str| match address.starts_with("bob") {
            true => Quota::default(),
            false => Quota { bytes: Some(Bytes(100)), messages: Some(5) },
        };
        let (all, unread) = load(&history, &history.entries().unwrap().entries, of_all);
        assert!(unread.is_empty(), "{unread:?}");
        let used = |series: &Series| series.observations.iter().map(|o| o.used).collect();
        all.into_iter().map(|one| (one.series.name.clone(), one.series.resource, used(&one.series))).collect()
    }

    #[test]
    fn a_mailbox_counts_virtual_bytes_and_messages() {
        let of_day = |day, size| snapshot(day, vec![store("a", vec![mailbox("ann", size), mailbox("bob", None)])]);
        let ann = || "ann@example.org".to_owned();
        let expected = [(ann(), Resource::Bytes, vec![75.0, 70.0]), (ann(), Resource::Messages, vec![3.0, 3.0])];
        assert_eq!(series_of(&[of_day(1, Some(75)), of_day(8, None)]), expected);
    }

    #[test]
    fn series_are_per_store_and_address() {
        let two = vec![mailbox("ann", None), snapshot::Mailbox { path: "old".into(), ..mailbox("ann", None) }];
        let names: Vec<_> = series_of(&[snapshot(1, vec![store("b", two), store("a", vec![mailbox("cid", None)])])]);
        assert_eq!(names[0], ("a:cid@example.org".to_owned(), Resource::Bytes, vec![70.0]));
        assert_eq!(names[2], ("b:ann@example.org".to_owned(), Resource::Bytes, vec![140.0]));
        assert_eq!(names.len(), 4);
    }

    #[test]
    fn partial_and_estimated_scans_and_removed_mailboxes_are_left_out() {
        let of_day = |day, users: &[&str]| {
            snapshot(day, vec![store("a", users.iter().map(|user| mailbox(user, None)).collect())])
        };
        let partial = Snapshot { complete: false, ..of_day(2, &["ann"]) };
        let mut estimated = of_day(3, &["ann"]);
        estimated.stores[0].calibration = Some(snapshot::SizeCalibration { size_ppm: 1, ..Default::default() });
        let all = series_of(&[of_day(1, &["ann", "cid"]), partial, estimated, of_day(4, &["ann"])]);
        let names: Vec<(&str, usize)> = all.iter().map(|one| (one.0.as_str(), one.2.len())).collect();
        assert_eq!(names, [("ann@example.org", 2), ("ann@example.org", 2)], "Cid is gone");
    }

    #[test]
    fn only_mailboxes_that_could_not_be_read_miss_a_scan() {
        let of_day = |day, users: &[&str], unread: &str| {
            let problem = |path: &str| snapshot::Problem {
                path: format!("/a/{path}"),
                kind: snapshot::ProblemKind::PermissionDenied,
                detail: "no".into(),
            };
            let mailboxes = users.iter().map(|user| mailbox(user, None)).collect();
            let problems: Vec<_> = unread.split_terminator(' ').map(problem).collect();
            let complete = problems.is_empty();
            Snapshot { complete, problems, ..snapshot(day, vec![store("a", mailboxes)]) }
        };
        let all = series_of(&[
            of_day(1, &["ann", "cid", "dan", "eve"], ""),
            // The place of Dan's mailbox cannot be read, so the scan did not find it; Eve's is gone.
            of_day(2, &["ann", "cid"], "cid/.Sent/cur dan"),
            of_day(3, &["ann", "cid"], "dan"),
        ]);
        let bytes = all.iter().filter(|one| one.1 == Resource::Bytes);
        let scans: Vec<(&str, usize)> = bytes.map(|one| (one.0.as_str(), one.2.len())).collect();
        assert_eq!(scans, [("ann@example.org", 3), ("cid@example.org", 2), ("dan@example.org", 1)]);
    }

    #[test]
    #[ignore = "a measurement: two years of five thousand mailboxes load in about a second"]
    fn quotas_load_fast() {
        let dir = tempfile::tempdir().unwrap();
        let history = History::open_or_create(&dir.path().join("history")).unwrap();
        let mailboxes: Vec<_> = (0..5_000).map(|user| mailbox(&format!("user{user}"), Some(1_000 + user))).collect();
        for week in 0..104 {
            history.append(&snapshot(week * 7, vec![store("a", mailboxes.clone())])).unwrap();
        }
        let entries = history.entries().unwrap().entries;
        let start = Instant::now();
        let (all, _) = load(&history, &entries, |_| Quota { bytes: Some(Bytes(1)), messages: None });
        println!("{} series of {} scans in {:?}", all.len(), entries.len(), start.elapsed());
        assert_eq!(all.len(), 5_000);
    }
}
