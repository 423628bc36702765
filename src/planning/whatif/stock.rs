//! The stored mail that leaves and the new mail that arrives without changes, day by day.

use super::Holdings;
use crate::forecast::cohort::{Projection, Survival};

#[derive(Clone, Debug, Default)]
pub(super) struct Stock {
    /// All files of mailboxes now, in units of the resource.
    pub stored: f64,
    projection: Option<Projection>,
    /// Size of mailboxes over size of their mail: indexes grow with the mail.
    scale: f64,
    /// Growth of the series a day.
    pace: f64,
}

impl Stock {
    pub(super) fn new(holdings: &Holdings, pace: f64) -> Stock {
        let ages: Vec<_> = holdings.scans.iter().map(|scan| scan.ages(|_| true)).collect();
        let projection = ages.last().and_then(|last| Projection::new(&last.weeks(), &Survival::learn(&ages)));
        let mail = ages.last().map_or(0.0, |last| last.total());
        let scale = if mail > 0.0 { holdings.mail / mail } else { 1.0 };
        Stock { stored: holdings.mail, projection, scale, pace }
    }

    /// The stored mail that has left `days` ahead.
    pub(super) fn loss(&self, days: f64) -> f64 {
        self.projection.as_ref().map_or(0.0, |projection| (self.scale * projection.loss(days)).clamp(0.0, self.stored))
    }

    /// The new mail that is there `days` ahead.
    pub(super) fn comes(&self, days: f64) -> f64 {
        self.projection.as_ref().map_or(0.0, |projection| self.scale * projection.comes(days))
    }

    /// The share of the new data on the volume that is mail, from 0 to 1.
    pub(super) fn mail_share(&self, days: f64) -> f64 {
        let (comes, all) = (self.comes(days), self.pace * days + self.loss(days));
        if comes > 0.0 { comes / comes.max(all) } else { 0.0 }
    }
}
