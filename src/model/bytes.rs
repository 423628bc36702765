//! Sizes in bytes: parsed from text and written for readers.

mod parts;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::model::numbers;

/// A count of bytes.
///
/// ```
/// use mailrunway::model::bytes::{Bytes, Units};
/// let disk: Bytes = "1.5TiB".parse().unwrap();
/// assert_eq!(disk.0, 1_649_267_441_664);
/// assert_eq!(disk.show(Units::Iec), "1.50 TiB");
/// assert_eq!(disk.show(Units::Si), "1.65 TB");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Bytes(pub u64);

/// The units of sizes: powers of 1024, powers of 1000, or the plain integer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Units {
    /// `GiB`: powers of 1024.
    #[default]
    Iec,
    /// `GB`: powers of 1000.
    Si,
    /// The integer, without a unit.
    Plain,
}

/// The letters of the prefixes, smallest first.
const PREFIXES: &str = "KMGTPE";

impl Bytes {
    /// The size for a reader: three significant digits and the unit in full.
    pub fn show(self, units: Units) -> String {
        units.show(self.0 as f64)
    }
}

impl Units {
    /// A size or change in bytes for a reader.
    pub fn show(self, bytes: f64) -> String {
        let base = match self {
            Units::Iec => 1024.0,
            Units::Si => 1000.0,
            Units::Plain => return format!("{bytes:.0}"),
        };
        let (value, power) = numbers::scaled(bytes, base, PREFIXES.len());
        let number = if power == 0 { format!("{value:.0}") } else { numbers::three_digits(value) };
        number + &self.unit(power)
    }

    /// The unit of a power of 1024 or 1000 after a space, such as ` GiB`.
    fn unit(self, power: usize) -> String {
        let letter = power.checked_sub(1).and_then(|place| PREFIXES.chars().nth(place));
        match (self, letter) {
            (Units::Plain, _) => String::new(),
            (_, None) => " B".to_owned(),
            (Units::Si, Some('K')) => " kB".to_owned(),
            (Units::Si, Some(letter)) => format!(" {letter}B"),
            (Units::Iec, Some(letter)) => format!(" {letter}iB"),
        }
    }
}

/// The error for an invalid size.
pub(super) fn bad_size(text: &str) -> String {
    format!("`{text}` is not a valid size: write 500G, 500GiB, 500GB or plain bytes")
}

impl FromStr for Bytes {
    type Err = String;

    /// Reads a size as coreutils does: `10G` and `10GiB` are powers of 1024, `10GB` of 1000, a bare number is bytes.
    /// Unlike coreutils, a decimal fraction is accepted before a unit.
    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || bad_size(text);
        let trimmed = text.trim();
        let digits_end = trimmed.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(trimmed.len());
        let (number, unit) = trimmed.split_at(digits_end);
        let unit = unit.trim_start();
        if unit.is_empty() || unit == "B" {
            return number.parse().map(Bytes).map_err(|_| bad());
        }
        let mut letters = unit.chars();
        let letter = letters.next().ok_or_else(bad)?.to_ascii_uppercase();
        let base: f64 = match letters.as_str() {
            "" | "iB" => 1024.0,
            "B" => 1000.0,
            _ => return Err(bad()),
        };
        let power = PREFIXES.find(letter).ok_or_else(bad)? + 1;
        let value: f64 = number.parse().map_err(|_| bad())?;
        let bytes = value * base.powi(power as i32);
        // 2^64 itself rounds to u64::MAX by the saturating cast, which would be a silent change.
        if !bytes.is_finite() || bytes >= u64::MAX as f64 {
            return Err(bad());
        }
        Ok(Bytes(bytes.round() as u64))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SizeVisitor;
        impl serde::de::Visitor<'_> for SizeVisitor {
            type Value = Bytes;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a size such as \"500GiB\" or a whole number of bytes")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Bytes, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_u64<E: serde::de::Error>(self, bytes: u64) -> Result<Bytes, E> {
                Ok(Bytes(bytes))
            }
            fn visit_i64<E: serde::de::Error>(self, bytes: i64) -> Result<Bytes, E> {
                u64::try_from(bytes).map(Bytes).map_err(|_| E::custom("a size cannot be negative"))
            }
            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Bytes, E> {
                Err(E::custom(format!("{number} has no unit: write \"{number}GiB\"")))
            }
        }
        deserializer.deserialize_any(SizeVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_parse_as_in_coreutils() {
        for (text, bytes) in [
            ("0", 0),
            ("4096", 4096),
            ("10k", 10_240),
            ("10K", 10_240),
            ("10KiB", 10_240),
            ("10kB", 10_000),
            ("1.5 GiB", 1_610_612_736),
            ("2TB", 2_000_000_000_000),
        ] {
            assert_eq!(text.parse(), Ok(Bytes(bytes)), "{text}");
        }
    }

    #[test]
    fn invalid_sizes_are_refused() {
        for text in ["", "G", "-1", "1..2G", "10X", "10Gb", "10 G iB", "nan", "99999999E", "1.5"] {
            assert!(text.parse::<Bytes>().is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_show_three_digits_and_the_full_unit() {
        for (bytes, iec, si) in [
            (0, "0 B", "0 B"),
            (999, "999 B", "999 B"),
            (1_000, "0.98 KiB", "1.00 kB"),
            (10_240, "10.0 KiB", "10.2 kB"),
            (1_048_570, "1.00 MiB", "1.05 MB"),
            (u64::MAX, "16.0 EiB", "18.4 EB"),
        ] {
            assert_eq!(Bytes(bytes).show(Units::Iec), iec);
            assert_eq!(Bytes(bytes).show(Units::Si), si);
        }
        assert_eq!(Units::Iec.show(-2_621_440.0), "-2.50 MiB");
        assert_eq!(Units::Plain.show(1_234_567.0), "1234567");
    }
}
