//! Generates two years of weekly scans of 5,000 mailboxes, and measures the time and memory to read them.
//!
//! `cargo run --release --example report_cost -- make DIR` writes the history, and `… -- read DIR` reads from it what a
//! report says about growth. `tests/bench/report_cost/run` calls both.

mod generated_snapshots;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use mailrunway::history::History;
use mailrunway::history::series::Limits;
use mailrunway::model::bytes::Bytes;
use mailrunway::model::error::{Error, Result};
use mailrunway::planning::growth::load::{past, scans::Scans};
use mailrunway::planning::growth::{ages, calendar, change, domains, flows, large_messages, mailboxes};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", directory] => make(Path::new(directory)),
        ["read", directory] => read(Path::new(directory)),
        _ => Err(Error::usage("give `make DIR` or `read DIR`")),
    };
    done.map_or_else(
        |error| {
            eprintln!("{error}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

fn make(directory: &Path) -> Result<()> {
    let history = History::open_or_create(directory)?;
    (0..generated_snapshots::WEEKS).try_for_each(|week| history.append(&generated_snapshots::snapshot(week)).map(drop))
}

fn read(directory: &Path) -> Result<()> {
    let history = History::open(directory)?;
    let clock = Stopwatch::start();
    let entries = history.entries()?.entries;
    clock.say("read the list of scans");
    let mut scans = Scans::new(&history, &entries);
    let stores = scans.stores(mailrunway::history::WEEK_DAYS);
    clock.say("read two scans");
    let names = entries.iter().flat_map(|entry| entry.stores.iter().map(|store| store.name.clone()));
    let limits: Limits = names.map(|name| (name, Bytes(1 << 42))).collect();
    for pair in scans.pairs(&limits) {
        let (Some(now), Some(before)) = (&pair.now, &pair.before) else { continue };
        let change = change::between(&pair.of, now, before, change::SeriesEvents::default());
        let change = change.expect("both scans have the store");
        let parts: Vec<String> = change.parts.iter().map(|part| format!("{:?} {}", part.kind, part.bytes)).collect();
        println!("{}: {} from {}: {}", pair.series, change.whole, change.from, parts.join(", "));
        assert_eq!(change.parts.iter().map(|part| part.bytes).sum::<i128>(), change.whole);
    }
    clock.say("compared them");
    let counts = (mailboxes::largest(&stores, 10).len(), mailboxes::growers(&stores, 10).len());
    println!("{counts:?}, {:?}, {:?}", mailboxes::reclaimable(&stores), large_messages::very_large(&stores, 3));
    clock.say("found the largest mailboxes and messages");
    let (pasts, unread) = past::read(&history, &entries);
    clock.say("read the past of all scans");
    for past in &pasts {
        let (flows, weeks, lines) = (flows::between_scans(past), calendar::weeks(past), domains::lines(past, 8));
        let pyramid = ages::pyramid(past).map(|pyramid| (pyramid.now, pyramid.before));
        println!(
            "{}: {} flows, {} weeks, {} lines, {pyramid:?}",
            past.store,
            flows.len(),
            weeks.len(),
            lines.lines.len()
        );
    }
    clock.say("computed flows, weeks, domains and ages");
    assert!(unread.is_empty() && scans.unread().is_empty());
    println!("{} in all, {} KiB at most", clock.0.elapsed().as_secs_f64(), peak_kib().unwrap_or(0));
    Ok(())
}

struct Stopwatch(Instant);

impl Stopwatch {
    fn start() -> Stopwatch {
        Stopwatch(Instant::now())
    }

    fn say(&self, what: &str) {
        println!("{:.3} s: {what}", self.0.elapsed().as_secs_f64());
    }
}

/// The peak memory of this process in KiB, as counted by the kernel.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().split(' ').next()?.parse().ok()
}
