//! What the records of a transaction log do to an index.
//!
//! Bodies: an append is u32 uid, u8 flags, 3 blanks, again and again; an expunge pairs of uids; a change of flags u32 first
//! uid, u32 last uid, u8 to add, u8 to remove, 2 blanks. An extension is introduced by u32 id (its place among all, or all
//! ones and then a name), u32 reset id, u32 size of its header, u16 size in a record, u16 alignment, u16 flags, u16 length
//! of the name, the name; what follows until the next introduction is about it. As Dovecot does, a record that does what
//! cannot be done is passed over.
//! Source: `mail-transaction-log.h` and `mail-index-sync-*.c` in <https://github.com/dovecot/core>.

use super::index::{CELL, Damage, Extension, HEADER, Index, KEPT_HEADER, Kept, MOST_EXTENSIONS};
use super::log::{Log, LogRecord};
use super::order::{Order, align};

const APPEND: u32 = 0x2;
const FLAGS: u32 = 0x4;
const HEADER_UPDATE: u32 = 0x20;
const EXTENSION: u32 = 0x40;
const EXTENSION_RESET: u32 = 0x80;
const EXTENSION_HEADER: u32 = 0x100;
const EXTENSION_RECORD: u32 = 0x200;
const KEYWORDS: u32 = 0x400;
const ADD: u32 = 0x1000;
const EXTENSION_HEADER_LONG: u32 = 0x1_0000;
const DELETED: u32 = 0x2_0000;
const UNDELETED: u32 = 0x4_0000;
/// The bits beside the kind of an expunge guard against taking garbage for one.
const EXPUNGE: u32 = 0x1 | 0xcd90;
const EXPUNGE_GUID: u32 = 0x2000 | 0xcd90;

/// An introduction without an id has a name.
const NO_ID: u32 = u32::MAX;
const INTRODUCTION: usize = 20;
const NO_SHRINK: u16 = 1;
const MOST_ALIGNMENT: u16 = 8;
const MOST_RECORD: u16 = 0x8000;
const MOST_HEADER: u32 = 0x100_0000;
/// Keywords are kept in an extension that comes to be with the first of them, without an introduction.
const KEYWORD_EXTENSION: &[u8] = b"keywords";

/// The extension that was introduced last.
#[derive(Clone, Copy, Debug)]
enum Current {
    /// There was no introduction yet.
    None,
    /// The introduction was broken: what follows is passed over.
    Broken,
    /// The extension at that place.
    At { place: usize, record_size: u16, is_outdated: bool },
}

/// What could not be done.
struct Impossible;

type Done = Result<(), Impossible>;

/// Does what a log says from an offset on, and gives the offset behind its last whole record.
pub(super) fn apply(index: &mut Index, log: &Log, from: usize, wanted: &[&str]) -> usize {
    let mut replay = Replay { index, order: log.order, wanted, current: Current::None };
    let mut records = log.records(from);
    for record in records.by_ref() {
        if replay.take(&record).is_err() {
            replay.index.damage(Damage::Record(record.offset));
        }
    }
    records.position()
}

struct Replay<'a> {
    index: &'a mut Index,
    order: Order,
    wanted: &'a [&'a str],
    current: Current,
}

