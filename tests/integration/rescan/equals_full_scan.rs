//! After any change, a cached scan equals a full scan, `du` and `find`.

use std::collections::BTreeSet;

use super::changes::CHANGES;
use super::changing_store::ChangingStore;
use crate::support::machine::Machine;
use crate::support::rescan::{cohorts, differences, full, later, settle};
use crate::support::scan_result::ScanResult;

/// The number of stores, each with different changes.
const STORES: usize = 24;
/// The number of scans.
const STEPS: usize = 15;
/// The maximum number of changes to a store between two scans.
const CHANGES_A_STEP: usize = 4;
/// One of this number of steps has no pause to settle.
const HASTY: usize = 3;

/// The seed of all changes. `MAILRUNWAY_TEST_SEED` sets another one.
const SEED: u64 = 4;

fn seed() -> u64 {
    let given = std::env::var("MAILRUNWAY_TEST_SEED").ok();
    given.map_or(SEED, |seed| seed.parse().expect("MAILRUNWAY_TEST_SEED is a number"))
}

#[test]
fn a_cached_scan_equals_a_full_scan_after_any_changes() {
    let (machine, seed) = (Machine::new(), seed());
    let place = |number: usize| format!("vmail/s{number:02}");
    let new = |number: usize| {
        let beside = machine.path(&format!("beside/s{number:02}"));
        ChangingStore::new(machine.path(&place(number)), beside, seed * 1_000 + number as u64)
    };
    let mut stores: Vec<ChangingStore> = (0..STORES).map(new).collect();
    let places: Vec<String> = (0..STORES).map(place).collect();
    let places = places.join(" ");
    let mut done = BTreeSet::new();
    for step in 0..STEPS {
        for store in &mut stores {
            store.begin(step);
            for _ in 0..1 + store.draw(CHANGES_A_STEP) {
                done.insert(store.change());
            }
        }
        if step % HASTY != HASTY - 1 {
            settle();
        }
        let (later, full) = (later(&machine, &places), full(&machine, &places));
        let [cohorts, of_full] = ["history", "full"].map(|history| cohorts(&machine, history, STORES));
        for (number, store) in stores.iter().enumerate() {
            let mut found = differences(&later["stores"][number], &full["stores"][number]);
            if cohorts[number] != of_full[number] {
                found.push(format!("cohorts: {:?} | {:?}", cohorts[number], of_full[number]));
            }
            assert!(
                found.is_empty(),
                "MAILRUNWAY_TEST_SEED={seed}, store {number}, step {step}: left the later scan, right the full \
                 one\n{}\nwhat happened:\n{}",
                found.join("\n"),
                store.history.join("\n")
            );
        }
        assert_eq!(differences(&later, &full), [""; 0], "MAILRUNWAY_TEST_SEED={seed}, step {step}: beside the stores");
        assert!(
            cohorts.iter().flat_map(|(_, uses)| uses).any(|cohort| cohort.special_use.is_some()),
            "some folders have a special use, or the test shows nothing"
        );
        // All of them as one store, which is cached too.
        ScanResult::scan(&machine, "vmail");
    }
    let never: Vec<&str> = CHANGES.iter().map(|(name, _)| *name).filter(|name| !done.contains(name)).collect();
    assert_eq!(never, [""; 0], "never happened");
}
