//! Reads from the history what growth needs.

pub mod past;
mod scan;
mod scan_pairs;
pub mod scans;

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

use rayon::prelude::*;

use crate::model::error::{Error, Result};

/// Snapshots read at the same time: enough for all cores, little in memory.
const AT_ONCE: usize = 8;

/// Reads snapshots in parallel, adds them in their order, and returns the errors.
pub(crate) fn read_in_order<S: Sync, R: Send>(
    snapshots: &[S],
    read: impl Fn(&S) -> Result<R> + Sync,
    mut add: impl FnMut(&S, R) -> Result<()>,
) -> Vec<Error> {
    let mut unread = Vec::new();
    for chunk in snapshots.chunks(AT_ONCE) {
        let results: Vec<Result<R>> = chunk.par_iter().map(&read).collect();
        let added = chunk.iter().zip(results).map(|(snapshot, result)| add(snapshot, result?));
        unread.extend(added.filter_map(Result::err));
    }
    unread
}

/// The value at a key, which is cloned only if it is new.
fn value_at<'a, K, V>(map: &'a mut HashMap<K::Owned, V>, key: &K) -> &'a mut V
where
    K: Hash + Eq + ToOwned<Owned: Hash + Eq + Borrow<K>> + ?Sized,
    V: Default,
{
    if !map.contains_key(key) {
        map.insert(key.to_owned(), V::default());
    }
    map.get_mut(key).expect("it was just inserted")
}
