//! The share of new mail that a quota rejects.

use super::MailboxHoldings;

/// The share of new mail that mailboxes accept, from 0 to 1. `comes` and `leaves` are bytes as quotas count them, from
/// now on.
pub(super) fn taken(mailboxes: &[MailboxHoldings], quota: f64, comes: f64, leaves: f64) -> f64 {
    let recent: f64 = mailboxes.iter().map(|mailbox| mailbox.recent).sum();
    let stored: f64 = mailboxes.iter().map(|mailbox| mailbox.quota_bytes).sum();
    if recent <= 0.0 || comes <= 0.0 {
        return 1.0;
    }
    let turned_away = |mailbox: &MailboxHoldings| {
        let leaves = if stored > 0.0 { leaves * mailbox.quota_bytes / stored } else { 0.0 };
        // A mailbox above the quota accepts only as much as leaves it.
        let room = (quota - mailbox.quota_bytes).max(0.0) + leaves;
        (comes * mailbox.recent / recent - room).max(0.0)
    };
    // Exactly 1 if no mailbox is full.
    (1.0 - mailboxes.iter().map(turned_away).sum::<f64>() / comes).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_take_mail_until_they_are_full() {
        let of = |quota_bytes, recent| MailboxHoldings { quota_bytes, recent, ..MailboxHoldings::default() };
        let mailboxes = [of(500.0, 30.0), of(10.0, 10.0)];
        let taken = |comes, leaves| super::taken(&mailboxes, 100.0, comes, leaves);
        for (comes, share) in [(4.0, 0.25), (400.0, 90.0 / 400.0), (4_000.0, 90.0 / 4_000.0)] {
            assert!((taken(comes, 0.0) - share).abs() < 1e-12, "{comes}");
        }
        // Nearly all mail that leaves is from the large mailbox, which takes as much again.
        assert!((taken(400.0, 51.0) - (50.0 + 91.0) / 400.0).abs() < 1e-12);
        assert_eq!(super::taken(&mailboxes, 1e9, 400.0, 0.0), 1.0);
        assert_eq!(super::taken(&[], 1.0, 5.0, 0.0), 1.0);
    }
}
