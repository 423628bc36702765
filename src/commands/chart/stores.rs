//! `mailrunway chart --kind`: every picture but the runway, each of one store or series.

use super::{kinds, refused};
use crate::atomic;
use crate::chart::{Canvas, Format};
use crate::cli::{ChartArgs, ChartKind};
use crate::commands::{Context, forecast as forecast_command, output, readable, whatif};
use crate::error::{Error, Result};
use crate::escape;
use crate::history::series::HistorySeries;
use crate::history::{Entry, History};
use crate::series::Resource;

/// Draws the picture of the store or series that is named, or of the first.
pub(super) fn run(context: &Context, args: &ChartArgs, format: Format) -> Result<()> {
    if args.input.is_some() {
        return Err(Error::usage("a table tells of no store").hint("only --kind runway draws --input"));
    }
    if args.output.is_dir() {
        return Err(Error::usage("a directory takes only runways").at(&args.output).hint("name a file in it"));
    }
    let (width, height) = args.size;
    let form = kinds::Form { format, canvas: Canvas { width, height, scale: args.scale }, units: context.units };
    let history = History::open(&context.settings.history)?;
    let entries = readable(&history)?;
    let asked = Asked { context, args, history: &history, entries: &entries, form };
    let bytes = match args.kind {
        ChartKind::Past | ChartKind::Whatif => asked.of_series()?,
        _ => asked.of_store()?,
    };
    atomic::write(&args.output, &bytes)
}

/// What is asked for, and what it is drawn from.
struct Asked<'a> {
    context: &'a Context,
    args: &'a ChartArgs,
    history: &'a History,
    entries: &'a [Entry],
    form: kinds::Form,
}

impl Asked<'_> {
    fn of_series(&self) -> Result<Vec<u8>> {
        let Asked { context, args, history, entries, form } = *self;
        let issued = forecast_command::issued(history);
        let all = forecast_command::with_stores(context, history, entries, &issued, &args.stores)?;
        let wanted = args.resource.map_or(Resource::Bytes, Resource::from);
        let chosen: Vec<&HistorySeries> = all.iter().filter(|held| held.series.resource == wanted).collect();
        let Some(held) = chosen.first() else {
            return Err(Error::new("there is no series of that kind").hint("leave --resource away"));
        };
        self.tell_of_first(chosen.len(), &held.series.name);
        if args.kind == ChartKind::Past {
            return kinds::past(&held.series, &issued, form).map_err(refused);
        }
        let scenarios = &context.settings.report.what_if;
        if scenarios.is_empty() {
            return Err(Error::usage("the settings have no scenario")
                .hint("set what_if of [report] in the settings, or `mailrunway whatif SCENARIO -o FILE`"));
        }
        let compared = whatif::compare(context, history, entries, std::slice::from_ref(*held), scenarios)?;
        let Some(comparison) = compared.first() else { return Err(Error::new("there is nothing to compare")) };
        kinds::what_if(&held.series, comparison, form).map_err(refused)
    }

    fn of_store(&self) -> Result<Vec<u8>> {
        let Asked { args, history, entries, form, .. } = *self;
        let (past, unread) = history.past(entries);
        unread.iter().for_each(output::warn_error);
        let is_named = |store: &str| args.stores.is_empty() || args.stores.iter().any(|name| name == store);
        let chosen: Vec<_> = past.iter().filter(|past| is_named(&past.store)).collect();
        let Some(store) = chosen.first() else {
            let known: Vec<_> = past.iter().map(|past| escape::printable(&past.store).into_owned()).collect();
            return Err(Error::new("there is no such store").hint(format!("there are: {}", known.join(", "))));
        };
        self.tell_of_first(chosen.len(), &store.store);
        let drawn = match args.kind {
            ChartKind::Ages => kinds::ages(store, form),
            ChartKind::Domains => kinds::domains(store, form),
            ChartKind::Flows => kinds::flows(store, form),
            ChartKind::Calendar => kinds::calendar(store, form),
            _ => {
                let changes = history.scans(entries).stores(1.0);
                let held = changes.iter().find(|held| held.host == store.host && held.now.name == store.store);
                let Some(held) = held else { return Err(Error::new("the last scan of the store cannot be read")) };
                kinds::largest(held, form)
            }
        };
        drawn.map_err(refused)
    }

    fn tell_of_first(&self, all: usize, name: &str) {
        if all > 1 && !self.context.quiet {
            output::note(&format!("drew {}, the first of {all}; name another", escape::printable(name)));
        }
    }
}
