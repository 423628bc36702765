//! Compresses a sample of the stored mail. Messages are read from the stores, and nothing is written.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::model::snapshot::Mailbox;
use crate::planning::{whatif::Compression, whatif::compression::SampledMessage};
use crate::store::listing::{Entry, EntryKind, entries_below};
use crate::store::no_links;
use crate::store::reader::{FileStat, open_file, usual_blocks};

/// Draws of mailboxes, and messages for each draw.
const DRAWS: usize = 48;
const MESSAGES: usize = 4;
/// Bytes read of a message at most.
const MOST_BYTES: u64 = 4 << 20;
/// Files considered in a mailbox at most.
const MOST_FILES: usize = 200_000;
/// Dovecot's default level for zstd.
const LEVEL: i32 = 3;
const SEED: u64 = 1;

/// First bytes of compressed files: gzip, bzip2, xz, zstd, and Dovecot's LZ4.
const MAGIC: [&[u8]; 5] = [b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"Dovecot-LZ4"];

/// A file with one or more messages.
struct Candidate {
    path: PathBuf,
    size: u64,
    weight: u64,
}

/// Compresses messages drawn with probabilities proportional to their sizes; `None` if there are too few. The same
/// mailboxes give the same sample. Each mailbox comes with the directory of its store.
pub(super) fn compression(mailboxes: &[(&Path, &Mailbox)]) -> Option<Compression> {
    let sizes: Vec<u64> = mailboxes.iter().map(|(_, mailbox)| mailbox.tally.message_bytes).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let mut drawn: Vec<usize> = (0..DRAWS).filter_map(|_| draw(&sizes, &mut rng)).collect();
    // A mailbox that was drawn twice is listed once.
    drawn.sort_unstable();
    let mut found = Vec::new();
    for times in drawn.chunk_by(|one, other| one == other) {
        let (root, mailbox) = mailboxes[times[0]];
        let files = candidates(root, mailbox);
        let weights: Vec<u64> = files.iter().map(|file| file.weight).collect();
        for _ in times {
            let mut one = |_| {
                let index = draw(&weights, &mut rng)?;
                measure((index, &files[index]), mailbox, &mut rng)
            };
            found.push((times[0], (0..MESSAGES).filter_map(&mut one).collect()));
        }
    }
    Compression::from_sample(&found)
}

/// Draws an index with probabilities proportional to the amounts.
fn draw(amounts: &[u64], rng: &mut ChaCha8Rng) -> Option<usize> {
    let total = amounts.iter().fold(0_u64, |sum, &amount| sum.saturating_add(amount));
    if total == 0 {
        return None;
    }
    let mut left = rng.random_range(0..total);
    amounts.iter().position(|&amount| {
        let is_here = left < amount;
        left = left.saturating_sub(amount);
        is_here
    })
}

/// The mail files of a mailbox, sorted by path. Users may change the store meanwhile: no link is followed.
fn candidates(root: &Path, mailbox: &Mailbox) -> Vec<Candidate> {
    let top = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let top = if mailbox.path.is_empty() { top } else { top.join(&mailbox.path) };
    let mail = entries_below(&top).filter(|entry| entry.kind == EntryKind::File && is_mail(entry, mailbox));
    mail.take(MOST_FILES).filter_map(|file| candidate(file, mailbox)).collect()
}

fn is_mail(file: &Entry, mailbox: &Mailbox) -> bool {
    let parent = file.path.parent().and_then(Path::file_name).map_or(&b""[..], OsStrExt::as_bytes);
    let beside: [&[u8]; 6] = [b"dovecot", b".", b"cyrus.", b"maildir", b"subscriptions", b"courier"];
    let is_beside = beside.iter().any(|beginning| file.name().starts_with(beginning));
    !is_beside && (mailbox.layout != "maildir" || parent == b"cur" || parent == b"new")
}

fn candidate(file: Entry, mailbox: &Mailbox) -> Option<Candidate> {
    let size = FileStat::from(&no_links::stat(&file.path).ok().flatten()?).size;
    let weight = if holds_one(mailbox) { usual_blocks(size) } else { size };
    (size > 0).then_some(Candidate { path: file.path, size, weight })
}

/// Whether each message has its own file, which takes whole blocks.
fn holds_one(mailbox: &Mailbox) -> bool {
    mailbox.tally.files >= mailbox.tally.messages
}

