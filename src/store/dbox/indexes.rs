//! Reads a dbox index with its logs while the server may be writing them.

use std::io::{self, Read};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::snapshot::ProblemKind;
use crate::store::content::ContentReader;
use crate::store::dovecot::index::{IndexDamage, MailIndex};
use crate::store::reader::{FileStat, Sink, open_file};

/// Limit of an index file, above millions of messages.
const LARGEST_INDEX: u64 = 256 << 20;
/// Longest plausible time to write a log record.
const SECONDS_AT_WORK: i64 = 60;

/// Reads an index and its logs, if any, and reports damage.
pub(crate) fn read_index(directory: &Path, name: &str, wanted: &[&str], sink: &mut dyn Sink) -> Option<MailIndex> {
    let mut is_complete = true;
    // Read the index file last: if it is rewritten meanwhile, it includes the logs' changes.
    let [log, old, base] = [".log", ".log.2", ""].map(|end| {
        let path = directory.join(format!("{name}{end}"));
        read_whole(&path).unwrap_or_else(|error| {
            is_complete = false;
            sink.read_error(&path, &error);
            None
        })
    });
    if base.is_none() && log.is_none() && is_complete {
        return None;
    }
    let is_at_work = log.as_ref().is_some_and(|(_, facts)| is_fresh(facts));
    let logs: Vec<&[u8]> = [&old, &log].into_iter().flatten().map(|(bytes, _)| bytes.as_slice()).collect();
    let mut index = MailIndex::read(base.as_ref().map(|(bytes, _)| bytes.as_slice()), &logs, wanted);
    if let Some(cut) = index.cut.filter(|_| !is_at_work) {
        index.damage(IndexDamage::Cut(cut));
    }
    for damage in &index.damages {
        let kind = match damage {
            IndexDamage::Version(_) | IndexDamage::LogVersion(_) => ProblemKind::UnknownVersion,
            _ => ProblemKind::Damaged,
        };
        let end = if damage.is_of_log() { ".log" } else { "" };
        sink.problem(&directory.join(format!("{name}{end}")), kind, &damage.to_string());
    }
    Some(index)
}

/// Whether the file was changed just now, so that its writer may still be active.
fn is_fresh(facts: &FileStat) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(i64::MAX, |now| now.as_secs().cast_signed());
    now.saturating_sub(facts.modified) < SECONDS_AT_WORK
}

fn read_whole(path: &Path) -> io::Result<Option<(Vec<u8>, FileStat)>> {
    let read = || {
        let Some((file, facts)) = open_file(path)? else { return Ok(None) };
        if facts.size > LARGEST_INDEX {
            return Err(io::Error::other("too large for an index: it was not read"));
        }
        let mut bytes = Vec::new();
        ContentReader::new(&file, facts.size).read_to_end(&mut bytes)?;
        Ok(Some((bytes, facts)))
    };
    match read() {
        // Renamed during the open.
        Err(error) if error.kind() == io::ErrorKind::NotFound => read(),
        other => other,
    }
}
