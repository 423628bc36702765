//! The effect of chance on shares of few cases.

/// The probability below the interval, and above it.
const TAIL: f64 = 0.05;

/// The 90 % interval of the share of `cases` independent events of probability `p`, by the binomial distribution: the
/// consistency bars of a reliability diagram (Bröcker and Smith 2007).
pub(crate) fn interval(cases: usize, p: f64) -> (f64, f64) {
    let n = cases as f64;
    // By logarithms, so that thousands of cases do not underflow.
    let mut log_density = n * (1.0 - p).ln();
    let mut below = 0.0;
    let mut low = None;
    for count in 0..cases {
        below += log_density.exp();
        let share = count as f64 / n;
        if below > TAIL {
            low = low.or(Some(share));
        }
        if below >= 1.0 - TAIL {
            return (low.unwrap_or(share), share);
        }
        log_density += ((cases - count) as f64 / (count + 1) as f64 * p / (1.0 - p)).ln();
    }
    (low.unwrap_or(1.0), 1.0)
}

/// The largest number of time windows, given as first and last day, without overlap: repeatedly the one that ends first.
pub(crate) fn apart(windows: impl Iterator<Item = (f64, f64)>) -> usize {
    let mut windows: Vec<(f64, f64)> = windows.collect();
    windows.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut free_from = f64::NEG_INFINITY;
    let mut count = 0;
    for (first, last) in windows {
        if first >= free_from {
            count += 1;
            free_from = last;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_match_binomial_probabilities_worked_by_hand() {
        // Four throws of a coin: 1, 4, 6, 4, 1 of 16. One is up to 0 or from 4 on in a sixteenth, which is over 5 %.
        assert_eq!(interval(4, 0.5), (0.0, 1.0));
        // Ten throws: 11 of 1024 have at most one head, 56 at most two.
        assert_eq!(interval(10, 0.5), (0.2, 0.8));
        // A tenth of twenty: none in 12 %, at most four in 95.7 %.
        assert_eq!(interval(20, 0.1), (0.0, 0.2));
        let (low, high) = interval(10_000, 0.9);
        assert!((low - 0.895).abs() < 0.0003 && (high - 0.905).abs() < 0.0003, "{low} {high}");
        assert_eq!(interval(0, 0.5), (1.0, 1.0));
    }

    #[test]
    fn overlapping_windows_count_once() {
        let windows = [(0.0, 28.0), (0.0, 91.0), (28.0, 56.0), (30.0, 58.0), (56.0, 70.0), (69.0, 80.0)];
        assert_eq!(apart(windows.into_iter()), 3);
        assert_eq!(apart([(5.0, 9.0)].into_iter()), 1);
        assert_eq!(apart(std::iter::empty()), 0);
    }
}
