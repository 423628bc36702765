//! Which snapshots rules keep, with the words and meanings of restic's `forget`.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use crate::history::SnapshotEntry;
use crate::model::dates::utc_day;
use crate::model::schema::Time;

/// The rules. Days, weeks, months and years are those of UTC; weeks begin on Monday.
#[derive(Clone, Debug, Default)]
pub struct Keep {
    /// The number of last snapshots.
    pub last: u32,
    /// The number of last days with a snapshot, of each of which the last one is kept; and so on.
    pub daily: u32,
    /// Weeks.
    pub weekly: u32,
    /// Months.
    pub monthly: u32,
    /// Years.
    pub yearly: u32,
    /// All within this time before the last one.
    pub within: Option<Within>,
}

/// A length of time, as `1y6m14d12h`.
#[derive(Clone, Debug)]
pub struct Within {
    span: Span,
    text: String,
}

impl FromStr for Within {
    type Err = String;

    fn from_str(text: &str) -> Result<Within, String> {
        let bad = || format!("`{text}` is not a length of time of years, months, days and hours: write 1y6m14d or 90d");
        let (mut span, mut rest) = (Span::new(), text);
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
            let number: i64 = rest[..end].parse().map_err(|_| bad())?;
            let mut after = rest[end..].chars();
            let added = match after.next() {
                Some('y') => span.try_years(number),
                Some('m') => span.try_months(number),
                Some('d') => span.try_days(number),
                Some('h') => span.try_hours(number),
                _ => return Err(bad()),
            };
            (span, rest) = (added.map_err(|_| bad())?, after.as_str());
        }
        if span.is_zero() { Err(bad()) } else { Ok(Within { span, text: text.to_owned() }) }
    }
}

impl Within {
    /// The time so long before another.
    fn before(&self, time: Timestamp) -> Timestamp {
        let before = time.to_zoned_datetime(TimeZone::UTC).checked_sub(self.span);
        before.map_or(Timestamp::MIN, |before| before.timestamp())
    }
}

impl Keep {
    /// Whether there is a rule.
    pub fn is_any(&self) -> bool {
        [self.last, self.daily, self.weekly, self.monthly, self.yearly].iter().any(|&count| count > 0)
            || self.within.is_some()
    }
}

/// The snapshots of one machine and the same stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The machine.
    pub host: String,
    /// The stores, by name.
    pub stores: Vec<String>,
    /// By time.
    pub snapshots: Vec<Judged>,
}

/// A snapshot, and why it is kept.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Judged {
    /// Its name.
    pub snapshot: String,
    /// When the scan started.
    #[schemars(with = "Time")]
    pub taken_at: Timestamp,
    /// The rules that keep it; without one it is removed.
    pub reasons: Vec<String>,
}

impl Judged {
    /// Whether a rule keeps it.
    pub fn is_kept(&self) -> bool {
        !self.reasons.is_empty()
    }
}

/// Judges all snapshots, which are sorted by time, each among those of its machine and stores.
pub fn judge(entries: &[SnapshotEntry], keep: &Keep, now: Timestamp) -> Vec<Group> {
    let mut groups: BTreeMap<(String, Vec<String>), Vec<&SnapshotEntry>> = BTreeMap::new();
    for entry in entries {
        let mut stores: Vec<String> = entry.stores.iter().map(|store| store.name.clone()).collect();
        stores.sort();
        groups.entry((entry.host.clone(), stores)).or_default().push(entry);
    }
    let group = |((host, stores), entries): (_, Vec<&SnapshotEntry>)| {
        let all = entries.iter().map(|entry| (entry.name.clone(), entry.taken_at));
        Group { host, stores, snapshots: judged(all.collect(), keep, now) }
    };
    groups.into_iter().map(group).collect()
}

/// A rule that keeps the last snapshot of each period, for some periods.
struct Rule {
    word: &'static str,
    /// Periods of which one is still to be kept.
    left: u32,
    /// The number of the period of a day.
    period: fn(Date) -> i32,
    /// The period of the last snapshot that it kept.
    kept: Option<i32>,
}

impl Rule {
    /// The reason to keep the next snapshot, from the last to the first of all. The first one is kept, too, if there were
    /// not enough periods.
    fn keeps(&mut self, day: Date, is_first: bool) -> Option<String> {
        let period = (self.period)(day);
        let is_new = self.kept != Some(period);
        if self.left == 0 || !is_new && !is_first {
            return None;
        }
        self.left -= 1;
        self.kept = Some(period);
        Some(if is_new { self.word.to_owned() } else { format!("oldest {}", self.word) })
    }
}

fn rules(keep: &Keep) -> [Rule; 4] {
    let rule = |word, left, period| Rule { word, left, period, kept: None };
    [
        rule("daily", keep.daily, |day| i32::from(day.year()) * 1_000 + i32::from(day.day_of_year())),
        rule("weekly", keep.weekly, |day| {
            let week = day.iso_week_date();
            i32::from(week.year()) * 100 + i32::from(week.week())
        }),
        rule("monthly", keep.monthly, |day| i32::from(day.year()) * 100 + i32::from(day.month())),
        rule("yearly", keep.yearly, |day| day.year().into()),
    ]
}