/// Compresses a message, or a piece of average message length from a file with many messages.
fn measure((index, file): (usize, &Candidate), mailbox: &Mailbox, rng: &mut ChaCha8Rng) -> Option<SampledMessage> {
    let usual = mailbox.tally.message_bytes / mailbox.tally.messages.max(1);
    let length = if holds_one(mailbox) { file.size } else { usual.clamp(1, file.size) };
    let from = if length < file.size { rng.random_range(0..=file.size - length) } else { 0 };
    let place = (index, from);
    let (opened, _) = open_file(&file.path).ok().flatten()?;
    let bytes = opened.bytes(from, length.min(MOST_BYTES) as usize).ok()?;
    if bytes.is_empty() {
        return None;
    }
    if MAGIC.iter().any(|magic| bytes.starts_with(magic)) {
        return Some(SampledMessage { place, ratio: 1.0, is_compressed: true });
    }
    let compressed = zstd::bulk::compress(&bytes, LEVEL).ok()?.len();
    let share = compressed as f64 / bytes.len() as f64;
    let ratio = match holds_one(mailbox) {
        true => usual_blocks((share * file.size as f64).ceil() as u64) as f64 / usual_blocks(file.size) as f64,
        false => share,
    };
    Some(SampledMessage { place, ratio: ratio.min(1.0), is_compressed: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::snapshot::Tally;

    fn mailbox(root: &Path, user: &str, bodies: &[&[u8]]) -> Mailbox {
        let directory = root.join(user).join("cur");
        std::fs::create_dir_all(&directory).unwrap();
        for (number, body) in bodies.iter().enumerate() {
            std::fs::write(directory.join(format!("{number}.a.b:2,S")), body).unwrap();
        }
        std::fs::write(root.join(user).join("dovecot.index.cache"), vec![0; 1 << 20]).unwrap();
        let message_bytes = bodies.iter().map(|body| body.len() as u64).sum();
        let (messages, files) = (bodies.len() as u64, bodies.len() as u64 + 1);
        let tally = Tally { messages, message_bytes, files, ..Tally::default() };
        Mailbox { user: user.into(), path: user.into(), layout: "maildir".into(), tally, ..Mailbox::default() }
    }

    #[test]
    fn compressed_mail_counts_unchanged_and_other_mail_by_whole_blocks() {
        let home = tempfile::tempdir().unwrap();
        let text = vec![b'a'; 40_960];
        let gzip = [b"\x1f\x8b".as_slice(), &text[2..]].concat();
        let (plain, packed) = (mailbox(home.path(), "ann", &[&text]), mailbox(home.path(), "bob", &[&gzip]));
        let of = |mailboxes: &[&Mailbox]| {
            let mailboxes: Vec<(&Path, &Mailbox)> = mailboxes.iter().map(|&m| (home.path(), m)).collect();
            compression(&mailboxes)
        };
        let sample = of(&[&plain]).unwrap();
        assert!((sample.ratio - 0.1).abs() < 1e-9 && sample.error < 1e-9 && sample.compressed == 0, "{sample:?}");
        let sample = of(&[&packed]).unwrap();
        assert_eq!((sample.ratio, sample.compressed), (1.0, sample.messages));
        let both = of(&[&plain, &packed]).unwrap();
        assert!((both.ratio - 0.55).abs() < both.error && both.error < 0.2, "{both:?}");
        assert_eq!(of(&[&plain, &packed]), Some(both), "the same mailboxes give the same sample");
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn what_became_a_link_or_a_pipe_is_not_read() {
        let (store, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (ann, bob) =
            (mailbox(store.path(), "ann", &[&[b'a'; 9_000]]), mailbox(outside.path(), "bob", &[&[b'b'; 9_000]]));
        let sample = |mailbox: &Mailbox| compression(&[(store.path(), mailbox)]);
        std::os::unix::fs::symlink(outside.path().join("bob"), store.path().join("bob")).unwrap();
        assert_eq!(sample(&bob), None);
        let message = store.path().join("ann/cur/0.a.b:2,S");
        let pipe = Candidate { path: message.clone(), size: 9_000, weight: 9_000 };
        assert!(sample(&ann).is_some());
        std::fs::remove_file(&message).unwrap();
        rustix::fs::mknodat(rustix::fs::CWD, &message, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
        assert_eq!(measure((0, &pipe), &ann, &mut ChaCha8Rng::seed_from_u64(SEED)), None);
        assert_eq!(sample(&ann), None);
    }

    #[test]
    fn a_file_of_many_messages_is_sampled_in_pieces() {
        let home = tempfile::tempdir().unwrap();
        let mut many = Vec::new();
        (0..2_000).for_each(|number| many.extend_from_slice(format!("Subject: {number}\n{number:>40}\n").as_bytes()));
        std::fs::write(home.path().join("m.1"), &many).unwrap();
        let tally = Tally { messages: 2_000, message_bytes: many.len() as u64, files: 1, ..Tally::default() };
        let mailbox = Mailbox { layout: "mdbox".into(), tally, ..Mailbox::default() };
        let sample = compression(&[(home.path(), &mailbox)]).unwrap();
        assert!(sample.ratio > 0.4, "a short message alone compresses little: {sample:?}");
        assert!(
            zstd::bulk::compress(&many, LEVEL).unwrap().len() * 5 < many.len(),
            "the whole file compresses well, or the test shows nothing"
        );
    }
}
