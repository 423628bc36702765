//! Delivers a message over LMTP (RFC 2033).

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// Delivers one message to all these users in one transaction; any refusal ends the test.
pub fn deliver(socket: &Path, users: &[&str], message: &[u8]) {
    let stream = UnixStream::connect(socket).expect("the LMTP service listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a socket takes a time limit");
    let mut lines = BufReader::new(&stream);
    expect(&mut lines, '2');
    say(&stream, b"LHLO runway.example\r\n");
    expect(&mut lines, '2');
    say(&stream, b"MAIL FROM:<sender@elsewhere.example> BODY=8BITMIME\r\n");
    expect(&mut lines, '2');
    for user in users {
        say(&stream, format!("RCPT TO:<{user}>\r\n").as_bytes());
        expect(&mut lines, '2');
    }
    say(&stream, b"DATA\r\n");
    expect(&mut lines, '3');
    say(&stream, &on_the_wire(message));
    for _ in users {
        expect(&mut lines, '2');
    }
    say(&stream, b"QUIT\r\n");
    expect(&mut lines, '2');
}

fn say(mut stream: &UnixStream, bytes: &[u8]) {
    stream.write_all(bytes).expect("the LMTP service reads");
}

/// Reads one answer, possibly of several lines, and checks the first digit of its code.
fn expect(lines: &mut impl BufRead, digit: char) {
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).expect("the LMTP service answers");
        assert!(line.starts_with(digit), "LMTP answered {line:?}, not {digit}xx");
        if line.as_bytes().get(3) != Some(&b'-') {
            return;
        }
    }
}

/// The message with CRLF line ends, doubled dots at line starts, and the final dot.
fn on_the_wire(message: &[u8]) -> Vec<u8> {
    let mut wire = Vec::with_capacity(message.len() + message.len() / 32 + 16);
    for line in message.split_inclusive(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.starts_with(b".") {
            wire.push(b'.');
        }
        wire.extend_from_slice(line);
        wire.extend_from_slice(b"\r\n");
    }
    wire.extend_from_slice(b".\r\n");
    wire
}
