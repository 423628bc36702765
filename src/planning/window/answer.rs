//! GO or NO-GO for a maintenance window.

use jiff::Timestamp;

use super::contents::{Amount, StoreContents};
use super::headroom::{Demand, Headroom, Standing, StandingBasis};
use super::safe::{self, Safe};
use super::times::Window;
use super::work::{self, Need, Purpose, Work};
use crate::forecast::Forecaster;
use crate::model::series::{Identity, KnownEvent, Resource, Series};

/// The question.
#[derive(Clone, Debug)]
pub struct Question {
    /// The time of the work.
    pub window: Window,
    /// The work.
    pub works: Vec<Work>,
    /// Whether a roll-back must be possible.
    pub rolls_back: bool,
    /// The least probability of enough space for GO.
    pub confidence: f64,
    /// The target of a backup outside of the volumes in question.
    pub target: Option<BackupTarget>,
    /// The earliest start of an alternative window.
    pub not_before: Timestamp,
}

/// A series with a limit, and the contents of its stores that the work affects.
#[derive(Clone, Debug)]
pub struct WindowSeries {
    /// The series.
    pub series: Series,
    /// The contents of the stores.
    pub holding: StoreContents,
    /// Whether it is a volume: only volumes take backups and snapshots.
    pub is_volume: bool,
    /// Whether it only takes the backup of other series.
    pub only_backup: bool,
}

/// The target of a backup, with its free space now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupTarget {
    /// The mount point of its volume.
    pub mount: String,
    /// The space that the backup needs.
    pub need: Amount,
    /// Bytes and inodes available to ordinary users; `None` if the file system has no fixed inodes.
    pub available: (u64, Option<u64>),
}

impl BackupTarget {
    /// The missing space.
    pub fn missing(&self) -> Amount {
        let inodes = self.available.1.map_or(0, |inodes| self.need.inodes.saturating_sub(inodes));
        Amount { bytes: self.need.bytes.saturating_sub(self.available.0), inodes }
    }
}

/// The answer for one series.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesAnswer {
    /// The name of the series.
    pub series: String,
    /// What it belongs to.
    pub identity: Identity,
    /// The resource.
    pub resource: Resource,
    /// Whether it is a volume.
    pub is_volume: bool,
    /// Use at the last scan, in units of the resource.
    pub used: f64,
    /// In units of the resource.
    pub limit: f64,
    /// The time of the last scan, or now.
    pub scanned_at: Timestamp,
    /// Whether `used` was measured for this answer, and not by a scan.
    pub measured_now: bool,
    /// The space needed, by purpose.
    pub needs: Vec<Need>,
    /// The space expected.
    pub standing: Standing,
    /// Announced events until the end of the window.
    pub announced: Vec<KnownEvent>,
    /// The contents of the stores.
    pub holding: StoreContents,
}

impl SeriesAnswer {
    /// The sum of the needs, in units of the resource.
    pub fn total(&self) -> u64 {
        self.needed_for(|_| true)
    }

    /// The sum of the needs for some purposes.
    pub fn needed_for(&self, is_meant: impl Fn(Purpose) -> bool) -> u64 {
        let meant = self.needs.iter().filter(|need| is_meant(need.purpose));
        meant.map(|need| need.amount.get(self.resource)).fold(0, u64::saturating_add)
    }

    /// The spare space, or missing if negative, as a share of the limit.
    fn spare(&self) -> f64 {
        let left = match self.standing.missing {
            Some(missing) if missing > 0.0 => -missing,
            Some(_) => self.standing.free - self.total() as f64,
            None => f64::NEG_INFINITY,
        };
        left / self.limit.max(1.0)
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The window of the question.
    pub window: Window,
    /// The confidence of the question.
    pub confidence: f64,
    /// Whether a roll-back must be possible.
    pub rolls_back: bool,
    /// The answer for each series.
    pub parts: Vec<SeriesAnswer>,
    /// The target of a backup elsewhere.
    pub target: Option<BackupTarget>,
    /// The days on which the same window is GO.
    pub safe: Safe,
}

impl Answer {
    /// Whether every series and the backup target have enough space; not GO without series.
    pub fn is_go(&self) -> bool {
        !self.parts.is_empty() && self.parts.iter().all(|part| part.standing.is_go) && self.target_fits()
    }

