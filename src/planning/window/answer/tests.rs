//! Windows of a store with known growth, worked by hand.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::*;
use crate::forecast::Options;
use crate::model::bytes::{Bytes, Units};
use crate::model::days::Days;
use crate::model::series::{EventKind, EventSource, Observation};
use crate::output::json::window as json;
use crate::output::text;
use crate::output::view::ViewOptions;
use crate::output::view::window as view;
use crate::output::view::window::checklist::{self, Step, Time};
use crate::planning::verdict::Policy;

const GIB: f64 = 1_073_741_824.0;
const LAST: Date = date(2026, 11, 23);

/// A volume of 1,000 GiB that is scanned on Mondays and grows by 7 GiB a week, to 800 GiB.
fn volume(scans: i64) -> Series {
    let last = LAST.to_zoned_datetime(TimeZone::UTC).unwrap().timestamp();
    let observe = |week: i64| Observation {
        time: last.checked_sub((week * 7 * 24).hours()).unwrap(),
        // Some noise, or the forecast would be too certain.
        used: (800.0 - 7.0 * week as f64 + 0.7 * f64::from((week * 7 % 5) as i32 - 2)) * GIB,
    };
    Series::new("/var".into(), Resource::Bytes, (0..scans).map(observe).collect(), Some(1_000.0 * GIB))
}

fn gib(bytes: f64) -> Amount {
    Amount { bytes: (bytes * GIB) as u64, inodes: (bytes * 1_000.0) as u64 }
}

fn subject(series: Series) -> WindowSeries {
    let holding = StoreContents {
        all: gib(400.0),
        backup: gib(400.0),
        index: gib(20.0),
        full_text: gib(20.0),
        busiest_week: gib(14.0),
        reclaimable: 3 << 30,
        ..StoreContents::default()
    };
    WindowSeries { series, holding, is_volume: true, only_backup: false }
}

fn question(begin: &str, works: &[Work]) -> Question {
    let window = Window::new(&begin.parse().unwrap(), "12h".parse().unwrap(), &TimeZone::UTC).unwrap();
    let not_before = LAST.to_zoned_datetime(TimeZone::UTC).unwrap().timestamp();
    Question { window, works: works.to_vec(), rolls_back: false, confidence: 0.95, target: None, not_before }
}

fn ask(question: &Question, series: Series) -> Answer {
    answer(question, &[subject(series)], &Forecaster::new(Options::default()))
}

#[test]
fn a_backup_volume_needs_space_for_the_backup_only() {
    let works = [size(50), Work::IndexRebuild, Work::Backup, Work::Snapshot];
    let question = question("2026-12-06T22:00Z", &works);
    let holding = StoreContents { backup: gib(100.0), ..StoreContents::default() };
    let backup = WindowSeries { holding, only_backup: true, ..subject(volume(40)) };
    let asked = answer(&question, &[subject(volume(40)), backup], &Forecaster::new(Options::default()));
    let needed = |part: usize| asked.parts[part].total() >> 30;
    assert!(needed(0) >= 50 + 40 + 400, "{}", needed(0));
    assert_eq!(needed(1), 100);
    let queues = checklist::steps(&asked, Units::Iec).iter().filter(|step| step.text.contains("queue. Keep")).count();
    assert_eq!(queues, 1, "the backup volume has no queue");
}

#[test]
fn without_series_the_answer_is_no_go() {
    let question = question("2026-12-06T22:00Z", &[]);
    assert!(!answer(&question, &[], &Forecaster::new(Options::default())).is_go());
}

#[test]
fn growth_so_far_is_not_extrapolated_for_years() {
    let mut still = volume(1);
    still.observations.iter_mut().for_each(|observed| observed.used = 100.0 * GIB);
    let subject = WindowSeries { holding: StoreContents::default(), ..subject(still) };
    let question = question("2026-12-06T22:00Z", &[size(1)]);
    let asked = answer(&question, &[subject], &Forecaster::new(Options::default()));
    let headline = view::headline(&asked, Units::Iec);
    assert!(asked.is_go() && headline.ends_with("GO by the growth so far"), "{headline}");
    assert!(!shown(&asked, &[]).contains("looks 3 years ahead"));
}

fn size(gib: u64) -> Work {
    Work::Size(Bytes(gib << 30))
}

/// Two weeks after the last scan, when some 188 GiB are free.
const SUNDAY: &str = "2026-12-06T12:00Z";

fn shown(answer: &Answer, steps: &[Step]) -> String {
    let policy = Policy::default();
    let options = ViewOptions { units: Units::Iec, horizon: Days(1_095), policy, today: date(2026, 11, 23) };
    text::plain(&view::document(answer, steps, &options))
}

/// A text without its line breaks: long lines are wrapped.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The headline without its line breaks.
fn headline(text: &str) -> String {
    let is_its = |(number, line): &(usize, &str)| *number == 0 || !line.starts_with("    ");
    words(&text.lines().enumerate().take_while(is_its).map(|(_, line)| line).collect::<Vec<_>>().join(" "))
}

