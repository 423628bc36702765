//! Sums by key in a list that is sorted and merged now and then, which is faster than a map lookup per message.

use std::ops::AddAssign;

use crate::model::sums::add_up;

/// `LEAST` cells are buffered before the first merge.
#[derive(Clone, Debug)]
pub(super) struct MergedCells<V, const LEAST: usize> {
    cells: Vec<(u64, V)>,
    /// Cells after the last merge.
    merged: usize,
}

impl<V, const LEAST: usize> Default for MergedCells<V, LEAST> {
    fn default() -> Self {
        MergedCells { cells: Vec::new(), merged: 0 }
    }
}

impl<V: AddAssign + Copy, const LEAST: usize> MergedCells<V, LEAST> {
    pub(super) fn push(&mut self, key: u64, value: V) {
        self.cells.push((key, value));
    }

    /// Keeps the list short: call it after each message.
    pub(super) fn merge_if_long(&mut self) {
        if self.cells.len() >= LEAST.max(2 * self.merged) {
            self.merge();
        }
    }

    fn merge(&mut self) {
        add_up(&mut self.cells);
        self.merged = self.cells.len();
    }

    /// The sums, ordered by key. Leaves the list empty.
    pub(super) fn take(&mut self) -> Vec<(u64, V)> {
        self.merge();
        std::mem::take(self).cells
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }
}
