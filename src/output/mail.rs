//! The report as a mail message of text, page and pictures, which `sendmail -t -oi` takes as it is.

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
use mail_builder::headers::address::Address as AddressHeader;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::MimePart;

use crate::model::error::{Error, Result};
use crate::model::escape;

/// What stands above the text.
#[derive(Clone, Debug)]
pub struct MailHead {
    /// To whom it goes: at least one.
    pub to: Vec<Address>,
    /// From whom it comes.
    pub from: Address,
    /// What it is about, in one line; whatever names it holds, it becomes no other line.
    pub subject: String,
    /// When it was written.
    pub date: Timestamp,
    /// The machine that writes it, for the message's identity.
    pub host: String,
}

/// A message in UTF-8 with the ends of lines that files on this machine have. The same parts give the same bytes.
///
/// It is `multipart/alternative` of the text and `multipart/related` of the page and its pictures (RFC 2046, RFC 2387):
/// who reads text sees no attachments, and who sees the page finds the pictures by their `cid:`. The page refers to one
/// as [`MailPicture::source`] says.
///
/// # Errors
/// If there is nobody to send it to.
pub fn message(head: &MailHead, text: &str, page: &str, pictures: &[MailPicture]) -> Result<Vec<u8>> {
    if head.to.is_empty() {
        return Err(Error::usage("a message needs somebody to go to").hint("say to whom: --to ADDRESS"));
    }
    let (text, page) = (whole_lines(text), whole_lines(page));
    let mark = fingerprint(head, &text, &page, pictures);
    let boundary = boundary(&mark, &[&text, &page]);
    let body = alternative(&boundary, &text, &page, pictures);
    let message = MessageBuilder::new()
        .date(Date::new(head.date.as_second()))
        .from(header(&head.from))
        .to(AddressHeader::new_list(head.to.iter().map(header).collect()))
        .subject(one_line(&head.subject))
        .message_id(format!("{}.{mark}@{}", head.date.as_second(), host_name(&head.host)))
        // Asks robots for silence (RFC 3834): nobody's holiday is to answer a report.
        .header("Auto-Submitted", Raw::new("auto-generated"))
        .header("MIME-Version", Raw::new("1.0"))
        .header("User-Agent", Raw::new(concat!("mailrunway/", env!("CARGO_PKG_VERSION"))))
        .body(body);
    let mut bytes = Vec::new();
    message.serialize(&mut bytes);
    // `sendmail` is given a file of this machine and makes CRLF of its lines on the way; to some, such as Exim without
    // `drop_cr`, a CR that is there already is part of the line. Inside a line there is none, see `whole_lines`.
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

/// Text as one line of a header: nothing in it ends the line, hides, or turns the direction of reading, and nothing is
/// taken for an encoded word (RFC 2047), in which a reader would find all that again.
fn one_line(text: &str) -> String {
    escape::printable(text).replace("=?", "\\x3d?")
}

/// Text in whole lines without control characters, which have no place in mail and make a reader's terminal obey.
fn whole_lines(text: &str) -> String {
    let mut lines = String::with_capacity(text.len() + 1);
    for line in text.lines() {
        lines.extend(line.chars().map(|c| if c.is_control() && c != '\t' { char::REPLACEMENT_CHARACTER } else { c }));
        lines.push('\n');
    }
    lines
}

/// The name of a machine as a domain; of others what is left of it, as the identity need not name anybody.
fn host_name(host: &str) -> String {
    let kept = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let labels = host.split('.').map(|label| label.chars().filter(kept).take(63).collect::<String>());
    let labels: Vec<String> = labels.filter(|label| !label.is_empty()).take(4).collect();
    if labels.is_empty() { "localhost".to_owned() } else { labels.join(".") }
}

/// What ends the parts. No line of text begins with it by chance, nor on purpose; Base64 and quoted-printable never hold
/// the `=_` (RFC 2045).
fn boundary(mark: &str, texts: &[&str]) -> String {
    let mut boundary = format!("=_{mark}");
    while texts.iter().any(|text| text.contains(&boundary)) {
        boundary.push('_');
    }
    boundary
}

/// Sixteen digits by which two messages differ, found from all that they say.
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
