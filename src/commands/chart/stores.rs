//! `mailrunway chart --kind`: every figure but the runway.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{canvas, no_such_resource};
use crate::cli::ChartArgs;
use crate::commands::{Context, figures, output, session::Session};
use crate::forecast::record::resolve;
use crate::history::names;
use crate::history::series::{HistorySeries, name_of};
use crate::model::error::{Error, Result};
use crate::model::{escape, series::Resource};
use crate::output::chart::{ChartKind, Figure, Format, LargestFigure, PastFigure, WhatIfFigure};
use crate::planning::growth::load::{past, scans::Scans};

/// Draws the figure of the named store or series, or of the first.
pub(crate) fn run(context: &Context, args: &ChartArgs, format: Format) -> Result<()> {
    if args.input.is_some() {
        return Err(Error::usage("--input has no stores to draw").hint("only --kind runway draws --input"));
    }
    if args.output.is_dir() {
        return Err(Error::usage("a directory takes only runways").at(&args.output).hint("name a file in it"));
    }
    if names::are_left_out() && [ChartKind::Domains, ChartKind::Largest].contains(&args.kind) {
        return Err(Error::usage("this chart is a list of names").hint("draw another kind, or use --pseudonyms"));
    }
    let session = Session::open(context)?;
    let request = Request { stores: session.as_read(&args.selection.names()), session, args, format };
    match args.kind {
        ChartKind::Past | ChartKind::WhatIf => request.draw_series(),
        _ => request.draw_store(),
    }
}

struct Request<'a> {
    session: Session<'a>,
    args: &'a ChartArgs,
    /// The names of `args`, as what is read names them.
    stores: Vec<String>,
    format: Format,
}

impl Request<'_> {
    fn draw(&self, figure: &dyn Figure) -> Result<()> {
        figures::write(self.session.context, &self.args.output, figure, self.format, canvas(self.args))
    }

    fn draw_series(&self) -> Result<()> {
        let Request { session, args, .. } = self;
        let (context, units) = (session.context, session.context.units);
        let all = session.series(&self.stores)?;
        let wanted = args.resource.unwrap_or(Resource::Bytes);
        let mut chosen: Vec<&HistorySeries> = all.iter().filter(|one| one.series.resource == wanted).collect();
        // A store's name is also a name of its volume, which comes before it.
        chosen.sort_by_key(|one| !self.stores.contains(&one.series.name));
        let Some(&first) = chosen.first() else { return Err(no_such_resource()) };
        let series = &first.series;
        self.note_choice(chosen.len(), &series.name);
        if args.kind == ChartKind::Past {
            return self.draw(&PastFigure::new(series, &resolve(session.issued(), series), units));
        }
        let scenarios = &context.settings.report.what_if;
        if scenarios.is_empty() {
            return Err(Error::usage("the settings have no scenario")
                .hint("set what_if of [report] in the settings, or `mailrunway whatif SCENARIO -o FILE`"));
        }
        let compared = session.compare(std::slice::from_ref(first), scenarios);
        let Some(comparison) = compared.first() else { return Err(Error::new("there is nothing to compare")) };
        self.draw(&WhatIfFigure::new(series, comparison, units))
    }

    fn draw_store(&self) -> Result<()> {
        let Request { session, args, .. } = self;
        let (history, entries, units) = (&session.history, &session.entries, session.context.units);
        let (host, store) = self.store()?;
        session.warn_of_partial();
        let never = || Error::new("no scan has measured this store").at(store).hint("scan it without --names");
        if args.kind == ChartKind::Largest {
            let mut scans = Scans::new(history, entries);
            let changes = scans.stores(1.0);
            scans.unread().iter().for_each(output::warn_error);
            let change = changes.iter().find(|one| one.host == host && one.now.name == store).ok_or_else(never)?;
            return self.draw(&LargestFigure::new(change, units));
        }
        let (past, unread) = past::read(history, entries);
        unread.iter().for_each(output::warn_error);
        let past = past.iter().find(|past| past.host == host && past.store == store).ok_or_else(never)?;
        match figures::timeline_figure(args.kind, past, units) {
            Some(figure) => self.draw(figure.as_ref()),
            None => Err(never()),
        }
    }

    /// The host and the name of the chosen store; of several, the one that was scanned last.
    fn store(&self) -> Result<(&str, &str)> {
        let hosts: BTreeSet<&str> = self.session.entries.iter().map(|entry| entry.host.as_str()).collect();
        let mut last: BTreeMap<(&str, &str), Timestamp> = BTreeMap::new();
        for entry in &self.session.entries {
            last.extend(entry.stores.iter().map(|store| ((&*entry.host, &*store.name), entry.taken_at)));
        }
        let name = |(host, store): (&str, &str)| name_of(&hosts, host, store);
        let named = &self.stores;
        let is_named = |&(host, store): &(&str, &str)| {
            named.is_empty() || named.iter().any(|one| one == store || *one == name((host, store)))
        };
        let mut chosen: Vec<(&str, &str)> = last.keys().copied().filter(is_named).collect();
        chosen.sort_by_key(|place| Reverse(last[place]));
        let Some(&first) = chosen.first() else {
            let known: Vec<String> = last.keys().map(|&place| escape::printable(&name(place)).into_owned()).collect();
            let hint = match &known[..] {
                [] => "run `mailrunway scan PATH` first".to_owned(),
                known => format!("there are: {}", known.join(", ")),
            };
            let what = match &named[..] {
                [] => "the history has no store".to_owned(),
                named => format!("there is no store `{}`", escape::printable(&named.join("`, `"))),
            };
            return Err(Error::usage(what).hint(hint));
        };
        self.note_choice(chosen.len(), &name(first));
        Ok(first)
    }

    fn note_choice(&self, all: usize, name: &str) {
        if all > 1 && !self.session.context.quiet {
            output::note(&format!("drew {}, the first of {all}; name another", escape::printable(name)));
        }
    }
}
