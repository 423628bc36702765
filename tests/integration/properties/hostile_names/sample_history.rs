//! Generates a history with given names, and its report.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use mailrunway::commands::Context;
use mailrunway::commands::session::Session;
use mailrunway::forecast::issue::issued;
use mailrunway::history::History;
use mailrunway::model::bytes::{Bytes, Units};
use mailrunway::model::days::Days;
use mailrunway::model::series::Series;
use mailrunway::model::snapshot::use_cohort::MessageTotals;
use mailrunway::model::snapshot::{
    Blob, Clock, Cohort, Filesystem, Folder, Mailbox, Snapshot, Store, Sureness, Tally, UseCohort,
};
use mailrunway::output::chart::Format;
use mailrunway::output::mail::Address;
use mailrunway::output::picture::Picture;
use mailrunway::planning::report::Report;
use mailrunway::planning::verdict::Policy;
use mailrunway::planning::whatif::Scenario;
use mailrunway::settings::quota::QuotaSettings;
use mailrunway::settings::{ReportSettings, ScanSettings, Settings, StoreSettings};

use super::generator::Names;

/// The number of scans.
const WEEKS: u64 = 6;
/// The scan after which forecasts are recorded.
const RECORDED: u64 = 4;
const FIRST: Date = date(2025, 1, 6);

/// A recipient with a mailbox on the reported store.
pub fn reader() -> Address {
    "ann".parse().expect("it is an address")
}

/// A history of weekly scans.
pub struct GeneratedHistory {
    pub context: Context,
    pub newest: Snapshot,
    /// The directory of the history.
    _directory: tempfile::TempDir,
}

impl GeneratedHistory {
    pub fn new(names: &Names) -> GeneratedHistory {
        let directory = tempfile::tempdir().expect("a temporary directory can be made");
        let path = directory.path().join("history");
        let history = History::open_or_create(&path).expect("it can be made");
        let mut context = context(names, path);
        let snapshots: Vec<Snapshot> = (1..=WEEKS).map(|week| snapshot(names, week)).collect();
        for (snapshot, week) in snapshots.iter().zip(1..) {
            history.append(snapshot).expect("it can be written");
            context.today = monday(week);
            if week == RECORDED {
                let (report, _) = Session::open(&context)
                    .expect("it can be read")
                    .report(None, &[])
                    .expect("there is something to tell");
                history
                    .record(report.lines().filter_map(|line| issued(&line.forecast, 300)).collect())
                    .expect("it can be kept");
            }
        }
        let newest = snapshots.into_iter().next_back().expect("there are some");
        GeneratedHistory { context, newest, _directory: directory }
    }

    /// The report, with its pictures for a page.
    pub fn report(&self) -> (Report, Vec<Vec<Picture>>) {
        self.session().report(Some(Format::Svg), &[reader()]).expect("there is something to tell")
    }

    /// The series of the history.
    pub fn series(&self) -> Vec<Series> {
        self.session().series(&[]).expect("it can be read").into_iter().map(|series| series.series).collect()
    }

    fn session(&self) -> Session<'_> {
        Session::open(&self.context).expect("it can be read")
    }
}

fn context(names: &Names, history: PathBuf) -> Context {
    let limited = StoreSettings {
        name: names.stores()[0].clone(),
        path: "/nowhere".into(),
        limit: Some(Bytes(80_000_000_000)),
        filesystem: true,
        owner: None,
    };
    // Blanks around a scenario are trimmed; four of them would make a code block in Markdown.
    let scenarios = names.scenarios().map(|text| format!("    {text}")).into_iter().chain(["retain=*:30d".to_owned()]);
    let scenarios: Vec<Scenario> = scenarios.map(|text| text.parse().expect("it is a scenario")).collect();
    let settings = Settings {
        history,
        host: None,
        policy: Policy::default(),
        horizon: Days(300),
        scan: ScanSettings { threads: 1, io_limit: None, idle: false, audit_every: 0, compact: false },
        stores: vec![limited],
        quotas: vec![QuotaSettings { mailboxes: "*".to_owned(), limit: Some(Bytes(90_000_000_000)), messages: None }],
        report: ReportSettings { what_if: scenarios, ..ReportSettings::default() },
    };
    Context {
        settings,
        units: Units::Iec,
        quiet: true,
        verbose: false,
        today: FIRST,
        looks_back: false,
        constants: None,
    }
}

/// The Monday of a scan; the first scan has the mail of one week.
fn monday(week: u64) -> Date {
    FIRST.saturating_add((week as i64 - 1).weeks())
}

fn time(week: u64) -> Timestamp {
    monday(week).at(4, 0, 0, 0).to_zoned_datetime(TimeZone::UTC).expect("it is a time").timestamp()
}

