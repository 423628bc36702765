//! Metrics in the text format of Prometheus and OpenMetrics, in base units and without time stamps.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::forecast::Forecast;
use crate::model::escape;
use crate::model::series::Resource;
use crate::planning::growth::mailboxes::MailboxNow;
use crate::planning::verdict::{Status, Verdict};

/// A series as it is measured and forecast.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The forecast.
    pub forecast: Forecast,
    /// Its verdict.
    pub verdict: Verdict,
    /// The time of the last scan.
    pub scanned: Timestamp,
}

/// A mailbox.
#[derive(Clone, Debug)]
pub struct MeasuredMailbox {
    /// Its sizes.
    pub now: MailboxNow,
    /// Its quota in bytes.
    pub quota: Option<u64>,
}

/// A metric; `samples` gives the further labels and the value of each sample of a series or mailbox.
struct Family<T> {
    name: &'static str,
    unit: &'static str,
    help: &'static str,
    samples: fn(&T) -> Vec<(String, f64)>,
}

const MAILBOX_FAMILIES: [Family<MeasuredMailbox>; 3] = [
    Family {
        name: "mailrunway_mailbox_used_bytes",
        unit: "bytes",
        help: "Bytes on disk of one of the largest mailboxes at the last scan.",
        samples: |one| vec![(String::new(), one.now.on_disk as f64)],
    },
    Family {
        name: "mailrunway_mailbox_messages",
        unit: "messages",
        help: "Messages in it.",
        samples: |one| vec![(String::new(), one.now.messages as f64)],
    },
    Family {
        name: "mailrunway_mailbox_quota_ratio",
        unit: "ratio",
        help: "Share of its quota in use. No sample without a quota.",
        samples: |one| {
            let share = |quota: u64| (String::new(), one.now.quota_bytes as f64 / quota.max(1) as f64);
            one.quota.map(share).into_iter().collect()
        },
    },
];

const FAMILIES: [Family<Measured>; 9] = [
    Family {
        name: "mailrunway_used_bytes",
        unit: "bytes",
        help: "Bytes in use at the last scan.",
        samples: |one| of(one, Resource::Bytes, Some(one.forecast.used)),
    },
    Family {
        name: "mailrunway_limit_bytes",
        unit: "bytes",
        help: "Bytes that can be in use.",
        samples: |one| of(one, Resource::Bytes, one.forecast.limit),
    },
    Family {
        name: "mailrunway_used_inodes",
        unit: "inodes",
        help: "Inodes in use at the last scan.",
        samples: |one| of(one, Resource::Inodes, Some(one.forecast.used)),
    },
    Family {
        name: "mailrunway_limit_inodes",
        unit: "inodes",
        help: "Inodes that can be in use.",
        samples: |one| of(one, Resource::Inodes, one.forecast.limit),
    },
    Family {
        name: "mailrunway_exhaustion_timestamp_seconds",
        unit: "seconds",
        help: "When the limit is reached: earliest (10 %), expected (50 %) and latest (90 %). No sample without a date.",
        samples: exhaustion,
    },
    Family {
        name: "mailrunway_order_by_timestamp_seconds",
        unit: "seconds",
        help: "The last day to order space for the earliest date. No sample without a date.",
        samples: |one| one.verdict.order_by.map(|day| (resource(one), seconds(day))).into_iter().collect(),
    },
    Family {
        name: "mailrunway_full_within_lead_time_ratio",
        unit: "ratio",
        help: "Probability that the limit is reached within the lead time.",
        samples: |one| one.verdict.full_within_lead_time.map(|p| (resource(one), p)).into_iter().collect(),
    },
    Family { name: "mailrunway_status", unit: "", help: "1 for the status, 0 for the others.", samples: status },
    Family {
        name: "mailrunway_last_scan_timestamp_seconds",
        unit: "seconds",
        help: "When it was last scanned.",
        samples: |one| vec![(resource(one), one.scanned.as_second() as f64)],
    },
];

/// All metrics; the last line ends them, as OpenMetrics wants it.
pub fn render(all: &[Measured], mailboxes: &[MeasuredMailbox]) -> String {
    let mut text = String::new();
    FAMILIES.iter().for_each(|family| add(&mut text, family, all, labels));
    MAILBOX_FAMILIES.iter().for_each(|family| add(&mut text, family, mailboxes, mailbox_labels));
    text + "# EOF\n"
}

fn add<T>(text: &mut String, family: &Family<T>, all: &[T], labels: fn(&T) -> String) {
    let Family { name, unit, help, samples } = family;
    let lines = all.iter().flat_map(|one| {
        let of = labels(one);
        samples(one).into_iter().map(move |(more, value)| format!("{name}{{{of}{more}}} {value}\n"))
    });
    let lines: String = lines.collect();
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
    if !unit.is_empty() {
        let _ = writeln!(text, "# UNIT {name} {unit}");
    }
    text.push_str(&lines);
}

fn labels(one: &Measured) -> String {
    let fields = one.forecast.identity.fields(&one.forecast.series);
    let host = label(fields.host.unwrap_or_default());
    format!("host=\"{host}\",kind=\"{}\",name=\"{}\"", fields.kind.word(), label(fields.name))
}

fn mailbox_labels(one: &MeasuredMailbox) -> String {
    let MailboxNow { host, store, address, .. } = &one.now;
    let (host, store, name) = (label(host), label(store), label(address));
    format!("host=\"{host}\",kind=\"mailbox\",store=\"{store}\",name=\"{name}\"")
}

/// A sample of a series of that resource, which the name of the metric tells.
fn of(one: &Measured, resource: Resource, value: Option<f64>) -> Vec<(String, f64)> {
    let value = value.filter(|_| one.forecast.resource == resource);
    value.map(|value| (String::new(), value.round())).into_iter().collect()
}

fn resource(one: &Measured) -> String {
    format!(",resource=\"{}\"", one.forecast.resource.word())
}

/// The start of a day in UTC.
fn seconds(day: Date) -> f64 {
    TimeZone::UTC.to_timestamp(day.into()).map_or(0, Timestamp::as_second) as f64
}

fn exhaustion(one: &Measured) -> Vec<(String, f64)> {
    let Some(dates) = one.forecast.exhaustion() else { return Vec::new() };
    let bounds = [("earliest", dates.p10), ("expected", dates.p50), ("latest", dates.p90)];
    let sample =
        |(bound, date): (&str, Option<Date>)| Some((format!("{},bound=\"{bound}\"", resource(one)), seconds(date?)));
    bounds.into_iter().filter_map(sample).collect()
}

fn status(one: &Measured) -> Vec<(String, f64)> {
    let all = [Status::Green, Status::Amber, Status::Red, Status::Unknown];
    let sample = |status: Status| {
        let is_it = f64::from(u8::from(status == one.verdict.status));
        (format!("{},status=\"{}\"", resource(one), status.word().to_lowercase()), is_it)
    };
    all.into_iter().map(sample).collect()
}

/// A value of a label.
fn label(value: &str) -> String {
    escape::printable(value).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
