//! Reads the rows of a snapshot's tables.

use jiff::civil::Date;
use jiff::{Span, Timestamp};

use super::schema::{CALIBRATION, CountColumn, TALLY};
use super::table::{ColumnTable, EPOCH};
use crate::model::error::{Error, Result};
use crate::model::snapshot::{
    Blob, BulkArrival, BulkArrivalKind, ClassUsage, Clock, Cohort, Cohorts, Filesystem, Folder, Mailbox, Problem,
    ProblemKind, SizeCalibration, Sureness, Tally, UseCohort,
};
use crate::model::special_use::SpecialUse;
use crate::model::{class::Class, series::Resource, snapshot::use_cohort::MessageTotals};

/// One row of a table.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub table: &'a ColumnTable,
    pub index: usize,
}

/// It is an error if a column is missing or has another type, or if a null or an invalid value is in it.
impl<'a> Row<'a> {
    pub(crate) fn all(table: &'a ColumnTable) -> impl Iterator<Item = Row<'a>> {
        (0..table.rows()).map(move |index| Row { table, index })
    }

    pub(crate) fn optional_text(self, name: &str) -> Result<Option<&'a str>> {
        Ok(self.table.text(name)?(self.index))
    }

    pub(crate) fn text(self, name: &str) -> Result<String> {
        self.optional_text(name)?.map(str::to_owned).ok_or_else(|| null(name))
    }

    /// An integer that is not negative.
    pub(crate) fn integer(self, name: &str) -> Result<u64> {
        let value = self.table.integers(name)?(self.index).ok_or_else(|| null(name))?;
        let invalid = |_| Error::new(format!("the column `{name}` has {value}, which is not a valid size"));
        u64::try_from(value).map_err(invalid)
    }

    pub(crate) fn time(self, name: &str) -> Result<Timestamp> {
        self.optional_time(name)?.ok_or_else(|| null(name))
    }

    fn optional_time(self, name: &str) -> Result<Option<Timestamp>> {
        let time = self.table.times(name)?(self.index).map(Timestamp::from_microsecond).transpose();
        time.map_err(|e| Error::new(format!("the column `{name}` has a time out of range")).because(e))
    }

    pub(crate) fn date(self, name: &str) -> Result<Date> {
        let days = self.table.dates(name)?(self.index).ok_or_else(|| null(name))?;
        let date = Span::new().try_days(days).and_then(|days| EPOCH.checked_add(days));
        date.map_err(|e| Error::new(format!("the column `{name}` has a date out of range")).because(e))
    }

    /// A truth value; null is false.
    pub(crate) fn boolean(self, name: &str) -> Result<bool> {
        Ok(self.table.booleans(name)?(self.index).unwrap_or(false))
    }

    /// One of the words that a column may have.
    fn word<T: Copy, const N: usize>(self, name: &str, all: [T; N], word: fn(T) -> &'static str) -> Result<T> {
        self.optional_word(name, all, word)?.ok_or_else(|| null(name))
    }

    fn optional_word<T: Copy, const N: usize>(
        self,
        name: &str,
        all: [T; N],
        word: fn(T) -> &'static str,
    ) -> Result<Option<T>> {
        let Some(text) = self.optional_text(name)? else { return Ok(None) };
        let known = all.into_iter().find(|&one| word(one) == text);
        known.map(Some).ok_or_else(|| unknown(name, text))
    }

    /// The store that the row belongs to.
    pub(crate) fn store(self) -> Result<String> {
        self.text("store")
    }

    /// The store and the path of the mailbox that the row belongs to.
    pub(crate) fn mailbox_key(self) -> Result<(String, String)> {
        Ok((self.store()?, self.text("path")?))
    }

    fn counts<C: Default>(self, columns: &[CountColumn<C>]) -> Result<C> {
        let mut counts = C::default();
        for (name, _, set) in columns {
            set(&mut counts, self.table.sizes(name)?(self.index));
        }
        Ok(counts)
    }

    pub(crate) fn tally(self) -> Result<Tally> {
        let (oldest, newest) = (self.optional_time("oldest")?, self.optional_time("newest")?);
        Ok(Tally { oldest, newest, ..self.counts(&TALLY)? })
    }

    /// `None` unless sizes were estimated from file names: all columns are null then.
    pub(crate) fn calibration(self) -> Result<Option<SizeCalibration>> {
        let calibration = self.counts(&CALIBRATION)?;
        Ok((calibration.size_ppm > 0 || calibration.messages > 0).then_some(calibration))
    }

