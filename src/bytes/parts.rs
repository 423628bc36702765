//! Changes that are told with their sum: as they are written, the parts add up to the whole.

use super::{PREFIXES, Units};

/// No amount has more digits after the point.
const MOST_DECIMALS: u32 = 3;

/// The last digit that is written: a part of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Digit {
    /// The unit in bytes.
    unit: i128,
    /// The place of its prefix; `None` for bytes.
    prefix: Option<usize>,
    decimals: u32,
}

impl Units {
    /// Changes in bytes with their signs, and after them their sum, all in one unit and with as many digits.
    ///
    /// Each is rounded up or down so that what is written adds up to the sum as it is written: a reader who checks a table
    /// finds it right. The unit is that of the largest, or a smaller one, as long as the smallest would read as nothing.
    pub fn show_parts(self, parts: &[i128]) -> Vec<String> {
        let whole: i128 = parts.iter().sum();
        let digit = Digit::of(self, parts.iter().copied().chain([whole]));
        let mut rounded: Vec<i128> = parts.iter().map(|&part| digit.floor(part)).collect();
        // The nearest to the whole; from above where it lies between two.
        let sum = (digit.scaled(2 * whole) + digit.unit).div_euclid(2 * digit.unit);
        let missing = usize::try_from(sum - rounded.iter().sum::<i128>()).unwrap_or(0);
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|&index| std::cmp::Reverse(digit.scaled(parts[index]).rem_euclid(digit.unit)));
        order.iter().take(missing).for_each(|&index| rounded[index] += 1);
        rounded.into_iter().chain([sum]).map(|count| digit.show(self, count)).collect()
    }
}

impl Digit {
    /// The coarsest of the unit of the largest amount, or of one up to two smaller, in which the smallest is to be seen.
    fn of(units: Units, amounts: impl Iterator<Item = i128>) -> Digit {
        let amounts: Vec<i128> = amounts.map(i128::abs).filter(|&amount| amount > 0).collect();
        let (Some(&most), Some(&least)) = (amounts.iter().max(), amounts.iter().min()) else {
            return Digit::with(units, None, 0);
        };
        let prefixes = if units == Units::Plain { 0 } else { PREFIXES.len() };
        let is_large = |prefix: &usize| Digit::with(units, Some(*prefix), 0).unit <= most;
        let largest = (0..prefixes).take_while(is_large).last();
        let places = (0..3).map_while(|smaller| match largest {
            Some(place) => (smaller <= place + 1).then(|| (place + 1 - smaller).checked_sub(1)),
            None => (smaller == 0).then_some(None),
        });
        let digits = |place: Option<usize>| {
            let unit = Digit::with(units, place, 0).unit;
            let few = match place {
                None => 0..=0,
                Some(_) if most < 10 * unit => 2..=MOST_DECIMALS,
                Some(_) if most < 100 * unit => 1..=MOST_DECIMALS,
                Some(_) => 0..=MOST_DECIMALS,
            };
            few.map(move |decimals| Digit::with(units, place, decimals))
        };
        let mut all = places.flat_map(digits).peekable();
        let coarsest = *all.peek().expect("there is one in any unit");
        all.find(|digit| digit.floor(least) > 0).unwrap_or(coarsest)
    }

    fn with(units: Units, prefix: Option<usize>, decimals: u32) -> Digit {
        let base: i128 = if units == Units::Si { 1_000 } else { 1_024 };
        let unit = prefix.map_or(1, |place| base.pow(place as u32 + 1));
        Digit { unit, prefix, decimals }
    }

    /// An amount of which a unit is one digit. An amount is a sum of sizes and far from the bounds of its type.
    fn scaled(self, amount: i128) -> i128 {
        amount.saturating_mul(10_i128.pow(self.decimals))
    }

    fn floor(self, amount: i128) -> i128 {
        self.scaled(amount).div_euclid(self.unit)
    }

