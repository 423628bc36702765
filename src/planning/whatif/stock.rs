//! The mail as it goes on: what will have left of what is stored, and what will have come, from day to day.

use super::Holdings;
use crate::forecast::cohort::{Projection, Survival};

/// What the stores hold, and how that goes on.
#[derive(Clone, Debug, Default)]
pub(super) struct Stock {
    /// All that belongs to mailboxes now, in units of the resource.
    pub held: f64,
    projection: Option<Projection>,
    /// What mailboxes take for each unit of mail: indexes grow as the mail does.
    scale: f64,
    /// What the series grows by a day, whatever it is.
    pace: f64,
}

impl Stock {
    /// Of holdings whose series grows by so much a day.
    pub(super) fn new(holdings: &Holdings, pace: f64) -> Stock {
        let ages: Vec<_> = holdings.scans.iter().map(|scan| scan.ages(|_| true)).collect();
        let projection = ages.last().and_then(|last| Projection::new(last, &Survival::learn(&ages)));
        let mail = ages.last().map_or(0.0, |last| last.total());
        let scale = if mail > 0.0 { holdings.mail / mail } else { 1.0 };
        Stock { held: holdings.mail, projection, scale, pace }
    }

    /// What will have left of what is stored now, so many days ahead.
    pub(super) fn loss(&self, days: f64) -> f64 {
        self.projection.as_ref().map_or(0.0, |projection| (self.scale * projection.loss(days)).clamp(0.0, self.held))
    }

    /// What will have come and still be there.
    pub(super) fn comes(&self, days: f64) -> f64 {
        self.projection.as_ref().map_or(0.0, |projection| self.scale * projection.comes(days))
    }

    /// Which part of what comes to the series is mail, from 0 to 1: what else grows on the volume is no mail.
    pub(super) fn mail_share(&self, days: f64) -> f64 {
        let (comes, all) = (self.comes(days), self.pace * days + self.loss(days));
        if comes > 0.0 { comes / comes.max(all) } else { 0.0 }
    }
}
