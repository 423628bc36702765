//! What the volumes that are here say now: a nearly full one must not be told as it was at the last scan.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use super::Session;
use crate::history::{names, series::HistorySeries};
use crate::model::escape;
use crate::model::series::Observation;
use crate::model::snapshot::Filesystem;
use crate::scan::io::filesystem::{self, is_read_only};

/// A network file system whose server is away never answers.
const PATIENCE: Duration = Duration::from_secs(3);

/// The answer of a volume.
#[derive(Clone, Debug)]
struct Present {
    figures: Filesystem,
    is_read_only: bool,
}

impl Session<'_> {
    /// Adds an observation of now to each volume of this machine that is full, or from a share in use on, and marks those
    /// that are mounted read-only.
    pub(super) fn add_present(&self, all: &mut [HistorySeries]) {
        if self.context.looks_back {
            return;
        }
        let (volumes, host, now) = (self.present(all), self.context.host(), Timestamp::now());
        for one in all.iter_mut() {
            if let Some(present) = here(one, &host).and_then(|mount| volumes.get(mount)) {
                one.is_read_only = present.is_read_only;
                observe(one, &present.figures, self.present_from, now);
            }
        }
    }

    /// The volumes of these series that are mounted here now, by mount point.
    fn present(&self, all: &[HistorySeries]) -> BTreeMap<String, Present> {
        let recorded =
            |mount: &str| self.entries.iter().rev().flat_map(|entry| &entry.filesystems).find(|f| f.mount == mount);
        let host = self.context.host();
        let mounts: BTreeSet<&str> = all.iter().filter_map(|one| here(one, &host)).collect();
        let (answer, answers) = mpsc::channel();
        for mount in mounts {
            let (answer, mount) = (answer.clone(), PathBuf::from(&*names::real(mount)));
            // It may wait in the kernel for ever; then it ends with the program.
            thread::spawn(move || {
                let figures = filesystem::stat(&mount).ok()?;
                let figures = Filesystem { mount: names::path(&figures.mount).into_owned(), ..figures };
                answer.send(Present { is_read_only: is_read_only(&mount), figures }).ok()
            });
        }
        drop(answer);
        let is_it = |present: &Present| {
            // Where it is not mounted now, the volume above answers.
            recorded(&present.figures.mount).is_some_and(|before| before.kind == present.figures.kind)
        };
        let all = std::iter::from_fn(|| answers.recv_timeout(PATIENCE).ok());
        all.filter(is_it).map(|present| (present.figures.mount.clone(), present)).collect()
    }
}

/// A warning for each volume of this machine that is mounted read-only now.
pub(super) fn read_only_volumes(all: &[HistorySeries]) -> Vec<String> {
    let volumes = all.iter().filter(|one| one.is_read_only).filter_map(HistorySeries::volume);
    let mounts: BTreeSet<&str> = volumes.map(|(_, mount)| mount).collect();
    let warning = |mount: &str| format!("{} is mounted read-only now: no mail arrives there", escape::printable(mount));
    mounts.into_iter().map(warning).collect()
}

/// The mount point, if it is a volume of this machine.
fn here<'s>(series: &'s HistorySeries, this: &str) -> Option<&'s str> {
    let (host, mount) = series.volume()?;
    (host == this).then_some(mount)
}

/// Adds the figures as the last observation, if so large a share is in use and they are not known already.
fn observe(one: &mut HistorySeries, figures: &Filesystem, share: f64, now: Timestamp) {
    let series = &mut one.series;
    let (used, Some(limit)) = (figures.used(series.resource) as f64, figures.limit(series.resource)) else { return };
    let limit = limit as f64;
    let free = limit - used;
    if free > 0.0 && used < share * limit {
        return;
    }
    // Of a volume whose size moves by itself, the room that is left is known.
    let (used, limit) = match (series.room, series.limit) {
        (Some(_), Some(size)) => (size - free, size),
        _ => (used, limit),
    };
    let Some(last) = series.observations.last().filter(|last| last.time < now) else { return };
    if (last.used, series.limit) == (used, Some(limit)) {
        return;
    }
    series.observations.push(Observation { time: now, used });
    series.limit = Some(limit);
    series.measured_now = true;
}
