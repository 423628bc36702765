//! Writes a transaction log of Dovecot (`dovecot.index.log`), record by record.

/// The kinds of records, with the bit that says the change was made outside of the index.
const EXTERNAL: u32 = 0x1000_0000;
const APPEND: u32 = 0x2;
const HEADER: u32 = 0x20;
const INTRO: u32 = 0x40;
const EXTENSION_HEADER: u32 = 0x100;
const EXTENSION_RECORD: u32 = 0x200;

/// The id that a log and its index share.
const INDEX_ID: u32 = 0x6b05_da4d;

/// A log under construction.
pub struct IndexLog {
    bytes: Vec<u8>,
}

impl IndexLog {
    /// A log with only the record of its UIDVALIDITY.
    pub fn new() -> IndexLog {
        let mut bytes = vec![1, 3, 40, 0];
        for field in [INDEX_ID, 2, 0, 0, INDEX_ID, 1, 0, 1, 0] {
            bytes.extend(field.to_le_bytes());
        }
        let mut log = IndexLog { bytes };
        log.record(
            HEADER | EXTERNAL,
            [&24_u16.to_le_bytes()[..], &4_u16.to_le_bytes(), &INDEX_ID.to_le_bytes()].concat(),
        );
        log
    }

    /// Adds messages.
    pub fn append(mut self, uids: &[u32]) -> IndexLog {
        let body = uids.iter().flat_map(|uid| [uid.to_le_bytes(), [0; 4]].concat()).collect();
        self.record(APPEND | EXTERNAL, body);
        self
    }

    /// Introduces an extension with this header and record length.
    pub fn extension(mut self, name: &str, header: &[u8], record: u16) -> IndexLog {
        let mut body = [u32::MAX, 0, length(header)].map(u32::to_le_bytes).concat();
        let align = if record == 0 { 0 } else { record.min(4) };
        let name_length = u16::try_from(name.len()).expect("names are short");
        for field in [record, align, 1, name_length] {
            body.extend(field.to_le_bytes());
        }
        body.extend(name.bytes());
        self.record(INTRO | EXTERNAL, body);
        if !header.is_empty() {
            let length = u16::try_from(header.len()).expect("headers are short");
            self.record(EXTENSION_HEADER | EXTERNAL, [&[0, 0], &length.to_le_bytes()[..], header].concat());
        }
        self
    }

    /// Sets the record of the last extension for a message.
    pub fn holds(mut self, uid: u32, record: &[u8]) -> IndexLog {
        self.record(EXTENSION_RECORD | EXTERNAL, [&uid.to_le_bytes(), record].concat());
        self
    }

    /// The file.
    pub fn bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Writes a record: its length in 4-byte words at 7 bits a byte, its kind and its body.
    fn record(&mut self, kind: u32, mut body: Vec<u8>) {
        body.resize(body.len().next_multiple_of(4), 0);
        let words = (length(&body) + 8) / 4;
        self.bytes.extend([21, 14, 7, 0].map(|shift| 0x80 | (words >> shift & 0x7f) as u8));
        self.bytes.extend(kind.to_le_bytes());
        self.bytes.extend(body);
    }
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).expect("the records of these tests are small")
}
