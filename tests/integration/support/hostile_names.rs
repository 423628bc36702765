//! Names with control characters, markup and shell syntax.

/// A name on the disk and in JSON.
pub const HOSTILE: [(&[u8], &str); 11] = [
    (b"line\nbreak", "line\nbreak"),
    (b"\x1b[2J\x1b]0;owned\x07", "\x1b[2J\x1b]0;owned\x07"),
    (b"bad\xff\xfebytes", "bad\\xff\\xfebytes"),
    (b"<script>alert(1)<", "<script>alert(1)<"),
    ("\u{202e}gnp-txt".as_bytes(), "\u{202e}gnp-txt"),
    (b"a&b \"c\" 'd'", "a&b \"c\" 'd'"),
    (b" \t", " \t"),
    (b"\"><img src=x onerror=alert(1)>", "\"><img src=x onerror=alert(1)>"),
    (b"x\r\nBcc: victim", "x\r\nBcc: victim"),
    (b"=cmd|' C calc'!A0", "=cmd|' C calc'!A0"),
    (&LONG, LONG_TEXT),
];

/// The maximum length of a file name, less space for a prefix or suffix.
const LONG: [u8; 240] = [b'n'; 240];
const LONG_TEXT: &str = match std::str::from_utf8(&LONG) {
    Ok(text) => text,
    Err(_) => unreachable!(),
};

/// Checks that a text has no characters that affect terminals, logs or readers.
#[track_caller]
pub fn assert_harmless(text: &str) {
    let power = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!text.contains(power), "{text:?}");
    assert!(!text.contains("line\nbreak"), "{text:?}");
}
