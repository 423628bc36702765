//! Messages of the demo, with header, text and sometimes an attachment.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

const SENDERS: [&str; 6] = [
    "newsletter@shop.example",
    "Liu Wei <liu.wei@partner.example>",
    "Support <support@vendor.example>",
    "Maria Rossi <m.rossi@client.example>",
    "no-reply@ci.example",
    "=?UTF-8?Q?J=C3=BCrgen_Kr=C3=BCger?= <jk@verein.example>",
];
const SUBJECTS: [&str; 6] = [
    "Minutes of Tuesday",
    "Re: Offer 2041",
    "Invoice",
    "Build failed",
    "Holiday photos",
    "=?UTF-8?Q?Termin_am_Freitag_=E2=80=93_R=C3=BCckfrage?=",
];
const WORDS: [&str; 16] = [
    "the", "offer", "for", "your", "server", "arrives", "on", "Monday", "please", "check", "attached", "list", "and",
    "call", "me", "back",
];
/// Base64 lines are 76 characters long (RFC 2045).
const LINE: usize = 76;
/// One message in this many has an attachment.
const ATTACHMENT_ONE_IN: u32 = 12;

#[derive(Debug)]
pub(super) struct DemoMessage {
    pub arrived: Timestamp,
    /// With LF line ends.
    pub bytes: Vec<u8>,
}

impl DemoMessage {
    /// A message of ordinary size: some KiB of text, sometimes an attachment of some hundred KiB.
    pub(super) fn random(to: &str, day: Date, rng: &mut ChaCha8Rng) -> DemoMessage {
        // Log-normal, as sizes of mail are: median 3 kB, one in forty above 20 kB.
        let normal: f64 = rng.sample(rand_distr::StandardNormal);
        let text = (3_000.0 * normal.exp()).clamp(200.0, 120_000.0) as u64;
        let attachment = match rng.random_range(0..ATTACHMENT_ONE_IN) {
            0 => rng.random_range(10_000..120_000),
            _ => 0,
        };
        DemoMessage::build(to, day, text, attachment, rng)
    }

    /// A message with an attachment of about this size.
    pub(super) fn with_attachment(to: &str, day: Date, bytes: u64, rng: &mut ChaCha8Rng) -> DemoMessage {
        DemoMessage::build(to, day, 600, bytes, rng)
    }

    fn build(to: &str, day: Date, text: u64, attachment: u64, rng: &mut ChaCha8Rng) -> DemoMessage {
        let midnight = day.to_zoned_datetime(TimeZone::UTC).map_or(0, |zoned| zoned.timestamp().as_second());
        let second = midnight + rng.random_range(6 * 3_600..20 * 3_600);
        let arrived = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
        let mut mail = head(to, arrived, rng);
        if attachment > 0 {
            mail.push_str("Content-Type: multipart/mixed; boundary=\"next-part\"\n\n--next-part\n");
        }
        mail.push_str("Content-Type: text/plain; charset=utf-8\n\n");
        prose(&mut mail, text, rng);
        if attachment > 0 {
            mail.push_str("\n--next-part\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n");
            mail.push_str("Content-Disposition: attachment; filename=\"drafts.zip\"\n\n");
            base64(&mut mail, attachment, rng);
            mail.push_str("--next-part--\n");
        }
        DemoMessage { arrived, bytes: mail.into_bytes() }
    }
}

fn head(to: &str, arrived: Timestamp, rng: &mut ChaCha8Rng) -> String {
    let date = arrived.strftime("%a, %d %b %Y %H:%M:%S +0000");
    let id: u64 = rng.random();
    let sender = SENDERS[rng.random_range(0..SENDERS.len())];
    let subject = SUBJECTS[rng.random_range(0..SUBJECTS.len())];
    format!(
        "Return-Path: <bounces@mta.example>\n\
         Received: from mta.example by demo with LMTP id {id:016x}; {date}\n\
         From: {sender}\nTo: {to}\nSubject: {subject}\nDate: {date}\nMessage-ID: <{id:016x}@mta.example>\n\
         MIME-Version: 1.0\n"
    )
}

fn prose(mail: &mut String, bytes: u64, rng: &mut ChaCha8Rng) {
    let end = mail.len() + bytes as usize;
    let mut column = 0;
    while mail.len() < end {
        let word = WORDS[rng.random_range(0..WORDS.len())];
        mail.push_str(word);
        column += word.len() + 1;
        mail.push(if column > 66 { '\n' } else { ' ' });
        column = if column > 66 { 0 } else { column };
    }
    mail.push('\n');
}

fn base64(mail: &mut String, bytes: u64, rng: &mut ChaCha8Rng) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // A repeated line would shrink on a file system that compresses.
    for _ in 0..bytes / (LINE as u64 + 1) {
        for _ in 0..LINE / 10 {
            let mut bits: u64 = rng.random();
            for _ in 0..10 {
                mail.push(char::from(DIGITS[(bits & 63) as usize]));
                bits >>= 6;
            }
        }
        mail.push_str("AAAAA+\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use rand::SeedableRng;

    #[test]
    fn a_message_has_headers_a_body_and_roughly_its_size() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let message = DemoMessage::with_attachment("a@b.example", date(2026, 11, 23), 1_000_000, &mut rng);
        let text = String::from_utf8(message.bytes).unwrap();
        let (header, body) = text.split_once("\n\n").unwrap();
        assert!(header.contains("\nTo: a@b.example\n") && header.contains("\nDate: Mon, 23 Nov 2026 "), "{header}");
        assert!(body.ends_with("--next-part--\n"));
        assert!((995_000..1_005_000).contains(&text.len()), "{}", text.len());
        assert!(text.lines().all(|line| line.len() <= 998));
    }
}
