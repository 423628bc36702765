//! What the classes of a store or mailbox take; together they are all that lies there.

use std::collections::BTreeMap;
use std::ops::{AddAssign, Index, IndexMut};

use serde::{Serialize, Serializer};

use crate::model::class::Class;

/// What one class takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClassUsage {
    /// Names of files of every kind but directories.
    pub files: u64,
    /// `st_size` of the files, each inode once in the store.
    pub bytes: u64,
    /// Blocks of files and directories in bytes, each inode once in the store.
    pub allocated_bytes: u64,
    /// Inodes of files and directories, each once in the store.
    pub inodes: u64,
}

impl AddAssign for ClassUsage {
    /// Sums stop at the largest number; see [`super::Tally`].
    fn add_assign(&mut self, more: ClassUsage) {
        self.files = self.files.saturating_add(more.files);
        self.bytes = self.bytes.saturating_add(more.bytes);
        self.allocated_bytes = self.allocated_bytes.saturating_add(more.allocated_bytes);
        self.inodes = self.inodes.saturating_add(more.inodes);
    }
}

/// A share for each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes([ClassUsage; Class::ALL.len()]);

impl Classes {
    /// The classes with their shares, in the order of [`Class::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Class, &ClassUsage)> {
        Class::ALL.into_iter().zip(&self.0)
    }
}

impl Serialize for Classes {
    /// A map from the words of the classes, by word.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.iter().map(|(class, share)| (class.word(), share)).collect::<BTreeMap<_, _>>().serialize(serializer)
    }
}

impl Index<Class> for Classes {
    type Output = ClassUsage;

    fn index(&self, class: Class) -> &ClassUsage {
        &self.0[class as usize]
    }
}

impl IndexMut<Class> for Classes {
    fn index_mut(&mut self, class: Class) -> &mut ClassUsage {
        &mut self.0[class as usize]
    }
}

impl FromIterator<(Class, ClassUsage)> for Classes {
    fn from_iter<I: IntoIterator<Item = (Class, ClassUsage)>>(shares: I) -> Classes {
        let mut classes = Classes::default();
        for (class, share) in shares {
            classes[class] += share;
        }
        classes
    }
}

impl AddAssign for Classes {
    fn add_assign(&mut self, more: Classes) {
        for (share, more) in self.0.iter_mut().zip(more.0) {
            *share += more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_its_own_share() {
        let mut classes = Classes::default();
        for (number, class) in Class::ALL.into_iter().enumerate() {
            classes[class].files = number as u64;
        }
        let files: Vec<u64> = classes.iter().map(|(class, share)| share.files + u64::from(class as u8 > 7)).collect();
        assert_eq!(files, [0, 1, 2, 3, 4, 5, 6, 7]);
    }
}
