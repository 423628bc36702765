//! A fast set of inode numbers: it hashes with a multiplication instead of a key, since the kernel assigns the numbers and
//! nobody can choose them to collide.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

pub(crate) type InodeSet = HashSet<u64, BuildHasherDefault<InodeHasher>>;

/// Multiplicative hashing (Knuth, The Art of Computer Programming, volume 3, 6.4).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct InodeHasher(u64);

impl Hasher for InodeHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(self.0 ^ u64::from(byte)));
    }

    fn write_u64(&mut self, number: u64) {
        // 2^64 divided by the golden ratio.
        self.0 = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        // The table uses the lowest bits; the highest ones of the product are the best mixed.
        self.0.rotate_left(32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_consecutive_numbers_and_multiples_rarely_collide() {
        let hash = |number: u64| {
            let mut spread = InodeHasher::default();
            spread.write_u64(number);
            spread.finish()
        };
        for step in [1, 8, 4_096, 1 << 32] {
            let lowest: HashSet<u64> = (0..1_000).map(|n| hash(n * step) & 0xffff).collect();
            assert!(lowest.len() > 950, "{step}: {}", lowest.len());
        }
    }
}
