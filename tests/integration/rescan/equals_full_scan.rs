//! After any change, a cached scan equals a full scan, `du` and `find`.

use std::collections::BTreeSet;

use super::changes::ACTS;
use super::changing_store::Changing;
use crate::support::machine::Machine;
use crate::support::rescan::{differences, full, later, settle, uses};
use crate::support::scan_result::ScanResult;

/// How many stores live side by side, each with another fate.
const STORES: usize = 24;
/// How often they are scanned.
const STEPS: usize = 15;
/// The most that happens to a store between two scans.
const ACTS_A_STEP: usize = 4;
/// Of so many steps, one is without the pause that lets a store come to rest.
const HASTY: usize = 3;

/// Draws everything. Set `MAILRUNWAY_TEST_SEED` to see other fates.
const SEED: u64 = 4;

fn seed() -> u64 {
    let given = std::env::var("MAILRUNWAY_TEST_SEED").ok();
    given.map_or(SEED, |seed| seed.parse().expect("MAILRUNWAY_TEST_SEED is a number"))
}

#[test]
fn a_later_scan_tells_what_a_full_one_tells_whatever_happened() {
    let (machine, seed) = (Machine::new(), seed());
    let place = |number: usize| format!("vmail/s{number:02}");
    let new = |number: usize| {
        let beside = machine.path(&format!("beside/s{number:02}"));
        Changing::new(machine.path(&place(number)), beside, seed * 1_000 + number as u64)
    };
    let mut stores: Vec<Changing> = (0..STORES).map(new).collect();
    let places: Vec<String> = (0..STORES).map(place).collect();
    let places = places.join(" ");
    let mut done = BTreeSet::new();
    for step in 0..STEPS {
        for store in &mut stores {
            store.begin(step);
            for _ in 0..1 + store.draw(ACTS_A_STEP) {
                done.insert(store.act());
            }
        }
        if step % HASTY != HASTY - 1 {
            settle();
        }
        let (later, full) = (later(&machine, &places), full(&machine, &places));
        let (uses, full_uses) = (uses(&machine, "history", STORES), uses(&machine, "full", STORES));
        for (number, store) in stores.iter().enumerate() {
            let mut found = differences(&later["stores"][number], &full["stores"][number]);
            if uses[number] != full_uses[number] {
                found.push(format!("uses: {:?} | {:?}", uses[number], full_uses[number]));
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
        assert!(uses.iter().flatten().any(|cohort| cohort.special_use.is_some()), "or else it shows nothing");
        // All of them as one store, which is remembered as well.
        ScanResult::scan(&machine, "vmail");
    }
    let never: Vec<&str> = ACTS.iter().map(|(name, _)| *name).filter(|name| !done.contains(name)).collect();
    assert_eq!(never, [""; 0], "never happened");
}