impl Replay<'_> {
    fn take(&mut self, record: &LogRecord) -> Done {
        let body = record.body;
        match record.kind {
            APPEND => body.chunks_exact(8).try_for_each(|message| self.append(message)),
            // Without the mark that it was made, it is a wish that a later record fulfils.
            EXPUNGE if record.is_made => self.expunge_ranges(body),
            EXPUNGE_GUID if record.is_made => self.expunge_each(body),
            EXPUNGE | EXPUNGE_GUID => Ok(()),
            0x1 | 0x2000 => Err(Impossible),
            FLAGS => self.flags(body),
            HEADER_UPDATE => self.header(body),
            EXTENSION => self.introduce(body),
            EXTENSION_RESET => self.reset(body),
            EXTENSION_HEADER => self.extension_header(body, 2),
            EXTENSION_HEADER_LONG => self.extension_header(body, 4),
            EXTENSION_RECORD => self.extension_records(body),
            ADD => body.chunks_exact(8).try_for_each(|change| self.add(change)),
            KEYWORDS => self.keyword(),
            DELETED | UNDELETED if record.is_made => {
                self.index.is_deleted = record.kind == DELETED;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn u32(&self, bytes: &[u8], at: usize) -> Result<u32, Impossible> {
        self.order.u32(bytes, at).ok_or(Impossible)
    }

    fn append(&mut self, message: &[u8]) -> Done {
        let uid = self.u32(message, 0)?;
        let is_new = uid >= self.index.next_uid() && self.index.uids.last().is_none_or(|&last| uid > last);
        let next = uid.checked_add(1).filter(|_| uid != 0 && is_new).ok_or(Impossible)?;
        self.index.uids.push(uid);
        self.index.flags.push(message.get(4).copied().unwrap_or_default());
        self.index.is_live.push(true);
        for extension in &mut self.index.extensions {
            if let Some(kept) = &mut extension.kept {
                kept.cells.push([0; CELL]);
            }
        }
        self.index.set_next_uid(next);
        Ok(())
    }

    /// The places of the messages from one uid to another.
    fn places(&self, first: u32, last: u32) -> std::ops::Range<usize> {
        let start = self.index.uids.partition_point(|&uid| uid < first);
        let end = self.index.uids.partition_point(|&uid| uid <= last);
        start..end.max(start)
    }

    /// The place of a message, unless it is gone.
    fn place(&self, uid: u32) -> Option<usize> {
        let place = self.index.uids.binary_search(&uid).ok()?;
        self.index.is_live.get(place)?.then_some(place)
    }

    fn expunge_ranges(&mut self, body: &[u8]) -> Done {
        for range in body.chunks_exact(8) {
            let places = self.places(self.u32(range, 0)?, self.u32(range, 4)?);
            self.index.is_live.get_mut(places).ok_or(Impossible)?.fill(false);
        }
        Ok(())
    }

    fn expunge_each(&mut self, body: &[u8]) -> Done {
        for message in body.chunks_exact(20) {
            let uid = self.u32(message, 0)?;
            let places = self.places(uid, uid);
            self.index.is_live.get_mut(places).ok_or(Impossible)?.fill(false);
        }
        Ok(())
    }

    fn flags(&mut self, body: &[u8]) -> Done {
        for change in body.chunks_exact(12) {
            let places = self.places(self.u32(change, 0)?, self.u32(change, 4)?);
            let &[.., add, remove, _, _] = change else { return Err(Impossible) };
            for flags in self.index.flags.get_mut(places).ok_or(Impossible)? {
                *flags = *flags & !remove | add;
            }
        }
        Ok(())
    }

    fn header(&mut self, body: &[u8]) -> Done {
        let before = self.index.next_uid();
        for (offset, content) in self.pieces(body, 2)? {
            // Other bytes are of later versions.
            let end = offset.checked_add(content.len()).ok_or(Impossible)?.min(HEADER);
            if let Some(to) = self.index.header.get_mut(offset..end) {
                to.copy_from_slice(&content[..end - offset]);
            }
        }
        if self.index.next_uid() < before {
            self.index.set_next_uid(before);
        }
        Ok(())
    }

    /// Offset and size, of two or four bytes each, and so many bytes of content, at multiples of 4, again and again.
    fn pieces<'b>(&self, body: &'b [u8], width: usize) -> Result<Vec<(usize, &'b [u8])>, Impossible> {
        let number = |at| match width {
            2 => self.order.u16(body, at).map(usize::from),
            _ => self.order.u32(body, at).map(|number| number as usize),
        };
        let mut pieces = Vec::new();
        let mut at = 0;
        while at < body.len() {
            let (offset, size) = (number(at).ok_or(Impossible)?, number(at + width).ok_or(Impossible)?);
            let start = at + 2 * width;
            let end = start.checked_add(size).ok_or(Impossible)?;
            pieces.push((offset, body.get(start..end).ok_or(Impossible)?));
            at = align(end, 4);
        }
        Ok(pieces)
    }

    fn introduce(&mut self, body: &[u8]) -> Done {
        let mut at = 0;
        // What is left, if less than an introduction, is padding.
        while let Some(head) = body.get(at..).filter(|rest| rest.len() >= INTRODUCTION) {
            self.current = Current::Broken;
            let length = usize::from(self.order.u16(head, 18).ok_or(Impossible)?);
            let name = head.get(INTRODUCTION..INTRODUCTION + length).ok_or(Impossible)?;
            self.introduce_one(head, name)?;
            at = align(at + INTRODUCTION + length, 4);
        }
        Ok(())
    }

    fn introduce_one(&mut self, head: &[u8], name: &[u8]) -> Done {
        let (id, reset, header_size) = (self.u32(head, 0)?, self.u32(head, 4)?, self.u32(head, 8)?);
        let short = |at| self.order.u16(head, at).ok_or(Impossible);
        let (record_size, alignment, flags) = (short(12)?, short(14)?, short(16)?);
        let is_aligned = record_size == 0 || (1..=MOST_ALIGNMENT).contains(&alignment);
        let is_empty = record_size == 0 && header_size == 0;
        if is_empty || !is_aligned || record_size >= MOST_RECORD || header_size >= MOST_HEADER {
            return Err(Impossible);
        }
        let extensions = &mut self.index.extensions;
        let place = match id {
            NO_ID => extensions.iter().position(|extension| extension.name == name),
            id => Some(id as usize),
        };
        let Some(place) = place else {
            let place = self.new_extension(name, reset, header_size, record_size)?;
            self.current = Current::At { place, record_size, is_outdated: false };
            return Ok(());
        };
        let extension = extensions.get_mut(place).ok_or(Impossible)?;
        let is_outdated = extension.reset != reset;
        if !is_outdated {
            extension.resize(header_size, record_size, flags & NO_SHRINK == 0);
        }
        self.current = Current::At { place, record_size, is_outdated };
        Ok(())
    }

    fn new_extension(
        &mut self,
        name: &[u8],
        reset: u32,
        header_size: u32,
        record_size: u16,
    ) -> Result<usize, Impossible> {
        let place = self.index.extensions.len();
        if name.is_empty() || place >= MOST_EXTENSIONS {
            return Err(Impossible);
        }
        let kept = self.wanted.iter().any(|wanted| wanted.as_bytes() == name).then(|| Kept {
            header: vec![0; (header_size as usize).min(KEPT_HEADER)],
            cells: vec![[0; CELL]; self.index.uids.len()],
        });
        self.index.extensions.push(Extension { name: name.to_vec(), reset, header_size, record_size, kept });
        Ok(place)
    }

    fn reset(&mut self, body: &[u8]) -> Done {
        let Current::At { place, .. } = self.current else { return Err(Impossible) };
        let extension = self.index.extensions.get_mut(place).ok_or(Impossible)?;
        extension.reset = self.order.u32(body, 0).ok_or(Impossible)?;
        let keeps_content = body.get(4).is_some_and(|&flag| flag != 0);
        if let Some(kept) = extension.kept.as_mut().filter(|_| !keeps_content) {
            kept.header.fill(0);
            kept.cells.fill([0; CELL]);
        }
        Ok(())
    }

    fn extension_header(&mut self, body: &[u8], width: usize) -> Done {
        let place = match self.current {
            Current::None => return Err(Impossible),
            Current::Broken | Current::At { is_outdated: true, .. } => return Ok(()),
            Current::At { place, .. } => place,
        };
        let pieces = self.pieces(body, width)?;
        let extension = self.index.extensions.get_mut(place).ok_or(Impossible)?;
        for (offset, content) in pieces {
            if offset.saturating_add(content.len()) > extension.header_size as usize {
                return Err(Impossible);
            }
            let Some(kept) = &mut extension.kept else { continue };
            let to = kept.header.get_mut(offset..).unwrap_or_default();
            to.iter_mut().zip(content).for_each(|(to, from)| *to = *from);
        }
        Ok(())
    }

    /// The extension that a change of records is about, and the size of its part; none if it is passed over.
    fn changed(&self) -> Result<Option<(usize, usize)>, Impossible> {
        match self.current {
            Current::None => Err(Impossible),
            Current::Broken | Current::At { is_outdated: true, .. } => Ok(None),
            Current::At { place, record_size, .. } => Ok(Some((place, usize::from(record_size)))),
        }
    }

    fn extension_records(&mut self, body: &[u8]) -> Done {
        let Some((extension, size)) = self.changed()? else { return Ok(()) };
        let step = align(4 + size, 4);
        let changes = body.chunks_exact(step);
        let is_whole = changes.remainder().is_empty();
        for change in changes {
            let uid = self.u32(change, 0)?;
            let mut cell = [0; CELL];
            cell.iter_mut().zip(&change[4..4 + size]).for_each(|(to, from)| *to = *from);
            self.change(extension, uid, |old| {
                *old = cell;
                Ok(())
            })?;
        }
        if is_whole { Ok(()) } else { Err(Impossible) }
    }

    /// Adds a number, which may be negative, to the number that is a message's part of the extension.
    fn add(&mut self, change: &[u8]) -> Done {
        let Some((extension, size)) = self.changed()? else { return Ok(()) };
        let order = self.order;
        let (uid, difference) = (self.u32(change, 0)?, self.u32(change, 4)?.cast_signed());
        if !matches!(size, 1 | 2 | 4 | 8) {
            return Err(Impossible);
        }
        self.change(extension, uid, |cell| {
            let bytes = &mut cell[..size];
            let sum = order.number(bytes).checked_add_signed(i64::from(difference)).ok_or(Impossible)?;
            if size < 8 && sum >> (8 * size) != 0 {
                return Err(Impossible);
            }
            order.fill(bytes, sum);
            Ok(())
        })
    }

    /// Changes what an extension keeps of a message, unless the message is gone or the extension is not wanted.
    fn change(&mut self, extension: usize, uid: u32, change: impl FnOnce(&mut [u8; CELL]) -> Done) -> Done {
        if uid == 0 || uid >= self.index.next_uid() {
            return Err(Impossible);
        }
        let Some(place) = self.place(uid) else { return Ok(()) };
        let kept = self.index.extensions.get_mut(extension).and_then(|extension| extension.kept.as_mut());
        match kept.and_then(|kept| kept.cells.get_mut(place)) {
            Some(cell) => change(cell),
            None => Ok(()),
        }
    }

    /// Other extensions are introduced by their place, for which this one counts.
    fn keyword(&mut self) -> Done {
        if !self.index.extensions.iter().any(|extension| extension.name == KEYWORD_EXTENSION) {
            self.new_extension(KEYWORD_EXTENSION, 0, 1, 1)?;
            self.current = Current::None;
        }
        Ok(())
    }
}

impl Extension {
    fn resize(&mut self, header_size: u32, record_size: u16, may_shrink: bool) {
        if header_size > self.header_size || may_shrink {
            self.header_size = header_size;
        }
        let shrinks = record_size < self.record_size;
        if !shrinks || may_shrink {
            self.record_size = record_size;
        }
        let Some(kept) = &mut self.kept else { return };
        kept.header.resize((self.header_size as usize).min(KEPT_HEADER), 0);
        let size = usize::from(self.record_size);
        if shrinks && may_shrink && size < CELL {
            kept.cells.iter_mut().for_each(|cell| cell[size..].fill(0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::log::tests::{log, push};
    use super::*;

    const MADE: u32 = 0x1000_0000;

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    fn introduction(id: u32, reset: u32, header: u32, record: u16, name: &[u8]) -> Vec<u8> {
        let mut body = words(&[id, reset, header, u32::from(record) | 4 << 16, (name.len() as u32) << 16]);
        body.extend(name);
        body.resize(align(body.len(), 4), 0);
        body
    }

    fn append(log: &mut Vec<u8>, uids: std::ops::RangeInclusive<u32>) {
        push(log, 2 | MADE, &uids.flat_map(|uid| words(&[uid, 0])).collect::<Vec<_>>());
    }

    fn uids(index: &Index) -> Vec<u32> {
        index.rows().map(|row| row.uid).collect()
    }

    fn numbers(index: &Index, name: &str) -> Vec<u32> {
        let column = index.column(name).unwrap();
        index.rows().map(|row| column.u32(row, 0)).collect()
    }

    #[test]
    fn messages_come_and_go() {
        let mut log = log(1, 0, 0);
        append(&mut log, 1..=5);
        push(&mut log, 0xcd91, &words(&[1, 5]));
        push(&mut log, 0xcd91 | MADE, &words(&[2, 3, 9, 9]));
        push(&mut log, 0xed90 | MADE, &words(&[5, 1, 2, 3, 4]));
        push(&mut log, 4, &words(&[1, 4, 0x0018]));
        push(&mut log, 4, &words(&[4, 4, 0x0811]));
        let index = Index::read(None, &[&log], &[]);
        assert_eq!(uids(&index), [1, 4]);
        assert_eq!(index.rows().map(|row| row.flags).collect::<Vec<_>>(), [0x18, 0x11]);
        assert_eq!((index.damages(), index.next_uid()), (&[][..], 6));
    }

    #[test]
    fn an_unguarded_expunge_and_an_old_number_are_refused() {
        let mut log = log(1, 0, 0);
        append(&mut log, 1..=2);
        let offset = log.len();
        push(&mut log, 1 | MADE, &words(&[1, 2]));
        push(&mut log, 2, &words(&[2, 0]));
        let index = Index::read(None, &[&log], &[]);
        assert_eq!(uids(&index), [1, 2]);
        assert_eq!(index.damages(), [Damage::Record(offset), Damage::Record(offset + 16)]);
    }

    #[test]
    fn an_extension_by_name_and_by_place() {
        let mut log = log(1, 0, 0);
        push(&mut log, 0x40, &introduction(NO_ID, 0, 8, 0, b"other"));
        // The keyword takes the second place.
        push(&mut log, 0x400, &words(&[1 << 16, 0x61, 1, 1]));
        push(&mut log, 0x40, &introduction(NO_ID, 3, 8, 4, b"map"));
        append(&mut log, 1..=2);
        push(&mut log, 0x200, &words(&[1, 11, 2, 12]));
        push(&mut log, 0x40, &introduction(2, 3, 8, 4, b""));
        push(&mut log, 0x200, &words(&[2, 22]));
        push(&mut log, 0x100, &words(&[4 | 4 << 16, 77]));
        // An update by someone who has not seen the reset that gave the id 3.
        push(&mut log, 0x40, &introduction(2, 2, 8, 4, b""));
        push(&mut log, 0x200, &words(&[1, 99]));
        let index = Index::read(None, &[&log], &["map"]);
        assert_eq!((numbers(&index, "map"), index.damages()), (vec![11, 22], &[][..]));
        assert_eq!(index.extension_u32("map", 4), Some(77));
        assert!(index.column("other").is_none());
        push(&mut log, 0x80, &words(&[4, 0]));
        let index = Index::read(None, &[&log], &["map"]);
        assert_eq!((numbers(&index, "map"), index.extension_u32("map", 4)), (vec![0, 0], Some(0)));
    }

    #[test]
    fn an_extension_grows_and_shrinks() {
        let mut log = log(1, 0, 0);
        append(&mut log, 1..=1);
        push(&mut log, 0x40, &introduction(NO_ID, 0, 0, 4, b"map"));
        push(&mut log, 0x200, &words(&[1, 5]));
        push(&mut log, 0x40, &introduction(0, 0, 0, 12, b""));
        let index = Index::read(None, &[&log], &["map"]);
        let row = index.rows().next().unwrap();
        assert_eq!(index.column("map").unwrap().bytes(row), words(&[5, 0, 0]));
        push(&mut log, 0x200, &words(&[1, 6, 7, 8]));
        push(&mut log, 0x40, &introduction(0, 0, 0, 4, b""));
        push(&mut log, 0x40, &introduction(0, 0, 0, 12, b""));
        let index = Index::read(None, &[&log], &["map"]);
        assert_eq!(index.column("map").unwrap().bytes(row), words(&[6, 0, 0]));
    }

    #[test]
    fn counts_of_references_neither_wrap_nor_fall_below_zero() {
        let mut log = log(1, 0, 0);
        append(&mut log, 1..=1);
        push(&mut log, 0x40, &introduction(NO_ID, 0, 0, 2, b"ref"));
        push(&mut log, 0x1000, &words(&[1, 2]));
        push(&mut log, 0x1000, &words(&[1, u32::MAX]));
        let offset = log.len();
        push(&mut log, 0x1000, &words(&[1, (-2i32).cast_unsigned()]));
        push(&mut log, 0x1000, &words(&[1, 0xffff]));
        push(&mut log, 0x1000, &words(&[7, 1]));
        let index = Index::read(None, &[&log], &["ref"]);
        assert_eq!(numbers(&index, "ref"), [0], "two bytes are no four");
        assert_eq!(index.column("ref").unwrap().u16(index.rows().next().unwrap(), 0), 1);
        assert_eq!(index.damages(), [0, 16, 32].map(|more| Damage::Record(offset + more)));
    }

    #[test]
    fn a_header_is_changed_and_the_next_number_never_falls() {
        let mut log = log(1, 0, 0);
        append(&mut log, 1..=8);
        push(&mut log, 0x20, &words(&[24 | 8 << 16, 1234, 3, 200 | 4 << 16, 0]));
        let index = Index::read(None, &[&log], &[]);
        assert_eq!((index.uid_validity(), index.next_uid()), (1234, 9));
        push(&mut log, 0x2_0000 | MADE, &[0; 8]);
        assert!(Index::read(None, &[&log], &[]).is_deleted());
        push(&mut log, 0x4_0000 | MADE, &[0; 8]);
        assert!(!Index::read(None, &[&log], &[]).is_deleted());
    }

    #[test]
    fn what_is_about_no_extension_is_refused() {
        let mut log = log(1, 0, 0);
        append(&mut log, 1..=1);
        let offset = log.len();
        push(&mut log, 0x200, &words(&[1, 5]));
        push(&mut log, 0x40, &introduction(9, 0, 0, 4, b""));
        push(&mut log, 0x200, &words(&[1, 5]));
        push(&mut log, 0x40, &introduction(NO_ID, 0, 0, 4, b""));
        push(&mut log, 0x0010_0000, &words(&[1]));
        let index = Index::read(None, &[&log], &["map"]);
        assert_eq!(index.damages(), [0, 16, 60].map(|more| Damage::Record(offset + more)));
    }
}
