//! The bytes of an mbox: files recognised by their first bytes, and read as they are or decompressed.

use std::io::{self, BufRead, BufReader, Read};

use super::from_line::{FromLine, begins_mbox};
use super::messages::LookAhead;
use crate::store::content::{ContentReader, StoreFile};
use crate::store::reader::FileEntry;

/// Bytes that tell whether a file is an mbox.
pub(crate) const HEAD_BYTES: usize = 256;

/// A `From ` line may have a long sender.
const LONG_HEAD_BYTES: usize = 4 << 10;

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
pub(super) enum MboxCompression {
    None,
    Gzip,
    Zstd,
    /// A format that this program cannot read, by its name.
    Unreadable(&'static str),
}

impl MboxCompression {
    pub(super) fn detect(head: &[u8]) -> MboxCompression {
        let magics: [(&[u8], MboxCompression); 6] = [
            (b"\x1f\x8b\x08", MboxCompression::Gzip),
            (b"\x28\xb5\x2f\xfd", MboxCompression::Zstd),
            (b"BZh", MboxCompression::Unreadable("bzip2")),
            (b"\xfd7zXZ\0", MboxCompression::Unreadable("xz")),
            (b"Dovecot-LZ4\r*\x9b\xc5", MboxCompression::Unreadable("lz4")),
            (b"\x04\x22\x4d\x18", MboxCompression::Unreadable("lz4")),
        ];
        magics.into_iter().find(|(magic, _)| head.starts_with(magic)).map_or(MboxCompression::None, |(_, found)| found)
    }
}

/// Whether a file is an mbox that was compressed; such a file is decompressed a little.
pub(crate) fn recognise_compressed(file: &StoreFile, size: u64) -> bool {
    let compression = MboxCompression::detect(&file.head(HEAD_BYTES).unwrap_or_default());
    if !matches!(compression, MboxCompression::Gzip | MboxCompression::Zstd) {
        return false;
    }
    let mut first = Vec::new();
    // Bytes before an error count.
    let _ = unpack(file, size, compression).and_then(|content| content.take(HEAD_BYTES as u64).read_to_end(&mut first));
    begins_mbox(&first)
}

/// `None` if it is not an mbox. An empty file is not opened.
pub(super) fn open(entry: &FileEntry) -> io::Result<Option<(StoreFile, MboxCompression)>> {
    if entry.facts.size == 0 {
        return Ok(None);
    }
    let file = entry.open()?;
    let head = file.head(LONG_HEAD_BYTES)?;
    let compression = MboxCompression::detect(&head);
    let is_mbox = match compression {
        MboxCompression::None => FromLine::parse(head.split(|&byte| byte == b'\n').next().unwrap_or(&head)).is_some(),
        MboxCompression::Gzip | MboxCompression::Zstd => recognise_compressed(&file, entry.facts.size),
        MboxCompression::Unreadable(_) => is_named_so(entry.name),
    };
    Ok(is_mbox.then_some((file, compression)))
}

/// Whether an unreadable compressed file is a folder by its name, and not an archive.
fn is_named_so(name: &[u8]) -> bool {
    let endings: [&[u8]; 3] = [b".bz2", b".xz", b".lz4"];
    endings.iter().any(|ending| name.strip_suffix(*ending).is_some_and(|name| !name.ends_with(b".tar")))
}

/// Length of a stream up to its end or first error.
pub(super) fn length(mut stream: impl Read) -> (u64, io::Result<()>) {
    let (mut total, mut buffer) = (0u64, vec![0; 64 << 10]);
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return (total, Ok(())),
            Ok(read) => total = total.saturating_add(read as u64),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (total, Err(error)),
        }
    }
}

/// Limit of decompressed bytes.
pub(super) fn decompression_limit(compressed: u64) -> u64 {
    compressed.saturating_mul(MOST_TIMES).saturating_add(MOST_EXTRA)
}

/// The uncompressed content, up to the first hole.
///
/// # Errors
///
/// Fails if the format is not readable, or memory is short.
pub(super) fn unpack(file: &StoreFile, size: u64, compression: MboxCompression) -> io::Result<Box<dyn Read + '_>> {
    let plain = ContentReader::new(file, size);
    match compression {
        MboxCompression::Gzip => Ok(Box::new(flate2::bufread::MultiGzDecoder::new(plain))),
        MboxCompression::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(plain)?;
            decoder.window_log_max(WINDOW_LOG)?;
            Ok(Box::new(decoder))
        }
        _ => Err(io::ErrorKind::Unsupported.into()),
    }
}

impl LookAhead for ContentReader<'_> {
    fn ahead(&mut self, distance: u64, into: &mut [u8]) -> io::Result<usize> {
        self.read_ahead(distance, into)
    }

    fn skip_hole(&mut self) -> io::Result<u64> {
        ContentReader::skip_hole(self)
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
    use crate::model::cancel::Cancel;
    use std::io::Write;

    fn file_of(bytes: &[u8]) -> StoreFile {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        StoreFile::new(file, &Cancel::never())
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
        let compression = MboxCompression::detect(&packed);
        let file = file_of(&packed);
        let mut text = String::new();
        unpack(&file, packed.len() as u64, compression).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!((compression, text.as_str()), (MboxCompression::Zstd, "From a"));
        assert_eq!(MboxCompression::detect(b"BZh91AY"), MboxCompression::Unreadable("bzip2"));
        assert_eq!(MboxCompression::detect(b"From a"), MboxCompression::None);
        assert!(
            unpack(&file, 9, MboxCompression::Unreadable("xz")).is_err()
                && decompression_limit(u64::MAX) == u64::MAX
                && decompression_limit(10) == 1_059_576
        );
    }

    const MBOX: &[u8] = b"From a@b  Thu Nov 29 22:33:52 2001\nA: b\n\nc\n";

    fn is_compressed_mbox(bytes: &[u8]) -> bool {
        recognise_compressed(&file_of(bytes), bytes.len() as u64)
    }

    #[test]
    fn compressed_mboxes_are_recognised_by_their_content() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(MBOX).unwrap();
        let gzip = gzip.finish().unwrap();
        assert!(is_compressed_mbox(&gzip));
        assert!(is_compressed_mbox(&zstd::encode_all(MBOX, 0).unwrap()));
        assert!(!is_compressed_mbox(&zstd::encode_all(&b"a letter"[..], 0).unwrap()));
        assert!(!is_compressed_mbox(MBOX) && !is_compressed_mbox(gzip.get(..12).unwrap()) && !is_compressed_mbox(b""));
    }

    #[test]
    fn formats_that_cannot_be_decompressed_are_recognised_by_name() {
        assert!(is_named_so(b"2019.bz2") && is_named_so(b"a.xz"));
        assert!(!is_named_so(b"mail.tar.xz") && !is_named_so(b"bz2"));
    }

    #[test]
    fn the_length_of_a_broken_stream_ends_at_the_error() {
        struct Broken(usize);
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                self.0 = self.0.checked_sub(1).ok_or(io::ErrorKind::UnexpectedEof)?;
                Ok(7)
            }
        }
        let (total, outcome) = length(Broken(3));
        assert_eq!((total, outcome.unwrap_err().kind()), (21, io::ErrorKind::UnexpectedEof));
        assert_eq!(length(&b"12345"[..]).0, 5);
    }
}
