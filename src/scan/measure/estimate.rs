//! Estimates sizes on disk from the names of messages, calibrated with a sample of folders.
//!
//! A name has the size of the message as delivered; a compressed file is smaller, and its blocks differ from both. File sizes
//! and blocks are estimated by their ratio to the sizes in names. The error is that of a ratio estimated from clusters
//! (Cochran, Sampling Techniques, 3rd edition, 1977, sections 6.3 and 9A.3).

use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustix::fs::FileType;

use crate::model::snapshot::SizeCalibration;
use crate::scan::io::{EntryBatch, Root};
use crate::scan::{context::ScanContext, unit::Unit};
use crate::store::Layout;
use crate::store::reader::{BLOCK_BYTES, FileStat, usual_blocks};

/// Most mailboxes in the sample.
const MOST_MAILBOXES: usize = 48;

/// At most one mailbox in this many is sampled.
const ONE_IN: usize = 8;

/// Most messages of a folder, the first of its listing: the scan waits for the sample.
const MOST_MESSAGES: u64 = 256;

/// Fewest folders in the sample, if there are enough: several of each mailbox in a small store.
const LEAST_FOLDERS: usize = 4;

const PPM: f64 = 1e6;

/// Half the width of a 95 % interval in standard errors, for a sample of `count`: Student's t, expanded about the normal
/// quantile (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5).
fn interval_errors(count: f64) -> f64 {
    let (z, degrees) = (1.959_964_f64, count - 1.0);
    z + (z.powi(3) + z) / (4.0 * degrees) + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * degrees.powi(2))
}

/// Sums over the sampled messages of one folder, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct FolderSample {
    messages: u64,
    /// Messages whose file size differs from the name.
    unlike: u64,
    named: f64,
    sizes: f64,
    /// Blocks that files of these sizes usually have.
    usual: f64,
    /// Blocks; an inode's are shared among its links.
    blocks: f64,
}

/// Samples folders, evenly over the mailboxes.
pub(crate) fn calibrate(context: &ScanContext, units: &[Unit]) -> SizeCalibration {
    // Only this format has sizes in names.
    let mailboxes: Vec<&Unit> = units.iter().filter(|unit| unit.layout() == Some(Layout::Maildir)).collect();
    let fewest = (mailboxes.len() / ONE_IN).clamp(1, ONE_IN);
    let step = mailboxes.len().div_ceil(MOST_MAILBOXES).max(fewest);
    let drawn: Vec<(usize, &Unit)> = mailboxes.into_iter().step_by(step).enumerate().collect();
    let folders_each = LEAST_FOLDERS.div_ceil(drawn.len().max(1));
    let is_wanted = |_: &(usize, &Unit)| !context.cancel.is_requested();
    let drawn = drawn.into_par_iter().filter(is_wanted);
    let folders = drawn.flat_map_iter(|(number, unit)| sample(context.root, unit, number, folders_each));
    ratios(&folders.collect::<Vec<_>>())
}

/// The ratios of the sampled folders, with their errors.
fn ratios(folders: &[FolderSample]) -> SizeCalibration {
    let ratio = |y: fn(&FolderSample) -> f64, x: fn(&FolderSample) -> f64| {
        let (sum_y, sum_x): (f64, f64) = (folders.iter().map(y).sum(), folders.iter().map(x).sum());
        if sum_x == 0.0 {
            return (1.0, None);
        }
        let ratio = sum_y / sum_x;
        let squares: f64 = folders.iter().map(|folder| (y(folder) - ratio * x(folder)).powi(2)).sum();
        let count = folders.len() as f64;
        let error = (squares * count / (count - 1.0)).sqrt() / sum_x / ratio.max(f64::MIN_POSITIVE);
        (ratio, (folders.len() > 1).then(|| interval_errors(count) * error))
    };
    let (size, size_error) = ratio(|folder| folder.sizes, |folder| folder.named);
    let (disk, disk_error) = ratio(|folder| folder.blocks, |folder| folder.usual);
    let ppm = |value: f64| (value * PPM).round().clamp(0.0, i64::MAX as f64) as u64;
    SizeCalibration {
        folders: folders.len() as u64,
        messages: folders.iter().map(|folder| folder.messages).sum(),
        unlike: folders.iter().map(|folder| folder.unlike).sum(),
        size_ppm: ppm(size),
        size_error_ppm: size_error.map(ppm),
        disk_ppm: ppm(disk),
        disk_error_ppm: disk_error.map(ppm),
    }
}

/// Samples folders with messages of one mailbox. The first one differs from mailbox to mailbox.
fn sample(root: &Root, unit: &Unit, number: usize, most: usize) -> Vec<FolderSample> {
    let mut names = EntryBatch::default();
    let mut folders = folders(root, unit, &mut names).unwrap_or_default();
    let first = number % folders.len().max(1);
    folders.rotate_left(first);
    let sums = folders.iter().filter_map(|folder| folder_sums(root, unit, &folder.join("cur"), &mut names).ok());
    sums.filter(|sums| sums.messages > 0).take(most).collect()
}

