//! Buffered reads at arbitrary offsets: nearby reads cost one system call.

use std::io;

/// Bytes per read. Bodies are skipped, so most messages cost one read.
pub(crate) const WINDOW: usize = 4096;

/// A file, or bytes in tests and fuzzing.
pub(crate) trait ReadAt {
    /// Returns 0 at the end.
    ///
    /// # Errors
    ///
    /// Fails if reading fails.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;
}

pub(crate) struct ReadBuffer<R> {
    file: R,
    pub size: u64,
    bytes: Vec<u8>,
    offset: u64,
}

impl<R: ReadAt> ReadBuffer<R> {
    /// Ignores what is appended beyond `size`.
    pub(super) fn new(file: R, size: u64) -> ReadBuffer<R> {
        ReadBuffer { file, size, bytes: Vec::new(), offset: 0 }
    }

    /// Fewer at the end of the file.
    pub(super) fn bytes(&mut self, offset: u64, length: usize) -> io::Result<&[u8]> {
        let length = self.size.saturating_sub(offset).min(length as u64) as usize;
        let end = offset.saturating_add(length as u64);
        if offset < self.offset || end > self.offset.saturating_add(self.bytes.len() as u64) {
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
