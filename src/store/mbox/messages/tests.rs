//! Small mboxes with sizes counted by hand.

use super::*;

impl LookAhead for &[u8] {
    fn ahead(&mut self, distance: u64, into: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(distance).ok().and_then(|distance| self.get(distance..)).unwrap_or(&[]);
        let length = rest.len().min(into.len());
        into.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        Ok(length)
    }
}

const FROM: &str = "From a@b  Thu Nov 29 22:33:52 2001\n";

/// Offset, bytes, physical and virtual size of every message.
fn sizes(text: &str) -> Vec<[u64; 4]> {
    let messages = MboxMessages::new(text.as_bytes()).unwrap();
    messages.map(|found| found.unwrap()).map(|it| [it.offset, it.bytes, it.physical, it.virtual_size]).collect()
}

#[test]
fn the_blank_line_before_a_from_line_is_not_counted() {
    // "A: b\n\nc\n" are 8 bytes in 3 lines; the From_ line is 35.
    assert_eq!(sizes(&format!("{FROM}A: b\n\nc\n\n{FROM}A: b\n\nc\n\n")), [[0, 44, 8, 11], [44, 44, 8, 11]]);
    assert_eq!(sizes(&format!("{FROM}A: b\n\nc\n{FROM}A: b\n\nc")), [[0, 43, 7, 9], [43, 42, 7, 9]]);
    assert_eq!(sizes(&format!("{FROM}A: b\n\n{FROM}")), [[0, 41, 5, 6], [41, 35, 0, 0]]);
    assert_eq!(sizes(FROM), [[0, 35, 0, 0]]);
    assert_eq!(sizes(""), <[[u64; 4]; 0]>::default());
}

#[test]
fn hidden_lines_and_carriage_returns_of_headers_are_not_counted() {
    assert_eq!(sizes(&format!("{FROM}X-UID: 1\nStatus: RO\n\tx\nA: b\n\nc\n\n")), [[0, 67, 8, 11]]);
    // "A: b\n", "\n" and "c\r\n".
    assert_eq!(sizes(&format!("{FROM}A: b\r\n\r\nc\r\n\n")), [[0, 47, 9, 11]]);
}

#[test]
fn a_from_line_needs_a_date() {
    assert_eq!(sizes(&format!("{FROM}A: b\n\nFrom here\n>{FROM}\n")).len(), 1);
    assert_eq!(sizes(&format!("{FROM}{FROM}A: b\n\nc\n")).len(), 1);
    assert_eq!(sizes(&format!("{FROM}A: b\n{FROM}")).len(), 2);
}

#[test]
fn content_length_is_used_if_a_from_line_follows() {
    let body = format!("x\n{FROM}y\n");
    let with = |length: usize, rest: &str| sizes(&format!("{FROM}Content-Length: {length}\n\n{body}{rest}"));
    assert_eq!(with(body.len(), "\n"), [[0, 95, 40, 44]]);
    assert_eq!(with(body.len(), &format!("\n{FROM}z")).len(), 2);
    for wrong in [1, body.len() - 1, body.len() + 1, usize::MAX] {
        assert_eq!(with(wrong, &format!("\n{FROM}z")).len(), 3, "{wrong}");
    }
}

#[test]
fn flags_and_dates_of_messages_are_read() {
    let text = format!("{FROM}X-IMAP: 17 2\n\nx\n\n{FROM}X-Status: D\nX-IMAP: 17 2\nDate: 1 Jan 1970 00:00:07 GMT\n\n");
    let found: Vec<_> = MboxMessages::new(text.as_bytes()).unwrap().map(|found| found.unwrap()).collect();
    assert_eq!(
        found.iter().map(|it| (it.is_pseudo, it.is_deleted, it.sent)).collect::<Vec<_>>(),
        [(true, false, None), (false, true, Some(7))]
    );
    assert_eq!(MboxMessages::new(&b"To: a\n"[..]).unwrap_err().kind(), ErrorKind::InvalidData);
}

#[test]
fn lines_of_any_length_are_counted() {
    let long = "x".repeat(3 * LINE_LIMIT);
    let text = format!("{FROM}A: {long}\n\n{long}\r\n{long}\n\n");
    // Buffers of 7 bytes cut every line.
    let messages = MboxMessages::new(Small(text.as_bytes())).unwrap();
    let found: Vec<_> = messages.map(|found| found.unwrap()).map(|it| (it.physical, it.virtual_size)).collect();
    let all = 9 * LINE_LIMIT as u64;
    assert_eq!(found, [(all + 3 + 1 + 1 + 2 + 1, all + 3 + 2 + 2 + 2 + 2)]);
}

/// A reader that gives 7 bytes at a time.
struct Small<'a>(&'a [u8]);

impl io::Read for Small<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into)
    }
}

impl BufRead for Small<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.0.get(..7).unwrap_or(self.0))
    }

    fn consume(&mut self, amount: usize) {
        self.0.consume(amount);
    }
}

impl LookAhead for Small<'_> {
    fn ahead(&mut self, distance: u64, into: &mut [u8]) -> io::Result<usize> {
        self.0.ahead(distance, into)
    }
}
