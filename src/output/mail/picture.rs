//! A picture that goes with a message, and the identity by which the page shows it.

use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::text::Text;
use mail_builder::mime::MimePart;

use super::one_line;

/// The longest name of a file, in characters.
const LONGEST_NAME: usize = 80;

/// A PNG that a message's page shows.
///
/// ```
/// use mailrunway::report::mail::MailPicture;
/// let picture = MailPicture::new("runway of <vmail>", "When vmail is full", vec![0x89, b'P', b'N', b'G']);
/// assert_eq!(picture.file_name(), "runway of _vmail_.png");
/// assert!(picture.source().starts_with("cid:") && picture.source().ends_with("@mailrunway.invalid"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailPicture {
    cid: String,
    file_name: String,
    description: String,
    png: Vec<u8>,
}

impl MailPicture {
    /// A picture by the name that its file gets, without an ending, what it shows, and its bytes as PNG.
    pub fn new(name: &str, description: &str, png: Vec<u8>) -> MailPicture {
        let mut mark = Fingerprint::default();
        mark.add(name.as_bytes());
        mark.add(&png);
        // Some clients keep pictures by identity across messages: another picture is another identity. No page of names
        // and no host is in it, so nothing in it has to be escaped.
        let cid = format!("{}@mailrunway.invalid", mark.digits());
        MailPicture { cid, file_name: file_name(name), description: one_line(description), png }
    }

    /// Its identity in the message (RFC 2392).
    pub fn cid(&self) -> &str {
        &self.cid
    }

    /// How a page refers to it: `cid:` and the identity. It needs no escaping in HTML.
    pub fn source(&self) -> String {
        format!("cid:{}", self.cid)
    }

    /// The name under which it is saved.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// What it shows, in one line.
    pub fn description(&self) -> &str {
        &self.description
    }

    pub(crate) fn part(&self) -> MimePart<'_> {
        let with_name =
            |kind: &'static str, name: &'static str| ContentType::new(kind).attribute(name, self.file_name());
        MimePart::new(with_name("image/png", "name"), self.png.as_slice())
            .header("Content-Disposition", with_name("inline", "filename"))
            .header("Content-Description", Text::new(self.description()))
            .cid(self.cid())
    }
}

/// A name that every system saves a file under: no directory, no drive, no reserved or hidden character.
fn file_name(name: &str) -> String {
    let name = one_line(name);
    let safe = |c: char| if matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c };
    let name: String = name.chars().map(safe).take(LONGEST_NAME).collect();
    let name = name.trim_matches(|c| c == ' ' || c == '.');
    format!("{}.png", if name.is_empty() { "picture" } else { name })
}

/// Sixteen digits that stand for what was added. FNV-1a of 64 bits: the same on every machine and in every version.
/// Source: RFC 9923.
#[derive(Clone, Copy)]
pub(crate) struct Fingerprint(u64);

impl Default for Fingerprint {
    fn default() -> Self {
        Fingerprint(0xcbf2_9ce4_8422_2325)
    }
}

impl Fingerprint {
    /// Adds a piece; where it ends tells too.
    pub(crate) fn add(&mut self, piece: &[u8]) {
        for byte in piece.iter().chain(&(piece.len() as u64).to_le_bytes()) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    pub(crate) fn digits(self) -> String {
        format!("{:016x}", self.0)
    }
}
