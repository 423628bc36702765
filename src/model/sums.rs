//! Sums by key in sorted lists, which take less than maps.

use std::ops::AddAssign;

/// Orders rows by key, and adds up those of the same key.
pub(crate) fn add_up<K: Ord + Copy, V: AddAssign + Copy>(rows: &mut Vec<(K, V)>) {
    rows.sort_unstable_by_key(|(key, _)| *key);
    rows.dedup_by(|(next, more), (key, sum)| {
        let is_same = next == key;
        if is_same {
            *sum += *more;
        }
        is_same
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_same_key_are_added_up_in_order() {
        let mut rows = vec![(3, 1), (-1, 2), (3, 4), (0, 8), (-1, 16)];
        add_up(&mut rows);
        assert_eq!(rows, [(-1, 18), (0, 8), (3, 5)]);
    }
}
