//! Another MIME parser (Python's) finds the same parts.

use std::process::Command;
use std::time::Duration;

use mailrunway::output::mail::{MailHead, MailPicture, message};
use serde_json::Value;

use crate::support::base64;
use crate::support::run_command::finish;

/// A reader that uses Python's library.
const READER: &str = include_str!("parse.py");

/// A message or a part of one.
pub struct Part(Value);

impl Part {
    /// Parses a message with Python and checks that it reports no defects.
    #[track_caller]
    pub fn read(message: &[u8]) -> Part {
        let mut python = Command::new("/usr/bin/python3");
        python.args(["-I", "-c", READER]);
        let output = finish(python, message.to_vec(), Duration::from_secs(30));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let part = Part(serde_json::from_slice(&output.stdout).expect("it writes JSON"));
        part.assert_sound();
        part
    }

    fn assert_sound(&self) {
        assert_eq!(self.0["defects"], Value::Array(Vec::new()), "{}", self.0["headers"]);
        self.parts().iter().for_each(Part::assert_sound);
    }

    /// `text/plain` and the like.
    pub fn kind(&self) -> &str {
        self.0["type"].as_str().expect("every part has a type")
    }

    /// The values of all headers of that name, decoded.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        let headers = self.0["headers"].as_array().expect("headers are a list");
        let is_it = |header: &&Value| header[0].as_str().is_some_and(|found| found.eq_ignore_ascii_case(name));
        headers.iter().filter(is_it).filter_map(|header| header[1].as_str()).collect()
    }

    /// The value of the one header of that name.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let headers = self.headers(name);
        assert_eq!(headers.len(), 1, "{name}: {headers:?}");
        headers[0]
    }

    /// `inline` and the like.
    pub fn disposition(&self) -> Option<&str> {
        self.0["disposition"].as_str()
    }

    /// The suggested file name.
    pub fn file_name(&self) -> Option<&str> {
        self.0["file_name"].as_str()
    }

    /// Its parts.
    pub fn parts(&self) -> Vec<Part> {
        self.0["parts"].as_array().expect("parts are a list").iter().cloned().map(Part).collect()
    }

    /// The content of a part that has no parts.
    pub fn content(&self) -> Vec<u8> {
        base64::decoded(self.0["content"].as_str().expect("bytes come as Base64"))
    }

    /// The content as text.
    #[track_caller]
    pub fn text(&self) -> String {
        assert_eq!(self.0["charset"], "utf-8");
        String::from_utf8(self.content()).expect("it is UTF-8")
    }
}

fn head(subject: &str) -> MailHead {
    let address = |text: &str| text.parse().expect("it is an address");
    MailHead {
        to: vec![address("Änn 日本 <ann@example.org>"), address("bob@example.net")],
        from: address("mailrunway@mail01.example.org"),
        subject: subject.to_owned(),
        date: "2026-11-23T04:00:00Z".parse().expect("it is a time"),
        host: "mail01.example.org".to_owned(),
    }
}

#[test]
fn python_finds_the_same_parts() {
    let long = "[AMBER] žluťoučký 日本: mail store full 12 May 2027 (2 Apr to 19 Jul) ".repeat(6);
    for subject in ["[GREEN] mail01: in order", long.trim_end(), "=cmd|' /C calc'!A0", "a   b", &"x".repeat(400)] {
        let name = "Łódź “runway” of a very long store that has a name which is longer than a line of mail";
        let pictures = [MailPicture::new(name, "When Łódź is full", b"\x89PNG\r\n\x1a\n\r\n.\r\n".to_vec())];
        let text = format!("First line – with a dash\n.\nFrom here on\n{}\n", "long ".repeat(500));
        let page = format!("<p>Ünïcode</p><img src=\"cid:{}\">{}\n", pictures[0].cid(), "<b>x</b>".repeat(500));
        let read = Part::read(&message(&head(subject), &text, &page, &pictures).expect("it has recipients"));
        assert_eq!(read.header("Subject"), subject);
        assert_eq!(read.header("To"), "Änn 日本 <ann@example.org>, bob@example.net");
        assert_eq!(read.header("From"), "mailrunway@mail01.example.org");
        assert_eq!(read.header("Date"), "Mon, 23 Nov 2026 04:00:00 +0000");
        assert_eq!(read.header("Auto-Submitted"), "auto-generated");
        assert!(read.header("Message-ID").ends_with("@mail01.example.org>"));
        assert_eq!(read.kind(), "multipart/alternative");
        let [plain, related] = <[Part; 2]>::try_from(read.parts()).ok().expect("two ways to read it");
        assert_eq!((plain.kind(), plain.text()), ("text/plain", text.clone()));
        assert_eq!(related.kind(), "multipart/related");
        let [shown, picture] = <[Part; 2]>::try_from(related.parts()).ok().expect("the page and a picture");
        assert_eq!((shown.kind(), shown.text()), ("text/html", page.clone()));
        assert_eq!((picture.kind(), picture.disposition()), ("image/png", Some("inline")));
        assert_eq!(picture.header("Content-ID"), format!("<{}>", pictures[0].cid()));
        assert_eq!(picture.header("Content-Description"), "When Łódź is full");
        assert_eq!(picture.file_name(), Some(pictures[0].file_name()));
        assert!(picture.content().starts_with(b"\x89PNG\r\n\x1a\n"));
    }
}
