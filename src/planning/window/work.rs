//! Maintenance work and the space it needs.

use std::collections::BTreeSet;
use std::str::FromStr;

use strum_macros::IntoStaticStr;

use super::contents::{Amount, StoreContents};
use crate::model::bytes::Bytes;

/// Maintenance work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Work {
    /// Rebuild indexes and full-text indexes.
    IndexRebuild,
    /// Remove deleted mail from mdbox files.
    MdboxPurge,
    /// Convert all mail to another format.
    Convert,
    /// Copy the whole store.
    Backup,
    /// Keep the old state of the volume by copy on write.
    Snapshot,
    /// Other work that needs a number of bytes.
    Size(Bytes),
}

impl Work {
    /// All work with a name.
    pub const NAMED: [Work; 5] = [Work::IndexRebuild, Work::MdboxPurge, Work::Convert, Work::Backup, Work::Snapshot];

    /// The word on the command line and in JSON.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

impl FromStr for Work {
    type Err = String;

    fn from_str(text: &str) -> Result<Work, String> {
        if let Some(work) = Work::NAMED.into_iter().find(|work| work.word() == text) {
            return Ok(work);
        }
        let names = Work::NAMED.map(Work::word).join(", ");
        text.parse()
            .map(Work::Size)
            .map_err(|_| format!("`{text}` is neither a size such as 200GiB nor one of {names}"))
    }
}

/// The purpose of a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The work itself.
    Work(Work),
    /// A roll-back: a copy of what the work replaces.
    RollBack,
    /// A roll-back from a snapshot.
    RollBackBySnapshot,
    /// Mail that queues during the work.
    Queue,
}

impl Purpose {
    /// The words of all purposes.
    pub(crate) fn words() -> Vec<&'static str> {
        let works = Work::NAMED.into_iter().chain([Work::Size(Bytes(0))]).map(Purpose::Work);
        works.chain([Purpose::RollBack, Purpose::Queue]).map(Purpose::word).collect()
    }

    /// In words, such as `index rebuild`.
    pub fn name(self) -> &'static str {
        match self {
            Purpose::Work(Work::IndexRebuild) => "index rebuild",
            Purpose::Work(Work::MdboxPurge) => "mdbox purge",
            Purpose::Work(Work::Convert) => "conversion",
            Purpose::Work(Work::Backup) => "backup",
            Purpose::Work(Work::Snapshot) => "snapshot",
            Purpose::Work(Work::Size(_)) => "the work",
            Purpose::RollBack | Purpose::RollBackBySnapshot => "roll-back",
            Purpose::Queue => "queued mail",
        }
    }

    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Purpose::Work(work) => work.word(),
            Purpose::RollBack | Purpose::RollBackBySnapshot => "rollback",
            Purpose::Queue => "queue",
        }
    }

    /// The assumption behind the need, which errs on the safe side.
    pub fn assumption(self) -> &'static str {
        match self {
            Purpose::Work(Work::IndexRebuild) => "the new indexes and full-text indexes exist beside the old ones",
            Purpose::Work(Work::MdboxPurge) => {
                "an upper bound: all mail of the mdbox mailboxes with deleted mail is rewritten before an old file is \
                 removed"
            }
            Purpose::Work(Work::Convert) => {
                "a second copy of every message, uncompressed, one inode a message, with new indexes"
            }
            Purpose::Work(Work::Backup) => "a second copy of the whole store, file by file, uncompressed",
            Purpose::Work(Work::Snapshot) => {
                "the snapshot keeps the old state of all indexes, of what the work replaces, and of as much mail as \
                 arrives meanwhile at twice the rate of the busiest recent week; LVM takes it from the volume group"
            }
            Purpose::Work(Work::Size(_)) => "as requested, without inodes",
            Purpose::RollBack => "what the work replaces is kept until the roll-back",
            Purpose::RollBackBySnapshot => "from the snapshot, which keeps what the work replaces",
            Purpose::Queue => "mail queues on this volume at twice the rate of the busiest recent week",
        }
    }
}

/// The space needed for one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The purpose.
    pub purpose: Purpose,
    /// The amount at the last scan.
    pub amount: Amount,
    /// Whether the need grows with the store.
    pub grows: bool,
}

/// Peak factor of arrivals: a window covers only part of a day.
const RUSH: f64 = 2.0;