fn rendered(answer: &Answer) -> String {
    let steps = checklist::steps(answer, Units::Iec);
    shown(answer, &steps)
}

#[test]
fn the_first_line_has_the_deciding_figures() {
    let go = ask(&question(SUNDAY, &[Work::IndexRebuild]), volume(60));
    // 40 GiB of indexes, and half a day at twice the pace of 14 GiB a week.
    assert_eq!(go.parts[0].total(), gib(42.0).bytes);
    let first = headline(&rendered(&go));
    assert!(first.starts_with("GO: index rebuild and queued mail need 42.0 GiB, 18"), "{first}");
    assert!(
        first.contains(" GiB will be free on /var (80 %: ")
            && first.contains("; P(enough) is ")
            && first.contains(" %, GO until "),
        "{first}"
    );
    let no_go = ask(&Question { rolls_back: true, ..question(SUNDAY, &[Work::IndexRebuild, size(100)]) }, volume(60));
    let first = headline(&rendered(&no_go));
    let needs = "NO-GO: index rebuild, the work, roll-back and queued mail need 282 GiB, 18";
    assert!(first.starts_with(needs) && first.ends_with(" GiB are missing for 95 %"), "{first}");
    let missing = no_go.parts[0].standing.missing.unwrap() / GIB;
    assert!((96.0..120.0).contains(&missing), "at least what is needed beyond the median: {missing}");
}

#[test]
fn go_ends_when_growth_takes_the_free_space() {
    let until = |works: &[Work]| match ask(&question(SUNDAY, works), volume(60)).safe {
        Safe::Until(date) => date,
        other => panic!("{other:?}"),
    };
    // 100 GiB last fourteen weeks at the pace of seven a week, with less certainty the farther that is.
    let of_size = until(&[size(98)]);
    assert!((date(2027, 1, 10)..date(2027, 3, 1)).contains(&of_size), "{of_size}");
    // A backup of the same size is larger by then.
    let mut smaller = subject(volume(60));
    smaller.holding.backup = gib(98.0);
    let backup = answer(&question(SUNDAY, &[Work::Backup]), &[smaller], &Forecaster::new(Options::default()));
    let Safe::Until(of_backup) = backup.safe else { panic!("{:?}", backup.safe) };
    assert!(of_backup < of_size, "{of_backup} and {of_size}");
}

fn announced(day: Date, kind: EventKind, size: f64) -> Series {
    volume(60).with_known(vec![KnownEvent { date: day, kind, size: size * GIB, source: EventSource::Declared }])
}

#[test]
fn announced_events_count_from_their_day_and_are_on_the_checklist() {
    let work = question(SUNDAY, &[size(500)]);
    let is_go = |series| ask(&work, series).is_go();
    assert!(!is_go(volume(60)));
    assert!(is_go(announced(date(2026, 12, 5), EventKind::Capacity, 500.0)), "the capacity arrives before the work");
    assert!(!is_go(announced(date(2026, 12, 6), EventKind::Capacity, 500.0)), "the capacity may arrive after the work");
    assert!(is_go(announced(date(2026, 12, 5), EventKind::Purge, -500.0)));
    let small = question(SUNDAY, &[size(50)]);
    assert!(ask(&small, volume(60)).is_go());
    assert!(
        !ask(&small, announced(date(2026, 12, 6), EventKind::Import, 200.0)).is_go(),
        "the import may come before the work"
    );
    assert!(
        ask(&small, announced(date(2026, 12, 8), EventKind::Import, 200.0)).is_go(),
        "the import comes after the work"
    );
    let later = ask(&work, announced(date(2026, 12, 20), EventKind::Capacity, 500.0));
    assert_eq!(later.safe, Safe::Not { earlier: None, later: Some(date(2026, 12, 21)) });
    assert!(words(&rendered(&later)).contains("one is GO on 21 Dec 2026"));
    let list = words(&rendered(&ask(&work, announced(date(2026, 12, 5), EventKind::Capacity, 500.0))));
    assert!(
        list.contains("[ ] Check that the announced change has happened: capacity of 500 GiB on /var, 5 Dec 2026."),
        "{list}"
    );
}

#[test]
fn without_a_forecast_three_times_the_growth_so_far_is_kept_free() {
    // One scan shows 201.4 GiB free. 2 GiB arrive a day, and 13.5 days lie ahead: 81 GiB to be safe. The queue takes 2.
    let one = |works: &[Work]| ask(&question("2026-12-06T00:00Z", works), volume(1));
    let enough = one(&[size(118)]);
    let standing = enough.parts[0].standing;
    assert_eq!((standing.basis, standing.enough, standing.range), (StandingBasis::Growth, None, None));
    assert!(enough.is_go() && !one(&[size(119)]).is_go());
    let missing = one(&[size(119)]).parts[0].standing.missing.unwrap() / GIB;
    assert!((missing - 0.6).abs() < 1e-6, "{missing}");
    assert!(words(&rendered(&enough)).contains("too short for a forecast"), "{}", rendered(&enough));
}

