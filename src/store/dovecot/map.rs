//! What mdbox keeps in indexes: of a message in a folder its number in the user's map, and of that where the mail lies.
//!
//! Folder: extension `mdbox` (u32 number in the map, u32 time of saving) and the header of `mdbox-hdr`, which starts with
//! the uid validity of the map. Map: extensions `map` (u32 number of the `m.` file, u32 offset, u32 size) and `ref` (u16 how many folders show it;
//! with 0 it waits for a purge).

use super::index::{IndexDamage, MailIndex};

/// The extensions of a folder's index that are wanted.
pub(crate) const OF_FOLDER: &[&str] = &["mdbox", HEADER];
/// Tells of a folder for which map it is.
const HEADER: &str = "mdbox-hdr";
/// The extensions of a map that are wanted.
pub(crate) const OF_MAP: &[&str] = &["map", "ref"];

/// Where all the mail of a user lies.
#[derive(Clone, Debug, Default)]
pub(crate) struct MailMap {
    /// Sorted by number.
    entries: Vec<(u32, MailLocation)>,
    /// Changes when the map was made anew; folders tell for which map they are.
    pub uid_validity: u32,
    /// Why it may not be what the server sees.
    pub damages: Vec<IndexDamage>,
}

/// Where a message lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MailLocation {
    /// The number of the `m.` file.
    pub file: u32,
    /// Where the message's header starts in it.
    pub offset: u32,
    /// What it takes there.
    pub size: u32,
    /// How many folders show it.
    pub references: u16,
}

impl MailMap {
    /// Reads the map out of its index.
    pub(crate) fn from_index(index: &MailIndex) -> MailMap {
        let mut map =
            MailMap { uid_validity: index.uid_validity(), damages: index.damages().to_vec(), entries: Vec::new() };
        let (Some(places), Some(references)) = (index.column("map"), index.column("ref")) else {
            // A map that never held mail needs neither.
            if index.rows().next().is_some() && map.damages.is_empty() {
                map.damages.push(IndexDamage::Broken);
            }
            return map;
        };
        map.entries = index
            .rows()
            .map(|row| {
                let place = |at| places.u32(row, at);
                (
                    row.uid,
                    MailLocation {
                        file: place(0),
                        offset: place(4),
                        size: place(8),
                        references: references.u16(row, 0),
                    },
                )
            })
            .collect();
        map
    }

    /// Where a message lies, by its number in the map.
    pub(crate) fn get(&self, number: u32) -> Option<MailLocation> {
        let at = self.entries.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        self.entries.get(at).map(|(_, mail)| *mail)
    }

    /// All messages that the map knows, with their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, MailLocation)> {
        self.entries.iter().copied()
    }
}

/// A message in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FolderMessage {
    /// Its number in the map.
    pub number: u32,
    /// When it was saved in the folder, in unix seconds; none if that is not told.
    pub saved: Option<u32>,
    /// Its flags.
    pub flags: u8,
}

/// The messages of a folder, and the uid validity of the map to which they belong.
pub(crate) fn folder_messages(index: &MailIndex) -> (Vec<FolderMessage>, Option<u32>) {
    let column = index.column("mdbox");
    let shown = |row| {
        let column = column?;
        let saved = Some(column.u32(row, 4)).filter(|&saved| saved != 0);
        Some(FolderMessage { number: column.u32(row, 0), saved, flags: row.flags })
    };
    (index.rows().filter_map(shown).collect(), index.extension_u32(HEADER, 0).filter(|&validity| validity != 0))
}

#[cfg(test)]
mod tests {
    use super::super::log::tests::{log, push};
    use super::*;

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    #[test]
    fn a_map_and_a_folder() {
        let mut log = log(1, 0, 0);
        push(&mut log, 0x20, &words(&[24 | 4 << 16, 99]));
        push(&mut log, 2, &words(&[1, 0, 2, 0]));
        push(&mut log, 0x40, &[words(&[u32::MAX, 0, 8, 12 | 4 << 16, 3 << 16]), b"map\0".to_vec()].concat());
        push(&mut log, 0x200, &words(&[1, 5, 17, 400, 2, 6, 18, 500]));
        let unfinished = MailMap::from_index(&MailIndex::read(None, &[&log], OF_MAP));
        assert_eq!(unfinished.damages, [IndexDamage::Broken]);
        push(&mut log, 0x40, &[words(&[u32::MAX, 0, 0, 2 | 2 << 16, 3 << 16]), b"ref\0".to_vec()].concat());
        push(&mut log, 0x1000, &words(&[2, 1]));
        let map = MailMap::from_index(&MailIndex::read(None, &[&log], OF_MAP));
        assert_eq!((map.uid_validity, map.damages.len()), (99, 0));
        assert_eq!(map.get(1), Some(MailLocation { file: 5, offset: 17, size: 400, references: 0 }));
        assert_eq!(map.get(2).map(|mail| (mail.file, mail.references)), Some((6, 1)));
        assert_eq!((map.get(3), map.iter().count()), (None, 2));
    }

    #[test]
    fn a_folder_tells_its_map() {
        let mut log = log(1, 0, 0);
        push(&mut log, 2, &words(&[1, 8]));
        push(&mut log, 0x40, &[words(&[u32::MAX, 0, 24, 0, 9 << 16]), b"mdbox-hdr\0\0\0".to_vec()].concat());
        push(&mut log, 0x100, &words(&[4 << 16, 99]));
        push(&mut log, 0x40, &[words(&[u32::MAX, 0, 0, 8 | 4 << 16, 5 << 16]), b"mdbox\0\0\0".to_vec()].concat());
        push(&mut log, 0x200, &words(&[1, 7, 1_700_000_000]));
        let (shown, validity) = folder_messages(&MailIndex::read(None, &[&log], OF_FOLDER));
        assert_eq!(shown, [FolderMessage { number: 7, saved: Some(1_700_000_000), flags: 8 }]);
        assert_eq!(validity, Some(99));
    }
}
