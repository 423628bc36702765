//! The tally of a measured unit in few bytes: a store may have a million of them.

use crate::model::snapshot::mailboxes::{put_classes, put_folders, take_classes, take_folders};
use crate::model::snapshot::{Cohorts, Problem, use_cohort::UseCohorts};
use crate::model::special_use::SpecialUse;
use crate::model::varint::{self, VarintReader};
use crate::scan::tally::bulk_arrivals::BulkArrivals;
use crate::scan::tally::hard_links::HardLink;
use crate::scan::tally::mailbox::MailboxTally;
use crate::store::owner::Owner;

#[derive(Debug, Default)]
pub(crate) struct PackedTally {
    bytes: Box<[u8]>,
    rare: Option<Box<Rare>>,
}

/// What few units have.
#[derive(Debug, Default, PartialEq)]
struct Rare {
    linked: Vec<HardLink>,
    owner: Option<Owner>,
    problems: Vec<Problem>,
}

impl PackedTally {
    pub(crate) fn pack(tally: MailboxTally) -> PackedTally {
        let mut bytes = Vec::with_capacity(TYPICAL_BYTES);
        put_folders(&mut bytes, &tally.folders);
        put_classes(&mut bytes, &tally.classes);
        varint::put_bytes(&mut bytes, tally.cohorts.packed());
        varint::put_bytes(&mut bytes, tally.uses.packed());
        tally.bulk.put(&mut bytes);
        let rare = Rare { linked: tally.linked, owner: tally.owner, problems: tally.problems };
        let rare = (rare != Rare::default()).then(|| Box::new(rare));
        PackedTally { bytes: bytes.into_boxed_slice(), rare }
    }

    pub(crate) fn unpack(self) -> MailboxTally {
        let mut tally = MailboxTally::default();
        // The bytes were packed by this program.
        let _ = take(&mut VarintReader(&self.bytes), &mut tally);
        if let Some(rare) = self.rare {
            (tally.linked, tally.owner, tally.problems) = (rare.linked, rare.owner, rare.problems);
        }
        tally
    }

    pub(crate) fn linked(&self) -> &[HardLink] {
        self.rare.as_ref().map_or(&[], |rare| &rare.linked)
    }

    /// The special use of each folder.
    pub(crate) fn special_uses(&self) -> Vec<Option<SpecialUse>> {
        let folders = take_folders(&mut VarintReader(&self.bytes)).unwrap_or_default();
        folders.iter().map(|folder| folder.special_use).collect()
    }

    /// The owner that the mailbox itself names.
    pub(crate) fn owner(&self) -> Option<&Owner> {
        self.rare.as_ref().and_then(|rare| rare.owner.as_ref())
    }
}

/// Bytes of a small mailbox.
const TYPICAL_BYTES: usize = 256;

fn take(bytes: &mut VarintReader, tally: &mut MailboxTally) -> Option<()> {
    tally.folders = take_folders(bytes)?;
    tally.classes = take_classes(bytes)?;
    tally.cohorts = Cohorts::from_trusted(bytes.bytes()?.to_vec());
    tally.uses = UseCohorts::from_trusted(bytes.bytes()?.to_vec());
    tally.bulk = BulkArrivals::take(bytes)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::model::class::Class;
    use crate::store::reader::{FileStat, Message, Sink};

    #[test]
    fn a_tally_reads_back_unchanged() {
        let mut tally = MailboxTally::default();
        let folder = tally.folder("Trash", Path::new(".Trash"));
        for (inode, links) in [(1, 1), (2, 2)] {
            let facts = FileStat { inode: (1, inode), links, size: 700, allocated: 4_096, ..FileStat::EMPTY };
            tally.message(folder, &Message { bytes: 700, saved: Some(9_000_000), ..Message::default() });
            tally.file(folder, Class::Message, &facts);
        }
        tally.pack();
        tally.problems.push(Problem {
            path: "a".to_owned(),
            kind: crate::model::snapshot::ProblemKind::ReadError,
            detail: String::new(),
        });
        let parts = |tally: &MailboxTally| {
            let (cohorts, uses) = (tally.cohorts.packed().to_vec(), tally.uses.packed().to_vec());
            (
                tally.folders.clone(),
                tally.classes,
                cohorts,
                uses,
                tally.bulk.clone(),
                tally.linked.clone(),
                tally.problems.clone(),
            )
        };
        let before = parts(&tally);
        let packed = PackedTally::pack(tally);
        assert_eq!(packed.linked().len(), 1);
        assert_eq!(parts(&packed.unpack()), before);
    }
}
