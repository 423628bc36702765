//! Names of directory entries in one piece of memory.

use std::ffi::{CStr, OsStr};
use std::os::unix::ffi::OsStrExt;

/// Names, each with a NUL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NameList(Vec<u8>);

impl NameList {
    pub(crate) fn push(&mut self, name: &CStr) {
        self.0.extend_from_slice(name.to_bytes_with_nul());
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &CStr> {
        let mut rest = self.0.as_slice();
        std::iter::from_fn(move || {
            let name = CStr::from_bytes_until_nul(rest).ok()?;
            rest = &rest[name.to_bytes_with_nul().len()..];
            Some(name)
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.iter().count()
    }

    /// The names, each with a NUL.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Takes the names back; `None` if one is empty or not ended.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<NameList> {
        let is_valid = bytes.last().is_none_or(|&last| last == 0)
            && bytes.first() != Some(&0)
            && !bytes.windows(2).any(|pair| pair == [0, 0]);
        is_valid.then(|| NameList(bytes.to_vec()))
    }
}

/// The name as the operating system's text.
pub(crate) fn os_name(name: &CStr) -> &OsStr {
    OsStr::from_bytes(name.to_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_unchanged_and_invalid_bytes_are_refused() {
        let mut names = NameList::default();
        assert_eq!((names.is_empty(), names.len()), (true, 0));
        [c"cur", c"new", c"a\xffb"].into_iter().for_each(|name| names.push(name));
        assert_eq!(names.iter().collect::<Vec<_>>(), [c"cur", c"new", c"a\xffb"]);
        assert_eq!((names.is_empty(), names.len()), (false, 3));
        assert_eq!(NameList::from_bytes(names.as_bytes()), Some(names));
        assert_eq!(NameList::from_bytes(b""), Some(NameList::default()));
        for invalid in [&b"\0"[..], b"cur", b"cur\0\0", b"cur\0\0new\0"] {
            assert_eq!(NameList::from_bytes(invalid), None, "{invalid:?}");
        }
    }
}
