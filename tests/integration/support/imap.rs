//! Fetches messages over IMAP (RFC 3501).

use super::dovecot::Dovecot;

/// The text before the size of a message in an answer.
const LITERAL: &[u8] = b"BODY[] {";

/// All messages of a user's folder.
pub fn fetch(server: &Dovecot, user: &str, folder: &str) -> Vec<Vec<u8>> {
    let session = format!("a SELECT \"{folder}\"\r\nb FETCH 1:* BODY.PEEK[]\r\nz LOGOUT\r\n");
    let answers = server.doveadm(&["exec", "imap", "-u", user], session.as_bytes());
    let mut messages = Vec::new();
    let mut rest = answers.as_slice();
    while let Some(at) = find(rest, LITERAL) {
        let literal = &rest[at + LITERAL.len()..];
        let end = find(literal, b"}\r\n").expect("the size of a literal ends");
        let size = String::from_utf8_lossy(&literal[..end]).parse::<usize>().expect("the size is a number");
        let (message, after) = literal[end + 3..].split_at(size);
        messages.push(message.to_vec());
        rest = after;
    }
    messages
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
