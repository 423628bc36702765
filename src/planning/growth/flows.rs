//! Arrivals and deletions between consecutive scans.

use jiff::civil::Date;

use super::flow::Flow;
use super::timeline::{StoreTimeline, TimelineScan};
use crate::model::dates::day_number;

/// Arrivals and deletions between two consecutive scans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanFlow {
    /// The day of the earlier scan, in UTC.
    pub from: Date,
    /// The day of the later scan, in UTC.
    pub to: Date,
    /// Bytes of messages in their files.
    pub bytes: Flow,
}

/// The flows of a store, the oldest first.
pub fn between_scans(timeline: &StoreTimeline) -> Vec<ScanFlow> {
    let bytes = |scan: &TimelineScan| scan.arrived.iter().map(|(day, mail)| (*day, mail.bytes)).collect::<Vec<_>>();
    let flow = |pair: &[TimelineScan]| {
        let (from, to) = (pair[0].day(), pair[1].day());
        ScanFlow { from, to, bytes: Flow::between(bytes(&pair[0]), bytes(&pair[1]), day_number(from)) }
    };
    timeline.scans.windows(2).map(flow).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::growth::timeline::MailSum;
    use jiff::civil::date;

    #[test]
    fn arrivals_are_mail_of_the_days_since_the_previous_scan() {
        let scan = |day: Date, days: &[(i32, u64)]| TimelineScan {
            taken_at: jiff::tz::TimeZone::UTC.to_timestamp(day.at(12, 0, 0, 0)).unwrap(),
            arrived: days
                .iter()
                .map(|&(day, bytes)| (day_number(date(2026, 11, 11)) + day, MailSum { messages: 1, bytes }))
                .collect(),
            by_domain: Vec::new(),
            no_domain: 0,
        };
        let days = [date(2026, 11, 11), date(2026, 11, 18), date(2026, 11, 25)];
        let scans = vec![
            scan(days[0], &[(-1, 100), (0, 10)]),
            scan(days[1], &[(-1, 70), (0, 25), (6, 40)]),
            scan(days[2], &[(-1, 70), (0, 5), (6, 45), (7, 20), (14, 7)]),
        ];
        let flows = between_scans(&StoreTimeline { scans, ..StoreTimeline::default() });
        let expected = [
            ScanFlow { from: days[0], to: days[1], bytes: Flow { arrived: 55, imported: 0, deleted: 30 } },
            ScanFlow { from: days[1], to: days[2], bytes: Flow { arrived: 27, imported: 5, deleted: 20 } },
        ];
        assert_eq!(flows, expected);
    }
}
