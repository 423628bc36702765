//! Amounts with a sign, which may be left out where it is clear.

use std::str::FromStr;

use crate::model::bytes::{BadSize, Bytes};

/// An amount as it was written: with a plus, with a minus, or bare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    /// Whether it removes, if a sign says so or not.
    pub is_minus: Option<bool>,
    /// The amount without its sign.
    pub amount: i64,
}

impl Signed {
    /// The amount, negative if it removes; `None` if it is bare and nothing else says whether it does.
    pub(crate) fn with_default(self, is_minus: Option<bool>) -> Option<i64> {
        self.is_minus.or(is_minus).map(|is_minus| if is_minus { -self.amount } else { self.amount })
    }
}

/// A size in bytes with a sign: `+2TiB`, `-300GiB`, `5000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SignedSize(pub Signed);

/// A count with a sign: `+5000`, `-12`, `7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SignedCount(pub Signed);

impl FromStr for SignedSize {
    type Err = BadSize;

    fn from_str(text: &str) -> Result<Self, BadSize> {
        let (is_minus, rest) = split(text);
        let Bytes(bytes) = rest.parse()?;
        let amount = i64::try_from(bytes).map_err(|_| BadSize::new(text))?;
        Ok(SignedSize(Signed { is_minus, amount }))
    }
}

impl FromStr for SignedCount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (is_minus, rest) = split(text);
        // An integer would take a second sign.
        let digits = Some(rest).filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
        let amount = digits.and_then(|digits| digits.parse().ok());
        let amount = amount.ok_or_else(|| format!("`{text}` is not a valid count (write 5000, +5000 or -5000)"))?;
        Ok(SignedCount(Signed { is_minus, amount }))
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
        let size = |text: &str, default| text.parse::<SignedSize>().map(|size| size.0.with_default(default));
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
        let count = |text: &str| text.parse::<SignedCount>().map(|count| (count.0.is_minus, count.0.amount));
        assert_eq!(count("-12"), Ok((Some(true), 12)));
        assert_eq!(count("+12"), Ok((Some(false), 12)));
        assert_eq!(count("12"), Ok((None, 12)));
        for text in ["", "-", "+-1", "1.5", "1k", "9223372036854775808"] {
            assert!(count(text).is_err(), "{text}");
        }
    }
}
