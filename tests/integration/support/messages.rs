//! Sample messages of many kinds, the same in every run.

/// One message of each kind.
pub fn samples() -> Vec<Vec<u8>> {
    vec![
        b"From: a@elsewhere.example\nSubject: lines end in LF\n\none\ntwo\n".to_vec(),
        b"From: b@elsewhere.example\r\nSubject: lines end in CRLF\r\n\r\none\r\ntwo\r\n".to_vec(),
        b"From: c@elsewhere.example\r\nSubject: both ends\n\none\r\ntwo\nthree\r\n".to_vec(),
        b"From: d@elsewhere.example\nSubject: no body\n\n".to_vec(),
        b"From: e@elsewhere.example\nSubject: no end of the last line\n\nlast".to_vec(),
        b"From: f@elsewhere.example\nSubject: dots\n\n.\n..\n.hidden\nFrom here on\n>From there\n".to_vec(),
        non_ascii(),
        eight_bit(),
        long_lines(),
        multipart("plain", 3_000),
        multipart("large", 150 * 1024),
    ]
}

/// A message with an attachment, which Base64 makes a third longer.
pub fn multipart(name: &str, bytes: usize) -> Vec<u8> {
    let head = format!(
        "From: g@elsewhere.example\nSubject: {name} attachment\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=\"=_border\"\n\nPreamble\n--=_border\n\
         Content-Type: text/plain; charset=utf-8\n\nSee the file.\n--=_border\n\
         Content-Type: application/octet-stream\nContent-Disposition: attachment; filename={name}.bin\n\
         Content-Transfer-Encoding: base64\n\n"
    );
    [head.as_bytes(), &base64_noise(bytes), b"--=_border--\n"].concat()
}

/// Raw UTF-8 and encoded words in the header.
fn non_ascii() -> Vec<u8> {
    let head = "From: Jürgen Müller <juergen@elsewhere.example>\nTo: =?iso-8859-1?Q?Andr=E9?= <x@elsewhere.example>\n";
    format!("{head}Subject: Grüße aus Łódź, 日本語 📬\n\nText: žluťoučký kůň\n").into_bytes()
}

/// All bytes from 0x80 on, in Latin-1.
fn eight_bit() -> Vec<u8> {
    let head = b"From: h@elsewhere.example\nContent-Type: text/plain; charset=iso-8859-1\n\n";
    let bytes: Vec<u8> = (0x80..=0xff).collect();
    [head, bytes.as_slice(), b"\n"].concat()
}

/// Lines far beyond the 998 bytes that RFC 5322 allows.
fn long_lines() -> Vec<u8> {
    let head = "From: i@elsewhere.example\nSubject: long lines\n\n";
    format!("{head}{}\n{}\n", "lang ".repeat(20_000), "x".repeat(9_999)).into_bytes()
}

/// Noise that hardly compresses, in Base64 lines of 76 characters.
fn base64_noise(bytes: usize) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // Knuth's MMIX generator; its upper bits are the most random.
    let mut state: u64 = 7;
    let mut character = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ALPHABET[(state >> 58) as usize]
    };
    let text: Vec<u8> = (0..bytes.div_ceil(3) * 4).map(|_| character()).collect();
    text.chunks(76).flat_map(|line| [line, b"\n"].concat()).collect()
}
