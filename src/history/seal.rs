//! The checksum of a table, inside its file: an entry of Parquet's metadata with the XXH3 of the whole file.
//!
//! It is 64 bits in hexadecimal digits, and is computed with zeros in its place. So a table is replaced together with its
//! checksum, and other programs read it as usual.

use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::os::unix::fs::FileExt;

use memchr::memmem;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

/// The name of the entry.
pub(super) const KEY: &str = "mailrunway.xxh3_64";
/// The value until the checksum is known.
pub(super) const ZEROS: &str = "0000000000000000";

/// Thrift's mark of the next text, and the text's length.
const VALUE_HEAD: [u8; 2] = [0x18, ZEROS.len() as u8];

/// The length of the footer (32 bits), and the name of the format.
const END_BYTES: usize = 8;
const MAGIC: &[u8] = b"PAR1";

/// Computes the checksum of what is written.
pub(super) struct Sealing<W> {
    into: W,
    sum: Xxh3Default,
    /// The number of the system's error that stopped it, which polars tells in words only.
    pub stopped_by: Option<i32>,
}

impl<W: Write> Sealing<W> {
    pub(super) fn new(into: W) -> Self {
        Sealing { into, sum: Xxh3Default::new(), stopped_by: None }
    }

    pub(super) fn digits(&self) -> String {
        hexadecimal(self.sum.digest())
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.into.write(bytes).inspect_err(|e| self.stopped_by = e.raw_os_error())?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.into.flush().inspect_err(|e| self.stopped_by = e.raw_os_error())
    }
}

/// The checksum of bytes, in hexadecimal digits.
pub(super) fn digits(bytes: &[u8]) -> String {
    hexadecimal(xxh3_64(bytes))
}

fn hexadecimal(sum: u64) -> String {
    format!("{sum:016x}")
}

/// Puts the checksum into a finished file with an entry of zeros.
pub(super) fn seal(file: &File, digits: &str) -> io::Result<()> {
    let length = file.metadata()?.len();
    let mut end = [0; END_BYTES];
    let at = length.saturating_sub(END_BYTES as u64);
    file.read_exact_at(&mut end, at)?;
    let start = at.saturating_sub(footer_length(&end).unwrap_or(0) as u64);
    let mut footer = vec![0; (length - start) as usize];
    file.read_exact_at(&mut footer, start)?;
    let place = place(&footer).ok_or_else(|| io::Error::other("the table has no place for its checksum"))?;
    file.write_all_at(digits.as_bytes(), start + place.start as u64)
}

/// Whether the file is as it was written. Sets its checksum to zeros.
pub(super) fn is_whole(bytes: &mut [u8]) -> bool {
    let Some(place) = place(bytes) else { return false };
    let found = bytes[place.clone()].to_vec();
    bytes[place].copy_from_slice(ZEROS.as_bytes());
    digits(bytes).as_bytes() == found
}

/// The place of the checksum in a file, or in its end.
fn place(bytes: &[u8]) -> Option<Range<usize>> {
    let (above, end) = bytes.split_last_chunk::<END_BYTES>()?;
    let footer = above.len().checked_sub(footer_length(end)?)?;
    let key = footer + memmem::rfind(&above[footer..], KEY.as_bytes())?;
    let (head, value) = above[key + KEY.len()..].split_first_chunk::<2>()?;
    let start = key + KEY.len() + head.len();
    (*head == VALUE_HEAD && value.len() >= ZEROS.len()).then_some(start..start + ZEROS.len())
}

fn footer_length(end: &[u8; END_BYTES]) -> Option<usize> {
    let (length, magic) = end.split_first_chunk::<4>()?;
    (magic == MAGIC).then_some(u32::from_le_bytes(*length) as usize)
}

#[cfg(test)]
mod tests {
    use crate::history::parquet;
    use crate::history::table::TableBuilder;

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("table.parquet");
        let table = TableBuilder::new(&["one", "two"]).text("word", |word| word).integers("size", |_| 7).finish();
        parquet::write(&path, std::iter::once(table)).unwrap();
        assert_eq!(parquet::read(&path, Some(&["size"])).unwrap().rows(), 2);
        assert_eq!(parquet::read_foreign(&path).unwrap().rows(), 2, "the table is as Parquet wants it");
        let whole = std::fs::read(&path).unwrap();
        assert!(super::is_whole(&mut whole.clone()));
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!super::is_whole(&mut flipped), "bit {bit}");
        }
        for length in 0..whole.len() {
            assert!(!super::is_whole(&mut whole[..length].to_vec()), "{length} bytes");
        }
    }
}
