//! The compression ratio of stored mail, estimated from a sample.

use std::collections::{HashMap, HashSet};

/// Messages are sampled with probability proportional to size, so the mean of the ratios is the ratio of the sums
/// (Hansen and Hurwitz 1943).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compression {
    /// Compressed size over present size on disk.
    pub ratio: f64,
    /// Two standard errors, between mailboxes because messages of one mailbox are alike.
    pub error: f64,
    /// Distinct messages in the sample.
    pub messages: usize,
    /// Distinct mailboxes in the sample.
    pub mailboxes: usize,
    /// Messages that are compressed already, with a ratio of 1.
    pub compressed: usize,
}

/// A message in the sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampledMessage {
    /// The index of its file in the mailbox, and the offset in the file.
    pub place: (usize, u64),
    /// Compressed size over present size.
    pub ratio: f64,
    /// Whether it is compressed already.
    pub is_compressed: bool,
}

impl Compression {
    /// One entry for each draw of a mailbox, with its number and the messages drawn; `None` for fewer than two draws.
    pub fn from_sample(mailboxes: &[(usize, Vec<SampledMessage>)]) -> Option<Compression> {
        let mean = |(_, drawn): &(usize, Vec<SampledMessage>)| {
            drawn.iter().map(|one| one.ratio).sum::<f64>() / drawn.len() as f64
        };
        let means: Vec<f64> = mailboxes.iter().filter(|(_, drawn)| !drawn.is_empty()).map(mean).collect();
        let n = means.len() as f64;
        if means.len() < 2 {
            return None;
        }
        let ratio = means.iter().sum::<f64>() / n;
        let variance = means.iter().map(|mean| (mean - ratio).powi(2)).sum::<f64>() / (n - 1.0);
        let all = mailboxes.iter().flat_map(|(number, drawn)| drawn.iter().map(move |one| ((*number, one.place), one)));
        let each: HashMap<(usize, (usize, u64)), &SampledMessage> = all.collect();
        let numbers = each.keys().map(|(number, _)| number);
        Some(Compression {
            ratio,
            error: 2.0 * (variance / n).sqrt(),
            messages: each.len(),
            mailboxes: numbers.collect::<HashSet<_>>().len(),
            compressed: each.values().filter(|one| one.is_compressed).count(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_and_its_error_match_a_hand_calculation() {
        let one = |file, ratio| SampledMessage { place: (file, 0), ratio, is_compressed: ratio == 1.0 };
        let sample = Compression::from_sample(&[
            (8, vec![one(1, 0.2), one(2, 0.4)]),
            (9, vec![one(1, 0.4), one(2, 0.6)]),
            (9, vec![one(3, 1.0), one(1, 0.4)]),
        ]);
        let sample = sample.unwrap();
        // Means 0.3, 0.5 and 0.7: 0.5, and a standard error of 0.2 / √3.
        assert!((sample.ratio - 0.5).abs() < 1e-12 && (sample.error - 0.4 / 3f64.sqrt()).abs() < 1e-12, "{sample:?}");
        assert_eq!((sample.messages, sample.mailboxes, sample.compressed), (5, 2, 1), "one was drawn twice");
        assert_eq!(Compression::from_sample(&[(1, vec![one(1, 0.3)]), (2, vec![])]), None);
    }
}
