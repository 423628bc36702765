//! Sizes from the names of messages, for a first look: what a sample of folders says of how they relate to the disk.
//!
//! A name tells the size of the message as it was delivered. A compressed file is smaller, and blocks on the disk are
//! neither. Both are estimated by their ratio to what the names tell, summed up over the sampled folders; the error is that
//! of a ratio estimated from clusters (Cochran, Sampling Techniques, 3rd edition, 1977, sections 6.3 and 9A.3).

use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustix::fs::FileType;

use crate::model::snapshot::SizeCalibration;
use crate::scan::io::readdir::Names;
use crate::scan::io::root::Root;
use crate::scan::measure::Ground;
use crate::scan::unit::{Content, Unit};
use crate::store::Layout;
use crate::store::reader::{BLOCK_BYTES, FileStat, usual_blocks};

/// So many mailboxes are sampled at most, a folder of each.
const MOST_MAILBOXES: usize = 48;

/// Of so many, one is sampled at most: a sample is to be small beside the whole.
const MAILBOXES_A_SAMPLE: usize = 8;

/// Of a large folder so many messages are asked for, the first of its listing: one folder shall not keep all else waiting.
const MOST_MESSAGES: u64 = 256;

/// So many folders are sampled at least, if there are as many: several of each mailbox, where there are few.
const LEAST_FOLDERS: usize = 4;

/// A million parts are all.
const PPM: f64 = 1e6;

/// How many standard errors an interval takes that holds in 95 of 100 cases, by a sample of so many: Student's t, expanded
/// about the normal quantile (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5).
fn errors_of_interval(count: f64) -> f64 {
    let (z, degrees) = (1.959_964_f64, count - 1.0);
    z + (z.powi(3) + z) / (4.0 * degrees) + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * degrees.powi(2))
}

/// What was found in one folder: sums over its messages.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Folder {
    messages: u64,
    /// Messages whose file has another size than the name tells.
    unlike: u64,
    named: f64,
    sizes: f64,
    /// Blocks that files of such sizes take as a rule.
    usual: f64,
    /// Blocks that they take, those of an inode with several names shared among them.
    blocks: f64,
}

/// Samples folders, evenly over the mailboxes.
pub(crate) fn calibrate(ground: &Ground, units: &[Unit]) -> SizeCalibration {
    // Of the formats, this one has sizes in names.
    let mailboxes: Vec<&Unit> = units.iter().filter(|unit| unit.layout() == Some(Layout::Maildir)).collect();
    let fewest = (mailboxes.len() / MAILBOXES_A_SAMPLE).clamp(1, MAILBOXES_A_SAMPLE);
    let step = mailboxes.len().div_ceil(MOST_MAILBOXES).max(fewest);
    let drawn: Vec<(usize, &Unit)> = mailboxes.into_iter().step_by(step).enumerate().collect();
    let folders_each = LEAST_FOLDERS.div_ceil(drawn.len().max(1));
    let is_wanted = |_: &(usize, &Unit)| !ground.stop.is_asked();
    let drawn = drawn.into_par_iter().filter(is_wanted);
    let folders = drawn.flat_map_iter(|(number, unit)| sample(ground.root, unit, number, folders_each));
    of_sample(&folders.collect::<Vec<_>>())
}

