//! The sample history in `data/` equals the output of `mailrunway demo`.

use std::path::Path;
use std::process::Command;

use mailrunway::history::History;
use mailrunway::model::snapshot::{Classes, Snapshot, Tally};

/// All snapshots of a history, by time.
fn snapshots(root: &Path) -> Vec<Snapshot> {
    let history = History::open(root).unwrap();
    let found = history.entries().unwrap();
    assert!(found.damaged.is_empty(), "{:?}", found.damaged);
    found.entries.iter().map(|entry| portable(history.load(&entry.name).unwrap())).collect()
}

/// The snapshot without what depends on where, and on which file system, the demo ran.
fn portable(mut snapshot: Snapshot) -> Snapshot {
    let portable = |tally: &mut Tally| (tally.allocated_bytes, tally.directory_bytes) = (0, 0);
    for store in &mut snapshot.stores {
        store.root.clear();
        portable(&mut store.tally);
        store.classes = Classes::default();
        store.uses.iter_mut().for_each(|cohort| cohort.totals.allocated_bytes = 0);
        let mailboxes = store.mailboxes.iter().map(|mut mailbox| {
            portable(&mut mailbox.tally);
            mailbox.classes = Classes::default();
            mailbox.folders.iter_mut().for_each(|folder| portable(&mut folder.tally));
            mailbox
        });
        store.mailboxes = mailboxes.collect();
    }
    snapshot
}

#[test]
fn the_sample_history_equals_the_output_of_the_demo() {
    let directory = tempfile::tempdir().unwrap();
    let demo = directory.path().join("demo");
    let output = Command::new(env!("CARGO_BIN_EXE_mailrunway"))
        .args(["-q", "demo", "--weeks", "60", "--today", "2026-11-23"])
        .arg(&demo)
        .env_clear()
        .env("HOME", directory.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let sample = snapshots(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample-history"));
    let made = snapshots(&demo.join("history"));
    assert_eq!(sample.len(), 60);
    assert_eq!(made.len(), sample.len());
    for (made, sample) in made.iter().zip(&sample) {
        assert!(
            made == sample,
            "the snapshot of {} differs; data/README.md says how to make the sample again",
            sample.taken_at
        );
    }
    for result in ["report.html", "report.txt", "runway.png", "runway@2x.png", "runway.svg", "forecast.jsonl"] {
        assert!(demo.join(result).metadata().unwrap().len() > 500, "{result}");
    }
}
