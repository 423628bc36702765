//! A cache that is damaged or belongs to another store is dropped, and the scan equals a full one.

use std::fs;
use std::path::Path;

use super::cache_probe::{CacheProbe, message_bytes};
use super::changing_store::copy_with_times;
use crate::support::machine::Machine;
use crate::support::rescan::{
    assert_alike, cache_file, cache_files, full, later, scan_stores, settle, without_volatile,
};

/// The approximate number of damaged places in a file, each in turn.
const PLACES: usize = 48;

/// Damages the cache and checks that the next scan does not use it and that the one after that uses a new one.
#[track_caller]
fn assert_dropped(probe: &CacheProbe, what: &str, damage: impl FnOnce(&Path)) {
    // From now on the cache is wrong.
    probe.grow();
    damage(&cache_file(&probe.history()));
    let actual = probe.later();
    assert_eq!(message_bytes(&actual), probe.bytes(), "{what}: the sizes are current");
    assert_alike(&actual, &full(&probe.machine, "vmail"), what);
    probe.assert_cached();
}

fn content(file: &Path) -> Vec<u8> {
    fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn replace(file: &Path, content: impl AsRef<[u8]>) {
    fs::write(file, content).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}

#[test]
fn an_intact_cache_is_used() {
    let probe = CacheProbe::cached(3, 0);
    probe.assert_cached();
    probe.assert_cached();
    let (now, actual) = (full(&probe.machine, "vmail"), probe.later());
    assert_eq!(message_bytes(&now), probe.bytes(), "a full scan sees that a message grew");
    assert!(
        message_bytes(&actual) < message_bytes(&now),
        "a cached scan does not, so the tests can tell whether the cache was used"
    );
}

#[test]
fn a_truncated_cache_is_dropped() {
    let probe = CacheProbe::cached(8, 0);
    let length = content(&cache_file(&probe.history())).len();
    let places = (0..length).step_by((length / 12).max(1)).chain([1, 2, length - 2, length - 1]);
    for place in places {
        assert_dropped(&probe, &format!("cut off at {place} of {length}"), |file| {
            replace(file, &content(file)[..place.min(content(file).len() - 1)]);
        });
    }
}

#[test]
fn a_cache_with_trailing_bytes_is_dropped() {
    let probe = CacheProbe::cached(3, 0);
    for more in [&b"\0"[..], &[0xff; 4096]] {
        assert_dropped(&probe, &format!("{} bytes more", more.len()), |file| {
            replace(file, [&content(file), more].concat());
        });
    }
}

#[test]
fn a_flipped_bit_does_no_harm() {
    let probe = CacheProbe::cached(3, 0);
    assert_no_bit_harms(&probe, "nothing changed");
    // A scan only checks what it needs; now it needs the cached data of each message.
    for message in probe.messages() {
        let name = message.to_str().expect("the test names it in ASCII");
        fs::rename(message, format!("{name}RF")).expect("a message can be renamed");
    }
    assert_no_bit_harms(&probe, "all directories have changed");
}

/// Flips a bit of the cache in a copy of the history, at many places in turn; every scan stays correct.
#[track_caller]
fn assert_no_bit_harms(probe: &CacheProbe, when: &str) {
    let machine = &probe.machine;
    let truth = full(machine, "vmail");
    let length = content(&cache_file(&probe.history())).len();
    let ends = (0..24).chain(length - 24..length);
    for (turn, place) in ends.chain((24..length - 24).step_by((length / PLACES).max(1))).enumerate() {
        let (copy, bit) = (machine.path("damaged"), 1 << (turn % 8));
        copy_with_times(&probe.history(), &copy);
        let mut bytes = content(&cache_file(&copy));
        bytes[place] ^= bit;
        replace(&cache_file(&copy), bytes);
        for turn in ["after that", "again"] {
            let actual = scan_stores(machine, "scan vmail --history damaged --format json");
            assert_alike(&actual, &truth, &format!("{when}, byte {place} of {length} with {bit:#x} flipped, {turn}"));
        }
        fs::remove_dir_all(copy).expect("a history can be removed");
    }
}

#[test]
fn a_cache_of_unrelated_content_is_dropped() {
    let probe = CacheProbe::cached(3, 0);
    let noise: Vec<u8> = (0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for (what, bytes) in [
        ("nothing", Vec::new()),
        ("noise", noise),
        ("a sentence", b"this is not the cache\n".to_vec()),
        ("zeros", vec![0; 5_000]),
        ("ones", vec![0xff; 5_000]),
    ] {
        assert_dropped(&probe, what, |file| replace(file, bytes));
    }
}

#[test]
fn a_cache_of_two_halves_is_dropped() {
    let probe = CacheProbe::cached(3, 0);
    let before = content(&cache_file(&probe.history()));
    probe.store.deliver("example.org/user9", "INBOX", 4_000, "2026-01-07");
    settle();
    probe.later();
    assert_eq!(full(&probe.machine, "vmail"), probe.later(), "the new message is cached");
    probe.grow();
    let file = cache_file(&probe.history());
    let now = content(&file);
    let (head, tail) = (&before[..before.len() / 2], &now[now.len() / 2..]);
    replace(&file, [head, tail].concat());
    assert_alike(&probe.later(), &full(&probe.machine, "vmail"), "the head of one and the tail of another");
}

#[test]
fn a_missing_cache_is_recreated() {
    let probe = CacheProbe::cached(3, 0);
    assert_dropped(&probe, "the file is gone", |file| fs::remove_file(file).expect("it can be removed"));
    assert_dropped(&probe, "the directory is gone", |file| {
        fs::remove_dir_all(file.parent().expect("it lies in a directory")).expect("it can be removed");
    });
}

#[test]
fn a_directory_in_place_of_the_cache_file_does_no_harm() {
    let probe = CacheProbe::cached(3, 0);
    let file = cache_file(&probe.history());
    probe.grow();
    fs::remove_file(&file).expect("it can be removed");
    fs::create_dir(&file).expect("a directory can be made");
    for turn in ["first", "again"] {
        assert_alike(&probe.later(), &full(&probe.machine, "vmail"), turn);
        probe.grow();
    }
}

#[test]
fn a_file_in_place_of_the_cache_directory_does_no_harm() {
    let probe = CacheProbe::cached(3, 0);
    let directory = probe.history().join("cache");
    probe.grow();
    fs::remove_dir_all(&directory).expect("it can be removed");
    replace(&directory, "a file");
    for turn in ["first", "again"] {
        assert_alike(&probe.later(), &full(&probe.machine, "vmail"), turn);
        probe.grow();
    }
}

#[test]
fn an_unreadable_cache_is_replaced() {
    let probe = CacheProbe::new(3, 0);
    settle();
    let machine = &probe.machine;
    let scan = || {
        let scan = machine.runway("scan vmail --history home/history --format json").by_ordinary_user();
        without_volatile(scan.run().succeeds().json())
    };
    scan();
    probe.grow();
    let file = cache_file(&machine.path("home/history"));
    machine.forbid(file.to_str().expect("it has a plain name"), 0o000);
    assert_alike(&scan(), &full(machine, "vmail"), "it cannot be read");
    let before = probe.bytes();
    probe.grow();
    assert_eq!(message_bytes(&scan()), before, "a new file was written and is used");
}

#[test]
fn the_cache_of_another_root_is_not_used() {
    let machine = Machine::new();
    machine.settings("[scan]\naudit_every = 0\n");
    for (place, size) in [("a/vmail", 1_000), ("b/vmail", 5_000)] {
        let store = machine.store(place);
        for folder in ["INBOX", "Sent"] {
            store.deliver("example.org/ann", folder, size, "2026-01-05");
        }
    }
    settle();
    for place in ["a/vmail", "b/vmail", "a/vmail", "b/vmail"] {
        assert_alike(&later(&machine, place), &full(&machine, place), place);
    }
    // The same files at another path: inodes and times are unchanged.
    fs::rename(machine.path("a/vmail"), machine.path("a/old")).expect("a store can be moved");
    fs::rename(machine.path("b/vmail"), machine.path("a/vmail")).expect("a store can be moved");
    for place in ["a/vmail", "a/old --name vmail", "a/vmail"] {
        assert_alike(&later(&machine, place), &full(&machine, place), place);
    }
}

#[test]
fn swapped_caches_of_two_stores_are_not_used() {
    let machine = Machine::new();
    machine.settings("[scan]\naudit_every = 0\n");
    for (place, size) in [("a", 1_000), ("b", 5_000)] {
        machine.store(place).deliver("example.org/ann", "INBOX", size, "2026-01-05");
    }
    settle();
    later(&machine, "a b");
    let files = cache_files(&machine.path("history"));
    assert_eq!(files.len(), 2, "one file a store: {files:?}");
    let contents: Vec<Vec<u8>> = files.iter().map(|file| content(file)).collect();
    replace(&files[0], &contents[1]);
    replace(&files[1], &contents[0]);
    assert_alike(&later(&machine, "a b"), &full(&machine, "a b"), "each store has the cache of the other");
}
