//! Numbers for a reader: counts, shares and probabilities.

/// A count for a reader: whole below ten thousand, then three digits and `k`, `M`, `G` or `T`.
pub(crate) fn count(amount: f64) -> String {
    if amount.abs() < 9_999.5 {
        return format!("{amount:.0}");
    }
    let (value, power) = scaled(amount, 1000.0, 4);
    format!("{} {}", three_digits(value), ["", "k", "M", "G", "T"][power])
}

/// Divides an amount by powers of a base until it has three digits before the point; with the power, `most` at most.
pub(crate) fn scaled(amount: f64, base: f64, most: usize) -> (f64, usize) {
    let (mut value, mut power) = (amount, 0);
    // 999.5 would be rounded to a fourth digit.
    while power < most && value.abs() >= 999.5 {
        value /= base;
        power += 1;
    }
    (value, power)
}

/// Three significant digits, for values under a thousand.
pub(crate) fn three_digits(value: f64) -> String {
    match value.abs() {
        v if v < 9.995 => format!("{value:.2}"),
        v if v < 99.95 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// A count with its noun: `1 mailbox`, `12 mailboxes`.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    format!("{} {}", count(number as f64), plural(number, noun))
}

/// The noun, or its plural unless the number is one.
pub(crate) fn plural(number: u64, noun: &str) -> String {
    let ending = match number {
        1 => "",
        _ if noun.ends_with('x') => "es",
        _ => "s",
    };
    format!("{noun}{ending}")
}

/// A share in whole per cent.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A share in use in whole per cent, rounded down: what is not full is not 100 %.
pub(crate) fn in_use(share: f64) -> String {
    match share {
        share if share > 0.0 && share < 0.01 => "under 1 %".to_owned(),
        // A share that is even but for rounding errors is not less.
        share => percent(((share * 100.0) + 1e-9).floor() / 100.0),
    }
}

/// A probability, never 0 or 100 %.
pub(crate) fn probability(p: f64) -> String {
    match p {
        p if p < 0.01 => "under 1 %".to_owned(),
        p if p > 0.99 => "over 99 %".to_owned(),
        p => percent(p),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_full_is_in_use_wholly() {
        let shares = [0.0, 0.004, 0.29, 0.8499, 0.85, 0.9999, 1.0, 1.2];
        let words = ["0 %", "under 1 %", "29 %", "84 %", "85 %", "99 %", "100 %", "120 %"];
        assert_eq!(shares.map(in_use), words);
    }

    #[test]
    fn probabilities_claim_no_certainty() {
        assert_eq!([0.0, 0.123, 1.0].map(probability), ["under 1 %", "12 %", "over 99 %"]);
    }

    #[test]
    fn nouns_follow_their_number() {
        assert_eq!(counted(1, "mailbox"), "1 mailbox");
        assert_eq!(counted(0, "mailbox"), "0 mailboxes");
        assert_eq!(counted(12_345, "message"), "12.3 k messages");
    }
}
