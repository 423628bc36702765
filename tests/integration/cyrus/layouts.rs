//! Each layout of a Cyrus store: directories by name or by unique id, on one partition or several.

use std::collections::BTreeSet;
use std::path::Path;

use super::agreement::{assert_agrees, assert_agrees_after_expiry, assert_every_stage_agrees, is_message};
use super::user_activity::{fill, work};
use crate::support::cyrus::Cyrus;

/// Directories with the names of users and folders, as all servers before 3.6 have them.
const NAMED: &str = "mailbox_legacy_dirs: yes\n";

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn directories_by_unique_ids_agree() {
    let server = Cyrus::start("");
    assert_every_stage_agrees(&server);
    assert!(server.store().join("spool/uuid").is_dir() && !server.store().join("spool/domain").exists());
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn directories_by_names_agree() {
    let server = Cyrus::start(NAMED);
    assert_every_stage_agrees(&server);
    assert!(server.store().join("spool/domain/example.org/user/tom^jones/Dotted^Name/cyrus.header").is_file());
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn directories_by_names_with_first_letters_agree() {
    let server = Cyrus::start(&format!("{NAMED}hashimapspool: yes"));
    assert_every_stage_agrees(&server);
    assert!(server.store().join("spool/domain/e/example.org/a/user/ann/Sent/cyrus.header").is_file());
    assert!(server.store().join("spool/v/user/vera/cyrus.header").is_file());
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn directories_by_names_with_full_hashes_agree() {
    let server = Cyrus::start(&format!("{NAMED}hashimapspool: yes\nfulldirhash: yes"));
    assert_every_stage_agrees(&server);
    assert!(server.store().join("spool/G/user/vera/cyrus.header").is_file());
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn mail_on_an_archive_partition_agrees() {
    let archive = "archive_enabled: yes\narchive_maxsize: 100000\narchivepartition-default: {store}/archive";
    for named in ["", NAMED] {
        let server = Cyrus::start(&format!("{named}{archive}"));
        fill(&server);
        server.run("cyr_expire", &["-A", "1d", "-a"]);
        let archived = names_below(&server.store().join("archive"));
        assert!(archived.iter().any(|name| is_message(name)), "mail lies in the archive: {archived:?}");
        assert!(!archived.contains("cyrus.header"), "the archive has no headers: {archived:?}");
        assert_agrees(&server);
        work(&server);
        server.run("cyr_expire", &["-A", "1d", "-a"]);
        assert_agrees(&server);
        assert_agrees_after_expiry(&server);
    }
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn headers_and_indexes_on_a_separate_partition_agree() {
    let files = "metapartition_files: header index cache expunge squat annotations\n";
    for named in ["", NAMED] {
        let server = Cyrus::start(&format!("{named}{files}metapartition-default: {{store}}/meta"));
        assert_every_stage_agrees(&server);
        let spool = names_below(&server.store().join("spool"));
        assert!(!spool.iter().any(|name| name.starts_with("cyrus.")), "the spool has messages only: {spool:?}");
    }
}

#[test]
#[ignore = "needs Cyrus: run tests/run"]
fn indexes_on_a_separate_partition_agree() {
    let server = Cyrus::start("metapartition_files: index cache\nmetapartition-default: {store}/meta");
    assert_every_stage_agrees(&server);
    let spool = names_below(&server.store().join("spool"));
    assert!(spool.contains("cyrus.header") && !spool.contains("cyrus.index"), "{spool:?}");
}

/// The names of all files below a directory.
fn names_below(root: &Path) -> BTreeSet<String> {
    let files = walkdir::WalkDir::new(root).into_iter().map(|entry| entry.expect("a directory can be listed"));
    let files = files.filter(|entry| entry.file_type().is_file());
    files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}
