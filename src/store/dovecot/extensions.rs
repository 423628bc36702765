//! Applies the records of a transaction log to the extensions of an index.
//!
//! An introduction is u32 id (its position among all, or all ones and then a name), u32 reset id, u32 header size,
//! u16 record size, u16 alignment, u16 flags, u16 length of the name, the name; the records up to the next
//! introduction refer to it. Source: as [`super::replay`].

use super::byte_order::align;
use super::index::{CELL, ExtensionContent, IndexExtension, KEPT_HEADER, MOST_EXTENSIONS};
use super::replay::{CurrentExtension, InvalidRecord, Replay, ReplayResult};

/// Id of an introduction with a name.
pub(crate) const NO_ID: u32 = u32::MAX;
const INTRODUCTION: usize = 20;
const NO_SHRINK: u16 = 1;
const MOST_ALIGNMENT: u16 = 8;
const MOST_RECORD: u16 = 0x8000;
const MOST_HEADER: u32 = 0x100_0000;
/// Created by the first keyword, without an introduction.
const KEYWORD_EXTENSION: &[u8] = b"keywords";

impl Replay<'_> {
    pub(crate) fn introduce(&mut self, body: &[u8]) -> ReplayResult {
        let mut at = 0;
        // A shorter rest is padding.
        while let Some(head) = body.get(at..).filter(|rest| rest.len() >= INTRODUCTION) {
            self.current = CurrentExtension::Broken;
            let length = usize::from(self.order.u16(head, 18).ok_or(InvalidRecord)?);
            let name = head.get(INTRODUCTION..INTRODUCTION + length).ok_or(InvalidRecord)?;
            self.introduce_one(head, name)?;
            at = align(at + INTRODUCTION + length, 4);
        }
        Ok(())
    }

    fn introduce_one(&mut self, head: &[u8], name: &[u8]) -> ReplayResult {
        let (id, reset, header_size) = (self.u32(head, 0)?, self.u32(head, 4)?, self.u32(head, 8)?);
        let short = |at| self.order.u16(head, at).ok_or(InvalidRecord);
        let (record_size, alignment, flags) = (short(12)?, short(14)?, short(16)?);
        let is_aligned = record_size == 0 || (1..=MOST_ALIGNMENT).contains(&alignment);
        let is_empty = record_size == 0 && header_size == 0;
        if is_empty || !is_aligned || record_size >= MOST_RECORD || header_size >= MOST_HEADER {
            return Err(InvalidRecord);
        }
        let extensions = &self.index.extensions;
        let place = match id {
            NO_ID => extensions.iter().position(|extension| extension.name == name),
            id => Some(id as usize),
        };
        let place = match place {
            Some(place) => place,
            None => self.new_extension(name, reset, header_size, record_size)?,
        };
        let extension = self.index.extensions.get_mut(place).ok_or(InvalidRecord)?;
        let is_outdated = extension.reset != reset;
        if !is_outdated {
            extension.resize(header_size, record_size, flags & NO_SHRINK == 0);
        }
        self.current = CurrentExtension::At { place, record_size, is_outdated };
        Ok(())
    }

    fn new_extension(
        &mut self,
        name: &[u8],
        reset: u32,
        header_size: u32,
        record_size: u16,
    ) -> Result<usize, InvalidRecord> {
        let place = self.index.extensions.len();
        if name.is_empty() || place >= MOST_EXTENSIONS {
            return Err(InvalidRecord);
        }
        let kept = self.wanted.iter().any(|wanted| wanted.as_bytes() == name).then(|| ExtensionContent {
            header: vec![0; (header_size as usize).min(KEPT_HEADER)],
            cells: vec![[0; CELL]; self.index.uids.len()],
        });
        self.index.extensions.push(IndexExtension { name: name.to_vec(), reset, header_size, record_size, kept });
        Ok(place)
    }

    pub(crate) fn reset(&mut self, body: &[u8]) -> ReplayResult {
        let CurrentExtension::At { place, .. } = self.current else { return Err(InvalidRecord) };
        let extension = self.index.extensions.get_mut(place).ok_or(InvalidRecord)?;
        extension.reset = self.order.u32(body, 0).ok_or(InvalidRecord)?;
        let keeps_content = body.get(4).is_some_and(|&flag| flag != 0);
        if let Some(kept) = extension.kept.as_mut().filter(|_| !keeps_content) {
            kept.header.fill(0);
            kept.cells.fill([0; CELL]);
        }
        Ok(())
    }

    pub(crate) fn extension_header(&mut self, body: &[u8], width: usize) -> ReplayResult {
        let Some((place, _)) = self.changed()? else { return Ok(()) };
        let pieces = self.pieces(body, width)?;
        let extension = self.index.extensions.get_mut(place).ok_or(InvalidRecord)?;
        for (offset, content) in pieces {
            if offset.saturating_add(content.len()) > extension.header_size as usize {
                return Err(InvalidRecord);
            }
            let Some(kept) = &mut extension.kept else { continue };
            let to = kept.header.get_mut(offset..).unwrap_or_default();
            to.iter_mut().zip(content).for_each(|(to, from)| *to = *from);
        }
        Ok(())
    }

    /// The extension that a change is for, and its record size; `None` if the change is skipped.
    fn changed(&self) -> Result<Option<(usize, usize)>, InvalidRecord> {
        match self.current {
            CurrentExtension::None => Err(InvalidRecord),
            CurrentExtension::Broken | CurrentExtension::At { is_outdated: true, .. } => Ok(None),
            CurrentExtension::At { place, record_size, .. } => Ok(Some((place, usize::from(record_size)))),
        }
    }

    pub(crate) fn extension_records(&mut self, body: &[u8]) -> ReplayResult {
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
        if is_whole { Ok(()) } else { Err(InvalidRecord) }
    }

    /// Adds a signed number to a message's record.
    pub(crate) fn add(&mut self, change: &[u8]) -> ReplayResult {
        let Some((extension, size)) = self.changed()? else { return Ok(()) };
        let order = self.order;
        let (uid, difference) = (self.u32(change, 0)?, self.u32(change, 4)?.cast_signed());
        if !matches!(size, 1 | 2 | 4 | 8) {
            return Err(InvalidRecord);
        }
        self.change(extension, uid, |cell| {
            let bytes = &mut cell[..size];
            let sum = order.number(bytes).checked_add_signed(i64::from(difference)).ok_or(InvalidRecord)?;
            if size < 8 && sum >> (8 * size) != 0 {
                return Err(InvalidRecord);
            }
            order.fill(bytes, sum);
            Ok(())
        })
    }

    /// Ignores expunged messages and extensions that are not wanted.
    fn change(
        &mut self,
        extension: usize,
        uid: u32,
        change: impl FnOnce(&mut [u8; CELL]) -> ReplayResult,
    ) -> ReplayResult {
        if uid == 0 || uid >= self.index.next_uid() {
            return Err(InvalidRecord);
        }
        let Some(place) = self.place(uid) else { return Ok(()) };
        let kept = self.index.extensions.get_mut(extension).and_then(|extension| extension.kept.as_mut());
        match kept.and_then(|kept| kept.cells.get_mut(place)) {
            Some(cell) => change(cell),
            None => Ok(()),
        }
    }

    /// Creates the keyword extension, which counts in the positions of the others.
    pub(crate) fn keyword(&mut self) -> ReplayResult {
        if !self.index.extensions.iter().any(|extension| extension.name == KEYWORD_EXTENSION) {
            self.new_extension(KEYWORD_EXTENSION, 0, 1, 1)?;
            self.current = CurrentExtension::None;
        }
        Ok(())
    }
}

impl IndexExtension {
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
