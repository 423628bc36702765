//! The content of a file of a store: holes are skipped, and nothing is read once the scan is cancelled.

use std::fs::{File, Metadata};
use std::io::{self, BufRead, Read};
use std::ops::Range;
use std::os::unix::fs::{FileExt, MetadataExt};

use rustix::fs::{SeekFrom, seek};
use rustix::io::Errno;

use super::dovecot::read_buffer::ReadAt;
use crate::model::cancel::Cancel;

/// The unit of `st_blocks`, on every file system.
pub(crate) const BLOCK_BYTES: u64 = 512;

/// Bytes per read.
const CHUNK: usize = 128 << 10;

/// A regular file, opened to read.
#[derive(Debug)]
pub(crate) struct StoreFile {
    file: File,
    cancel: Cancel,
}

impl StoreFile {
    pub(crate) fn new(file: File, cancel: &Cancel) -> StoreFile {
        StoreFile { file, cancel: cancel.clone() }
    }

    pub(crate) fn metadata(&self) -> io::Result<Metadata> {
        self.file.metadata()
    }

    /// The first bytes, at most `most`.
    ///
    /// # Errors
    ///
    /// Fails if reading fails.
    pub(crate) fn head(&self, most: usize) -> io::Result<Vec<u8>> {
        self.bytes(0, most)
    }

    /// The bytes from an offset on, at most `most`.
    ///
    /// # Errors
    ///
    /// Fails if reading fails.
    pub(crate) fn bytes(&self, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; most];
        let mut length = 0;
        while let Some(rest) = bytes.get_mut(length..).filter(|rest| !rest.is_empty()) {
            match self.read_at(rest, offset.saturating_add(length as u64)) {
                Ok(0) => break,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        bytes.truncate(length);
        Ok(bytes)
    }

    /// The next bytes on disk that are not in a hole, from an offset on; `None` if there are none. Without the file
    /// system's help, all bytes.
    fn next_data(&self, offset: u64) -> io::Result<Option<Range<u64>>> {
        let facts = self.metadata()?;
        if facts.blocks().saturating_mul(BLOCK_BYTES) >= facts.len() {
            return Ok(Some(offset..u64::MAX));
        }
        match seek(&self.file, SeekFrom::Data(offset)) {
            Ok(start) => Ok(Some(start..seek(&self.file, SeekFrom::Hole(start)).unwrap_or(u64::MAX))),
            Err(Errno::NXIO) => Ok(None),
            Err(Errno::INVAL | Errno::OPNOTSUPP | Errno::NOSYS) => Ok(Some(offset..u64::MAX)),
            Err(error) => Err(error.into()),
        }
    }
}

impl ReadAt for StoreFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self.cancel.is_requested() {
            true => Err(io::Error::other("the scan was cancelled")),
            false => self.file.read_at(buffer, offset),
        }
    }
}

/// Reads a file from its start up to a known size; a hole looks like the end until [`skip_hole`](ContentReader::skip_hole).
#[derive(Debug)]
pub(crate) struct ContentReader<'a> {
    file: &'a StoreFile,
    size: u64,
    /// Offset of the buffer's first byte.
    offset: u64,
    buffer: Vec<u8>,
    taken: usize,
    /// The bytes up to here are on disk.
    data_end: u64,
}

impl<'a> ContentReader<'a> {
    pub(crate) fn new(file: &'a StoreFile, size: u64) -> Self {
        ContentReader { file, size, offset: 0, buffer: Vec::new(), taken: 0, data_end: 0 }
    }

    /// The offset of the next byte.
    pub(crate) fn position(&self) -> u64 {
        self.offset.saturating_add(self.taken as u64)
    }

    /// Skips the hole at the current position, and returns its length in bytes; 0 if there is none.
    ///
    /// # Errors
    ///
    /// Fails if the file system does not say where the hole ends.
    pub(crate) fn skip_hole(&mut self) -> io::Result<u64> {
        let start = self.position();
        if self.taken < self.buffer.len() || start >= self.size {
            return Ok(0);
        }
        let data = self.file.next_data(start)?;
        // A file that was cut meanwhile ends here.
        let length = self.file.metadata()?.len().min(self.size);
        let (end, data_end) = data.map_or((length, length), |data| (data.start, data.end));
        let end = end.clamp(start, length.max(start));
        (self.offset, self.taken, self.data_end) = (end, 0, data_end);
        self.buffer.clear();
        Ok(end - start)
    }

