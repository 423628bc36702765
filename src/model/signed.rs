//! Amounts with a sign, which may be left out where it is clear.

use crate::model::bytes::{self, Bytes};

/// An amount as it was written: with a plus, with a minus, or bare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    /// Whether the sign is a minus; `None` without a sign.
    is_minus: Option<bool>,
    /// The amount without its sign.
    amount: i64,
}

impl Signed {
    /// Reads a size in bytes: `+2TiB`, `-300GiB`, `5000`.
    pub(crate) fn size(text: &str) -> Result<Signed, String> {
        let (is_minus, rest) = split(text);
        let Bytes(bytes) = rest.parse()?;
        let amount = i64::try_from(bytes).map_err(|_| bytes::bad_size(text))?;
        Ok(Signed { is_minus, amount })
    }

    /// Reads a count: `+5000`, `-12`, `7`.
    pub(crate) fn count(text: &str) -> Result<Signed, String> {
        let (is_minus, rest) = split(text);
        // `parse` would accept a second sign.
        let digits = Some(rest).filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
        let amount = digits.and_then(|digits| digits.parse().ok());
        let amount = amount.ok_or_else(|| format!("`{text}` is not a valid count (write 5000, +5000 or -5000)"))?;
        Ok(Signed { is_minus, amount })
    }

    /// The signed amount; `is_minus` is the sign of a bare one.
    pub(crate) fn with_default(self, is_minus: Option<bool>) -> Option<i64> {
        self.is_minus.or(is_minus).map(|is_minus| if is_minus { -self.amount } else { self.amount })
    }
}

fn split(text: &str) -> (Option<bool>, &str) {
    match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(rest), _) => (Some(false), rest),
        (_, Some(rest)) => (Some(true), rest),
        _ => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explicit_sign_overrides_the_default() {
        let size = |text: &str, default| Signed::size(text).map(|size| size.with_default(default));
        assert_eq!(size("+2TiB", Some(true)), Ok(Some(2 << 40)));
        assert_eq!(size("-300GiB", None), Ok(Some(-300 << 30)));
        assert_eq!(size("1kB", Some(true)), Ok(Some(-1_000)));
        assert_eq!(size("5", None), Ok(None));
        for text in ["", "+", "--5", "+-5", "8EiB", "five"] {
            assert!(size(text, None).is_err(), "{text}");
        }
    }

    #[test]
    fn counts_are_whole_numbers() {
        let count = |text: &str| Signed::count(text).map(|count| (count.is_minus, count.amount));
        assert_eq!(count("-12"), Ok((Some(true), 12)));
        assert_eq!(count("+12"), Ok((Some(false), 12)));
        assert_eq!(count("12"), Ok((None, 12)));
        for text in ["", "-", "+-1", "1.5", "1k", "9223372036854775808"] {
            assert!(count(text).is_err(), "{text}");
        }
    }
}