/// The needs of all work in a window of `days`. Named work counts once, sizes add up, and queued mail comes last.
pub fn needs(works: &[Work], rolls_back: bool, holding: &StoreContents, days: f64) -> Vec<Need> {
    let named: BTreeSet<Work> = works.iter().copied().filter(|work| !matches!(work, Work::Size(_))).collect();
    let sizes = works.iter().filter_map(|work| if let Work::Size(size) = work { Some(size.0) } else { None });
    let size = sizes.reduce(u64::saturating_add).map(|size| Work::Size(Bytes(size)));
    let arrives = holding.busiest_week.times(RUSH * days / 7.0);
    let works: Vec<Work> = named.into_iter().chain(size).collect();
    let replaced: Amount = works.iter().map(|&work| replaced(work, holding)).sum();
    let of_work = |&work: &Work| {
        let amount = match work {
            Work::IndexRebuild => holding.indexes(),
            Work::MdboxPurge => holding.mdbox,
            Work::Convert => holding.messages_anew + holding.index,
            Work::Backup => holding.backup,
            Work::Snapshot => holding.index + replaced + arrives,
            Work::Size(size) => Amount { bytes: size.0, inodes: 0 },
        };
        Need { purpose: Purpose::Work(work), amount, grows: !matches!(work, Work::Size(_)) }
    };
    let mut needs: Vec<Need> = works.iter().map(of_work).collect();
    if rolls_back {
        // The snapshot's need includes it.
        let (purpose, amount) = match works.contains(&Work::Snapshot) {
            true => (Purpose::RollBackBySnapshot, Amount::default()),
            false => (Purpose::RollBack, replaced),
        };
        needs.push(Need { purpose, amount, grows: true });
    }
    needs.push(Need { purpose: Purpose::Queue, amount: arrives, grows: false });
    needs
}

/// The old state that work replaces; for a size, as much.
fn replaced(work: Work, holding: &StoreContents) -> Amount {
    match work {
        Work::IndexRebuild => holding.indexes(),
        Work::MdboxPurge => holding.mdbox,
        Work::Convert => holding.mail + holding.index,
        Work::Backup | Work::Snapshot => Amount::default(),
        Work::Size(size) => Amount { bytes: size.0, inodes: 0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(bytes: u64, inodes: u64) -> Amount {
        Amount { bytes, inodes }
    }

    fn holding() -> StoreContents {
        StoreContents {
            all: amount(2_000, 200),
            backup: amount(1_000, 100),
            messages_anew: amount(900, 90),
            mail: amount(800, 80),
            mdbox: amount(300, 3),
            index: amount(50, 5),
            full_text: amount(70, 7),
            busiest_week: amount(70, 14),
            ..StoreContents::default()
        }
    }

    fn together(works: &[Work], rolls_back: bool) -> Amount {
        needs(works, rolls_back, &holding(), 3.5).iter().map(|need| need.amount).sum()
    }

    /// Half a week at twice the busiest rate.
    const QUEUE: Amount = Amount { bytes: 70, inodes: 14 };

    #[test]
    fn needs_of_each_work_match_a_hand_calculation() {
        let of = |work| together(&[work], false);
        assert_eq!(together(&[], false), QUEUE);
        assert_eq!(of(Work::IndexRebuild), amount(120, 12) + QUEUE);
        assert_eq!(of(Work::MdboxPurge), amount(300, 3) + QUEUE);
        assert_eq!(of(Work::Convert), amount(950, 95) + QUEUE);
        assert_eq!(of(Work::Backup), amount(1_000, 100) + QUEUE);
        assert_eq!(of(Work::Snapshot), amount(50, 5) + QUEUE + QUEUE);
        assert_eq!(of(Work::Size(Bytes(5))), amount(5, 0) + QUEUE);
    }

    #[test]
    fn a_roll_back_needs_the_replaced_files_too() {
        let of = |work| together(&[work], true);
        assert_eq!(of(Work::IndexRebuild), amount(240, 24) + QUEUE);
        assert_eq!(of(Work::Convert), amount(950 + 850, 95 + 85) + QUEUE);
        assert_eq!(of(Work::Backup), amount(1_000, 100) + QUEUE);
        assert_eq!(of(Work::Size(Bytes(5))), amount(10, 0) + QUEUE);
        let by_snapshot = together(&[Work::Convert, Work::Snapshot], true);
        assert_eq!(by_snapshot, together(&[Work::Convert], true) + amount(50, 5) + QUEUE);
    }

    #[test]
    fn needs_of_several_works_add_up() {
        let both = together(&[Work::IndexRebuild, Work::Backup], false);
        assert_eq!(both, amount(120 + 1_000, 12 + 100) + QUEUE);
        assert_eq!(together(&[Work::Backup, Work::IndexRebuild, Work::Backup], false), both);
        assert_eq!(together(&[Work::Size(Bytes(5)), Work::Size(Bytes(5))], false), amount(10, 0) + QUEUE);
        assert_eq!(together(&[Work::Size(Bytes(u64::MAX)), Work::Size(Bytes(5))], true).bytes, u64::MAX);
    }

    #[test]
    fn a_work_parses_from_its_name_or_a_size() {
        for work in Work::NAMED {
            assert_eq!(work.word().parse(), Ok(work));
        }
        assert_eq!("200GiB".parse(), Ok(Work::Size(Bytes(200 << 30))));
        assert!("index".parse::<Work>().unwrap_err().contains("index-rebuild"));
        assert!("-5G".parse::<Work>().is_err() && "".parse::<Work>().is_err());
    }
}
