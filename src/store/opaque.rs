//! Databases of mail that only their own server can read, recognised by first bytes or file names.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::digits::decimal;
use super::listing::DirectoryListing;
use super::reader::head_of;

/// Bytes needed to recognise a file.
const HEAD_BYTES: usize = 64;

pub(crate) const EXCHANGE: &str = "exchange_edb";

/// Used by Stalwart, among others.
pub(crate) const ROCKSDB: &str = "rocksdb";

/// Used by grommunio, among others.
pub(crate) const SQLITE: &str = "sqlite";

/// The signature of the Extensible Storage Engine, `0x89abcdef`, after the page's checksum
/// (<https://github.com/libyal/libesedb>, "Extensible Storage Engine (ESE) Database File (EDB) format").
const ESE: [u8; 4] = [0xef, 0xcd, 0xab, 0x89];

/// <https://www.sqlite.org/fileformat.html>, 1.3.
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";

/// Suffixes of database files, so that not every file is opened.
const ENDS: [&str; 4] = [".edb", ".sqlite", ".sqlite3", ".db"];

pub(crate) fn kind_of(directory: &Path, name: &[u8]) -> Option<&'static str> {
    let name_in_lower = name.to_ascii_lowercase();
    ENDS.iter().find(|end| name_in_lower.ends_with(end.as_bytes()))?;
    kind_of_file(name, &head_of(&directory.join(OsStr::from_bytes(name)), HEAD_BYTES))
}

/// `head` is the first [`HEAD_BYTES`] of the file, or all of it.
fn kind_of_file(name: &[u8], head: &[u8]) -> Option<&'static str> {
    if name.to_ascii_lowercase().ends_with(b".edb") && head.get(4..8) == Some(&ESE[..]) {
        return Some(EXCHANGE);
    }
    head.starts_with(SQLITE_MAGIC).then_some(SQLITE)
}

pub(crate) fn kind_of_directory(listing: &DirectoryListing) -> Option<&'static str> {
    let is_manifest = |name: &[u8]| name.strip_prefix(b"MANIFEST-").and_then(decimal).is_some();
    // LevelDB has the first two as well, but names its tables `.ldb`.
    let has_all = listing.has_file("CURRENT")
        && listing.files().any(is_manifest)
        && listing.files().any(|name| name.ends_with(b".sst"));
    has_all.then_some(ROCKSDB)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_are_recognised_by_name_and_first_bytes() {
        let ese = b"\x01\x02\x03\x04\xef\xcd\xab\x89\x20\x06";
        assert_eq!(kind_of_file(b"Mailbox Database 0123.EDB", ese), Some(EXCHANGE));
        assert_eq!(kind_of_file(b"a.edb", b"1234"), None);
        assert_eq!(kind_of_file(b"a.dat", ese), None);
        assert_eq!(kind_of_file(b"exchange.sqlite3", b"SQLite format 3\0\x10\0"), Some(SQLITE));
        assert_eq!(kind_of_file(b"", b"SQLite format 3"), None);
    }

    #[test]
    fn a_database_directory_needs_all_its_files() {
        let home = tempfile::tempdir().unwrap();
        let kind = || kind_of_directory(&DirectoryListing::read(home.path()).unwrap());
        for (name, expected) in [
            ("CURRENT", None),
            ("MANIFEST-", None),
            ("MANIFEST-000004", None),
            ("000012.ldb", None),
            ("000013.sst", Some(ROCKSDB)),
        ] {
            std::fs::write(home.path().join(name), "").unwrap();
            assert_eq!(kind(), expected, "{name}");
        }
    }
}