/// Judges the snapshots of a group, given by name and time from the first to the last.
fn judged(all: Vec<(String, Timestamp)>, keep: &Keep, now: Timestamp) -> Vec<Judged> {
    let mut rules = rules(keep);
    // A clock that was wrong must not move the time that is kept.
    let newest = all.iter().map(|one| one.1).rfind(|&time| time <= now).or(all.last().map(|one| one.1));
    let within = keep.within.as_ref().zip(newest).map(|(within, newest)| (&within.text, within.before(newest)));
    let count = all.len();
    let mut judged: Vec<Judged> = Vec::with_capacity(count);
    for (place, (snapshot, taken_at)) in all.into_iter().rev().enumerate() {
        let last = (place < keep.last as usize).then(|| "last".to_owned());
        let within = within.filter(|(_, since)| taken_at > *since).map(|(text, _)| format!("within {text}"));
        let by_period = rules.iter_mut().filter_map(|rule| rule.keeps(utc_day(taken_at), place + 1 == count));
        let reasons = last.into_iter().chain(by_period).chain(within).collect();
        judged.push(Judged { snapshot, taken_at, reasons });
    }
    judged.reverse();
    judged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::StoreEntry;
    use crate::model::snapshot::Tally;

    /// The reasons for snapshots at these times, from the first to the last.
    fn reasons(times: &[&str], keep: Keep) -> Vec<String> {
        let all = times.iter().map(|time| (time.to_string(), time.parse().unwrap())).collect();
        let judged = judged(all, &keep, "2027-01-01T00:00Z".parse().unwrap());
        judged.iter().map(|one| one.reasons.join(", ")).collect()
    }

    #[test]
    fn the_last_snapshot_of_each_period_is_kept() {
        let times = [
            "2025-12-01T04:00Z",
            "2026-11-01T04:00Z",
            "2026-11-29T23:59Z",
            "2026-11-30T00:01Z",
            "2026-12-01T04:00Z",
            "2026-12-01T16:00Z",
        ];
        let of = |keep| reasons(&times, keep);
        assert_eq!(of(Keep { last: 2, ..Keep::default() }), ["", "", "", "", "last", "last"]);
        assert_eq!(of(Keep { daily: 2, ..Keep::default() }), ["", "", "", "daily", "", "daily"]);
        // The 30th of November is a Monday.
        assert_eq!(of(Keep { weekly: 2, ..Keep::default() }), ["", "", "weekly", "", "", "weekly"]);
        assert_eq!(of(Keep { monthly: 2, ..Keep::default() }), ["", "", "", "monthly", "", "monthly"]);
        assert_eq!(of(Keep { yearly: 9, ..Keep::default() }), ["yearly", "", "", "", "", "yearly"]);
        let several = Keep { daily: 1, yearly: 2, ..Keep::default() };
        assert_eq!(of(several), ["yearly", "", "", "", "", "daily, yearly"]);
    }

    #[test]
    fn the_oldest_is_kept_while_a_rule_has_too_few() {
        let times = ["2026-11-29T04:00Z", "2026-11-29T05:00Z", "2026-11-30T04:00Z"];
        assert_eq!(reasons(&times, Keep { daily: 5, ..Keep::default() }), ["oldest daily", "daily", "daily"]);
        assert_eq!(reasons(&times, Keep { daily: 2, ..Keep::default() }), ["", "daily", "daily"]);
    }

    #[test]
    fn a_time_counts_back_from_the_last_snapshot_that_is_not_in_the_future() {
        let within = |text: &str| Keep { within: Some(text.parse().unwrap()), ..Keep::default() };
        let times = ["2026-10-31T04:00Z", "2026-11-01T04:00Z", "2026-12-01T03:00Z", "2028-01-01T00:00Z"];
        assert_eq!(reasons(&times, within("1m")), ["", "within 1m", "within 1m", "within 1m"]);
        assert_eq!(reasons(&times, within("1h")), ["", "", "within 1h", "within 1h"]);
        assert_eq!(reasons(&times, within("9000y2d")), ["within 9000y2d"; 4]);
        for text in ["", "1", "d", "0d", "1w", "-1d", "1d ", "99999999999999999999d", "99999999y"] {
            assert!(text.parse::<Within>().is_err(), "{text}");
        }
    }

    #[test]
    fn each_machine_and_set_of_stores_is_judged_by_itself() {
        let store = |name: &str| StoreEntry {
            name: name.to_owned(),
            root: String::new(),
            mailboxes: 0,
            tally: Tally::default(),
            is_estimated: false,
            events: Vec::new(),
        };
        let entry = |name: &str, host: &str, stores: &[&str]| SnapshotEntry {
            name: name.to_owned(),
            taken_at: "2026-11-29T04:00Z".parse().unwrap(),
            host: host.to_owned(),
            complete: true,
            unread: Vec::new(),
            filesystems: Vec::new(),
            stores: stores.iter().map(|name| store(name)).collect(),
        };
        let entries = [
            entry("1", "m1", &["a"]),
            entry("2", "m2", &["a"]),
            entry("3", "m1", &["b", "a"]),
            entry("4", "m1", &["a", "b"]),
        ];
        let groups = judge(&entries, &Keep { last: 1, ..Keep::default() }, Timestamp::MAX);
        let shown = |group: &Group| {
            let kept = group.snapshots.iter().map(|one| (one.snapshot.clone(), one.is_kept()));
            (group.host.clone(), group.stores.join(" "), kept.collect::<Vec<_>>())
        };
        let kept = |name: &str, is_kept| (name.to_owned(), is_kept);
        let expected = [
            ("m1".to_owned(), "a".to_owned(), vec![kept("1", true)]),
            ("m1".to_owned(), "a b".to_owned(), vec![kept("3", false), kept("4", true)]),
            ("m2".to_owned(), "a".to_owned(), vec![kept("2", true)]),
        ];
        assert_eq!(groups.iter().map(shown).collect::<Vec<_>>(), expected);
    }
}
