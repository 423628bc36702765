//! Writes dbox files (version 2) as Dovecot does.

/// The arrival of all mail: noon of 2026-01-05, in unix seconds.
pub const ARRIVED: u32 = 1_767_614_400;

/// The file header.
pub fn file_header() -> Vec<u8> {
    format!("2 M1e C{ARRIVED:x}\n").into_bytes()
}

/// A message with its header and metadata; the metadata names the folder in mdbox only.
pub fn message(body: &[u8], folder: Option<&str>) -> Vec<u8> {
    let mut bytes = b"\x01\x02N          ".to_vec();
    bytes.extend(format!("{:016X}\n", body.len()).bytes());
    bytes.extend(body);
    let virtual_size = body.len() + body.iter().filter(|&&byte| byte == b'\n').count();
    bytes.extend(format!("\n\x01\x03\nR{ARRIVED:x}\nV{virtual_size:x}\nG{:032x}\n", body.len()).bytes());
    bytes.extend(folder.map(|name| format!("B{name}\n")).unwrap_or_default().bytes());
    bytes.push(b'\n');
    bytes
}

/// A file of sdbox: one message.
pub fn single(body: &[u8]) -> Vec<u8> {
    [file_header(), message(body, None)].concat()
}

/// A file of mdbox, and the offset and length of each message.
pub fn multi(bodies: &[&[u8]]) -> (Vec<u8>, Vec<(u32, u32)>) {
    let mut file = file_header();
    let mut places = Vec::new();
    for body in bodies {
        let message = message(body, Some("INBOX"));
        places.push((length(&file), length(&message)));
        file.extend(message);
    }
    (file, places)
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).expect("the files of these tests are small")
}