/// What is to be known of the disk, by the sums of the sampled folders.
fn of_sample(folders: &[Folder]) -> SizeCalibration {
    let ratio = |y: fn(&Folder) -> f64, x: fn(&Folder) -> f64| {
        let (sum_y, sum_x): (f64, f64) = (folders.iter().map(y).sum(), folders.iter().map(x).sum());
        if sum_x == 0.0 {
            return (1.0, None);
        }
        let ratio = sum_y / sum_x;
        let squares: f64 = folders.iter().map(|folder| (y(folder) - ratio * x(folder)).powi(2)).sum();
        let count = folders.len() as f64;
        let error = (squares * count / (count - 1.0)).sqrt() / sum_x / ratio.max(f64::MIN_POSITIVE);
        (ratio, (folders.len() > 1).then(|| errors_of_interval(count) * error))
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

/// Asks for all messages of some folders of a mailbox, from one on that is another in each mailbox; those without messages
/// are passed over.
fn sample(root: &Root, unit: &Unit, number: usize, most: usize) -> Vec<Folder> {
    let mut names = Names::default();
    let mut folders = folders(root, unit, &mut names).unwrap_or_default();
    let first = number % folders.len().max(1);
    folders.rotate_left(first);
    let sums = folders.iter().filter_map(|folder| folder_sums(root, unit, &folder.join("cur"), &mut names).ok());
    sums.filter(|sums| sums.messages > 0).take(most).collect()
}

/// The folders of a mailbox, relative to it: the inbox, and those in directories with a dot.
fn folders(root: &Root, unit: &Unit, names: &mut Names) -> io::Result<Vec<PathBuf>> {
    let mut folders = vec![PathBuf::new()];
    let fd = root.open_directory(&unit.path)?;
    names.list(root, fd.as_fd(), |names, _| {
        let dotted = names.iter().filter(|entry| entry.name.starts_with(b"."));
        let directories = dotted.filter(|entry| matches!(entry.kind, FileType::Directory | FileType::Unknown));
        folders.extend(directories.map(|entry| PathBuf::from(entry.os_name())));
        Ok(())
    })?;
    folders.sort();
    Ok(folders)
}

fn folder_sums(root: &Root, unit: &Unit, cur: &Path, names: &mut Names) -> io::Result<Folder> {
    let Content::Mailbox(layout, _) = unit.content else { return Ok(Folder::default()) };
    let reader = layout.reader(unit.scope);
    let fd = root.open_directory(&unit.path.join(cur))?;
    let mut sums = Folder::default();
    names.list(root, fd.as_fd(), |names, _| {
        for entry in names.iter().filter(|entry| entry.kind == FileType::RegularFile) {
            if sums.messages == MOST_MESSAGES {
                break;
            }
            let Some(named) = reader.size_in_name(entry.name) else { continue };
            let Ok(facts) = root.ask(fd.as_fd(), entry.c_name()) else { continue };
            sums.messages += 1;
            sums.unlike += u64::from(facts.size != named);
            sums.named += named as f64;
            sums.sizes += facts.size as f64;
            sums.usual += usual_blocks(facts.size) as f64;
            sums.blocks += facts.allocated as f64 / facts.links.max(1) as f64;
        }
        Ok(())
    })?;
    Ok(sums)
}

/// What the disk would tell of a message, by its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guess {
    /// What the sample said.
    pub calibration: SizeCalibration,
    /// The device of the store.
    pub device: u64,
}

impl Guess {
    /// What the disk would tell of a file of that inode, whose name tells a size and a time.
    pub(crate) fn facts(&self, inode: u64, named: u64, time: i64) -> FileStat {
        let of = |value: u64, ppm: u64| (u128::from(value) * u128::from(ppm) / 1_000_000) as u64;
        let size = if self.calibration.unlike == 0 { named } else { of(named, self.calibration.size_ppm) };
        FileStat {
            inode: (self.device, inode),
            links: 1,
            size,
            allocated: of(usual_blocks(size), self.calibration.disk_ppm) / BLOCK_BYTES * BLOCK_BYTES,
            modified: time,
            changed: time,
            is_regular: true,
            is_symlink: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(named: f64, sizes: f64) -> Folder {
        Folder { messages: 1, unlike: u64::from(named != sizes), named, sizes, usual: sizes, blocks: sizes }
    }

    #[test]
    fn a_ratio_and_its_error_as_worked_by_hand() {
        // r = 300 / 600; residuals 10, -10, 0; error = sqrt(200 * 3 / 2) / 600 / 0.5; t of two degrees is 4.30, by
        // the expansion 3.85.
        let sample = of_sample(&[folder(200.0, 110.0), folder(200.0, 90.0), folder(200.0, 100.0)]);
        assert_eq!((sample.folders, sample.messages, sample.unlike), (3, 3, 3));
        let errors = sample.size_error_ppm.unwrap() as f64 / 1e6 / (300f64.sqrt() / 300.0);
        assert!((3.84..3.86).contains(&errors), "{errors}");
        assert_eq!((sample.size_ppm, sample.disk_ppm, sample.disk_error_ppm), (500_000, 1_000_000, Some(0)));
    }

    #[test]
    fn names_that_are_true_are_taken_at_their_word() {
        let calibration = of_sample(&[folder(5_000.0, 5_000.0), folder(70.0, 70.0)]);
        let facts = Guess { calibration, device: 3 }.facts(9, 4_097, 1_700_000_000);
        assert_eq!((facts.inode, facts.size, facts.allocated, facts.modified), ((3, 9), 4_097, 8_192, 1_700_000_000));
        let calibration = of_sample(&[folder(200.0, 100.0), folder(200.0, 100.0)]);
        assert_eq!(Guess { calibration, device: 3 }.facts(9, 100_000, 0).size, 50_000);
    }

    #[test]
    fn without_a_sample_names_are_believed() {
        let calibration = of_sample(&[]);
        assert_eq!((calibration.size_ppm, calibration.disk_ppm, calibration.folders), (1_000_000, 1_000_000, 0));
        assert_eq!((calibration.size_error_ppm, of_sample(&[folder(9.0, 9.0)]).size_error_ppm), (None, None));
    }
}
