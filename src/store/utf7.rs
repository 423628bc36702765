//! Modified UTF-7, in which IMAP writes folder names (RFC 3501, section 5.1.3).

/// Decodes a name; `None` unless all of it is valid modified UTF-7.
pub(super) fn decode(name: &str) -> Option<String> {
    if !name.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return None;
    }
    let mut text = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(start) = rest.find('&') {
        text.push_str(&rest[..start]);
        let length = rest[start..].find('-')?;
        match &rest[start + 1..start + length] {
            "" => text.push('&'),
            encoded => text.push_str(&decode_run(encoded)?),
        }
        rest = &rest[start + length + 1..];
    }
    text.push_str(rest);
    Some(text)
}

/// Decodes UTF-16 in base64 with `,` for `/`, without padding.
fn decode_run(encoded: &str) -> Option<String> {
    let (mut bits, mut count) = (0u32, 0u32);
    let mut units = Vec::new();
    for byte in encoded.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b',' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 16 {
            count -= 16;
            units.push((bits >> count) as u16);
            bits &= (1 << count) - 1;
        }
    }
    // The rest is padding: less than a base64 digit, and zero.
    if count >= 6 || bits != 0 {
        return None;
    }
    let text = String::from_utf16(&units).ok()?;
    // Printable ASCII must not be encoded: such a name would not round-trip.
    text.chars().all(|c| !(' '..='~').contains(&c)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_rfc_decode() {
        assert_eq!(decode("~peter/mail/&U,BTFw-/&ZeVnLIqe-").as_deref(), Some("~peter/mail/台北/日本語"));
        assert_eq!(decode("&Jjo-!").as_deref(), Some("☺!"));
        assert_eq!(decode("&2D3eAA-").as_deref(), Some("😀"));
        assert_eq!(decode("plain").as_deref(), Some("plain"));
    }

    #[test]
    fn partly_invalid_names_are_refused() {
        for name in ["R&D", "a&", "&AP-", "&2D0-", "&AGE-", "&A!-", "caf\u{e9}", "&APw", "a\nb"] {
            assert_eq!(decode(name), None, "{name}");
        }
    }
}
