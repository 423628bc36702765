//! The record of issued forecasts: one file for each day and model.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;

use jiff::civil::Date;

use super::forecast_table;
use super::issued::IssuedForecast;
use super::parquet;
use super::{FORECASTS, FULL_HINT, History, READER_HINT, write_hint};
use crate::model::directory::Directory;
use crate::model::error::{Error, Result};
use crate::model::series::Resource;
use crate::model::temporary::TemporaryDirectory;

/// The prefix of the names of files.
const FINISHED: &str = "forecast=";

impl History {
    /// Every forecast that was issued from this history, by day, model and series; and one error for each damaged file.
    ///
    /// # Errors
    /// If the directory cannot be listed.
    pub fn issued(&self) -> Result<(Vec<IssuedForecast>, Vec<Error>)> {
        let (mut all, mut damaged) = (Vec::new(), Vec::new());
        for (_, read) in self.forecast_files()? {
            match read {
                Ok(issued) => all.extend(issued),
                Err(error) => damaged.push(error),
            }
        }
        let key = |one: &IssuedForecast| (one.as_of, one.model.clone(), one.series.clone(), one.resource);
        all.sort_by_cached_key(key);
        Ok((all, damaged))
    }

    /// The files of issued forecasts, by name, and what is in each.
    pub(super) fn forecast_files(&self) -> Result<Vec<(String, Result<Vec<IssuedForecast>>)>> {
        let path = self.root.join(FORECASTS);
        let failed = |e| Error::io("cannot list the record", &path, e).hint(READER_HINT);
        let Some(directory) = self.directory()?.below(FORECASTS)? else { return Ok(Vec::new()) };
        let read = |name: String| {
            let issued = read_file(&directory, &name);
            (name, issued)
        };
        Ok(directory.names(FINISHED).map_err(failed)?.into_iter().map(read).collect())
    }

    /// Records forecasts that were issued from this history. The last one for a series, day and model replaces those
    /// before it, unless it has a shorter horizon.
    ///
    /// # Errors
    /// If the directory cannot be written, or its file for that day cannot be read.
    pub fn record(&self, issued: Vec<IssuedForecast>) -> Result<()> {
        let mut files: BTreeMap<(Date, String), Vec<IssuedForecast>> = BTreeMap::new();
        for one in issued {
            files.entry((one.as_of, one.model.clone())).or_default().push(one);
        }
        if files.is_empty() {
            return Ok(());
        }
        let root = self.directory()?;
        let directory = root.make(FORECASTS).map_err(write_hint)?;
        // Forecasts that another run adds between reading and writing would be lost.
        let _lock = directory.lock();
        for ((as_of, model), issued) in files {
            let name = format!("{FINISHED}{}_{model}.parquet", as_of.strftime("%Y%m%d"));
            let recorded = if directory.has_file(&name)? { read_file(&directory, &name) } else { Ok(Vec::new()) };
            // A damaged file is written anew; one that the disk does not give may still be whole.
            let recorded = recorded.or_else(|e| if e.system_error().is_some() { Err(e) } else { Ok(Vec::new()) })?;
            let merged = merge(&recorded, issued);
            if merged != recorded {
                write_file(&root, (&directory, &name), &merged)?;
            }
        }
        Ok(())
    }

    /// Gives series other names in all issued forecasts, or removes the forecasts of those without one. Returns an error for
    /// each damaged file, which stays as it is.
    ///
    /// # Errors
    /// If the directory cannot be written.
    pub fn rename_series(&self, names: &BTreeMap<String, Option<String>>) -> Result<Vec<Error>> {
        let root = self.directory()?;
        let Some(directory) = root.below(FORECASTS)?.filter(|_| !names.is_empty()) else { return Ok(Vec::new()) };
        let _lock = directory.lock();
        let mut damaged = Vec::new();
        for (name, read) in self.forecast_files()? {
            let Ok(before) = read.map_err(|error| damaged.push(error)) else { continue };
            let renamed = before.iter().cloned().filter_map(|one| match names.get(&one.series) {
                Some(series) => Some(IssuedForecast { series: series.clone()?, ..one }),
                None => Some(one),
            });
            let after: Vec<IssuedForecast> = renamed.collect();
            let failed = |e| Error::io("cannot remove the record", directory.shown(&directory.held().join(&name)), e);
            match after.is_empty() {
                true => fs::remove_file(directory.held().join(&name)).map_err(failed)?,
                false if after != before => write_file(&root, (&directory, &name), &after)?,
                false => {}
            }
        }
        Ok(damaged)
    }
}

/// Merges by series and resource. A later forecast replaces an earlier one, unless it has a shorter horizon.
fn merge(recorded: &[IssuedForecast], issued: Vec<IssuedForecast>) -> Vec<IssuedForecast> {
    let mut merged: BTreeMap<(String, Resource), IssuedForecast> = BTreeMap::new();
    for one in recorded.iter().cloned().chain(issued) {
        let key = (one.series.clone(), one.resource);
        if merged.get(&key).is_none_or(|earlier| earlier.horizon_days <= one.horizon_days) {
            merged.insert(key, one);
        }
    }
    merged.into_values().collect()
}

/// Writes a temporary file, and renames it.
fn write_file(root: &Directory, (into, name): (&Directory, &str), issued: &[IssuedForecast]) -> Result<()> {
    let path = into.held().join(name);
    let shown = into.shown(&path);
    let failed = |e: io::Error| Error::io("cannot write the record", &shown, e).hint(FULL_HINT);
    let unfinished = History::unfinished(root)?;
    let temporary = TemporaryDirectory::make(&unfinished.held()).map_err(failed)?;
    let written = temporary.path().join("forecast.parquet");
    let table = std::iter::once(forecast_table::to_table(issued));
    let file: File = parquet::write(&written, table).map_err(|e| e.at(&shown).hint(FULL_HINT))?;
    file.sync_all().map_err(failed)?;
    fs::rename(&written, &path).map_err(failed)?;
    into.sync().map_err(failed)
}