#[test]
fn a_backup_that_does_not_fit_its_target_is_no_go() {
    let target = |bytes: f64, inodes| BackupTarget {
        mount: "/mnt".into(),
        need: gib(400.0),
        available: (gib(bytes).bytes, inodes),
    };
    let with = |target| ask(&Question { target: Some(target), ..question(SUNDAY, &[]) }, volume(60));
    assert!(with(target(400.0, None)).is_go() && with(target(400.0, Some(400_000))).is_go());
    let full = with(target(300.0, None));
    assert!(!full.is_go() && full.safe == Safe::Not { earlier: None, later: None });
    let first = "NO-GO: the backup needs 400 GiB, 300 GiB are free on /mnt now; 100 GiB are missing";
    assert_eq!(headline(&rendered(&full)), first);
    let of_other_days = words(&rendered(&full)).contains("Only today's free space is known there")
        && !rendered(&full).contains("No earlier");
    assert!(of_other_days, "{}", rendered(&full));
    let crowded = "NO-GO: the backup needs 400 k inodes, 399 k inodes are free on /mnt now; 1000 inodes are missing";
    assert_eq!(headline(&rendered(&with(target(400.0, Some(399_000))))), crowded);
}

#[test]
fn the_tightest_resource_decides() {
    let inodes = Series { resource: Resource::Inodes, limit: Some(300e3), ..volume(60) };
    let inodes = Series {
        observations: inodes.observations.iter().map(|o| Observation { used: o.used / GIB * 250.0, ..*o }).collect(),
        ..inodes
    };
    let subjects = [subject(volume(60)), subject(inodes)];
    let work = question(SUNDAY, &[Work::Convert, Work::Backup]);
    let mut both = answer(&work, &subjects, &Forecaster::new(Options::default()));
    assert!(!both.is_go() && !both.parts[0].standing.is_go && !both.parts[1].standing.is_go);
    let index = answer(&question(SUNDAY, &[Work::IndexRebuild]), &subjects, &Forecaster::new(Options::default()));
    assert_eq!(index.decides().unwrap().resource, Resource::Bytes, "112 k inodes are free beside 42 k");
    both.parts[1].standing.is_go = true;
    assert_eq!(both.decides().unwrap().resource, Resource::Bytes, "a NO-GO decides");
}

#[test]
fn the_checklist_has_the_figures_of_the_window() {
    let asked = ask(&Question { rolls_back: true, ..question(SUNDAY, &[Work::IndexRebuild, size(100)]) }, volume(60));
    let steps = checklist::steps(&asked, Units::Iec);
    let of = |time| steps.iter().filter(|step| step.time == time).map(|step| step.text.as_str()).collect::<Vec<_>>();
    let missing = Units::Iec.show(asked.parts[0].standing.missing.unwrap().ceil());
    let before = [
        "5 Dec 2026: scan and run this command again; it must still say GO.".to_owned(),
        format!("By Sun 6 Dec 2026 12:00: make {missing} free on /var (deleted mail still on disk: 3.00 GiB)."),
        "Test the last backup: can 400 GiB be restored from it?".to_owned(),
        "Sun 6 Dec 2026 12:00: begin only if `df -h` shows at least 282 GiB free on /var.".to_owned(),
    ];
    assert_eq!(of(Time::Before), before);
    let during = [
        "Sun 6 Dec 2026 12:00: stop deliveries; up to 2.00 GiB in 2000 messages will queue. Keep the queue off /var if possible.",
        // The roll-back's 140 GiB and the queue.
        "Until Sun 6 Dec 2026 18:00: roll back if `df -h` shows less than 142 GiB free on /var.",
        "Sun 6 Dec 2026 18:00, point of no return: roll back now unless half the work is done; undoing it takes as long.",
    ];
    assert_eq!(of(Time::During), during);
    let after = [
        "By Mon 7 Dec 2026 00:00: accept deliveries again and watch the queue drain.",
        "Once users confirm that all is well: remove the copies kept on /var, up to 140 GiB.",
        "8 Dec 2026: scan; if the level has shifted for good, declare it with `mailrunway history event add --kind step`.",
    ];
    assert_eq!(of(Time::After), after);
    let text = words(&rendered(&asked));
    assert!(steps.iter().all(|step| text.contains(&format!("[ ] {}", step.text))), "{text}");
}

#[test]
fn hostile_names_are_escaped() {
    let hostile = Series { name: "/m\x1b[2J\n".into(), ..volume(60) };
    let asked = ask(&question(SUNDAY, &[size(500)]), hostile);
    let shown = rendered(&asked);
    assert!(!shown.contains('\x1b') && shown.contains("/m\\u{1b}[2J\\n"), "{shown}");
    let steps = checklist::steps(&asked, Units::Iec);
    let line = json::line(&asked, &steps);
    let value: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(value["series"][0]["series"], "/m\x1b[2J\n");
    assert_eq!(line.lines().count(), 1);
}