fn tally(messages: u64, bytes: u64) -> Tally {
    Tally {
        messages,
        message_bytes: bytes,
        logical_bytes: bytes,
        virtual_bytes: Some(bytes),
        other_bytes: 7,
        reclaimable_bytes: 4_096,
        allocated_bytes: bytes + 8_192,
        files: messages + 1,
        directories: 4,
        directory_bytes: 16_384,
        inodes: messages + 5,
        oldest: Some(time(1)),
        newest: Some(time(1)),
    }
}

/// The weekly arrivals of a mailbox: messages of ordinary size, and a very large one.
fn arrivals(number: u64) -> (u64, u64) {
    (100, 30_000_000 + 7_000_000 * number)
}

fn mailbox((domain, user): (Option<&str>, &str), names: &Names, number: u64, weeks: u64) -> Mailbox {
    let (messages, bytes) = arrivals(number);
    let part = |share: u64| tally(messages * weeks * share, bytes * weeks * share);
    let folder = |(folder, share): (&String, u64)| Folder {
        name: folder.clone(),
        path: folder.clone(),
        special_use: None,
        tally: part(share),
    };
    let folders: Vec<Folder> = names.folders().iter().zip(1..).map(folder).collect();
    let cohorts = (1..=weeks).flat_map(|week| {
        let cohort = |size_from, messages, bytes| Cohort {
            clock: Clock::Arrival,
            day: monday(week),
            size_from,
            messages,
            bytes,
        };
        [cohort(0, messages * 15 - 1, bytes * 14), cohort(64 << 20, 1, bytes)]
    });
    Mailbox {
        domain: domain.map(str::to_owned),
        user: user.to_owned(),
        path: format!("{number}/{user}"),
        layout: names.kinds()[1].clone(),
        sureness: Sureness::Certain,
        tally: folders.iter().map(|folder| folder.tally).sum(),
        cohorts: cohorts.collect(),
        folders,
        ..Mailbox::default()
    }
}

fn store(names: &Names, number: usize, weeks: u64) -> Store {
    let own = [(None, "ann")];
    let mailboxes: Vec<_> = match number {
        0 => names.mailboxes().collect(),
        _ => own.to_vec(),
    };
    let mailboxes: Vec<Mailbox> = mailboxes
        .into_iter()
        .zip(1 + 9 * number as u64..)
        .map(|(whose, number)| mailbox(whose, names, number, weeks))
        .collect();
    let mut cohorts: BTreeMap<(Date, u64), Cohort> = BTreeMap::new();
    let mut uses: BTreeMap<Date, UseCohort> = BTreeMap::new();
    for cohort in mailboxes.iter().flat_map(|mailbox| mailbox.cohorts.iter()) {
        let Cohort { clock, day: week, messages, bytes, .. } = cohort;
        let all = cohorts.entry((week, cohort.size_from)).or_insert(Cohort { messages: 0, bytes: 0, ..cohort });
        (all.messages, all.bytes) = (all.messages + messages, all.bytes + bytes);
        let nothing = UseCohort { special_use: None, clock, week, totals: MessageTotals::default() };
        uses.entry(week).or_insert(nothing).totals +=
            MessageTotals { messages, bytes, allocated_bytes: bytes, inodes: messages };
    }
    Store {
        name: names.stores()[number].clone(),
        root: format!("{}/{}", names.mount(), names.stores()[number]),
        tally: mailboxes.iter().map(|mailbox| mailbox.tally).sum(),
        uses: uses.into_values().collect(),
        cohorts: cohorts.into_values().collect(),
        blobs: vec![Blob {
            path: names.folders()[0].clone(),
            kind: names.kinds()[0].clone(),
            bytes: 9,
            allocated_bytes: 4_096,
        }],
        mailboxes: mailboxes.into(),
        ..Store::default()
    }
}

fn snapshot(names: &Names, weeks: u64) -> Snapshot {
    let stores: Vec<Store> = (0..2).map(|number| store(names, number, weeks)).collect();
    let used = 20_000_000_000 + stores.iter().map(|store| store.tally.allocated_bytes).sum::<u64>();
    let inodes = 100_000 + stores.iter().map(|store| store.tally.inodes).sum::<u64>();
    let filesystem = Filesystem {
        mount: names.mount().to_owned(),
        kind: names.kinds()[0].clone(),
        size_bytes: 200_000_000_000,
        used_bytes: used,
        available_bytes: 200_000_000_000 - used,
        inodes: 300_000,
        inodes_used: inodes,
        inodes_available: 300_000 - inodes,
        ..Filesystem::default()
    };
    Snapshot {
        taken_at: time(weeks),
        host: names.host().to_owned(),
        complete: true,
        filesystems: vec![filesystem],
        stores,
        problems: Vec::new(),
    }
}