    fn show(self, units: Units, count: i128) -> String {
        let sign = match count {
            0 => "",
            1.. => "+",
            _ => "−",
        };
        let digits = 10_u128.pow(self.decimals);
        let (count, width) = (count.unsigned_abs(), self.decimals as usize);
        let number = match width {
            0 => count.to_string(),
            _ => format!("{}.{:0width$}", count / digits, count % digits),
        };
        let letter = self.prefix.and_then(|place| PREFIXES.chars().nth(place));
        match (units, letter) {
            (Units::Plain, _) => format!("{sign}{number}"),
            (_, None) => format!("{sign}{number} B"),
            (Units::Si, Some('K')) => format!("{sign}{number} kB"),
            (Units::Si, Some(letter)) => format!("{sign}{number} {letter}B"),
            (Units::Iec, Some(letter)) => format!("{sign}{number} {letter}iB"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KIB: i128 = 1 << 10;
    const MIB: i128 = 1 << 20;
    const GIB: i128 = 1 << 30;

    #[test]
    fn a_small_whole_of_large_parts_is_what_they_leave() {
        let (came, went) = (10 * GIB + 205 * MIB, -(10 * GIB + 158 * MIB));
        assert_eq!(Units::Iec.show_parts(&[came, went]), ["+10.20 GiB", "−10.15 GiB", "+0.05 GiB"]);
        // Each rounded alone would be 0.33 three times, and 1.00 together.
        let third = [GIB / 3, GIB / 3, GIB - 2 * (GIB / 3)];
        assert_eq!(Units::Iec.show_parts(&third), ["+0.33 GiB", "+0.33 GiB", "+0.34 GiB", "+1.00 GiB"]);
    }

    #[test]
    fn the_smallest_is_to_be_seen_if_a_smaller_unit_shows_it() {
        assert_eq!(Units::Iec.show_parts(&[MIB, 64 * KIB]), ["+1.00 MiB", "+0.06 MiB", "+1.06 MiB"]);
        let terabytes = [GIB << 10, 300 * MIB, 0];
        assert_eq!(Units::Iec.show_parts(&terabytes), ["+1024.0 GiB", "+0.3 GiB", "0.0 GiB", "+1024.3 GiB"]);
        assert_eq!(Units::Iec.show_parts(&[GIB, 1]), ["+1.00 GiB", "0.00 GiB", "+1.00 GiB"], "not by any");
    }

    #[test]
    fn units_are_those_of_all_sizes() {
        assert_eq!(Units::Plain.show_parts(&[1_234_567, -67]), ["+1234567", "−67", "+1234500"]);
        assert_eq!(Units::Si.show_parts(&[45_600, -5_600]), ["+45.6 kB", "−5.6 kB", "+40.0 kB"]);
        assert_eq!(Units::Iec.show_parts(&[700, -700]), ["+700 B", "−700 B", "0 B"]);
        assert_eq!(Units::Si.show_parts(&[]), ["0 B"]);
    }

    /// The number as it is written, in its last digits.
    fn read(shown: &str) -> (i128, usize, &str) {
        let (number, unit) = shown.split_once(' ').unwrap_or((shown, ""));
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let count: i128 = digits.parse().expect("it is a number");
        (if number.starts_with('−') { -count } else { count }, decimals, unit)
    }

    proptest! {
        #[test]
        fn what_is_written_adds_up(
            parts in prop::collection::vec(prop_oneof![-2_000..2_000_i64, any::<i32>().prop_map(i64::from), any::<i64>()], 0..12),
            units in prop::sample::select(&[Units::Iec, Units::Si, Units::Plain][..]),
        ) {
            let parts: Vec<i128> = parts.into_iter().map(i128::from).collect();
            let shown = units.show_parts(&parts);
            let read: Vec<_> = shown.iter().map(|shown| read(shown)).collect();
            let (whole, of_parts) = read.split_last().expect("there is the whole");
            prop_assert!(of_parts.iter().all(|part| (part.1, part.2) == (whole.1, whole.2)), "{:?}", shown);
            prop_assert_eq!(of_parts.iter().map(|part| part.0).sum::<i128>(), whole.0, "{:?}", shown);
            for (part, read) in parts.iter().zip(of_parts) {
                prop_assert!(read.0 == 0 || (read.0 > 0) == (*part > 0), "{} of {:?}", part, shown);
            }
        }
    }
}
