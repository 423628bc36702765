//! A cache that is damaged or belongs to another store is dropped, and the scan equals a full one.

use std::fs;
use std::path::Path;

use super::changing_store::copy_with_times;
use super::undetected_growth::{Standing, message_bytes};
use crate::support::machine::Machine;
use crate::support::rescan::{assert_alike, full, later, of_the_stores, remembered, remembered_file, settle, told};

/// About so many places in a file are damaged, each in turn.
const PLACES: usize = 48;

/// Damages what is remembered, and demands that the next scan believes nothing of it, and that the one after that
/// remembers again.
#[track_caller]
fn assert_dropped(standing: &Standing, what: &str, damage: impl FnOnce(&Path)) {
    // From now on what is remembered is wrong.
    standing.grow();
    damage(&remembered_file(&standing.history()));
    let told = standing.later();
    assert_eq!(message_bytes(&told), standing.bytes(), "{what}: the sizes are those of now");
    assert_alike(&told, &full(&standing.machine, "vmail"), what);
    standing.assert_remembered();
}

fn content(file: &Path) -> Vec<u8> {
    fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn replace(file: &Path, content: impl AsRef<[u8]>) {
    fs::write(file, content).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}

#[test]
fn an_intact_cache_is_used() {
    let standing = Standing::remembered(3, 0);
    standing.assert_remembered();
    standing.assert_remembered();
    let (now, told) = (full(&standing.machine, "vmail"), standing.later());
    assert_eq!(message_bytes(&now), standing.bytes(), "a full scan sees that a message grew");
    assert!(
        message_bytes(&told) < message_bytes(&now),
        "a later one does not: the tests of damage can tell them apart"
    );
}

#[test]
fn truncated() {
    let standing = Standing::remembered(8, 0);
    let length = content(&remembered_file(&standing.history())).len();
    let places = (0..length).step_by((length / 12).max(1)).chain([1, 2, length - 2, length - 1]);
    for place in places {
        assert_dropped(&standing, &format!("cut off at {place} of {length}"), |file| {
            replace(file, &content(file)[..place.min(content(file).len() - 1)]);
        });
    }
}

#[test]
fn trailing_bytes() {
    let standing = Standing::remembered(3, 0);
    for more in [&b"\0"[..], &[0xff; 4096]] {
        assert_dropped(&standing, &format!("{} bytes more", more.len()), |file| {
            replace(file, [&content(file), more].concat());
        });
    }
}

#[test]
fn flipped_bit() {
    let standing = Standing::remembered(3, 0);
    assert_no_bit_harms(&standing, "everything stands still");
    // What a scan does not need it need not check; now it needs what it knows of each message.
    for message in standing.messages() {
        let name = message.to_str().expect("the test names it in ASCII");
        fs::rename(message, format!("{name}RF")).expect("a message can be renamed");
    }
    assert_no_bit_harms(&standing, "all directories have changed");
}

/// Flips a bit of what was remembered, in a copy of the history, at many places in turn: no scan is harmed.
#[track_caller]
fn assert_no_bit_harms(standing: &Standing, when: &str) {
    let machine = &standing.machine;
    let truth = full(machine, "vmail");
    let length = content(&remembered_file(&standing.history())).len();
    let ends = (0..24).chain(length - 24..length);
    for (turn, place) in ends.chain((24..length - 24).step_by((length / PLACES).max(1))).enumerate() {
        let (copy, bit) = (machine.path("damaged"), 1 << (turn % 8));
        copy_with_times(&standing.history(), &copy);
        let mut bytes = content(&remembered_file(&copy));
        bytes[place] ^= bit;
        replace(&remembered_file(&copy), bytes);
        for turn in ["after that", "again"] {
            let told = told(machine, "scan vmail --history damaged --format json");
            assert_alike(&told, &truth, &format!("{when}, byte {place} of {length} with {bit:#x} flipped, {turn}"));
        }
        fs::remove_dir_all(copy).expect("a history can be removed");
    }
}

#[test]
fn unrelated_content() {
    let standing = Standing::remembered(3, 0);
    let noise: Vec<u8> = (0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for (what, bytes) in [
        ("nothing", Vec::new()),
        ("noise", noise),
        ("a sentence", b"this is not what you remember\n".to_vec()),
        ("zeros", vec![0; 5_000]),
        ("ones", vec![0xff; 5_000]),
    ] {
        assert_dropped(&standing, what, |file| replace(file, bytes));
    }
}

#[test]
fn halves_of_two_caches() {
    let standing = Standing::remembered(3, 0);
    let before = content(&remembered_file(&standing.history()));
    standing.store.deliver("example.org/user9", "INBOX", 4_000, "2026-01-07");
    settle();
    standing.later();
    assert_eq!(full(&standing.machine, "vmail"), standing.later(), "the new message is remembered");
    standing.grow();
    let file = remembered_file(&standing.history());
    let now = content(&file);
    let (head, tail) = (&before[..before.len() / 2], &now[now.len() / 2..]);
    replace(&file, [head, tail].concat());
    assert_alike(&standing.later(), &full(&standing.machine, "vmail"), "the head of one and the tail of another");
}

#[test]
fn missing() {
    let standing = Standing::remembered(3, 0);
    assert_dropped(&standing, "the file is gone", |file| fs::remove_file(file).expect("it can be removed"));
    assert_dropped(&standing, "all is gone", |file| {
        fs::remove_dir_all(file.parent().expect("it lies in a directory")).expect("it can be removed");
    });
}

#[test]
fn directory_in_place_of_the_file() {
    let standing = Standing::remembered(3, 0);
    let file = remembered_file(&standing.history());
    standing.grow();
    fs::remove_file(&file).expect("it can be removed");
    fs::create_dir(&file).expect("a directory can be made");
    for turn in ["first", "again"] {
        assert_alike(&standing.later(), &full(&standing.machine, "vmail"), turn);
        standing.grow();
    }
}

#[test]
fn file_in_place_of_the_directory() {
    let standing = Standing::remembered(3, 0);
    let directory = standing.history().join("cache");
    standing.grow();
    fs::remove_dir_all(&directory).expect("it can be removed");
    replace(&directory, "a file");
    for turn in ["first", "again"] {
        assert_alike(&standing.later(), &full(&standing.machine, "vmail"), turn);
        standing.grow();
    }
}

#[test]
fn unreadable() {
    let standing = Standing::new(3, 0);
    settle();
    let machine = &standing.machine;
    let scan = || {
        let scan = machine.runway("scan vmail --history home/history --format json").by_ordinary_user();
        of_the_stores(scan.run().succeeds().json())
    };
    scan();
    standing.grow();
    let file = remembered_file(&machine.path("home/history"));
    machine.forbid(file.to_str().expect("it has a plain name"), 0o000);
    assert_alike(&scan(), &full(machine, "vmail"), "nobody may read it");
    let before = standing.bytes();
    standing.grow();
    assert_eq!(message_bytes(&scan()), before, "the file was made anew and is believed again");
}

#[test]
fn cache_of_another_root() {
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
    // The same files, elsewhere: inodes and times stand still, and names lie.
    fs::rename(machine.path("a/vmail"), machine.path("a/old")).expect("a store can be moved");
    fs::rename(machine.path("b/vmail"), machine.path("a/vmail")).expect("a store can be moved");
    for place in ["a/vmail", "a/old --name vmail", "a/vmail"] {
        assert_alike(&later(&machine, place), &full(&machine, place), place);
    }
}

#[test]
fn swapped_caches_of_two_stores() {
    let machine = Machine::new();
    machine.settings("[scan]\naudit_every = 0\n");
    for (place, size) in [("a", 1_000), ("b", 5_000)] {
        machine.store(place).deliver("example.org/ann", "INBOX", size, "2026-01-05");
    }
    settle();
    later(&machine, "a b");
    let files = remembered(&machine.path("history"));
    assert_eq!(files.len(), 2, "one file a store: {files:?}");
    let contents: Vec<Vec<u8>> = files.iter().map(|file| content(file)).collect();
    replace(&files[0], &contents[1]);
    replace(&files[1], &contents[0]);
    assert_alike(&later(&machine, "a b"), &full(&machine, "a b"), "each file is that of the other");
}
