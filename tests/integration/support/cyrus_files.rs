//! Writes `cyrus.header` and `cyrus.index` (version 17) as Cyrus 3.6 does.

/// The start of `cyrus.header`.
pub const MAGIC: &[u8] = b"\xa1\x02\x8b\x0dCyrus mailbox header\n\
    \"The best thing about this system was that it had lots of goals.\"\n\t--Jim Morris on Andrew\n";

/// The arrival of all mail: noon of 2026-01-05, in unix seconds.
pub const ARRIVED: u32 = 1_767_614_400;

/// The length of the header and of a record of `cyrus.index`.
pub const START: usize = 160;
pub const RECORD: usize = 112;

/// A `cyrus.header` that names its mailbox, such as `example.org!user.ann.Sent`.
pub fn header(name: &str) -> Vec<u8> {
    let fields = format!("%(T e N {name} I 3aczzrd3p5e3oe2ufyte0gyj A %(ann lrswipkxtecdan))\n");
    [MAGIC, fields.as_bytes()].concat()
}

/// A `cyrus.header` from before 3.6, without the name.
pub fn nameless_header() -> Vec<u8> {
    [MAGIC, b"\t3aczzrd3p5e3oe2ufyte0gyj\n\nann\tlrswipkxtecdan\t\n"].concat()
}

/// A `cyrus.index` of messages with these UIDs and sizes.
pub fn index(messages: &[(u32, u32)]) -> Vec<u8> {
    let count = u32::try_from(messages.len()).expect("a test has few messages");
    let mut header = [0; START];
    let quota = messages.iter().map(|message| message.1).sum();
    let last = messages.iter().map(|message| message.0).max().unwrap_or_default();
    for (at, field) in [
        (8, 17),
        (12, START as u32),
        (16, RECORD as u32),
        (20, count),
        (24, ARRIVED),
        (28, last),
        (36, quota),
        (44, ARRIVED),
        (84, count),
    ] {
        put(&mut header, at, field);
    }
    sign(&mut header);
    let mut bytes = header.to_vec();
    for &(uid, size) in messages {
        let mut record = [0; RECORD];
        for (at, field) in [(0, uid), (4, ARRIVED), (8, ARRIVED), (12, size), (16, 40), (20, ARRIVED), (28, ARRIVED)] {
            put(&mut record, at, field);
        }
        put(&mut record, 52, ARRIVED);
        sign(&mut record);
        bytes.extend(record);
    }
    bytes
}

/// Writes a big-endian field.
pub fn put(bytes: &mut [u8], at: usize, field: u32) {
    bytes[at..at + 4].copy_from_slice(&field.to_be_bytes());
}

/// Writes the checksum at the end of a header or a record.
pub fn sign(bytes: &mut [u8]) {
    let end = bytes.len() - 4;
    let sum = crc32(&bytes[..end]);
    put(bytes, end, sum);
}

/// The CRC-32 of zlib.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    })
}
