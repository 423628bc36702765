//! A volume without a free block or inode, or read-only: every command tells its state of now, not that of the last scan.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use jiff::{Timestamp, ToSpan};

use crate::support::machine::Machine;
use crate::support::volume::Volume;

/// A volume of 20 MiB with a little mail, and its history of three weeks up to last Monday or so.
fn scanned() -> (Machine, Volume) {
    let machine = Machine::new();
    let volume = Volume::mount(&machine, "disk", 20);
    let store = machine.store("disk/vmail");
    for weeks in (1..=5).rev() {
        store.deliver("example.org/ann", "INBOX", 1_000, "2026-01-05");
        let then = Timestamp::now() - (weeks * 7 * 24).hours();
        machine.run(&format!("scan disk/vmail --history disk/history --taken-at {then}")).succeeds();
    }
    assert_eq!(told(&machine), [("bytes", "green"), ("inodes", "green")].map(|(of, is)| (of.into(), is.into())));
    machine.run(&window()).exits_with(0);
    (machine, volume)
}

/// Resource and status of each forecast.
fn told(machine: &Machine) -> Vec<(String, String)> {
    let lines = machine.run("forecast --history disk/history --format json").succeeds().json_lines();
    let text = |line: &serde_json::Value, key: &str| line[key].as_str().expect("it is a word").to_owned();
    lines.iter().map(|line| (text(line, "resource"), text(line, "status"))).collect()
}

fn snapshots(machine: &Machine) -> usize {
    machine.run("history list --history disk/history --format json").succeeds().keeps_silent().json_lines().len()
}

fn window() -> String {
    window_with("1KiB")
}

fn window_with(needs: &str) -> String {
    let tomorrow = (Timestamp::now() + 24.hours()).strftime("%FT%H:%MZ").to_string();
    format!("window --at {tomorrow} --for 1h --needs {needs} --history disk/history")
}

/// Checks every command on a volume without a free block or inode, where no room is kept for a scan.
#[track_caller]
fn assert_told(machine: &Machine, resource: &str, free: &str) {
    let scan = machine.run("scan disk/vmail --history disk/history --quiet").exits_with(1);
    scan.warns(&["cannot write the history: ", "No space left", " free on ", "/disk now: make room and scan again"]);
    let scan = machine.run("scan disk/vmail --history disk/history").exits_with(1);
    assert!(scan.words().contains("messages 5 in "), "{}", scan.text());
    assert!(scan.words().contains("/disk (ext4): "), "{}", scan.text());
    assert!(told(machine).contains(&(resource.to_owned(), "red".to_owned())));
    let forecast = machine.run("forecast --history disk/history").succeeds();
    let words = forecast.words();
    assert!(words.contains(&format!("{resource}: Full now: ")) && words.contains("nothing is free now"), "{words}");
    assert!(words.contains(&format!("{free} are free now, which no scan has seen yet")), "{words}");
    let report = machine.run("report --history disk/history").succeeds().words();
    assert!(report.contains(" RED ") && report.contains("Full now: "), "{report}");
    let window = machine.run(&window()).exits_with(1).words();
    assert!(window.starts_with("NO-GO: ") && window.contains("Judged by what is free now"), "{window}");
    assert!(window.contains(&format!("{free} will be free")), "{window}");
}

#[test]
#[ignore = "needs root: run tests/run"]
fn a_volume_without_a_block_is_told_as_it_is_now() {
    let (machine, volume) = scanned();
    fs::remove_dir_all(machine.path("disk/history/reserve")).expect("the scans made it");
    volume.fill_blocks();
    assert_told(&machine, "bytes", "0 B");
}

#[test]
#[ignore = "needs root: run tests/run"]
fn a_volume_without_an_inode_is_told_as_it_is_now() {
    let (machine, volume) = scanned();
    fs::remove_dir_all(machine.path("disk/history/reserve")).expect("the scans made it");
    volume.fill_inodes();
    assert_told(&machine, "inodes", "0 inodes");
}

