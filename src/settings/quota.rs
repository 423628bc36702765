//! A quota rule and its mailboxes.

use crate::model::bytes::Bytes;

/// The quota of some mailboxes: bytes, messages, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaSettings {
    /// An address in which `*` stands for anything.
    pub mailboxes: String,
    /// Bytes.
    pub limit: Option<Bytes>,
    /// Messages.
    pub messages: Option<u64>,
}

impl QuotaSettings {
    /// Whether the rule matches an address.
    pub fn fits(&self, address: &str) -> bool {
        fits(self.mailboxes.as_bytes(), address.as_bytes())
    }
}

/// Whether a text matches a pattern. On a mismatch the last star takes one more byte, which needs no recursion and at most
/// the product of the lengths in steps.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut seen) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while seen < text.len() {
        if pattern.get(at) == Some(&b'*') {
            star = Some((at, seen));
            at += 1;
        } else if pattern.get(at) == Some(&text[seen]) {
            at += 1;
            seen += 1;
        } else if let Some((place, taken)) = star {
            star = Some((place, taken + 1));
            at = place + 1;
            seen = taken + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_star_matches_any_text() {
        let fits = |pattern: &str, text: &str| super::fits(pattern.as_bytes(), text.as_bytes());
        for (pattern, text) in [
            ("*", ""),
            ("*", "ann@example.org"),
            ("ann@example.org", "ann@example.org"),
            ("*@example.org", "ann@example.org"),
            ("a*@*.org", "a@b.net@example.org"),
            ("**n*", "ann"),
            ("*ab", "aab"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("", "a"), ("*@example.org", "ann@example.org.net"), ("ann", "anna"), ("a*c", "ab"), ("?", "a")]
        {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
