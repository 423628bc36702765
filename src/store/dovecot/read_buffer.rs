//! A file that is read here and there: what was read last is kept, so that near places cost one read.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// How much is read at once. Bodies are skipped, so that most messages cost one such read.
pub(crate) const WINDOW: usize = 4096;

/// A file, or bytes in its place.
pub(crate) trait ReadAt {
    /// Reads some bytes at an offset; none at the end.
    ///
    /// # Errors
    /// If they cannot be read.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;
}

impl ReadAt for File {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        FileExt::read_at(self, buffer, offset)
    }
}

impl ReadAt for [u8] {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..)).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }
}

impl<T: ReadAt + ?Sized> ReadAt for &T {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        (**self).read_at(buffer, offset)
    }
}

/// A part of a file of that size.
pub(crate) struct ReadBuffer<R> {
    file: R,
    pub size: u64,
    bytes: Vec<u8>,
    offset: u64,
}

impl<R: ReadAt> ReadBuffer<R> {
    /// What is written behind that size meanwhile is not read.
    pub(super) fn new(file: R, size: u64) -> ReadBuffer<R> {
        ReadBuffer { file, size, bytes: Vec::new(), offset: 0 }
    }

    /// The bytes at an offset; fewer where the file ends.
    pub(super) fn bytes(&mut self, offset: u64, length: usize) -> io::Result<&[u8]> {
        let length = self.size.saturating_sub(offset).min(length as u64) as usize;
        let has = |start: u64, window: &[u8]| {
            offset >= start && (offset - start).saturating_add(length as u64) <= window.len() as u64
        };
        if !has(self.offset, &self.bytes) {
            self.fill(offset, length.max(WINDOW))?;
        }
        let start = (offset - self.offset) as usize;
        let end = self.bytes.len().min(start + length);
        Ok(&self.bytes[start..end])
    }

    fn fill(&mut self, offset: u64, length: usize) -> io::Result<()> {
        let length = self.size.saturating_sub(offset).min(length as u64) as usize;
        self.bytes.clear();
        self.bytes.resize(length, 0);
        self.offset = offset;
        let mut read = 0;
        while read < length {
            match self.file.read_at(&mut self.bytes[read..], offset + read as u64) {
                Ok(0) => break,
                Ok(count) => read += count.min(length - read),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.bytes.clear();
                    return Err(error);
                }
            }
        }
        self.bytes.truncate(read);
        Ok(())
    }
}
