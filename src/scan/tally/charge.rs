//! Charges inodes to tallies and classes.

use crate::model::class::Class;
use crate::model::snapshot::{ClassUsage, Classes, Tally};
use crate::store::reader::FileStat;

/// Charges a file's inode. Live and deleted mail in one file share its blocks in proportion to their bytes; `reclaimable`
/// bytes are deleted mail.
pub(crate) fn charge_file(tally: &mut Tally, classes: &mut Classes, class: Class, reclaimable: u64, facts: &FileStat) {
    tally.allocated_bytes = tally.allocated_bytes.saturating_add(facts.allocated);
    tally.inodes += 1;
    if reclaimable == 0 {
        classes[class] += ClassUsage { files: 0, bytes: facts.size, allocated_bytes: facts.allocated, inodes: 1 };
        return;
    }
    let dead = reclaimable.min(facts.size);
    let dead_blocks = match facts.size {
        0 => 0,
        size => (u128::from(facts.allocated) * u128::from(dead) / u128::from(size)) as u64,
    };
    let (kept, inodes) = (facts.size - dead, 1);
    classes[class] += ClassUsage { files: 0, bytes: kept, allocated_bytes: facts.allocated - dead_blocks, inodes };
    classes[Class::Reclaimable] += ClassUsage { files: 0, bytes: dead, allocated_bytes: dead_blocks, inodes: 0 };
}

/// Charges a directory's own inode and blocks.
pub(crate) fn charge_directory(tally: &mut Tally, classes: &mut Classes, class: Class, facts: &FileStat) {
    tally.directories += 1;
    tally.inodes += 1;
    tally.directory_bytes = tally.directory_bytes.saturating_add(facts.allocated);
    classes[class] += ClassUsage { allocated_bytes: facts.allocated, inodes: 1, ..ClassUsage::default() };
}