/// The inbox and the folders of a Maildir, relative to it.
fn folders(root: &Root, unit: &Unit, names: &mut EntryBatch) -> io::Result<Vec<PathBuf>> {
    let mut folders = vec![PathBuf::new()];
    let fd = root.open_directory(&unit.path)?;
    names.list(root, fd.as_fd(), |names, _| {
        let dotted = names.iter().filter(|entry| entry.name.starts_with(b"."));
        let directories = dotted.filter(|entry| matches!(entry.kind, FileType::Directory | FileType::Unknown));
        folders.extend(directories.map(|entry| PathBuf::from(entry.os_name())));
    })?;
    folders.sort();
    Ok(folders)
}

fn folder_sums(root: &Root, unit: &Unit, cur: &Path, names: &mut EntryBatch) -> io::Result<FolderSample> {
    let reader = Layout::Maildir.reader(unit.scope);
    let fd = root.open_directory(&unit.path.join(cur))?;
    let mut sums = FolderSample::default();
    names.list(root, fd.as_fd(), |names, _| {
        for entry in names.iter().filter(|entry| entry.kind == FileType::RegularFile) {
            if sums.messages == MOST_MESSAGES {
                break;
            }
            let Some(named) = reader.size_in_name(entry.name) else { continue };
            let Ok(facts) = root.facts(fd.as_fd(), entry.c_name()) else { continue };
            sums.messages += 1;
            sums.unlike += u64::from(facts.size != named);
            sums.named += named as f64;
            sums.sizes += facts.size as f64;
            sums.usual += usual_blocks(facts.size) as f64;
            sums.blocks += facts.allocated as f64 / facts.links.max(1) as f64;
        }
    })?;
    Ok(sums)
}

/// Estimates what the disk would say about a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SizeEstimate {
    pub calibration: SizeCalibration,
    pub device: u64,
}

impl SizeEstimate {
    /// The estimated facts of a file, from the size and time in its name.
    pub(crate) fn facts(&self, inode: u64, named: u64, time: i64) -> FileStat {
        let scaled = |value: u64, ppm: u64| (u128::from(value) * u128::from(ppm) / 1_000_000) as u64;
        let size = if self.calibration.unlike == 0 { named } else { scaled(named, self.calibration.size_ppm) };
        let allocated = scaled(usual_blocks(size), self.calibration.disk_ppm) / BLOCK_BYTES * BLOCK_BYTES;
        let inode = (self.device, inode);
        FileStat { inode, size, allocated, modified: time, changed: time, ..FileStat::EMPTY }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(named: f64, sizes: f64) -> FolderSample {
        FolderSample { messages: 1, unlike: u64::from(named != sizes), named, sizes, usual: sizes, blocks: sizes }
    }

    #[test]
    fn the_ratio_and_its_error_match_a_hand_calculation() {
        // r = 300 / 600; residuals 10, -10, 0; error = sqrt(200 * 3 / 2) / 600 / 0.5; t of two degrees is 4.30, by
        // the expansion 3.85.
        let sample = ratios(&[folder(200.0, 110.0), folder(200.0, 90.0), folder(200.0, 100.0)]);
        assert_eq!((sample.folders, sample.messages, sample.unlike), (3, 3, 3));
        let errors = sample.size_error_ppm.unwrap() as f64 / 1e6 / (300f64.sqrt() / 300.0);
        assert!((3.84..3.86).contains(&errors), "{errors}");
        assert_eq!((sample.size_ppm, sample.disk_ppm, sample.disk_error_ppm), (500_000, 1_000_000, Some(0)));
    }

    #[test]
    fn sizes_in_names_are_scaled_by_the_calibration() {
        let calibration = ratios(&[folder(5_000.0, 5_000.0), folder(70.0, 70.0)]);
        let facts = SizeEstimate { calibration, device: 3 }.facts(9, 4_097, 1_700_000_000);
        assert_eq!((facts.inode, facts.size, facts.allocated, facts.modified), ((3, 9), 4_097, 8_192, 1_700_000_000));
        let calibration = ratios(&[folder(200.0, 100.0), folder(200.0, 100.0)]);
        assert_eq!(SizeEstimate { calibration, device: 3 }.facts(9, 100_000, 0).size, 50_000);
    }

    #[test]
    fn without_a_sample_sizes_in_names_are_used_unchanged() {
        let calibration = ratios(&[]);
        assert_eq!((calibration.size_ppm, calibration.disk_ppm, calibration.folders), (1_000_000, 1_000_000, 0));
        assert_eq!((calibration.size_error_ppm, ratios(&[folder(9.0, 9.0)]).size_error_ppm), (None, None));
    }
}
