//! The record: every forecast that was issued from the history, a file for each day and model.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use jiff::civil::Date;

use super::forecast_table;
use super::issued::IssuedForecast;
use super::parquet;
use super::{FORECASTS, FULL_HINT, READER_HINT, UNFINISHED};
use crate::model::atomic;
use crate::model::error::{Error, Result};
use crate::model::series::Resource;

/// What the name of a file begins with.
const FINISHED: &str = "forecast=";

/// Everything of the record, by day, model and name.
pub(crate) fn read(root: &Path) -> Result<Vec<IssuedForecast>> {
    let directory = root.join(FORECASTS);
    let failed = |e| Error::io("cannot list the record", &directory, e).hint(READER_HINT);
    let files = match fs::read_dir(&directory) {
        Ok(files) => files,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(failed(e)),
    };
    let mut all = Vec::new();
    for file in files {
        let name = file.map_err(failed)?.file_name();
        if name.to_str().is_some_and(|name| name.starts_with(FINISHED)) {
            all.extend(read_file(&directory.join(name))?);
        }
    }
    let place = |issued: &IssuedForecast| (issued.as_of, issued.model.clone(), issued.series.clone(), issued.resource);
    all.sort_by_cached_key(place);
    Ok(all)
}

/// Adds forecasts. Those of the same series, day and model are replaced, unless they looked further ahead.
pub(crate) fn add(root: &Path, issued: Vec<IssuedForecast>) -> Result<()> {
    let mut files: BTreeMap<(Date, String), Vec<IssuedForecast>> = BTreeMap::new();
    for one in issued {
        files.entry((one.as_of, one.model.clone())).or_default().push(one);
    }
    if files.is_empty() {
        return Ok(());
    }
    let directory = root.join(FORECASTS);
    let failed = |e| Error::io("cannot write the record", &directory, e).hint(READER_HINT);
    // As private as the history: it holds the names of stores.
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&directory).map_err(failed)?;
    // What another run adds between the reading and the writing would be lost.
    let _lock = atomic::lock(&directory);
    for ((as_of, model), issued) in files {
        let path = directory.join(format!("{FINISHED}{}_{model}.parquet", as_of.strftime("%Y%m%d")));
        let held = if path.exists() { read_file(&path)? } else { Vec::new() };
        let merged = merge(&held, issued);
        if merged != held {
            write_file(root, &path, &merged)?;
        }
    }
    Ok(())
}

/// Both by name; of one series what was issued later, unless it looked less far.
fn merge(held: &[IssuedForecast], issued: Vec<IssuedForecast>) -> Vec<IssuedForecast> {
    let mut merged: BTreeMap<(String, Resource), IssuedForecast> = BTreeMap::new();
    for one in held.iter().cloned().chain(issued) {
        let place = (one.series.clone(), one.resource);
        if merged.get(&place).is_none_or(|held| held.horizon_days <= one.horizon_days) {
            merged.insert(place, one);
        }
    }
    merged.into_values().collect()
}

/// Writes beside, and renames into place.
fn write_file(root: &Path, path: &Path, issued: &[IssuedForecast]) -> Result<()> {
    let failed = |e: io::Error| Error::io("cannot write the record", path, e).hint(FULL_HINT);
    let unfinished = root.join(UNFINISHED);
    fs::create_dir_all(&unfinished).map_err(failed)?;
    let beside = tempfile::tempdir_in(&unfinished).map_err(|e| failed(atomic::without_path(e)))?;
    let written = beside.path().join("forecast.parquet");
    let file: File =
        parquet::write(&written, std::iter::once(forecast_table::to_table(issued))).map_err(|e| e.hint(FULL_HINT))?;
    file.sync_all().map_err(failed)?;
    fs::rename(&written, path).map_err(failed)?;
    path.parent().map_or(Ok(()), atomic::sync_directory).map_err(failed)
}

fn read_file(path: &Path) -> Result<Vec<IssuedForecast>> {
    let damaged = |e: Error| {
        let hint = "move the file out of the history, or restore it from a backup; forecasts go on without it";
        Error::new("the record of a forecast is damaged").at(path).because(e).hint(hint)
    };
    let table = parquet::read(path).map_err(damaged)?;
    forecast_table::read(&table).map_err(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{MODEL, Quantiles};
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
        assert_eq!(read(root).unwrap(), []);
        let (first, second) = (issued("a", Resource::Bytes, 1e12), issued("a", Resource::Inodes, 5.0));
        add(root, vec![second.clone(), first.clone()]).unwrap();
        let silent = IssuedForecast { levels: Vec::new(), ..issued("\u{1b}/../b", Resource::Bytes, 0.0) };
        add(root, vec![silent.clone()]).unwrap();
        let again = issued("a", Resource::Inodes, 6.0);
        add(root, vec![again.clone()]).unwrap();
        let shorter = IssuedForecast { horizon_days: 29, ..second.clone() };
        add(root, vec![shorter]).unwrap();
        assert_eq!(read(root).unwrap(), [silent, first.clone(), again]);
        let later = IssuedForecast { as_of: date(2026, 11, 24), ..first };
        add(root, vec![later.clone()]).unwrap();
        assert_eq!(read(root).unwrap().last(), Some(&later));
        let mut names: Vec<_> = fs::read_dir(root.join(FORECASTS)).unwrap().map(|f| f.unwrap().file_name()).collect();
        names.sort();
        let expected = ["20261123", "20261124"].map(|day| format!("forecast={day}_{MODEL}.parquet"));
        assert_eq!(names, expected.map(std::ffi::OsString::from));
        assert_eq!(fs::read_dir(root.join(UNFINISHED)).unwrap().count(), 0);
    }

    #[test]
    fn concurrent_additions_are_all_kept() {
        let dir = tempfile::tempdir().unwrap();
        let names: Vec<String> = (0..8).map(|number| format!("store {number}")).collect();
        std::thread::scope(|scope| {
            for name in &names {
                scope.spawn(|| add(dir.path(), vec![issued(name, Resource::Bytes, 1e12)]).unwrap());
            }
        });
        assert_eq!(read(dir.path()).unwrap().into_iter().map(|one| one.series).collect::<Vec<_>>(), names);
        assert_eq!(fs::read_dir(dir.path().join(UNFINISHED)).unwrap().count(), 0, "no temporary file is left");
    }

    #[test]
    fn an_unchanged_forecast_is_not_rewritten() {
        let dir = tempfile::tempdir().unwrap();
        let one = issued("a", Resource::Bytes, 1e12);
        add(dir.path(), vec![one.clone()]).unwrap();
        let file = dir.path().join(FORECASTS).join(format!("forecast=20261123_{MODEL}.parquet"));
        let inode = || file.metadata().unwrap().ino();
        let first = inode();
        add(dir.path(), vec![one.clone()]).unwrap();
        assert_eq!(inode(), first);
        add(dir.path(), vec![IssuedForecast { used: 1.0, ..one }]).unwrap();
        assert_ne!(inode(), first);
    }

    #[test]
    fn a_damaged_file_is_named() {
        let dir = tempfile::tempdir().unwrap();
        add(dir.path(), vec![issued("a", Resource::Bytes, 1e12)]).unwrap();
        let file = dir.path().join(FORECASTS).join("forecast=20260101_x.parquet");
        fs::write(&file, "not Parquet").unwrap();
        let error = read(dir.path()).unwrap_err();
        assert_eq!(error.to_string(), format!("the record of a forecast is damaged: {}", file.display()));
    }
}
