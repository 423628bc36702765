//! A minimal IMAP client (RFC 3501) over a Unix socket.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use super::CyrusFolder;

/// A session of one user.
pub struct Session {
    stream: BufReader<UnixStream>,
    user: String,
}

impl Session {
    /// Logs a user in without a password.
    pub fn start(socket: &Path, user: &str) -> Session {
        let stream = UnixStream::connect(socket).expect("the IMAP service listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a socket takes a time limit");
        let mut session = Session { stream: BufReader::new(stream), user: user.to_owned() };
        let greeting = session.line();
        assert!(greeting.starts_with("* OK"), "IMAP greets with {greeting:?}");
        session.ask(&format!("LOGIN {} none", quoted(user)));
        session
    }

    /// Sends a command and returns the lines of the answer; any refusal ends the test.
    pub fn ask(&mut self, command: &str) -> Vec<String> {
        self.say(format!("a {command}\r\n").as_bytes());
        self.answer(command)
    }

    /// Sends a command that ends with a literal.
    pub fn ask_with(&mut self, command: &str, literal: &[u8]) -> Vec<String> {
        self.say(&[format!("a {command} {{{}+}}\r\n", literal.len()).as_bytes(), literal, b"\r\n"].concat());
        self.answer(command)
    }

    /// The names of all mailboxes that can be selected.
    pub fn list(&mut self) -> Vec<String> {
        let lines = self.ask("LIST \"\" \"*\"");
        let listed = lines.iter().filter_map(|line| line.strip_prefix("* LIST (")?.split_once(") \"/\" "));
        let selectable = listed.filter(|(flags, _)| !flags.contains("\\Noselect") && !flags.contains("\\NonExistent"));
        selectable.map(|(_, name)| unquoted(name)).collect()
    }

    /// The messages of a mailbox.
    pub fn folder(&mut self, name: &str) -> CyrusFolder {
        let mut folder = CyrusFolder::default();
        self.ask(&format!("EXAMINE {}", quoted(name)));
        for line in self.ask("UID FETCH 1:* (UID RFC822.SIZE INTERNALDATE FLAGS)") {
            let Some((_, message)) = line.split_once(" FETCH (") else { continue };
            let number = |item: &str| -> u64 {
                let rest = message.split_once(item).map_or("", |(_, rest)| rest.trim_start());
                let digits = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
                digits.parse().unwrap_or_else(|_| panic!("{item} is missing in {line:?}"))
            };
            let uid = u32::try_from(number("UID ")).expect("a UID has 32 bits");
            let date = message.split_once("INTERNALDATE \"").and_then(|(_, rest)| rest.split_once('"'));
            let arrival = unix_seconds(date.expect("a message has an arrival").0);
            let (first, last) = folder.arrivals.unwrap_or((arrival, arrival));
            folder.arrivals = Some((first.min(arrival), last.max(arrival)));
            folder.sizes.insert(uid, number("RFC822.SIZE "));
            if message.contains("\\Deleted") {
                folder.marked.push(uid);
            }
        }
        folder
    }

    fn say(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).expect("the IMAP service reads");
    }

    fn line(&mut self) -> String {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line).expect("the IMAP service answers");
        String::from_utf8_lossy(&line).trim_end().to_owned()
    }

    fn answer(&mut self, command: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let line = self.line();
            assert!(!line.is_empty(), "IMAP hung up on {}: {command}", self.user);
            if let Some(end) = line.strip_prefix("a ") {
                assert!(end.starts_with("OK"), "IMAP refused {}: {command}: {end}", self.user);
                return lines;
            }
            lines.push(line);
        }
    }
}

/// A quoted IMAP string.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn unquoted(text: &str) -> String {
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(inner) => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => text.to_owned(),
    }
}

/// Seconds since 1970 of an IMAP date: ` 4-Jul-1999 23:59:59 -0700`.
fn unix_seconds(date: &str) -> i64 {
    let parsed = jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", date.trim_start());
    let time = parsed.and_then(|time| time.to_timestamp());
    time.unwrap_or_else(|error| panic!("{date:?} is not an IMAP time: {error}")).as_second()
}
