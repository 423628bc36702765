//! GO or NO-GO: what is asked of a window, and what is answered.

use jiff::Timestamp;

use super::contents::{Amount, StoreContents};
use super::headroom::{Demand, Headroom, Standing, StandingBasis};
use super::safe::{self, Safe};
use super::times::Window;
use super::work::{self, Need, Purpose, Work};
use crate::forecast::Forecaster;
use crate::model::series::{KnownEvent, Resource, Series};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// When the work is done.
    pub window: Window,
    /// What is done.
    pub works: Vec<Work>,
    /// Whether the way back is kept open.
    pub rolls_back: bool,
    /// From which probability on that there is enough it is GO.
    pub confidence: f64,
    /// The place that a backup goes to, if it lies on none of the volumes that are asked about.
    pub target: Option<BackupTarget>,
    /// No window that begins before is looked at.
    pub not_before: Timestamp,
}

/// One series with a limit, and what the stores hold that the work touches and that count for it.
#[derive(Clone, Debug)]
pub struct WindowSeries {
    /// The series.
    pub series: Series,
    /// What the stores hold.
    pub holding: StoreContents,
    /// Whether it is a volume, on which backups and snapshots take room, and not the limit of a store.
    pub is_volume: bool,
    /// Whether nobody asked about it, and it only takes the backup of what was asked about.
    pub only_backup: bool,
}

/// The place that a backup goes to, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupTarget {
    /// Where its volume is mounted.
    pub mount: String,
    /// What the backup needs.
    pub need: Amount,
    /// What ordinary users can still use; `None` of inodes where they are made as needed.
    pub available: (u64, Option<u64>),
}

impl BackupTarget {
    /// What is missing there.
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
    /// What is counted.
    pub resource: Resource,
    /// Whether it is a volume.
    pub is_volume: bool,
    /// What was in use at the last scan, in units of the resource.
    pub used: f64,
    /// What there is at most, in units of the resource.
    pub limit: f64,
    /// When the last scan was.
    pub scanned_at: Timestamp,
    /// What is needed.
    pub needs: Vec<Need>,
    /// How it stands.
    pub standing: Standing,
    /// What is announced to come to the level or the limit until the window ends.
    pub announced: Vec<KnownEvent>,
    /// What the stores hold.
    pub holding: StoreContents,
}

impl SeriesAnswer {
    /// All that is needed, in units of the resource.
    pub fn total(&self) -> u64 {
        self.needs.iter().map(|need| need.amount.get(self.resource)).fold(0, u64::saturating_add)
    }

    /// What is needed for some of the purposes.
    pub fn needed_for(&self, is_meant: impl Fn(Purpose) -> bool) -> u64 {
        let meant = self.needs.iter().filter(|need| is_meant(need.purpose));
        meant.map(|need| need.amount.get(self.resource)).fold(0, u64::saturating_add)
    }

    /// What is left over, or missing if negative, as a share of the limit.
    fn spare(&self) -> f64 {
        let left = match self.standing.missing {
            Some(missing) if missing > 0.0 => -missing,
            Some(_) => self.standing.free - self.total() as f64,
            None => f64::NEG_INFINITY,
        };
        left / self.limit.max(1.0)
    }
}

/// What is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What was asked: when.
    pub window: Window,
    /// What was asked: how sure.
    pub confidence: f64,
    /// What was asked: whether the way back is kept open.
    pub rolls_back: bool,
    /// Each series, in their order.
    pub parts: Vec<SeriesAnswer>,
    /// The place of the backup elsewhere.
    pub target: Option<BackupTarget>,
    /// When a window of this kind is GO.
    pub safe: Safe,
}

impl Answer {
    /// Whether it is GO: every series has room, and the backup's place too. Of no series nothing is known.
    pub fn is_go(&self) -> bool {
        !self.parts.is_empty() && self.parts.iter().all(|part| part.standing.is_go) && self.target_fits()
    }

    /// Whether nothing but the place of the backup lacks room.
    pub fn fails_by_target_alone(&self) -> bool {
        !self.target_fits() && self.parts.iter().all(|part| part.standing.is_go)
    }

    /// Whether the backup fits where it goes.
    pub fn target_fits(&self) -> bool {
        self.target.as_ref().is_none_or(|target| target.missing() == Amount::default())
    }

    /// The series that decides: one that is NO-GO before one that is GO, then the least probable, then the tightest.
    pub fn decides(&self) -> Option<&SeriesAnswer> {
        let key = |part: &SeriesAnswer| (part.standing.is_go, part.standing.enough.unwrap_or(0.0), part.spare());
        self.parts.iter().min_by(|a, b| {
            let ((go_a, p_a, spare_a), (go_b, p_b, spare_b)) = (key(a), key(b));
            go_a.cmp(&go_b).then(p_a.total_cmp(&p_b)).then(spare_a.total_cmp(&spare_b))
        })
    }

    /// Whether some series has no forecast yet.
    pub fn is_by_growth(&self) -> bool {
        self.parts.iter().any(|part| part.standing.basis == StandingBasis::Growth)
    }
}

/// Answers for series with a limit; others are left out.
pub fn answer(question: &Question, subjects: &[WindowSeries], forecaster: &Forecaster) -> Answer {
    let window = &question.window;
    let asked = |subject: &WindowSeries| {
        let works = question.works.iter().copied();
        let works = works.filter(|work| match work {
            Work::Backup => subject.is_volume,
            Work::Snapshot => subject.is_volume && !subject.only_backup,
            _ => !subject.only_backup,
        });
        work::needs(&works.collect::<Vec<_>>(), question.rolls_back, &subject.holding, window.days())
    };
    let needs: Vec<Vec<Need>> = subjects.iter().map(asked).collect();
    let mut rooms = Vec::new();
    let mut parts = Vec::new();
    for (subject, needs) in subjects.iter().zip(needs) {
        let (series, holding) = (&subject.series, subject.holding);
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
        // Of that place only today is known.
        false => Answer { safe: Safe::Not { earlier: None, later: None }, ..answer },
    }
}

fn part(subject: &WindowSeries, needs: Vec<Need>, room: &Headroom, window: &Window) -> SeriesAnswer {
    let series = &subject.series;
    SeriesAnswer {
        series: series.name.clone(),
        resource: series.resource,
        is_volume: subject.is_volume,
        used: series.used().unwrap_or(0.0),
        limit: series.limit.unwrap_or(0.0),
        scanned_at: series.observations.last().map_or(Timestamp::MIN, |last| last.time),
        standing: room.standing(window),
        announced: room.announced(window).copied().collect(),
        needs,
        holding: subject.holding,
    }
}

#[cfg(test)]
mod tests;
