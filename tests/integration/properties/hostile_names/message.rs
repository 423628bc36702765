//! A MIME reader: headers, parts, and decoded content.

use super::{comparison, markup};
use crate::support::base64;

/// A message or a part: its unfolded headers and its body.
#[derive(Debug)]
struct Part {
    headers: Vec<(String, String)>,
    body: String,
}

/// Checks that a message has the same headers and parts as the tame one, with the same content except for names.
#[track_caller]
pub fn assert_alike(message: &str, tame: &str) {
    let is_plain = |c: char| c.is_ascii() && (!c.is_control() || matches!(c, '\n' | '\t'));
    assert!(message.chars().all(is_plain), "{message:?}");
    assert!(message.lines().all(|line| line.len() <= 998), "{message}");
    let [parts, tame] = [message, tame].map(|message| {
        let mut found = Vec::new();
        read(message, &mut found);
        found
    });
    assert_eq!(parts.len(), tame.len(), "{message}");
    for (part, tame) in parts.iter().zip(&tame) {
        let names = |part: &Part| part.headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(part), names(tame), "{message}");
        part.headers.iter().for_each(|(name, value)| comparison::assert_harmless(name, &unworded(value)));
        match (part.kind(), tame.kind()) {
            ("text/plain", "text/plain") => comparison::assert_same_letters("mail", &part.decoded(), &tame.decoded()),
            ("text/html", "text/html") => markup::assert_alike("mail", &part.decoded(), &tame.decoded()),
            (kind, tame) => assert_eq!(kind, tame, "{message}"),
        }
    }
}

/// Appends a message or part and all its parts.
fn read(text: &str, found: &mut Vec<Part>) {
    let (head, body) = text.split_once("\n\n").expect("an empty line ends the headers");
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in head.split('\n') {
        match (line.starts_with([' ', '\t']), line.split_once(": ")) {
            (true, _) => headers.last_mut().expect("the first line is not a continuation").1.push_str(line),
            (false, Some((name, value))) => headers.push((name.to_owned(), value.to_owned())),
            (false, None) => panic!("`{line}` is not a header"),
        }
    }
    let part = Part { headers, body: body.to_owned() };
    let boundary = part.header("Content-Type").split_once("boundary=\"").map(|(_, rest)| rest);
    let boundary = boundary.and_then(|rest| rest.split_once('"')).map(|(boundary, _)| format!("--{boundary}"));
    found.push(part);
    let Some(boundary) = boundary else { return };
    let inside = body.strip_prefix(&format!("{boundary}\n")).expect("nothing precedes the first part");
    let (inside, after) = inside.split_once(&format!("\n{boundary}--\n")).expect("the last part ends");
    assert_eq!(after.trim(), "", "nothing follows the last part");
    inside.split(&format!("\n{boundary}\n")).for_each(|part| read(part, found));
}

impl Part {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(held, _)| held == name).map_or("", |(_, value)| value)
    }

    fn kind(&self) -> &str {
        self.header("Content-Type").split(';').next().unwrap_or_default()
    }

    fn decoded(&self) -> String {
        let bytes = match self.header("Content-Transfer-Encoding") {
            "quoted-printable" => from_quoted_printable(&self.body),
            "base64" => base64::decoded(&self.body),
            "7bit" => self.body.clone().into_bytes(),
            other => panic!("{other} is not an encoding of text"),
        };
        String::from_utf8(bytes).expect("text is UTF-8").replace("\r\n", "\n")
    }
}

fn from_quoted_printable(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let text = text.replace("=\n", "");
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'=' {
            bytes.push(byte);
            continue;
        }
        let digits = std::str::from_utf8(&rest[..2]).expect("digits are ASCII");
        bytes.push(u8::from_str_radix(digits, 16).expect("an escape is two digits"));
        rest = &rest[2..];
    }
    bytes
}

/// A header's value as it is shown: without its encoded words (RFC 2047), which are all in UTF-8.
fn unworded(value: &str) -> String {
    let mut shown = String::new();
    let mut rest = value.replace('\t', " ");
    while let Some((before, word)) = rest.split_once("=?") {
        shown.push_str(before);
        let parts: Vec<&str> = word.splitn(3, '?').collect();
        let whole = parts.get(2).and_then(|rest| rest.split_once("?="));
        let Some((text, after)) = whole else { return shown + word };
        let bytes = match parts[1] {
            "B" | "b" => base64::decoded(text),
            _ => from_quoted_printable(&text.replace('_', " ")),
        };
        shown.push_str(&String::from_utf8_lossy(&bytes));
        rest = after.to_owned();
    }
    shown + &rest
}
