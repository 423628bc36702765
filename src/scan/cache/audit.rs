//! The audit: some unchanged directories are listed all the same, and compared with the cache.

/// One unchanged directory in this many is listed again in an audited scan.
const ONE_IN: u64 = 10;

/// How many cached directories were listed again, and how many of them differed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheAudit {
    /// Directories listed again.
    pub directories: u64,
    /// Directories with other messages or sizes than the cache says.
    pub drifted: u64,
}

impl std::ops::AddAssign for CacheAudit {
    fn add_assign(&mut self, more: CacheAudit) {
        self.directories += more.directories;
        self.drifted += more.drifted;
    }
}

/// Whether the audit with that number covers the directory with that inode.
pub(super) fn is_drawn(inode: u64, audit: u64) -> bool {
    // SplitMix64: every output bit depends on every input bit (Steele, Lea and Flood, "Fast splittable pseudorandom
    // number generators", OOPSLA 2014).
    let mut mixed = inode.wrapping_add(audit.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)).is_multiple_of(ONE_IN)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_audit_draws_a_different_tenth() {
        let drawn = |audit: u64| (0..10_000).filter(|&inode| is_drawn(inode, audit)).collect::<HashSet<u64>>();
        let (first, second) = (drawn(1), drawn(2));
        assert!((900..1_100).contains(&first.len()), "{}", first.len());
        assert!(first.intersection(&second).count() < 200);
    }
}
