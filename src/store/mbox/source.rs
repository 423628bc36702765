//! Sources of an mbox's bytes: a file of known size, or a compressed stream.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, Take};
use std::os::unix::fs::FileExt;

use super::messages::LookAhead;

const CHUNK: usize = 128 << 10;

/// Limit of looking ahead in a compressed mbox.
const LOOK_AHEAD: usize = 16 << 20;

/// Zstandard's own limit of a stream's window: 128 MiB.
const WINDOW_LOG: u32 = 27;

/// Gzip expands a file at most 1,032 times; more is an attack.
const MOST_TIMES: u64 = 1_100;

/// Allowance for small files.
const MOST_EXTRA: u64 = 1 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Gzip,
    Zstd,
    /// A format that this program cannot read, by its name.
    Unreadable(&'static str),
}

impl Compression {
    pub(super) fn detect(head: &[u8]) -> Compression {
        let magics: [(&[u8], Compression); 6] = [
            (b"\x1f\x8b\x08", Compression::Gzip),
            (b"\x28\xb5\x2f\xfd", Compression::Zstd),
            (b"BZh", Compression::Unreadable("bzip2")),
            (b"\xfd7zXZ\0", Compression::Unreadable("xz")),
            (b"Dovecot-LZ4\r*\x9b\xc5", Compression::Unreadable("lz4")),
            (b"\x04\x22\x4d\x18", Compression::Unreadable("lz4")),
        ];
        magics.into_iter().find(|(magic, _)| head.starts_with(magic)).map_or(Compression::None, |(_, found)| found)
    }
}

/// Limit of decompressed bytes.
pub(super) fn decompression_limit(compressed: u64) -> u64 {
    compressed.saturating_mul(MOST_TIMES).saturating_add(MOST_EXTRA)
}

/// The uncompressed content.
///
/// # Errors
///
/// Fails if the format is not readable, or memory is short.
pub(super) fn unpack(file: &File, size: u64, compression: Compression) -> io::Result<Box<dyn Read + '_>> {
    let plain = PlainFile::new(file, size)?;
    match compression {
        Compression::Gzip => Ok(Box::new(flate2::bufread::MultiGzDecoder::new(plain))),
        Compression::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(plain)?;
            decoder.window_log_max(WINDOW_LOG)?;
            Ok(Box::new(decoder))
        }
        _ => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// A file up to a known size.
#[derive(Debug)]
pub(super) struct PlainFile<'a> {
    file: &'a File,
    size: u64,
    reader: BufReader<Take<&'a File>>,
}

impl<'a> PlainFile<'a> {
    /// Reads from the start of the file.
    ///
    /// # Errors
    ///
    /// Fails if the file's position cannot be set.
    pub(super) fn new(mut file: &'a File, size: u64) -> io::Result<Self> {
        file.rewind()?;
        Ok(PlainFile { file, size, reader: BufReader::with_capacity(CHUNK, file.take(size)) })
    }
}

impl Read for PlainFile<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.reader.read(into)
    }
}

impl BufRead for PlainFile<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.reader.consume(amount);
    }
}

impl LookAhead for PlainFile<'_> {
    fn ahead(&mut self, distance: u64, into: &mut [u8]) -> io::Result<usize> {
        let left = self.reader.get_ref().limit().saturating_add(self.reader.buffer().len() as u64);
        let there = left.saturating_sub(distance);
        let most = into.len().min(usize::try_from(there).unwrap_or(usize::MAX));
        self.file.read_at(into.get_mut(..most).unwrap_or_default(), self.size.saturating_sub(there))
    }
}

/// A forward-only stream that buffers what it looked ahead at.
#[derive(Debug)]
pub(super) struct DecompressedStream<R> {
    inner: BufReader<R>,
    kept: Vec<u8>,
    taken: usize,
}

impl<R: Read> DecompressedStream<R> {
    pub(super) fn new(inner: R) -> Self {
        DecompressedStream { inner: BufReader::with_capacity(CHUNK, inner), kept: Vec::new(), taken: 0 }
    }

    fn rest(&self) -> &[u8] {
        self.kept.get(self.taken..).unwrap_or(&[])
    }
}

impl<R: Read> Read for DecompressedStream<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: Read> BufRead for DecompressedStream<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken < self.kept.len() { Ok(self.rest()) } else { self.inner.fill_buf() }
    }

    fn consume(&mut self, amount: usize) {
        if self.taken < self.kept.len() {
            self.taken = self.taken.saturating_add(amount).min(self.kept.len());
        } else {
            self.inner.consume(amount);
        }
    }
}

impl<R: Read> LookAhead for DecompressedStream<R> {
    fn ahead(&mut self, distance: u64, into: &mut [u8]) -> io::Result<usize> {
        let Some(distance) = usize::try_from(distance).ok().filter(|&distance| distance <= LOOK_AHEAD) else {
            return Ok(0);
        };
        let wanted = distance.saturating_add(into.len());
        let missing = wanted.saturating_sub(self.rest().len());
        if missing > 0 {
            // Move the buffer only when reading more than it holds.
            self.kept.drain(..self.taken.min(self.kept.len()));
            self.taken = 0;
            // Read at least a chunk, so that short messages do not move the same bytes repeatedly.
            self.inner
                .by_ref()
                .take(missing.max(LOOK_AHEAD.min(self.kept.len())) as u64)
                .read_to_end(&mut self.kept)?;
        }
        self.rest().get(distance..).unwrap_or(&[]).read(into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file_of(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    #[test]
    fn a_file_is_read_up_to_its_known_size() {
        let file = file_of(b"seven bytes and more");
        let mut plain = PlainFile::new(&file, 11).unwrap();
        let mut there = [0; 8];
        assert_eq!((plain.ahead(6, &mut there).unwrap(), &there[..5]), (5, &b"bytes"[..]));
        let mut text = String::new();
        plain.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), plain.ahead(1, &mut there).unwrap()), ("seven bytes", 0));
    }

    #[test]
    fn looking_ahead_does_not_consume_the_stream() {
        let mut stream = DecompressedStream::new(&b"0123456789"[..]);
        let mut there = [0; 3];
        assert_eq!((stream.ahead(4, &mut there).unwrap(), &there), (3, b"456"));
        let mut two = [0; 2];
        stream.read_exact(&mut two).unwrap();
        assert_eq!((stream.ahead(7, &mut there).unwrap(), there[0]), (1, b'9'));
        assert_eq!(stream.ahead(u64::MAX, &mut there).unwrap(), 0);
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        assert_eq!((&two, text.as_str()), (b"01", "23456789"));
    }

    #[test]
    fn compressed_files_are_recognised_by_their_first_bytes() {
        let packed = zstd::encode_all(&b"From a"[..], 0).unwrap();
        let compression = Compression::detect(&packed);
        let file = file_of(&packed);
        let mut text = String::new();
        unpack(&file, packed.len() as u64, compression).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!((compression, text.as_str()), (Compression::Zstd, "From a"));
        assert_eq!(Compression::detect(b"BZh91AY"), Compression::Unreadable("bzip2"));
        assert_eq!(Compression::detect(b"From a"), Compression::None);
        assert!(
            unpack(&file, 9, Compression::Unreadable("xz")).is_err()
                && decompression_limit(u64::MAX) == u64::MAX
                && decompression_limit(10) == 1_059_576
        );
    }
}
