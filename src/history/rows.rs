//! The rows of a snapshot's tables, read back one at a time.

use jiff::civil::Date;
use jiff::{Span, Timestamp};

use super::schema::{CALIBRATION, EPOCH, TALLY};
use super::table::ColumnTable;
use crate::model::class::Class;
use crate::model::error::{Error, Result};
use crate::model::series::Resource;
use crate::model::snapshot::use_cohort::MessageTotals;
use crate::model::snapshot::{
    Blob, BulkArrival, BulkArrivalKind, ClassUsage, Classes, Clock, Cohort, Cohorts, Filesystem, Folder, Mailbox,
    Problem, ProblemKind, SizeCalibration, Sureness, Tally, UseCohort,
};
use crate::model::special_use::SpecialUse;

/// Rows that are read back, one at a time.
pub(crate) struct Rows<'a>(&'a ColumnTable);

impl<'a> Rows<'a> {
    /// The rows of a table.
    pub(crate) fn from_table(table: &'a ColumnTable) -> Self {
        Rows(table)
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.0.rows()
    }

    /// Text that may be null.
    pub(crate) fn optional_text(&self, name: &str, row: usize) -> Result<Option<String>> {
        Ok(self.0.text(name)?[row].clone())
    }

    /// Text.
    pub(crate) fn text(&self, name: &str, row: usize) -> Result<String> {
        self.optional_text(name, row)?.ok_or_else(|| null(name))
    }

    /// An integer that is not negative.
    pub(crate) fn integer(&self, name: &str, row: usize) -> Result<u64> {
        let value = self.0.integers(name)?[row].ok_or_else(|| null(name))?;
        u64::try_from(value)
            .map_err(|_| Error::new(format!("the column `{name}` has {value}, which is not a valid size")))
    }

    /// A time.
    pub(crate) fn time(&self, name: &str, row: usize) -> Result<Timestamp> {
        self.optional_time(name, row)?.ok_or_else(|| null(name))
    }

    fn optional_time(&self, name: &str, row: usize) -> Result<Option<Timestamp>> {
        let time = self.0.times(name)?[row].map(Timestamp::from_microsecond).transpose();
        time.map_err(|e| Error::new(format!("the column `{name}` has a time out of range")).because(e))
    }

    /// A truth value; null is false.
    pub(crate) fn truth(&self, name: &str, row: usize) -> Result<bool> {
        Ok(self.0.truths(name)?[row].unwrap_or(false))
    }

    /// The tally of a row.
    pub(crate) fn tally(&self, row: usize) -> Result<Tally> {
        let mut tally = Tally::default();
        for (name, _, set) in TALLY {
            set(&mut tally, self.0.integers(name)?[row].and_then(|value| u64::try_from(value).ok()));
        }
        tally.oldest = self.optional_time("oldest", row)?;
        tally.newest = self.optional_time("newest", row)?;
        Ok(tally)
    }

    /// The calibration of a row; `None` unless the sizes were estimated from file names.
    pub(crate) fn calibration(&self, row: usize) -> Result<Option<SizeCalibration>> {
        let mut calibration = SizeCalibration::default();
        for (name, _, set) in CALIBRATION {
            set(&mut calibration, self.0.integers(name)?[row].and_then(|value| u64::try_from(value).ok()));
        }
        // Where the disk told the sizes, all of them are null.
        Ok((calibration.size_ppm > 0 || calibration.messages > 0).then_some(calibration))
    }

    /// The volume of a row.
    pub(crate) fn filesystem(&self, row: usize) -> Result<Filesystem> {
        Ok(Filesystem {
            mount: self.text("mount", row)?,
            kind: self.text("kind", row)?,
            size_bytes: self.integer("size_bytes", row)?,
            used_bytes: self.integer("used_bytes", row)?,
            available_bytes: self.integer("available_bytes", row)?,
            inodes: self.integer("inodes", row)?,
            inodes_used: self.integer("inodes_used", row)?,
            inodes_available: self.integer("inodes_available", row)?,
        })
    }

    /// The mailbox of a row, without its folders and cohorts.
    pub(crate) fn mailbox(&self, row: usize) -> Result<Mailbox> {
        Ok(Mailbox {
            domain: self.optional_text("domain", row)?,
            user: self.text("user", row)?,
            path: self.text("path", row)?,
            layout: self.text("layout", row)?,
            sureness: self.word("sureness", row, Sureness::ALL, Sureness::word)?,
            tally: self.tally(row)?,
            classes: Classes::default(),
            cohorts: Cohorts::default(),
            folders: Vec::new(),
        })
    }

