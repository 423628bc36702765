//! Changes and shares as text.

/// A number with its sign; `show` writes it without.
pub(crate) fn signed(number: f64, show: impl Fn(f64) -> String) -> String {
    format!("{}{}", if number < 0.0 { "\u{2212}" } else { "+" }, show(number.abs()))
}

/// A share in per cent, to two digits. A share above zero never reads as 0 %.
pub(crate) fn share(part: f64, whole: f64) -> String {
    let percent = if whole > 0.0 { 100.0 * part / whole } else { 0.0 };
    match percent {
        p if p <= 0.0 => "0 %".to_owned(),
        p if p < 0.095 => "under 0.1 %".to_owned(),
        p if p < 9.95 => format!("{p:.1} %"),
        p => format!("{p:.0} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{bytes::Units, series::Resource};

    #[test]
    fn shares_have_two_digits_and_never_round_to_zero() {
        let shares =
            [(0.0, 5.0), (1.0, 1e6), (1.0, 300.0), (1.0, 8.0), (5.0, 5.0), (0.0, 0.0)].map(|(p, w)| share(p, w));
        assert_eq!(shares, ["0 %", "under 0.1 %", "0.3 %", "12 %", "100 %", "0 %"]);
    }

    #[test]
    fn amounts_do_not_repeat_the_resource() {
        let show = |resource: Resource, amount| resource.show_number(amount, Units::Iec);
        assert_eq!(show(Resource::Messages, 12_345.0), "12.3 k");
        assert_eq!(show(Resource::Bytes, 1_048_576.0), "1.00 MiB");
        assert_eq!(signed(-2_048.0, |amount| show(Resource::Bytes, amount)), "\u{2212}2.00 KiB");
    }
}