fn read_file(directory: &Directory, name: &str) -> Result<Vec<IssuedForecast>> {
    directory.has_file(name)?;
    let path = &directory.held().join(name);
    let shown = &directory.shown(path);
    let damaged = |e: Error| {
        let hint = "the work goes on without it; restore the file from a backup, or move it out of the history";
        Error::new("the record of a forecast is damaged").at(shown).because(e).hint(hint)
    };
    parquet::read(path, None).and_then(|table| forecast_table::read(&table)).map_err(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{MODEL, Quantiles};
    use crate::history::UNFINISHED;
    use crate::history::issued::IssuedLevel;
    use jiff::civil::date;
    use std::os::unix::fs::MetadataExt;

    /// A forecast with another value for every quantile and day.
    fn issued(series: &str, resource: Resource, used: f64) -> IssuedForecast {
        let mut level = used;
        let mut next = || {
            level += 0.25;
            level
        };
        let levels = [7, 28].map(|days| IssuedLevel { days, used: Quantiles::from_fn(|_| next()) });
        let mut days = [None, Some(3), Some(2)].into_iter().cycle();
        IssuedForecast {
            series: series.into(),
            resource,
            as_of: date(2026, 11, 23),
            model: MODEL.into(),
            used,
            limit: (resource == Resource::Bytes).then_some(1e13),
            horizon_days: 30,
            spread: 1.0,
            exhaustion_days: Quantiles::from_fn(|_| days.next().flatten()),
            levels: levels.to_vec(),
        }
    }

    #[test]
    fn issued_forecasts_are_read_back_and_other_series_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let history = History { root: root.to_owned() };
        let recorded = || history.issued().unwrap().0;
        assert_eq!(recorded(), []);
        let (first, second) = (issued("a", Resource::Bytes, 1e12), issued("a", Resource::Inodes, 5.0));
        history.record(vec![second.clone(), first.clone()]).unwrap();
        let silent = IssuedForecast { levels: Vec::new(), ..issued("\u{1b}/../b", Resource::Bytes, 0.0) };
        history.record(vec![silent.clone()]).unwrap();
        let again = issued("a", Resource::Inodes, 6.0);
        history.record(vec![again.clone()]).unwrap();
        let shorter = IssuedForecast { horizon_days: 29, ..second.clone() };
        history.record(vec![shorter]).unwrap();
        assert_eq!(recorded(), [silent, first.clone(), again]);
        let later = IssuedForecast { as_of: date(2026, 11, 24), ..first };
        history.record(vec![later.clone()]).unwrap();
        assert_eq!(recorded().last(), Some(&later));
        let mut names: Vec<_> = fs::read_dir(root.join(FORECASTS)).unwrap().map(|f| f.unwrap().file_name()).collect();
        names.sort();
        let expected = ["20261123", "20261124"].map(|day| format!("forecast={day}_{MODEL}.parquet"));
        assert_eq!(names, expected.map(std::ffi::OsString::from));
        assert_eq!(fs::read_dir(root.join(UNFINISHED)).unwrap().count(), 0);
    }

    #[test]
    fn concurrent_additions_are_all_kept() {
        let dir = tempfile::tempdir().unwrap();
        let history = History { root: dir.path().to_owned() };
        let names: Vec<String> = (0..8).map(|number| format!("store {number}")).collect();
        std::thread::scope(|scope| {
            for name in &names {
                scope.spawn(|| history.record(vec![issued(name, Resource::Bytes, 1e12)]).unwrap());
            }
        });
        assert_eq!(history.issued().unwrap().0.into_iter().map(|one| one.series).collect::<Vec<_>>(), names);
        assert_eq!(fs::read_dir(dir.path().join(UNFINISHED)).unwrap().count(), 0, "no temporary file is left");
    }

    #[test]
    fn an_unchanged_forecast_is_not_rewritten() {
        let dir = tempfile::tempdir().unwrap();
        let history = History { root: dir.path().to_owned() };
        let one = issued("a", Resource::Bytes, 1e12);
        history.record(vec![one.clone()]).unwrap();
        let file = dir.path().join(FORECASTS).join(format!("forecast=20261123_{MODEL}.parquet"));
        let inode = || file.metadata().unwrap().ino();
        let first = inode();
        history.record(vec![one.clone()]).unwrap();
        assert_eq!(inode(), first);
        history.record(vec![IssuedForecast { used: 1.0, ..one }]).unwrap();
        assert_ne!(inode(), first);
    }

    #[test]
    fn a_damaged_file_is_named_and_the_others_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let history = History { root: dir.path().to_owned() };
        history.record(vec![issued("a", Resource::Bytes, 1e12)]).unwrap();
        let file = dir.path().join(FORECASTS).join("forecast=20260101_x.parquet");
        fs::write(&file, "not Parquet").unwrap();
        let (issued, damaged) = history.issued().unwrap();
        assert_eq!((issued.len(), damaged.len()), (1, 1));
        assert_eq!(damaged[0].to_string(), format!("the record of a forecast is damaged: {}", file.display()));
        let today = dir.path().join(FORECASTS).join(format!("forecast=20261123_{MODEL}.parquet"));
        fs::write(&today, "not Parquet").unwrap();
        history.record(issued).unwrap();
        assert_eq!(history.issued().unwrap().0.len(), 1, "it is written anew");
    }
}