    pub(crate) fn filesystem(self) -> Result<Filesystem> {
        Ok(Filesystem {
            mount: self.text("mount")?,
            id: self.text("id")?,
            also_at: Vec::new(),
            kind: self.text("kind")?,
            size_bytes: self.integer("size_bytes")?,
            used_bytes: self.integer("used_bytes")?,
            available_bytes: self.integer("available_bytes")?,
            inodes: self.integer("inodes")?,
            inodes_used: self.integer("inodes_used")?,
            inodes_available: self.integer("inodes_available")?,
        })
    }

    /// The mailbox, without its classes, folders and cohorts.
    pub(crate) fn mailbox(self) -> Result<Mailbox> {
        Ok(Mailbox {
            domain: self.optional_text("domain")?.map(str::to_owned),
            user: self.text("user")?,
            path: self.text("path")?,
            layout: self.text("layout")?,
            sureness: self.word("sureness", Sureness::ALL, Sureness::word)?,
            tally: self.tally()?,
            ..Mailbox::default()
        })
    }

    pub(crate) fn folder(self) -> Result<Folder> {
        Ok(Folder {
            name: self.text("folder")?,
            path: self.text("folder_path")?,
            special_use: self.special_use()?,
            tally: self.tally()?,
        })
    }

    fn special_use(self) -> Result<Option<SpecialUse>> {
        self.optional_word("special_use", SpecialUse::ALL, SpecialUse::word)
    }

    pub(crate) fn cohort(self) -> Result<Cohort> {
        Ok(Cohort {
            clock: self.word("clock", Clock::ALL, Clock::word)?,
            day: self.date("day")?,
            size_from: self.integer("size_from")?,
            messages: self.integer("messages")?,
            bytes: self.integer("bytes")?,
        })
    }

    pub(crate) fn use_cohort(self) -> Result<UseCohort> {
        Ok(UseCohort {
            special_use: self.special_use()?,
            clock: self.word("clock", Clock::ALL, Clock::word)?,
            week: self.date("week")?,
            totals: MessageTotals {
                messages: self.integer("messages")?,
                bytes: self.integer("bytes")?,
                allocated_bytes: self.integer("allocated_bytes")?,
                inodes: self.integer("inodes")?,
            },
        })
    }

    /// The packed cohorts of a mailbox.
    pub(crate) fn cohorts(self) -> Result<Cohorts> {
        let packed = self.table.bytes("cohorts")?(self.index).ok_or_else(|| null("cohorts"))?;
        let invalid = || Error::new("the column `cohorts` has invalid bytes");
        Cohorts::from_packed(packed.to_vec()).ok_or_else(invalid)
    }

    pub(crate) fn class_usage(self) -> Result<(Class, ClassUsage)> {
        let usage = ClassUsage {
            files: self.integer("files")?,
            bytes: self.integer("bytes")?,
            allocated_bytes: self.integer("allocated_bytes")?,
            inodes: self.integer("inodes")?,
        };
        Ok((self.word("class", Class::ALL, Class::word)?, usage))
    }

    pub(crate) fn resource(self) -> Result<Resource> {
        self.word("resource", Resource::ALL, Resource::word)
    }

    pub(crate) fn event(self) -> Result<BulkArrival> {
        Ok(BulkArrival {
            date: self.date("date")?,
            kind: self.word("kind", BulkArrivalKind::ALL, BulkArrivalKind::word)?,
            messages: self.integer("messages")?,
            bytes: self.integer("bytes")?,
        })
    }

    pub(crate) fn blob(self) -> Result<Blob> {
        Ok(Blob {
            path: self.text("path")?,
            kind: self.text("kind")?,
            bytes: self.integer("bytes")?,
            allocated_bytes: self.integer("allocated_bytes")?,
        })
    }

    pub(crate) fn problem(self) -> Result<Problem> {
        let kind = self.word("kind", ProblemKind::ALL, ProblemKind::word)?;
        Ok(Problem { path: self.text("path")?, kind, detail: self.text("detail")? })
    }
}

/// A column has a word that this version does not know.
pub(crate) fn unknown(name: &str, word: &str) -> Error {
    Error::new(format!("the column `{name}` has `{word}`, which this version does not know"))
}

/// A column has a null where a value is required.
pub(crate) fn null(name: &str) -> Error {
    Error::new(format!("the column `{name}` has a null where a value is required"))
}
