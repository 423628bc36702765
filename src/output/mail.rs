//! The report as a mail message of text, page and pictures, for `sendmail -t -oi`.

mod address;
mod own;
mod picture;
#[cfg(test)]
mod tests;

pub use address::Address;
pub use own::{OwnMailbox, own_mailboxes};
pub use picture::MailPicture;

use jiff::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address as AddressHeader;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::MimePart;

use crate::model::error::{Error, Result};
use crate::model::escape;

/// The headers.
#[derive(Clone, Debug)]
pub struct MailHead {
    /// The recipients: at least one.
    pub to: Vec<Address>,
    /// The sender.
    pub from: Address,
    /// The subject; hostile names cannot add lines.
    pub subject: String,
    /// The date.
    pub date: Timestamp,
    /// The host, for the message's identity.
    pub host: String,
}

/// A message in UTF-8 with LF line ends. The same parts give the same bytes.
///
/// It is `multipart/alternative` of the text and `multipart/related` of the page and its pictures (RFC 2046, RFC 2387):
/// readers of the text see no attachments, and the page refers to its pictures by their [`MailPicture::cid`].
///
/// # Errors
/// If there is no recipient.
pub fn message(head: &MailHead, text: &str, page: &str, pictures: &[MailPicture]) -> Result<Vec<u8>> {
    if head.to.is_empty() {
        return Err(Error::usage("the message has no recipient").hint("name one with --to ADDRESS"));
    }
    let (text, page) = (whole_lines(text), whole_lines(page));
    let mark = fingerprint(head, &text, &page, pictures);
    let boundary = boundary(&mark, &[&text, &page]);
    let body = alternative(&boundary, &text, &page, pictures);
    let message = MessageBuilder::new()
        .date(Date::new(head.date.as_second()))
        .from(header(&head.from))
        .to(AddressHeader::new_list(head.to.iter().map(header).collect()))
        .header("Subject", subject(&one_line(&head.subject)))
        .message_id(format!("{}.{mark}@{}", head.date.as_second(), host_name(&head.host)))
        // Prevents automatic replies (RFC 3834).
        .header("Auto-Submitted", Raw::new("auto-generated"))
        .header("MIME-Version", Raw::new("1.0"))
        .header("User-Agent", Raw::new(concat!("mailrunway/", env!("CARGO_PKG_VERSION"))))
        .body(body);
    let mut bytes = Vec::new();
    message.serialize(&mut bytes);
    // `sendmail` expects LF and converts it to CRLF; some, such as Exim without `drop_cr`, take a CR for a part of the
    // line. Inside a line there is no CR, see `whole_lines`.
    bytes.retain(|&byte| byte != b'\r');
    Ok(bytes)
}

fn alternative<'a>(boundary: &str, text: &'a str, page: &'a str, pictures: &'a [MailPicture]) -> MimePart<'a> {
    let of_several = |kind: &'static str| ContentType::new(format!("multipart/{kind}"));
    let page = MimePart::new("text/html", page);
    let shown = match pictures {
        [] => page,
        _ => {
            let related = of_several("related").attribute("type", "text/html");
            let related = related.attribute("boundary", format!("{boundary}_related"));
            let parts: Vec<_> = [page].into_iter().chain(pictures.iter().map(MailPicture::part)).collect();
            MimePart::new(related, parts)
        }
    };
    let alternative = of_several("alternative").attribute("boundary", format!("{boundary}_alternative"));
    MimePart::new(alternative, vec![MimePart::new("text/plain", text), shown])
}

fn header(address: &Address) -> AddressHeader<'_> {
    AddressHeader::new_address(address.name(), address.mailbox())
}

/// Text for one line of a header, without control, hidden and direction characters, and without encoded words (RFC 2047),
/// which could contain them.
fn one_line(text: &str) -> String {
    escape::printable(text).replace("=?", "\\x3d?")
}

/// Characters of a word that fits on the line of `Subject: `, which has 78 at most (RFC 5322, 2.1.1).
const LONGEST_WORD: usize = 69;

/// A subject that is only folded if it is ASCII, however long, and otherwise encoded (RFC 2047): spam filters count it
/// against a message that encodes without need. `mail_builder` encodes all that is longer than a line.
fn subject(text: &str) -> HeaderType<'static> {
    let is_plain = |word: &str| (1..=LONGEST_WORD).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_graphic());
    match text.split(' ').all(is_plain) {
        true => Raw::new(text.to_owned()).into(),
        false => Text::new(text.to_owned()).into(),
    }
}

/// Text in whole lines without control characters, which could control a reader's terminal.
fn whole_lines(text: &str) -> String {
    let mut lines = String::with_capacity(text.len() + 1);
    for line in text.lines() {
        lines.extend(line.chars().map(|c| if c.is_control() && c != '\t' { char::REPLACEMENT_CHARACTER } else { c }));
        lines.push('\n');
    }
    lines
}

/// The host as a domain, without invalid characters: the identity need not be a real name.
fn host_name(host: &str) -> String {
    let kept = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let labels = host.split('.').map(|label| label.chars().filter(kept).take(63).collect::<String>());
    let labels: Vec<String> = labels.filter(|label| !label.is_empty()).take(4).collect();
    if labels.is_empty() { "localhost".to_owned() } else { labels.join(".") }
}

/// The boundary of the parts, which no text contains. Base64 and quoted-printable never contain `=_` (RFC 2045).
fn boundary(mark: &str, texts: &[&str]) -> String {
    let mut boundary = format!("=_{mark}");
    while texts.iter().any(|text| text.contains(&boundary)) {
        boundary.push('_');
    }
    boundary
}

/// Sixteen digits that depend on the whole message.
fn fingerprint(head: &MailHead, text: &str, page: &str, pictures: &[MailPicture]) -> String {
    let mut mark = picture::Fingerprint::default();
    for address in head.to.iter().chain([&head.from]) {
        mark.add(address.to_string().as_bytes());
    }
    for piece in [&head.subject, text, page] {
        mark.add(piece.as_bytes());
    }
    mark.add(&head.date.as_second().to_le_bytes());
    for picture in pictures {
        mark.add(picture.cid().as_bytes());
    }
    mark.digits()
}
