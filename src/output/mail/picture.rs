//! A picture of a message, and the identity by which the page shows it.

use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::text::Text;
use mail_builder::mime::MimePart;
use serde::Serialize;

use super::one_line;

/// The longest name of a file, in characters.
const LONGEST_NAME: usize = 80;

/// A PNG shown by the page of a message.
///
/// ```
/// use mailrunway::output::mail::MailPicture;
/// let picture = MailPicture::new("runway of <vmail>", "When vmail is full", vec![0x89, b'P', b'N', b'G']);
/// assert_eq!(picture.file_name(), "runway of _vmail_.png");
/// assert!(picture.cid().ends_with("@mailrunway.invalid"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MailPicture {
    cid: String,
    #[serde(skip)]
    file_name: String,
    #[serde(skip)]
    description: String,
    #[serde(skip)]
    png: Vec<u8>,
}

impl MailPicture {
    /// `name` is that of the file, without an ending.
    pub fn new(name: &str, description: &str, png: Vec<u8>) -> MailPicture {
        let mut mark = Fingerprint::default();
        mark.add(name.as_bytes());
        mark.add(&png);
        // Some clients cache pictures by identity across messages, so it depends on the picture.
        let cid = format!("{}@mailrunway.invalid", mark.digits());
        MailPicture { cid, file_name: file_name(name), description: one_line(description), png }
    }

    /// Its identity in the message (RFC 2392). A page refers to it by `cid:` and the identity, which needs no escaping.
    pub fn cid(&self) -> &str {
        &self.cid
    }

    /// The name under which it is saved.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    pub(crate) fn part(&self) -> MimePart<'_> {
        let with_name =
            |kind: &'static str, name: &'static str| ContentType::new(kind).attribute(name, self.file_name());
        MimePart::new(with_name("image/png", "name"), self.png.as_slice())
            .header("Content-Disposition", with_name("inline", "filename"))
            .header("Content-Description", Text::new(self.description.as_str()))
            .cid(self.cid())
    }
}

/// A file name for every system: without directory, drive, reserved or hidden characters.
fn file_name(name: &str) -> String {
    let name = one_line(name);
    let safe = |c: char| if matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c };
    let name: String = name.chars().map(safe).take(LONGEST_NAME).collect();
    let name = name.trim_matches(|c| c == ' ' || c == '.');
    format!("{}.png", if name.is_empty() { "picture" } else { name })
}

/// FNV-1a of 64 bits (RFC 9923): the same on every machine and in every version.
#[derive(Clone, Copy)]
pub(crate) struct Fingerprint(u64);

impl Default for Fingerprint {
    fn default() -> Self {
        Fingerprint(0xcbf2_9ce4_8422_2325)
    }
}

impl Fingerprint {
    /// Adds a piece and its length.
    pub(crate) fn add(&mut self, piece: &[u8]) {
        for byte in piece.iter().chain(&(piece.len() as u64).to_le_bytes()) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    pub(crate) fn digits(self) -> String {
        format!("{:016x}", self.0)
    }
}
