//! Reads an index: the index file first, then the logs that continue it.

use super::index::{HEADER, IndexDamage, LogPosition, MailIndex};
use super::log::TransactionLog;
use super::replay;

impl MailIndex {
    /// Reads the index file, if any, and replays the logs, the newest last. Only wanted extensions keep their
    /// records.
    pub(crate) fn read(base: Option<&[u8]>, logs: &[&[u8]], wanted: &[&str]) -> MailIndex {
        let mut index = MailIndex::default();
        let start = base.and_then(|base| index.load(base, wanted));
        if base.is_none() && logs.is_empty() {
            index.damage(IndexDamage::Missing);
        }
        let order = index.order;
        let mut opened: Vec<TransactionLog> =
            logs.iter().filter_map(|log| TransactionLog::open(log, order).ok()).collect();
        opened.sort_by_key(|log| log.sequence);
        opened.dedup_by_key(|log| log.sequence);
        if let Some(bad) = logs.last().and_then(|log| TransactionLog::open(log, order).err()) {
            index.damage(bad);
        }
        index.replay(start, &opened, wanted);
        index
    }

    /// Replays the logs after the index file's position.
    fn replay(&mut self, start: Option<LogPosition>, logs: &[TransactionLog], wanted: &[&str]) {
        let Some(id) = start.map(|start| start.index).or(logs.last().map(|log| log.index)) else { return };
        let logs: Vec<TransactionLog> = logs.iter().filter(|log| log.index == id).copied().collect();
        // A log without a predecessor starts an empty index, unless the file already includes part of it.
        let reset = logs.iter().rposition(|log| {
            log.before == 0
                && start.is_none_or(|start| {
                    log.sequence > start.sequence || (log.sequence == start.sequence && start.offset <= log.start)
                })
        });
        let mut position = match (reset, start) {
            (Some(first), _) => {
                let damages = std::mem::take(&mut self.damages);
                *self = MailIndex { damages, order: self.order, ..MailIndex::default() };
                LogPosition { index: id, sequence: logs[first].sequence, offset: 0 }
            }
            (None, Some(start)) => start,
            (None, None) => {
                let Some(first) = logs.first() else { return };
                self.damage(IndexDamage::LostLog(first.before));
                LogPosition { index: id, sequence: first.sequence, offset: 0 }
            }
        };
        if self.header.is_empty() {
            self.order = logs.first().map_or(self.order, |log| log.order);
            self.header = vec![0; HEADER];
            self.set_next_uid(1);
        }
        let first = position.sequence;
        for log in logs.iter().filter(|log| log.sequence >= first) {
            if log.sequence > position.sequence {
                if log.before != position.sequence || log.end_of_before as usize > position.offset {
                    self.damage(IndexDamage::LostLog(position.sequence));
                }
                position = LogPosition { sequence: log.sequence, offset: 0, ..position };
            }
            let end = replay::apply(self, log, position.offset, wanted);
            self.cut = (end < log.length()).then_some(end);
            position.offset = position.offset.max(end);
        }
    }
}

#[cfg(test)]
mod tests;