    /// The folder of a row.
    pub(crate) fn folder(&self, row: usize) -> Result<Folder> {
        Ok(Folder {
            name: self.text("folder", row)?,
            path: self.text("folder_path", row)?,
            special_use: self.special_use(row)?,
            tally: self.tally(row)?,
        })
    }

    pub(crate) fn cohort(&self, row: usize) -> Result<Cohort> {
        Ok(Cohort {
            clock: self.word("clock", row, Clock::ALL, Clock::word)?,
            week: self.date("week", row)?,
            size_from: self.integer("size_from", row)?,
            messages: self.integer("messages", row)?,
            bytes: self.integer("bytes", row)?,
        })
    }

    /// The cohort of a row, by the use of its folder.
    pub(crate) fn use_cohort(&self, row: usize) -> Result<UseCohort> {
        Ok(UseCohort {
            special_use: self.special_use(row)?,
            clock: self.word("clock", row, Clock::ALL, Clock::word)?,
            week: self.date("week", row)?,
            totals: MessageTotals {
                messages: self.integer("messages", row)?,
                bytes: self.integer("bytes", row)?,
                allocated_bytes: self.integer("allocated_bytes", row)?,
                inodes: self.integer("inodes", row)?,
            },
        })
    }

    /// The cohorts of a row, packed.
    pub(crate) fn cohorts(&self, row: usize) -> Result<Cohorts> {
        let packed = self.0.bytes("cohorts")?[row].clone().ok_or_else(|| null("cohorts"))?;
        Cohorts::from_packed(packed).ok_or_else(|| Error::new("the column `cohorts` has invalid bytes"))
    }

    /// The class of a row, and its share.
    pub(crate) fn share(&self, row: usize) -> Result<(Class, ClassUsage)> {
        let share = ClassUsage {
            files: self.integer("files", row)?,
            bytes: self.integer("bytes", row)?,
            allocated_bytes: self.integer("allocated_bytes", row)?,
            inodes: self.integer("inodes", row)?,
        };
        Ok((self.word("class", row, Class::ALL, Class::word)?, share))
    }

    /// The resource of a row.
    pub(crate) fn resource(&self, row: usize) -> Result<Resource> {
        self.word("resource", row, Resource::ALL, Resource::word)
    }

    /// The event of a row.
    pub(crate) fn event(&self, row: usize) -> Result<BulkArrival> {
        Ok(BulkArrival {
            date: self.date("date", row)?,
            kind: self.word("kind", row, BulkArrivalKind::ALL, BulkArrivalKind::word)?,
            messages: self.integer("messages", row)?,
            bytes: self.integer("bytes", row)?,
        })
    }

    /// The blob of a row.
    pub(crate) fn blob(&self, row: usize) -> Result<Blob> {
        Ok(Blob {
            path: self.text("path", row)?,
            kind: self.text("kind", row)?,
            bytes: self.integer("bytes", row)?,
            allocated_bytes: self.integer("allocated_bytes", row)?,
        })
    }

    /// The problem of a row.
    pub(crate) fn problem(&self, row: usize) -> Result<Problem> {
        let kind = self.word("kind", row, ProblemKind::ALL, ProblemKind::word)?;
        Ok(Problem { path: self.text("path", row)?, kind, detail: self.text("detail", row)? })
    }

    /// A date.
    pub(crate) fn date(&self, name: &str, row: usize) -> Result<Date> {
        let days = self.0.dates(name)?[row].ok_or_else(|| null(name))?;
        let date = Span::new().try_days(days).and_then(|days| EPOCH.checked_add(days));
        date.map_err(|e| Error::new(format!("the column `{name}` has a date out of range")).because(e))
    }

    /// One of the words that a column may hold.
    fn word<T: Copy, const N: usize>(
        &self,
        name: &str,
        row: usize,
        all: [T; N],
        word: fn(T) -> &'static str,
    ) -> Result<T> {
        known(name, &self.text(name, row)?, all, word)
    }

    fn special_use(&self, row: usize) -> Result<Option<SpecialUse>> {
        let text = self.optional_text("special_use", row)?;
        text.map(|text| known("special_use", &text, SpecialUse::ALL, SpecialUse::word)).transpose()
    }
}

fn known<T: Copy, const N: usize>(name: &str, held: &str, all: [T; N], word: fn(T) -> &'static str) -> Result<T> {
    let unknown = || Error::new(format!("the column `{name}` has `{held}`, which this version does not know"));
    all.into_iter().find(|&one| word(one) == held).ok_or_else(unknown)
}

/// A column has a null where there is none allowed.
pub(crate) fn null(name: &str) -> Error {
    Error::new(format!("the column `{name}` has a null where a value is required"))
}
