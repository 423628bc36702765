//! A Postfix queue file: records with a type, a length and content.
//!
//! The length is a varint: groups of 7 bits, lowest first, the top bit set in all but the last. Record `C` begins
//! with the message's size, padded with blanks; `T` is the arrival, `<seconds> <microseconds>`. Sources: Postfix
//! 3.7's `rec_type.h`, `record.c` and `cleanup_out.c`, and files in its queues.

use crate::model::varint::VarintReader;
use crate::store::digits::leading_decimal;

/// Sizes and counts.
const SIZE: u8 = b'C';
/// Arrival.
const TIME: u8 = b'T';
/// The message's content follows.
const CONTENT: u8 = b'M';

/// Postfix's limit is an `int`.
const MOST_GROUPS: usize = 5;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Envelope {
    /// Bytes, line ends as stored.
    pub size: Option<u64>,
    /// In unix seconds.
    pub arrival: Option<i64>,
}

impl Envelope {
    pub(super) fn parse(file: &[u8]) -> Envelope {
        let mut envelope = Envelope::default();
        for (kind, bytes) in QueueRecords(file) {
            match kind {
                SIZE if envelope.size.is_none() => envelope.size = number(bytes),
                TIME if envelope.arrival.is_none() => {
                    envelope.arrival = number(bytes).and_then(|seconds| i64::try_from(seconds).ok());
                }
                CONTENT => break,
                _ => {}
            }
        }
        envelope
    }
}

/// Type and content of each record, up to the first broken one.
#[derive(Clone, Copy, Debug)]
pub(super) struct QueueRecords<'a>(pub &'a [u8]);

impl<'a> Iterator for QueueRecords<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (&kind, rest) = self.0.split_first()?;
        let mut content = VarintReader(rest);
        let length = content.number()?;
        (rest.len() - content.0.len() <= MOST_GROUPS).then_some(())?;
        let bytes = content.take(usize::try_from(length).ok()?)?;
        self.0 = content.0;
        Some((kind, bytes))
    }
}

fn number(bytes: &[u8]) -> Option<u64> {
    leading_decimal(bytes.trim_ascii_start()).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, text: &str) -> Vec<u8> {
        [&[kind, text.len() as u8], text.as_bytes()].concat()
    }

    #[test]
    fn size_and_arrival_are_read_from_the_envelope() {
        let sizes = record(b'C', "            1234             512               1               0            1234");
        let file =
            [sizes, record(b'T', "1735689600 20046"), record(b'A', "rewrite_context=local"), record(b'T', "1 1")];
        let file = file.concat();
        assert_eq!(Envelope::parse(&file), Envelope { size: Some(1234), arrival: Some(1_735_689_600) });
        assert_eq!(Envelope::parse(&[record(b'M', ""), record(b'T', "7 0")].concat()), Envelope::default());
        assert_eq!(Envelope::parse(&record(b'T', "-7 0")), Envelope::default());
    }

    #[test]
    fn record_lengths_of_several_bytes_are_read() {
        let long = [&[b'N', 0xac, 0x02][..], &[b'x'; 300], &[b'E', 0]].concat();
        let found: Vec<_> = QueueRecords(&long).map(|(kind, bytes)| (kind, bytes.len())).collect();
        assert_eq!(found, [(b'N', 300), (b'E', 0)]);
    }

    #[test]
    fn reading_stops_at_a_broken_record() {
        for broken in [&[b'C'][..], &[b'C', 5, b'1'], &[b'C', 0x80], &[b'C', 0xff, 0xff, 0xff, 0xff, 0xff, 1]] {
            assert_eq!(QueueRecords(broken).count(), 0);
            assert_eq!(Envelope::parse(broken), Envelope::default());
        }
    }
}
