//! A small mail store whose users receive, read and delete Maildir messages over simulated time.
//!
//! The first day and the seed determine every byte.

mod calendar;
mod mailbox;
mod message;

use std::path::{Path, PathBuf};

use jiff::ToSpan;
use jiff::civil::Date;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::model::error::Result;
use mailbox::DemoMailbox;
use message::DemoMessage;

/// The week of the migration from another server, as a share of all weeks.
const MIGRATION_AT: f64 = 0.40;
/// The week of the purge, as a share of all weeks.
const PURGE_AT: f64 = 0.70;
/// Mail older than this many days is purged.
const PURGE_DAYS: i64 = 270;
/// The user with the attachments receives 200 MB in two years.
const ATTACHMENTS_A_WEEK: f64 = 200e6 / 104.0 / ATTACHMENT_BYTES as f64;
const ATTACHMENT_BYTES: u64 = 2_500_000;
/// The users of the first day: name, domain, messages a week.
const USERS: [(&str, &str, f64); 9] = [
    ("ann", "example.org", 9.0),
    ("bela", "example.org", 6.0),
    ("chloe", "example.org", 4.0),
    ("dmitri", "example.org", 7.0),
    ("emeka", "example.org", 3.0),
    ("design", "example.org", 2.0),
    ("info", "example.org", 10.0),
    ("fatima", "example.net", 5.0),
    ("gustav", "example.net", 2.0),
];
/// The user who keeps large attachments.
const DESIGNER: &str = "design";
/// The users of the migration, and the number of their messages.
const MIGRATED: [(&str, &str, u32); 3] =
    [("hanna", "example.com", 420), ("ivo", "example.com", 300), ("june", "example.com", 180)];

#[derive(Debug)]
pub(super) struct Demo {
    root: PathBuf,
    rng: ChaCha8Rng,
    mailboxes: Vec<DemoMailbox>,
    start: Date,
    weeks: u32,
    week: u32,
}

impl Demo {
    /// An empty store that begins on the Monday on or before `start`.
    ///
    /// # Errors
    /// If the directory cannot be written, here and below.
    pub(super) fn new(root: &Path, start: Date, weeks: u32, seed: u64) -> Result<Demo> {
        let monday = start.saturating_sub(i64::from(start.weekday().to_monday_zero_offset()).days());
        let mailboxes = USERS.map(|(user, domain, weekly)| DemoMailbox::create(root, user, domain, weekly));
        let mailboxes = mailboxes.into_iter().collect::<Result<_>>()?;
        let rng = ChaCha8Rng::seed_from_u64(seed);
        Ok(Demo { root: root.to_owned(), rng, mailboxes, start: monday, weeks, week: 0 })
    }

    /// The Monday of the week to come.
    pub(super) fn monday(&self) -> Date {
        self.start.saturating_add(i64::from(self.week * 7).days())
    }

    /// Simulates one week. Returns the migration or purge in it.
    pub(super) fn live_a_week(&mut self) -> Result<Option<String>> {
        let at = |share: f64| self.week == (share * f64::from(self.weeks)) as u32;
        let (migration, purge) = (at(MIGRATION_AT), at(PURGE_AT));
        for day in 0..7 {
            self.live_a_day(self.monday().saturating_add(day.days()))?;
        }
        let mut happened = None;
        if migration {
            self.migrate()?;
            happened = Some(format!("{} mailboxes of another server were moved in", MIGRATED.len()));
        }
        let sunday = self.monday().saturating_add(6.days());
        for mailbox in &mut self.mailboxes {
            mailbox.tidy(sunday, &mut self.rng)?;
        }
        if purge {
            let before = sunday.saturating_sub(PURGE_DAYS.days());
            let others = self.mailboxes.iter_mut().filter(|mailbox| mailbox.user != DESIGNER);
            let purged: usize = others.map(|mailbox| mailbox.purge(before)).sum::<Result<_>>()?;
            happened = Some(format!("{purged} messages older than {PURGE_DAYS} days were purged"));
        }
        self.week += 1;
        Ok(happened)
    }

    fn live_a_day(&mut self, day: Date) -> Result<()> {
        // A third more mail a year.
        let trend = 1.33_f64.powf(f64::from(self.week) / 52.0);
        let share = calendar::share_of_week(day) * trend;
        for mailbox in &mut self.mailboxes {
            let expected = mailbox.weekly * share;
            for _ in 0..poisson(expected, &mut self.rng) {
                let message = DemoMessage::random(&mailbox.address, day, &mut self.rng);
                mailbox.deliver(&message)?;
            }
            if mailbox.user == DESIGNER {
                for _ in 0..poisson(ATTACHMENTS_A_WEEK * calendar::share_of_week(day), &mut self.rng) {
                    let size = self.rng.random_range(ATTACHMENT_BYTES / 2..ATTACHMENT_BYTES * 3 / 2);
                    mailbox.deliver(&DemoMessage::with_attachment(&mailbox.address, day, size, &mut self.rng))?;
                }
            }
        }
        Ok(())
    }

    /// Adds mailboxes whose mail arrived long ago.
    fn migrate(&mut self) -> Result<()> {
        let now = self.monday().saturating_add(5.days());
        for (user, domain, messages) in MIGRATED {
            let mut mailbox = DemoMailbox::create(&self.root, user, domain, 3.0)?;
            for _ in 0..messages {
                let arrived = now.saturating_sub(i64::from(self.rng.random_range(1..1_000)).days());
                let message = DemoMessage::random(&mailbox.address, arrived, &mut self.rng);
                mailbox.import(&message, now)?;
            }
            self.mailboxes.push(mailbox);
        }
        Ok(())
    }
}

/// Draws from the Poisson distribution by multiplying uniforms (Knuth), for small means.
fn poisson(mean: f64, rng: &mut ChaCha8Rng) -> u32 {
    let floor = (-mean).exp();
    let mut product = rng.random::<f64>();
    let mut count = 0;
    while product > floor {
        product *= rng.random::<f64>();
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn names_and_sizes(root: &Path) -> Vec<(PathBuf, u64)> {
        let walk = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().map(|entry| entry.unwrap());
        let files = walk.filter(|entry| entry.file_type().is_file());
        files.map(|e| (e.path().strip_prefix(root).unwrap().to_owned(), e.metadata().unwrap().len())).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_store() {
        let lives = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        for life in &lives {
            let mut demo = Demo::new(life.path(), date(2024, 12, 4), 10, 1).unwrap();
            assert_eq!(demo.monday(), date(2024, 12, 2));
            let events: Vec<_> = (0..10).filter_map(|_| demo.live_a_week().unwrap()).collect();
            assert_eq!(events.len(), 2, "a migration and a purge");
        }
        let files = names_and_sizes(lives[0].path());
        assert!(files.len() > 300, "{}", files.len());
        assert_eq!(files, names_and_sizes(lives[1].path()));
    }

    #[test]
    fn poisson_draws_have_the_expected_mean() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let sum: u32 = (0..10_000).map(|_| poisson(1.5, &mut rng)).sum();
        assert!((14_500..15_500).contains(&sum), "{sum}");
    }
}
