//! Round amounts for an axis, in powers of 1024 or of 1000.

use super::Tick;
use crate::model::{bytes::Units, series::Resource};

/// The factor between units and their names, the smallest first.
fn unit_names(resource: Resource, units: Units) -> (f64, &'static [&'static str]) {
    match (resource, units) {
        (_, Units::Plain) => (1000.0, &[""]),
        (Resource::Inodes | Resource::Messages, _) => (1000.0, &["", "k", "M", "G", "T"]),
        (Resource::Bytes, Units::Iec) => (1024.0, &["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]),
        (Resource::Bytes, Units::Si) => (1000.0, &["B", "kB", "MB", "GB", "TB", "PB", "EB"]),
    }
}

/// The largest unit that is not larger than the amount, and its name.
fn unit(amount: f64, resource: Resource, units: Units) -> (f64, &'static str) {
    let (base, names) = unit_names(resource, units);
    let mut units = (0..).map(|power| base.powi(power)).zip(names.iter().copied());
    let first = units.next().unwrap_or((1.0, ""));
    units.take_while(|(size, _)| amount >= *size).last().unwrap_or(first)
}

/// A round step, of which at most `at_most` fill the range: 1, 2 or 5 times a power of ten of the unit in which the
/// highest amount is named.
pub(crate) fn step((low, high): (f64, f64), resource: Resource, units: Units, at_most: usize) -> f64 {
    let (unit, _) = unit(high, resource, units);
    let least = (high - low) / unit / at_most.max(1) as f64;
    if !least.is_finite() || least <= 0.0 {
        return unit;
    }
    let power = 10f64.powf(least.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|f| f * power >= least * (1.0 - 1e-9)).unwrap_or(10.0);
    // Bytes and inodes are whole numbers.
    (factor * power * unit).max(1.0)
}

/// The round amounts in a range, a [`step`] apart.
pub(crate) fn ticks(range: (f64, f64), resource: Resource, units: Units, at_most: usize) -> Vec<Tick> {
    let (low, high) = range;
    let step = step(range, resource, units, at_most);
    let (unit, name) = unit(high, resource, units);
    // `1e-9` allows for the rounding of the logarithm.
    let decimals = (-(step / unit).log10() - 1e-9).ceil().clamp(0.0, 4.0) as usize;
    let first = (low / step - 1e-9).ceil();
    (0..=at_most)
        .map(|i| (first + i as f64) * step)
        .take_while(|&value| value <= high + step * 1e-9)
        .map(|value| Tick::new(value, label(value / unit, decimals, name)))
        .collect()
}

fn label(value: f64, decimals: usize, unit: &str) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let number = if value.abs() >= 1e15 { format!("{value:.0e}") } else { grouped(&format!("{value:.decimals$}")) };
    if unit.is_empty() { number } else { format!("{number} {unit}") }
}

/// The number with its whole digits in groups of three: `9 895 604 649 984`.
fn grouped(number: &str) -> String {
    let whole = number.find('.').unwrap_or(number.len());
    let mut text = String::with_capacity(number.len() * 2);
    for (i, c) in number.char_indices() {
        if whole > 4 && i > 0 && i < whole && (whole - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIB: f64 = 1_099_511_627_776.0;

    fn labels(range: (f64, f64), resource: Resource, units: Units) -> Vec<String> {
        ticks(range, resource, units, 6).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_round_in_the_chosen_units() {
        let bytes = |range, units| labels(range, Resource::Bytes, units);
        assert_eq!(bytes((0.0, 9.5 * TIB), Units::Iec), ["0", "2 TiB", "4 TiB", "6 TiB", "8 TiB"]);
        assert_eq!(bytes((0.0, 2.2 * TIB), Units::Iec), ["0", "0.5 TiB", "1.0 TiB", "1.5 TiB", "2.0 TiB"]);
        assert_eq!(bytes((0.0, 2.4e12), Units::Si), ["0", "0.5 TB", "1.0 TB", "1.5 TB", "2.0 TB"]);
        assert_eq!(bytes((0.0, 700.0), Units::Iec), ["0", "200 B", "400 B", "600 B"]);
        assert_eq!(bytes((0.0, 3.0), Units::Iec), ["0", "1 B", "2 B", "3 B"]);
        assert_eq!(
            bytes((0.0, 25e3), Units::Plain),
            ["0", "5000", "10\u{202f}000", "15\u{202f}000", "20\u{202f}000", "25\u{202f}000"]
        );
    }

    #[test]
    fn inode_ticks_use_powers_of_a_thousand() {
        let inodes = |high| labels((0.0, high), Resource::Inodes, Units::Iec);
        assert_eq!(inodes(900e3), ["0", "200 k", "400 k", "600 k", "800 k"]);
        assert_eq!(inodes(3.0e6), ["0", "0.5 M", "1.0 M", "1.5 M", "2.0 M", "2.5 M", "3.0 M"]);
    }

    #[test]
    fn ticks_of_a_range_far_from_zero_start_inside_it() {
        let range = (8.9 * TIB, 9.02 * TIB);
        let shown = labels(range, Resource::Bytes, Units::Iec);
        assert_eq!(shown, ["8.90 TiB", "8.92 TiB", "8.94 TiB", "8.96 TiB", "8.98 TiB", "9.00 TiB", "9.02 TiB"]);
    }

    #[test]
    fn invalid_ranges_give_few_ticks() {
        for range in [(0.0, 0.0), (5.0, 5.0), (0.0, f64::INFINITY), (f64::NAN, 1.0), (0.0, 1e300), (1e300, 0.0)] {
            assert!(ticks(range, Resource::Bytes, Units::Iec, 6).len() <= 7, "{range:?}");
        }
        assert!(ticks((0.0, 1e300), Resource::Bytes, Units::Iec, 6)[1].label.len() < 12);
    }
}