/// On a volume that is filled before each scan, the first one is saved in the room that was kept, and the second is not.
#[track_caller]
fn assert_saved_once(machine: &Machine, fill: impl Fn()) {
    fill();
    let room = ["warning: the volume of the history is full: this scan is saved in the room", "hint: make room: "];
    machine.run("scan disk/vmail --history disk/history --quiet").succeeds().warns(&room);
    assert_eq!(snapshots(machine), 6);
    fill();
    let second = machine.run("scan disk/vmail --history disk/history").exits_with(1);
    second.warns(&["error: cannot write the history: ", "No space left", "/disk now: make room and scan again"]);
    assert_eq!(snapshots(machine), 6);
    machine.run("history verify --history disk/history").succeeds();
}

#[test]
#[ignore = "needs root: run tests/run"]
fn one_scan_is_saved_on_a_volume_without_a_block() {
    let (machine, volume) = scanned();
    let room = machine.path("disk/history/reserve/room");
    let file = fs::metadata(&room).expect("the scans made it");
    assert!(file.blocks() * 512 >= file.len() && file.len() > 0, "it is allocated");
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
    assert_saved_once(&machine, || volume.fill_blocks());
    assert!(!room.exists());
    fs::remove_file(machine.path("disk/ballast")).expect("it can be removed");
    machine.run("scan disk/vmail --history disk/history").succeeds().keeps_silent();
    assert!(room.exists());
}

#[test]
#[ignore = "needs root: run tests/run"]
fn one_scan_is_saved_on_a_volume_without_an_inode() {
    let (machine, volume) = scanned();
    assert_saved_once(&machine, || volume.fill_inodes());
}

#[test]
#[ignore = "needs root: run tests/run"]
fn old_snapshots_are_removed_from_a_full_volume() {
    let (machine, volume) = scanned();
    assert_saved_once(&machine, || volume.fill_blocks());
    machine.run("history prune --keep-last 2 --history disk/history").succeeds().keeps_silent();
    machine.run("scan disk/vmail --history disk/history").succeeds();
    assert_eq!(snapshots(&machine), 3);
}

#[test]
#[ignore = "needs root: run tests/run"]
fn a_history_on_a_full_volume_is_not_begun_and_the_scan_is_printed() {
    let (machine, volume) = scanned();
    volume.fill_inodes();
    let scan = machine.run("scan disk/vmail --history disk/new --format json").exits_with(1);
    assert_eq!(scan.json()["stores"][0]["messages"], 5);
    scan.warns(&["No space left", "no inodes are free on "]);
}

#[test]
#[ignore = "needs root: run tests/run"]
fn a_read_only_volume_is_told() {
    let (machine, volume) = scanned();
    volume.remount_read_only();
    let read_only = "/disk is mounted read-only now";
    let scan = machine.run("scan disk/vmail --history disk/history").exits_with(1);
    assert!(scan.words().contains("messages 5 in "), "{}", scan.text());
    scan.warns(&["cannot write the history: ", "Read-only file system", read_only]);
    for command in ["forecast --history disk/history".to_owned(), window()] {
        machine.run(&command).exits_with(0).warns(&["warning: ", read_only, "kernel's log"]);
    }
    let report = machine.run("report --history disk/history").succeeds().words();
    assert!(report.contains(&format!("{read_only}: no mail arrives there.")), "{report}");
}

#[test]
#[ignore = "needs root: run tests/run"]
fn an_earlier_day_is_told_by_its_scans() {
    let (machine, volume) = scanned();
    volume.fill_blocks();
    let today = Timestamp::now().strftime("%F").to_string();
    let lines = machine.run(&format!("forecast --history disk/history --today {today} --format json"));
    for line in lines.succeeds().json_lines() {
        assert_eq!((&line["status"], &line["measured_now"]), (&"green".into(), &false.into()));
    }
}

#[test]
#[ignore = "needs root: run tests/run"]
fn a_window_is_judged_by_what_is_free_now_on_a_volume_with_room() {
    let (machine, _volume) = scanned();
    machine.run(&window_with("8MiB")).exits_with(0);
    std::fs::write(machine.path("disk/ballast"), vec![1; 9 << 20]).expect("there is room");
    let window = machine.run(&window_with("8MiB")).exits_with(1).words();
    assert!(window.starts_with("NO-GO: ") && window.contains("Judged by what is free now"), "{window}");
}
