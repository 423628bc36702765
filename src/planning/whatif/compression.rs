//! How well stored mail can be compressed, by a sample of it.

use std::collections::{HashMap, HashSet};

/// What a sample says: a message is drawn the more probably the more it takes, so that the mean of the ratios is the ratio of
/// the sums (sampling with probability proportional to size; Hansen and Hurwitz 1943).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compression {
    /// What mail takes on disk when it is compressed, of what it takes now.
    pub ratio: f64,
    /// How far off that may be: two standard errors, of mailboxes and not of messages, since those of one mailbox are alike.
    pub error: f64,
    /// How many messages were read; of few, one may have been drawn several times.
    pub messages: usize,
    /// How many mailboxes they are of.
    pub mailboxes: usize,
    /// How many of the messages are compressed already, and count as they are.
    pub compressed: usize,
}

/// What was found of one message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampledMessage {
    /// Which file of the mailbox it lies in, and how far behind its begin.
    pub place: (usize, u64),
    /// What it would take compressed, of what it takes.
    pub ratio: f64,
    /// Whether it is compressed already.
    pub is_compressed: bool,
}

impl Compression {
    /// From the messages that were drawn, for each time a mailbox was drawn, with the number of the mailbox; `None` of too
    /// few to tell how far off it is.
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
    fn a_ratio_and_its_error_as_worked_by_hand() {
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
