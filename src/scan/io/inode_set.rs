//! A set of inode numbers that costs little for each: a multiplication instead of a keyed hash, since the kernel gives the
//! numbers out, and nobody can choose them so that they collide.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// A set of inode numbers.
pub(crate) type Inodes = HashSet<u64, BuildHasherDefault<Spread>>;

/// Spreads a number over all bits (Knuth, The Art of Computer Programming, volume 3, 6.4: multiplicative hashing).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(self.0 ^ u64::from(byte)));
    }

    fn write_u64(&mut self, number: u64) {
        // 2^64 divided by the golden ratio.
        self.0 = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        // The table takes the lowest bits, the product is best in the highest.
        self.0.rotate_left(32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_row_and_multiples_are_told_apart() {
        let hash = |number: u64| {
            let mut spread = Spread::default();
            spread.write_u64(number);
            spread.finish()
        };
        for step in [1, 8, 4_096, 1 << 32] {
            let lowest: HashSet<u64> = (0..1_000).map(|n| hash(n * step) & 0xffff).collect();
            assert!(lowest.len() > 950, "{step}: {}", lowest.len());
        }
    }
}