    /// Whether only the backup target lacks space.
    pub fn fails_by_target_alone(&self) -> bool {
        !self.target_fits() && self.parts.iter().all(|part| part.standing.is_go)
    }

    /// Whether the backup fits its target.
    pub fn target_fits(&self) -> bool {
        self.target.as_ref().is_none_or(|target| target.missing() == Amount::default())
    }

    /// The deciding series: NO-GO before GO, then by the lowest probability, then by the least spare space.
    pub fn decides(&self) -> Option<&SeriesAnswer> {
        let key = |part: &SeriesAnswer| (part.standing.is_go, part.standing.enough.unwrap_or(0.0), part.spare());
        self.parts.iter().min_by(|a, b| {
            let ((go_a, p_a, spare_a), (go_b, p_b, spare_b)) = (key(a), key(b));
            go_a.cmp(&go_b).then(p_a.total_cmp(&p_b)).then(spare_a.total_cmp(&spare_b))
        })
    }

    /// Whether a series has no forecast yet.
    pub fn is_by_growth(&self) -> bool {
        self.parts.iter().any(|part| part.standing.basis == StandingBasis::Growth)
    }
}

/// Series without a limit are left out.
pub fn answer(question: &Question, subjects: &[WindowSeries], forecaster: &Forecaster) -> Answer {
    let window = &question.window;
    let mut rooms = Vec::new();
    let mut parts = Vec::new();
    for subject in subjects {
        let (series, holding) = (&subject.series, subject.holding);
        let works = question.works.iter().copied().filter(|work| match work {
            Work::Backup => subject.is_volume,
            Work::Snapshot => subject.is_volume && !subject.only_backup,
            _ => !subject.only_backup,
        });
        let needs = work::needs(&works.collect::<Vec<_>>(), question.rolls_back, &holding, window.days());
        let demand = Demand::new(&needs, series, holding.all.get(series.resource));
        let arrives = holding.busiest_week.get(series.resource) as f64 / 7.0;
        let Some(room) = Headroom::new(forecaster, series, demand, arrives, question.confidence) else { continue };
        parts.push(part(subject, needs, &room, window));
        rooms.push(room);
    }
    let newest = parts.iter().map(|part| part.scanned_at).max().unwrap_or(question.not_before);
    let whole_days = |from: Timestamp, to: Timestamp| super::times::days_between(from, to).floor() as i32;
    let back = whole_days(question.not_before.max(newest), window.from.timestamp()).max(0);
    let ahead = forecaster.horizon_days() as i32 - whole_days(newest, window.to.timestamp()) - 1;
    let safe = safe::safe(&rooms, window, back, ahead.max(0));
    let answer = Answer {
        window: window.clone(),
        confidence: question.confidence,
        rolls_back: question.rolls_back,
        parts,
        target: question.target.clone(),
        safe,
    };
    match answer.target_fits() {
        true => answer,
        // Only today's free space of the target is known.
        false => Answer { safe: Safe::Not { earlier: None, later: None }, ..answer },
    }
}

fn part(subject: &WindowSeries, needs: Vec<Need>, room: &Headroom, window: &Window) -> SeriesAnswer {
    let series = &subject.series;
    SeriesAnswer {
        series: series.name.clone(),
        identity: series.identity.clone(),
        resource: series.resource,
        is_volume: subject.is_volume,
        used: series.used().unwrap_or(0.0),
        limit: series.limit.unwrap_or(0.0),
        scanned_at: series.observations.last().map_or(Timestamp::MIN, |last| last.time),
        measured_now: series.measured_now,
        standing: room.standing(window),
        announced: room.announced(window).copied().collect(),
        needs,
        holding: subject.holding,
    }
}

#[cfg(test)]
mod tests;
