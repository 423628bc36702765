//! Changes shown with their sum: the parts add up to the whole as printed.

use super::{PREFIXES, Units};

const MOST_DECIMALS: u32 = 3;

/// The last printed digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Digit {
    /// The unit in bytes.
    unit: i128,
    /// Its power of the base: 0 for bytes.
    power: usize,
    decimals: u32,
}

impl Units {
    /// Changes in bytes with their signs, followed by their sum, all in one unit and with equal decimals.
    ///
    /// Each is rounded up or down so that the printed parts add up to the printed sum. The unit is that of the largest, or a
    /// smaller one if most changes would otherwise print as zero.
    pub fn show_parts(self, parts: &[i128]) -> Vec<String> {
        let whole: i128 = parts.iter().sum();
        let digit = Digit::for_amounts(self, parts, whole);
        let mut rounded: Vec<i128> = parts.iter().map(|&part| digit.floor(part)).collect();
        // The whole, rounded half up.
        let sum = (digit.scaled(2 * whole) + digit.unit).div_euclid(2 * digit.unit);
        let missing = usize::try_from(sum - rounded.iter().sum::<i128>()).unwrap_or(0);
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|&index| std::cmp::Reverse(digit.scaled(parts[index]).rem_euclid(digit.unit)));
        order.iter().take(missing).for_each(|&index| rounded[index] += 1);
        rounded.into_iter().chain([sum]).map(|count| digit.show(self, count)).collect()
    }
}

impl Digit {
    /// The coarsest digit, in the unit of the largest amount or up to two units smaller, in which the whole and half of the
    /// amounts have two digits. If none shows the whole that way, half of the amounts suffice.
    fn for_amounts(units: Units, parts: &[i128], whole: i128) -> Digit {
        let amounts: Vec<i128> = parts.iter().chain([&whole]).map(|amount| amount.abs()).filter(|&a| a > 0).collect();
        let Some(&most) = amounts.iter().max() else { return Digit::with(units, 0, 0) };
        let powers = if units == Units::Plain { 0 } else { PREFIXES.len() };
        let largest = (1..=powers).rev().find(|&power| Digit::with(units, power, 0).unit <= most).unwrap_or(0);
        let digits = |power: usize| {
            let unit = Digit::with(units, power, 0).unit;
            // Three digits of the largest, and no fractions of bytes.
            let fewest = [10 * unit, 100 * unit].iter().filter(|&&bound| most < bound).count() as u32;
            let decimals = if power == 0 { 0..=0 } else { fewest..=MOST_DECIMALS };
            decimals.map(move |decimals| Digit::with(units, power, decimals))
        };
        let all: Vec<Digit> = (largest.saturating_sub(2)..=largest).rev().flat_map(digits).collect();
        let is_seen = |digit: &Digit, amount: i128| digit.floor(amount) >= 10;
        let are_seen =
            |digit: &&Digit| 2 * amounts.iter().filter(|&&amount| is_seen(digit, amount)).count() >= amounts.len();
        let is_whole_seen = |digit: &&Digit| whole == 0 || is_seen(digit, whole.abs());
        let best = all.iter().find(|digit| are_seen(digit) && is_whole_seen(digit)).or(all.iter().find(are_seen));
        *best.unwrap_or(&all[0])
    }

    fn with(units: Units, power: usize, decimals: u32) -> Digit {
        let base: i128 = if units == Units::Si { 1_000 } else { 1_024 };
        Digit { unit: base.pow(power as u32), power, decimals }
    }

    /// An amount in which `unit` is one digit. A sum of sizes is far from the bounds of `i128`.
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
        format!("{sign}{number}{}", units.unit(self.power))
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
    fn the_total_is_the_sum_of_the_rounded_parts() {
        let (came, went) = (10 * GIB + 205 * MIB, -(10 * GIB + 158 * MIB));
        assert_eq!(Units::Iec.show_parts(&[came, went]), ["+10.200 GiB", "−10.154 GiB", "+0.046 GiB"]);
        // Each rounded alone would be 0.33 three times, and 1.00 together.
        let third = [GIB / 3, GIB / 3, GIB - 2 * (GIB / 3)];
        assert_eq!(Units::Iec.show_parts(&third), ["+0.33 GiB", "+0.33 GiB", "+0.34 GiB", "+1.00 GiB"]);
    }

    #[test]
    fn the_unit_is_small_enough_to_show_most_parts() {
        assert_eq!(Units::Iec.show_parts(&[MIB, 64 * KIB]), ["+1.00 MiB", "+0.06 MiB", "+1.06 MiB"]);
        let one_is_next_to_nothing = [3 * GIB, -2 * GIB, 96 * KIB];
        let shown = ["+3.00 GiB", "−2.00 GiB", "0.00 GiB", "+1.00 GiB"];
        assert_eq!(Units::Iec.show_parts(&one_is_next_to_nothing), shown);
        let one_is_nearly_all = [GIB << 10, 300 * MIB, 200 * MIB, 100 * MIB, 0];
        let shown = ["+1024.00 GiB", "+0.29 GiB", "+0.20 GiB", "+0.10 GiB", "0.00 GiB", "+1024.59 GiB"];
        assert_eq!(Units::Iec.show_parts(&one_is_nearly_all), shown);
    }

    #[test]
    fn parts_use_the_chosen_unit_system() {
        assert_eq!(Units::Plain.show_parts(&[1_234_567, -67]), ["+1234567", "−67", "+1234500"]);
        assert_eq!(Units::Si.show_parts(&[45_600, -5_600]), ["+45.6 kB", "−5.6 kB", "+40.0 kB"]);
        assert_eq!(Units::Iec.show_parts(&[700, -700]), ["+700 B", "−700 B", "0 B"]);
        assert_eq!(Units::Si.show_parts(&[]), ["0 B"]);
    }

    /// The shown number as an integer of its last digit, its decimals and its unit.
    fn read(shown: &str) -> (i128, usize, &str) {
        let (number, unit) = shown.split_once(' ').unwrap_or((shown, ""));
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let count: i128 = digits.parse().expect("it is a number");
        (if number.starts_with('−') { -count } else { count }, decimals, unit)
    }

    proptest! {
        #[test]
        fn shown_parts_add_up_to_the_shown_total(
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
