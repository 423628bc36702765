//! mdbox's indexes: a folder's messages as map numbers, and the map from numbers to places in files.
//!
//! Folder: extension `mdbox` (u32 map number, u32 time of saving) and the header of `mdbox-hdr`, which starts with
//! the map's uid validity. Map: extensions `map` (u32 number of the `m.` file, u32 offset, u32 size) and `ref` (u16
//! reference count; 0 means waiting for a purge).

use super::index::{IndexDamage, MailIndex};

pub(crate) const OF_FOLDER: &[&str] = &["mdbox", HEADER];
/// Names the map of a folder.
const HEADER: &str = "mdbox-hdr";
pub(crate) const OF_MAP: &[&str] = &["map", "ref"];

#[derive(Clone, Debug, Default)]
pub(crate) struct MailMap {
    entries: Vec<(u32, MailLocation)>,
    /// Changes when the map is rebuilt; folders name the map they refer to.
    pub uid_validity: u32,
    pub damages: Vec<IndexDamage>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MailLocation {
    pub file: u32,
    pub offset: u32,
    pub references: u16,
}

impl MailMap {
    pub(crate) fn from_index(index: &MailIndex) -> MailMap {
        let mut map =
            MailMap { uid_validity: index.uid_validity(), damages: index.damages.clone(), entries: Vec::new() };
        if let Some((places, references)) = index.column("map").zip(index.column("ref")) {
            let entry = |row| {
                let place = |at| places.u32(row, at);
                let references = references.u16(row, 0);
                (row.uid, MailLocation { file: place(0), offset: place(4), references })
            };
            map.entries = index.rows().map(entry).collect();
        } else if index.rows().next().is_some() && map.damages.is_empty() {
            // Only a map that never had mail lacks both extensions.
            map.damages.push(IndexDamage::Broken);
        }
        map
    }

    pub(crate) fn get(&self, number: u32) -> Option<MailLocation> {
        let at = self.entries.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        self.entries.get(at).map(|(_, mail)| *mail)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, MailLocation)> {
        self.entries.iter().copied()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FolderMessage {
    pub number: u32,
    /// In unix seconds.
    pub saved: Option<u32>,
    pub flags: u8,
}

/// The messages of a folder, and the uid validity of their map.
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
    fn a_map_locates_messages() {
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
        assert_eq!(map.get(1), Some(MailLocation { file: 5, offset: 17, references: 0 }));
        assert_eq!(map.get(2).map(|mail| (mail.file, mail.references)), Some((6, 1)));
        assert_eq!((map.get(3), map.iter().count()), (None, 2));
    }

    #[test]
    fn a_folder_index_names_its_messages_and_map() {
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