    /// Reads at a distance from the current position, which stays.
    ///
    /// # Errors
    ///
    /// Fails if reading fails.
    pub(crate) fn read_ahead(&self, distance: u64, into: &mut [u8]) -> io::Result<usize> {
        let there = self.position().saturating_add(distance).min(self.size);
        let most = into.len().min(usize::try_from(self.size - there).unwrap_or(usize::MAX));
        self.file.read_at(into.get_mut(..most).unwrap_or_default(), there)
    }

    fn fill(&mut self) -> io::Result<()> {
        let start = self.position();
        if start >= self.data_end {
            match self.file.next_data(start)? {
                Some(data) if data.start <= start => self.data_end = data.end,
                _ => return Ok(()),
            }
        }
        let most = self.data_end.min(self.size).saturating_sub(start).min(CHUNK as u64) as usize;
        self.buffer.resize(most, 0);
        let read = self.file.read_at(&mut self.buffer, start);
        self.buffer.truncate(*read.as_ref().unwrap_or(&0));
        (self.offset, self.taken) = (start, 0);
        read.map(drop)
    }
}

impl Read for ContentReader<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for ContentReader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken >= self.buffer.len() && self.position() < self.size {
            self.fill()?;
        }
        Ok(self.buffer.get(self.taken..).unwrap_or(&[]))
    }

    fn consume(&mut self, amount: usize) {
        self.taken = self.taken.saturating_add(amount).min(self.buffer.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(pieces: &[(u64, &[u8])], length: u64) -> StoreFile {
        let file = tempfile::tempfile().unwrap();
        pieces.iter().for_each(|(offset, bytes)| file.write_all_at(bytes, *offset).unwrap());
        file.set_len(length).unwrap();
        StoreFile::new(file, &Cancel::never())
    }

    #[test]
    fn a_file_is_read_up_to_its_known_size() {
        let file = file(&[(0, b"seven bytes and more")], 20);
        let (mut content, mut there) = (ContentReader::new(&file, 11), [0; 8]);
        assert_eq!((content.read_ahead(6, &mut there).unwrap(), &there[..5]), (5, &b"bytes"[..]));
        let mut text = String::new();
        content.read_to_string(&mut text).unwrap();
        assert_eq!(content.read_ahead(1, &mut there).unwrap(), 0);
        assert_eq!((text.as_str(), file.head(5).unwrap().as_slice()), ("seven bytes", &b"seven"[..]));
        assert_eq!(file.head(99).unwrap().len(), 20);
    }

    #[test]
    fn holes_are_skipped_and_all_other_bytes_are_read() {
        const MIB: u64 = 1 << 20;
        let file = file(&[(0, b"first"), (8 * MIB, b"second")], 20 * MIB);
        let mut content = ContentReader::new(&file, 20 * MIB);
        let (mut read, mut skipped) = (Vec::new(), 0);
        loop {
            content.read_to_end(&mut read).unwrap();
            match content.skip_hole().unwrap() {
                0 => break,
                hole => skipped += hole,
            }
        }
        assert_eq!((read.len() as u64 + skipped, content.position()), (20 * MIB, 20 * MIB));
        read.retain(|&byte| byte != 0);
        assert_eq!(read, b"firstsecond");
        assert!(skipped > 18 * MIB, "{skipped}");
    }

    #[test]
    fn nothing_is_read_once_the_scan_is_cancelled() {
        let cancel = Cancel::never();
        let file = StoreFile { cancel: cancel.clone(), ..file(&[(0, &[b'a'; 1 << 20])], 1 << 20) };
        let mut content = ContentReader::new(&file, 1 << 20);
        assert_eq!(content.fill_buf().unwrap().len(), CHUNK);
        cancel.request(15);
        content.consume(CHUNK);
        assert!(content.fill_buf().is_err() && file.head(1).is_err());
    }
}
