//! Recognises mbox files and their compression by the first bytes.

use std::fs::File;
use std::io::{self, Read};

use super::from_line::{FromLine, begins_mbox};
use super::source::{Compression, unpack};
use crate::store::reader::{FileEntry, read_head};

/// Bytes that tell whether a file is an mbox.
pub(crate) const HEAD_BYTES: usize = 256;

/// A `From ` line may have a long sender.
const LONG_HEAD_BYTES: usize = 4 << 10;

/// Whether a file is an mbox that was compressed; such a file is decompressed a little.
pub(crate) fn recognise_compressed(file: &File, size: u64) -> bool {
    let compression = Compression::detect(&read_head(file, HEAD_BYTES));
    if !matches!(compression, Compression::Gzip | Compression::Zstd) {
        return false;
    }
    let mut first = Vec::new();
    // Bytes before an error count.
    let _ = unpack(file, size, compression).and_then(|content| content.take(HEAD_BYTES as u64).read_to_end(&mut first));
    begins_mbox(&first)
}

/// `None` if it is not an mbox. An empty file is not opened.
pub(super) fn open(entry: &FileEntry) -> io::Result<Option<(File, Compression)>> {
    if entry.facts.size == 0 {
        return Ok(None);
    }
    let file = entry.open()?;
    let head = read_head(&file, LONG_HEAD_BYTES);
    let compression = Compression::detect(&head);
    let is_mbox = match compression {
        Compression::None => FromLine::parse(head.split(|&byte| byte == b'\n').next().unwrap_or(&head)).is_some(),
        Compression::Gzip | Compression::Zstd => recognise_compressed(&file, entry.facts.size),
        Compression::Unreadable(_) => is_named_so(entry.name),
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const MBOX: &[u8] = b"From a@b  Thu Nov 29 22:33:52 2001\nA: b\n\nc\n";

    fn is_compressed_mbox(bytes: &[u8]) -> bool {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        recognise_compressed(&file, bytes.len() as u64)
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
