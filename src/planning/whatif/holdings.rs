//! The contents of a series' mail stores by age, special use and mailbox.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Compression;
use crate::model::dates::{SECONDS_PER_DAY, day_number, utc_day};
use crate::model::series::ages::Ages;
use crate::model::special_use::SpecialUse;

/// The contents of a series' mail stores. Amounts are on disk, in units of the series' resource.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Holdings {
    /// All files of mailboxes, indexes included.
    pub mail: f64,
    /// The number of mailboxes.
    pub mailbox_count: u64,
    /// The mail by age at the last scans, the oldest first.
    pub scans: Vec<ScannedMail>,
    /// The mailboxes, if a scenario needs them.
    pub mailboxes: Vec<MailboxHoldings>,
    /// The compression of a sample, if a scenario needs it.
    pub compression: Option<Compression>,
}

/// The mail of one scan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScannedMail {
    /// The time of the scan.
    pub at: Timestamp,
    /// The mail by special use and week.
    pub slices: Vec<MailSlice>,
}

/// The mail of one week in folders of one special use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MailSlice {
    /// The special use.
    pub special_use: Option<SpecialUse>,
    /// The Monday of the week in which it was saved, or arrived if that is unknown.
    pub week: Date,
    /// Size on disk, in units of the resource.
    pub amount: f64,
    /// Messages.
    pub messages: f64,
}

/// The contents of a mailbox.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MailboxHoldings {
    /// The user's domain.
    pub domain: Option<String>,
    /// Size on disk, in units of the resource.
    pub on_disk: f64,
    /// Bytes as quotas count them.
    pub quota_bytes: f64,
    /// Bytes that arrived in the last half year and are still there.
    pub recent: f64,
}

impl Holdings {
    /// The share of what mailboxes take that is messages; the rest is indexes and control files.
    pub(super) fn message_share(&self) -> f64 {
        let messages = self.scans.last().map_or(0.0, |last| last.total(|_| true));
        if self.mail > 0.0 { (messages / self.mail).min(1.0) } else { 0.0 }
    }

    /// A domain's share of the stored mail, and of the mail that arrived in the last half year.
    pub(super) fn domain_shares(&self, domain: &str) -> (f64, f64) {
        let (mut stored, mut all_recent, mut recent) = (0.0, 0.0, 0.0);
        for mailbox in &self.mailboxes {
            all_recent += mailbox.recent;
            if mailbox.is_of_domain(domain) {
                stored += mailbox.on_disk;
                recent += mailbox.recent;
            }
        }
        let share = |part: f64, whole: f64| if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 };
        (share(stored, self.mail), share(recent, all_recent))
    }
}

impl MailboxHoldings {
    /// Domains are compared without case.
    pub(super) fn is_of_domain(&self, domain: &str) -> bool {
        self.domain.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(domain))
    }
}

impl ScannedMail {
    /// The amount of the matching mail.
    pub fn total(&self, is_meant: impl Fn(&MailSlice) -> bool) -> f64 {
        self.slices.iter().filter(|slice| is_meant(slice)).map(|slice| slice.amount).sum()
    }

    /// The ages of the matching mail, in units of the resource, if mail arrives evenly over its week.
    pub fn ages(&self, is_meant: impl Fn(&MailSlice) -> bool) -> Ages {
        let scanned_on = utc_day(self.at);
        let days = |slice: &MailSlice| {
            let monday = day_number(slice.week);
            let sunday = (monday + 6).min(day_number(scanned_on)).max(monday);
            let a_day = slice.amount / f64::from(sunday - monday + 1);
            (monday..=sunday).map(move |day| (day, a_day))
        };
        Ages::from_rows(scanned_on, self.slices.iter().filter(|slice| is_meant(slice)).flat_map(days))
    }

    /// The lowest and the highest age in a slice, in days. Mail from the future has age 0.
    pub fn span(&self, slice: &MailSlice) -> (f64, f64) {
        let monday = f64::from(day_number(slice.week));
        let oldest = (self.at.as_second() as f64 / SECONDS_PER_DAY - monday).max(0.0);
        ((oldest - 7.0).max(0.0), oldest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_current_week_ends_at_the_scan() {
        let slice = |week| MailSlice { special_use: None, week, amount: 5.0, messages: 1.0 };
        // A Wednesday at noon.
        let at = "2026-11-25T12:00:00Z".parse().unwrap();
        let scan = ScannedMail { at, slices: vec![slice(date(2026, 11, 23)), slice(date(2026, 11, 16))] };
        assert_eq!(scan.span(&scan.slices[0]), (0.0, 2.5));
        assert_eq!(scan.span(&scan.slices[1]), (2.5, 9.5));
        assert_eq!(scan.span(&slice(date(2027, 1, 4))), (0.0, 0.0));
        // The last seven days are Thursday to Wednesday: four of the earlier week.
        let weeks = scan.ages(|_| true).weeks();
        assert!((weeks[0] - 5.0 - 5.0 * 4.0 / 7.0).abs() < 1e-9 && (weeks[1] - 5.0 * 3.0 / 7.0).abs() < 1e-9);
    }
}
