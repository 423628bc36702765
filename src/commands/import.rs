//! `mailrunway import`: the past of a series from another tool.

mod prometheus;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;

use super::{Context, output};
use crate::cli::{FromArgs, ImportCommand, IntoArgs, ListArgs, PrometheusArgs, TargetArgs};
use crate::history::History;
use crate::history::imports::{Import, Kind, Source, Target};
use crate::model::dates::{day, utc_day};
use crate::model::error::{Error, Result};
use crate::model::series::points::{Columns, Points, csv, prometheus as answer, rrd, zabbix};
use crate::model::{escape, json, numbers::counted};
use crate::output::view::imports as view;

pub(super) fn run(context: &Context, command: &ImportCommand) -> Result<()> {
    match command {
        ImportCommand::Csv(args) => {
            let read = |columns: &Columns| csv::read(open(&args.file)?, shown(&args.file), columns);
            from_file(context, Source::Csv, args, read)
        }
        ImportCommand::Rrd(args) => {
            let read = |columns: &Columns| {
                let bytes = whole(&args.file)?;
                rrd::read(&String::from_utf8_lossy(&bytes), shown(&args.file), columns)
            };
            from_file(context, Source::Rrd, args, read)
        }
        ImportCommand::Zabbix(args) => {
            let read = |columns: &Columns| zabbix::read(&whole(&args.file)?, shown(&args.file), columns);
            from_file(context, Source::Zabbix, args, read)
        }
        ImportCommand::Prometheus(args) => from_prometheus(context, args),
        ImportCommand::List(args) => list(context, args),
        ImportCommand::Remove(args) => remove(context, args),
    }
}

fn from_file(
    context: &Context,
    source: Source,
    args: &FromArgs,
    read: impl FnOnce(&Columns) -> Result<Points>,
) -> Result<()> {
    let target = target(context, &args.into.target)?;
    let (time, used, limit) = (args.time_column.clone(), args.used_column.clone(), args.limit_column.clone());
    let points = read(&Columns { time, used, limit })?;
    save(context, (target, source), &args.into, &points).map_err(|e| e.or_at(shown(&args.file)))
}

fn from_prometheus(context: &Context, args: &PrometheusArgs) -> Result<()> {
    let target = target(context, &args.into.target)?;
    let mut points = Points::default();
    let wrong = |what: String| Error::new(what).hint("correct the query");
    match &args.file {
        Some(file) => {
            for (time, used) in answer::read(&whole(file)?).map_err(|e| e.at(shown(file)))? {
                points.add_used(time, used).map_err(wrong)?;
            }
        }
        None => {
            prometheus::fetch(args, args.query.as_deref(), |time, used| points.add_used(time, used).map_err(wrong))?;
            prometheus::fetch(args, args.limit_query.as_deref(), |time, limit| {
                points.add_limit(time, limit).map_err(wrong)
            })?;
        }
    }
    save(context, (target, Source::Prometheus), &args.into, &points)
}

/// The series that the arguments name.
fn target(context: &Context, args: &TargetArgs) -> Result<Target> {
    let (kind, name) = match (&args.of.volume, &args.of.store) {
        (Some(mount), _) if !mount.starts_with('/') => {
            return Err(Error::usage(format!("`{}` is not a mount point", escape::brief(mount)))
                .hint("give an absolute path, such as --volume /var/vmail; `df` lists mount points"));
        }
        (Some(mount), _) => (Kind::Volume, if mount == "/" { mount } else { mount.trim_end_matches('/') }),
        (None, store) => (Kind::Store, store.as_deref().unwrap_or_default()),
    };
    if name.is_empty() {
        return Err(Error::usage("the store has no name").hint("give --store NAME, or --volume MOUNT"));
    }
    let host = args.host.clone().unwrap_or_else(|| context.host());
    Ok(Target { host, kind, name: name.to_owned(), resource: args.resource })
}

/// Puts points into the history, and says what they are.
fn save(context: &Context, (target, source): (Target, Source), into: &IntoArgs, read: &Points) -> Result<()> {
    let mut points = read.days();
    for point in &mut points {
        point.limit = point.limit.or(into.limit.map(|limit| limit.0 as f64));
    }
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Err(Error::new("there is no used amount to import").hint(if read.gaps > 0 {
            "every amount is empty or NaN"
        } else {
            "check the query, the times, or the file"
        }));
    };
    let now = Timestamp::now();
    if (utc_day(last.time) - utc_day(now)).get_days() > 1 {
        return Err(Error::new(format!("it is dated after today, up to {}", day(utc_day(last.time))))
            .hint("check the times, and the clock of this machine"));
    }
    let (from, to) = (day(utc_day(first.time)), day(utc_day(last.time)));
    let has_limit = points.iter().any(|point| point.limit.is_some());
    let history = History::open_or_create(&context.settings.history)?;
    let is_new = !history.imports()?.0.iter().any(|import| import.target == target);
    let import = Import { target, source, imported_at: now, points };
    history.import(&import)?.iter().for_each(output::warn_error);
    let Target { host, name, resource, .. } = &import.target;
    let (name, host) = (escape::printable(name), escape::printable(host));
    let verb = if is_new { "imported" } else { "imported again, in place of what was there:" };
    let gaps = if read.gaps > 0 { format!(", {}", counted(read.gaps, "gap")) } else { String::new() };
    let limit = if has_limit { "" } else { "\n  no limit is known: give --limit SIZE, unless scans of it tell" };
    output::print_words(&format!(
        "{verb} {} from {from} to {to}: {resource} of {name} on {host}\n  \
         {} read, the last of each day kept{gaps}{limit}\n  next: `mailrunway forecast {name}`",
        counted(import.points.len() as u64, "day"),
        counted(read.read, "point"),
    ))
}

fn list(context: &Context, args: &ListArgs) -> Result<()> {
    let (imports, damaged) = History::open(&context.settings.history)?.imports()?;
    damaged.iter().for_each(output::warn_error);
    output::Printer::new(args.format).print(|| view::list(&imports), || json::lines(view::lines(&imports)))
}

fn remove(context: &Context, args: &TargetArgs) -> Result<()> {
    let history = History::open(&context.settings.history)?;
    let target = target(context, args)?;
    let all = history.imports()?.0;
    let name = escape::printable(&target.name);
    let of = format!("{} of {name} on {}", target.resource, escape::printable(&target.host));
    if !all.iter().any(|import| import.target == target) {
        return Err(Error::usage(format!("nothing was imported of the {of}"))
            .hint("`mailrunway import list` lists what was imported"));
    }
    history.remove_imports([&target])?.iter().for_each(output::warn_error);
    output::print_words(&format!("removed what was imported of the {of}"))
}

/// The path in errors.
fn shown(path: &Path) -> &Path {
    if path == Path::new("-") { Path::new("standard input") } else { path }
}

fn open(path: &Path) -> Result<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdin()));
    }
    if path.is_dir() {
        return Err(Error::new("this is a directory").at(path).hint("give a file"));
    }
    let file = File::open(path).map_err(|e| Error::io("cannot read the file", path, e).hint("check the path"))?;
    Ok(Box::new(file))
}

fn whole(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = open(path)?.read_to_end(&mut bytes);
    read.map_err(|e| Error::io("cannot read the file", shown(path), e).hint("check the path"))?;
    Ok(bytes)
}
