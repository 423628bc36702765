//! Ages of the mail and weeks of arrival, by scans on any weekday.

use std::fs::{self, File};
use std::time::{Duration, UNIX_EPOCH};

use jiff::ToSpan;
use jiff::civil::{Date, date};

use mailrunway::history::History;
use mailrunway::planning::growth::load::past;
use mailrunway::planning::growth::timeline::StoreTimeline;
use mailrunway::planning::growth::{ages, calendar};

use crate::support::machine::Machine;
use crate::support::rescan::settle;

/// A Monday.
const MONDAY: Date = date(2026, 10, 5);
/// A message of each age in days below this.
const AGES: u32 = 16;

/// A store to which a message of `2^age` bytes of each age has come, as of a day.
fn deliver(machine: &Machine, name: &str, scanned_on: Date) {
    let store = machine.store(name);
    for age in 0..AGES {
        let day = scanned_on.saturating_sub(i64::from(age).days());
        store.deliver("example.org/ann", "INBOX", 1 << age, &day.to_string());
    }
}

/// The bytes of the messages of some ages.
fn bytes(ages: std::ops::Range<u32>) -> u64 {
    ages.map(|age| 1_u64 << age).sum()
}

/// The stores of a history.
fn timelines(machine: &Machine) -> Vec<StoreTimeline> {
    let history = History::open(&machine.path("history")).expect("there is a history");
    let entries = history.entries().expect("it can be listed").entries;
    let (timelines, unread) = past::read(&history, &entries);
    assert!(unread.is_empty(), "{unread:?}");
    timelines
}

#[test]
fn a_message_is_under_a_week_old_for_six_days_on_any_weekday() {
    let machine = Machine::new();
    let days: Vec<Date> = (0..7).map(|weekday: i64| MONDAY.saturating_add(weekday.days())).collect();
    for day in &days {
        deliver(&machine, &format!("s{day}"), *day);
    }
    settle();
    for day in &days {
        // The second scan takes unchanged directories from the cache, and is the only one of a later week.
        for time in [*day, day.saturating_add(7.days())] {
            machine.run(&format!("scan s{day} --taken-at {time}T04:00:00Z")).succeeds().keeps_silent();
        }
        let words = format!("chart s{day} --kind ages -o ages.svg --bytes");
        machine.run(&words).succeeds();
        let svg = fs::read_to_string(machine.path("ages.svg")).expect("there is a chart");
        let rows = format!("under 1 week: 0; 1 to 4 weeks: {}; ", bytes(0..AGES));
        assert!(svg.contains(&rows), "{day}: {svg}");
    }
    let timelines = timelines(&machine);
    assert_eq!(timelines.len(), 7);
    for (timeline, day) in timelines.iter().zip(&days) {
        let arrived: Vec<&_> = timeline.scans.iter().map(|scan| &scan.arrived).collect();
        assert_eq!((arrived.len(), arrived[0]), (2, arrived[1]), "{day}: the cache has the same days");
        let first = StoreTimeline { scans: timeline.scans[..1].to_vec(), ..timeline.clone() };
        let classes = ages::pyramid(&first).expect("there is a scan").classes;
        let young: Vec<u64> = classes[..3].iter().map(|class| class.now.bytes).collect();
        assert_eq!(young, [bytes(0..7), bytes(7..AGES), 0], "{day}");
        let weeks = calendar::weeks(&first);
        let last = weeks.last().expect("there are weeks");
        let this_week = (*day - MONDAY).get_days().unsigned_abs() + 1;
        assert_eq!((last.monday, last.mail.bytes, last.is_over), (MONDAY, bytes(0..this_week), false), "{day}");
        assert_eq!(weeks[weeks.len() - 2].mail.bytes, bytes(this_week..this_week + 7), "{day}");
    }
}

#[test]
fn dates_before_1970_are_old_and_dates_in_the_future_are_young() {
    let machine = Machine::new();
    let store = machine.store("vmail");
    store.deliver("example.org/ann", "INBOX", 1, "2030-01-01");
    let path = store.deliver("example.org/ann", "INBOX", 2, "1970-01-02");
    let file = File::options().write(true).open(path).expect("it is there");
    file.set_modified(UNIX_EPOCH - Duration::from_hours(48)).expect("the time can be set");
    // The last second of a day in UTC, and the first.
    for (size, time) in [(4, MONDAY.at(23, 59, 59, 0)), (8, MONDAY.at(0, 0, 0, 0))] {
        let path = store.deliver("example.org/ann", "INBOX", size, &MONDAY.to_string());
        let seconds = time.to_zoned_datetime(jiff::tz::TimeZone::UTC).expect("it is a time").timestamp().as_second();
        let file = File::options().write(true).open(path).expect("it is there");
        file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds.unsigned_abs())).expect("the time can be set");
    }
    machine.run("scan vmail --taken-at 2026-10-12T00:00:00Z").succeeds().keeps_silent();
    let timeline = timelines(&machine).pop().expect("there is a store");
    let rows: Vec<(i32, u64)> = timeline.scans[0].arrived.iter().map(|(day, mail)| (*day, mail.bytes)).collect();
    assert_eq!(rows, [(-2, 2), (20_731, 12), (21_915, 1)]);
    let classes = ages::pyramid(&timeline).expect("there is a scan").classes;
    let [young, week, .., oldest] = &classes[..] else { panic!("{classes:?}") };
    assert_eq!((young.now.bytes, week.now.bytes, oldest.now.bytes), (1, 12, 2));
}
