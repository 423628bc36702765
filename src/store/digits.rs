//! Numbers written in ASCII digits, without a sign.

/// `None` if there is no digit, another byte, or a number above 64 bits.
#[inline]
pub(crate) fn decimal(digits: &[u8]) -> Option<u64> {
    number(digits, 10)
}

/// `None` if there is no digit, another byte, or a number above 64 bits.
pub(crate) fn hexadecimal(digits: &[u8]) -> Option<u64> {
    number(digits, 16)
}

/// The decimal number at the start of a text, and the rest.
pub(crate) fn leading_decimal(text: &[u8]) -> Option<(u64, &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    Some((decimal(digits)?, rest))
}

#[inline]
fn number(digits: &[u8], radix: u32) -> Option<u64> {
    let add = |number: u64, &byte: &u8| {
        let digit = char::from(byte).to_digit(radix)?;
        number.checked_mul(radix.into())?.checked_add(digit.into())
    };
    if digits.is_empty() { None } else { digits.iter().try_fold(0, add) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_digits_only() {
        assert_eq!(
            (decimal(b"0"), decimal(b"007"), decimal(b"18446744073709551615")),
            (Some(0), Some(7), Some(u64::MAX))
        );
        for text in ["", "+1", "-1", " 1", "1 ", "1a", "18446744073709551616"] {
            assert_eq!(decimal(text.as_bytes()), None, "{text}");
        }
        assert_eq!((hexadecimal(b"fF"), hexadecimal(b"0x1"), hexadecimal(b"")), (Some(255), None, None));
        assert_eq!((leading_decimal(b"12ab"), leading_decimal(b"ab")), (Some((12, &b"ab"[..])), None));
    }
}
