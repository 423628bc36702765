//! `mailrunway demo`: a small store that grows over two years, its forecast, charts and report.

mod store;

use std::fs;
use std::path::{Path, PathBuf};

use jiff::ToSpan;
use jiff::tz::TimeZone;

use super::session::Session;
use super::{Context, figures, input, output};
use crate::cli::{DemoArgs, OutputFormat};
use crate::commands::demo::store::Demo;
use crate::forecast::issue;
use crate::forecast::record::{resolve, spread};
use crate::history::History;
use crate::model::cancel::Cancel;
use crate::model::error::{Error, Result};
use crate::model::{bytes::Bytes, dates::day, escape, series::Series};
use crate::output::chart::{Canvas, Format, RunwayFigure};
use crate::output::json::forecast as json;
use crate::output::{html, markdown, text, view};
use crate::scan::{self, Request, progress::Progress};
use crate::settings::StoreSettings;

const STORE: &str = "demo";
/// The host in the history, because the demo is not about this machine.
const HOST: &str = "demo";
/// Reached some months after two years.
const LIMIT: Bytes = Bytes(300 << 20);
const SCENARIOS: [&str; 3] = ["add=100MiB", "retain=Trash:30d", "retain=*:1y"];
/// The hour of the scan on Mondays, in UTC.
const SCAN_HOUR: i8 = 4;

pub(super) fn run(context: &Context, args: &DemoArgs) -> Result<()> {
    let directory = make_directory(&args.directory)?;
    let store = StoreSettings {
        name: STORE.to_owned(),
        path: directory.join("store"),
        limit: Some(LIMIT),
        filesystem: false,
        owner: None,
    };
    let history_path = history_of(&directory);
    write_settings(&directory.join("mailrunway.toml"), &history_path, &store)?;
    live(context, args, &store, &History::open_or_create(&history_path)?)?;

    let mut settings = context.settings.clone();
    settings.history = history_path;
    settings.stores = vec![store];
    settings.report.what_if = SCENARIOS.map(|scenario| scenario.parse().expect("it is a scenario")).into();
    let context = Context { settings, constants: context.constants.clone(), ..*context };
    forecast_weekly(&context)?;
    output::print(&write_results(&context, &directory, args.format)?)?;
    if !context.quiet && args.format == OutputFormat::Text {
        output::print(&next_steps(&directory))?;
    }
    Ok(())
}

fn make_directory(directory: &Path) -> Result<PathBuf> {
    let used = directory.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    if used || directory.is_file() {
        return Err(Error::new("the demo's directory is not empty")
            .at(directory)
            .hint("name another, as in `mailrunway demo DIR`, or remove it"));
    }
    fs::create_dir_all(directory)
        .map_err(|e| Error::io("cannot make the demo's directory", directory, e).hint("name another"))?;
    directory.canonicalize().map_err(|e| Error::io("cannot reach", directory, e))
}

/// Simulates and scans week by week, as `mailrunway scan` does.
fn live(context: &Context, args: &DemoArgs, store: &StoreSettings, history: &History) -> Result<()> {
    let weeks = args.weeks;
    // A week runs from Monday to Sunday and is scanned on the next Monday.
    let start = context.today.saturating_sub(i64::from(weeks * 7).days());
    let mut demo = Demo::new(&store.path, start, weeks, args.seed)?;
    let request = |taken_at| Request {
        stores: vec![store.request()],
        taken_at,
        threads: context.settings.scan.threads,
        host: Some(HOST.to_owned()),
        ..Request::default()
    };
    let say = |text: &str| (!context.quiet).then(|| output::note(text));
    say(&format!("A small store lives for {weeks} weeks from {} and is scanned every Monday.", day(demo.monday())));
    for _ in 0..weeks {
        if let Some(event) = demo.live_a_week()? {
            say(&format!("  {}: {event}", day(demo.monday())));
        }
        let at = demo.monday().at(SCAN_HOUR, 0, 0, 0).to_zoned_datetime(TimeZone::UTC);
        let at = at.map_err(|e| Error::new("the demo is outside of the calendar").because(e))?;
        let scanned = scan::scan(&request(at.timestamp()), &Progress::default(), &Cancel::never())?;
        history.append(&scanned.snapshot)?.warning.iter().for_each(output::warn_error);
    }
    Ok(())
}

/// Records the forecast after each scan but the last, as weekly reports do, so that the report can score them.
fn forecast_weekly(context: &Context) -> Result<()> {
    let history = History::open(&context.settings.history)?;
    let (forecaster, horizon_days) = (context.forecaster(), context.settings.horizon.0);
    let mut all = Vec::new();
    for series in input::series(context, None, &[])? {
        let mut issued = Vec::new();
        for observation in series.observations.iter().rev().skip(1).rev() {
            let known = series.until(observation.time);
            let known = Series { spread: spread(&resolve(&issued, &known)), ..known };
            let Some(forecast) = forecaster.forecast(&known) else { continue };
            issued.extend(issue::issued(&forecast, horizon_days));
        }
        all.extend(issued);
    }
    history.record(all)
}

/// Forecasts, draws and reports into the directory; returns the forecast to print.
fn write_results(context: &Context, directory: &Path, format: OutputFormat) -> Result<String> {
    let series = input::series(context, None, &[])?;
    let forecasts = context.forecaster().forecast_all(&series);
    let lines = json::lines(&forecasts, &context.view_options());
    output::write_file(&directory.join("forecast.jsonl"), lines.as_bytes())?;
    let options = context.view_options();
    let files = [("runway.png", Format::Png, 1), ("runway@2x.png", Format::Png, 2), ("runway.svg", Format::Svg, 1)];
    for (series, forecast) in series.iter().zip(&forecasts) {
        let figure = RunwayFigure::new(series, forecast, &options);
        for (name, format, scale) in files {
            figures::write(context, &directory.join(name), &figure, format, Canvas { scale, ..Canvas::default() })?;
        }
    }
    let (report, pictures) = Session::open(context)?.report(Some(Format::Svg), &[])?;
    let document = view::report::document(&report, &pictures);
    output::write_file(&directory.join("report.html"), html::render(&document)?.as_bytes())?;
    output::write_file(&directory.join("report.txt"), text::plain(&document).as_bytes())?;
    let forecast_document = view::forecast::document(&forecasts, &options, false);
    Ok(match format {
        OutputFormat::Json => lines,
        OutputFormat::Markdown => markdown::render(&forecast_document),
        OutputFormat::Text => format!("\n{}\n", output::styled(&forecast_document)),
    })
}

pub(super) fn history_of(directory: &Path) -> PathBuf {
    directory.join("history")
}

fn write_settings(path: &Path, history: &Path, store: &StoreSettings) -> Result<()> {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let of_path = |path: &Path| match path.to_str() {
        Some(text) => Ok(quoted(text)),
        None => Err(Error::new("the demo's directory has a name that is not UTF-8").at(path).hint("name another")),
    };
    let text = format!(
        "# Made by `mailrunway demo`. `mailrunway config init -o -` prints every key.\n\
         history = {}\n\n\
         [[store]]\nname = {}\npath = {}\nlimit = \"{}MiB\"\n\
         # The demo's scans are dated back, and the volume's figures are of today.\nfilesystem = false\n\n\
         [report]\n# What the report computes beside how it goes on, as `whatif` takes it.\nwhat_if = {}\n",
        of_path(history)?,
        quoted(&store.name),
        of_path(&store.path)?,
        LIMIT.0 >> 20,
        toml::Value::from(SCENARIOS.to_vec()),
    );
    output::write_file(path, text.as_bytes())
}

fn next_steps(directory: &Path) -> String {
    let shown = escape::path(directory);
    let settings = shell_word(&directory.join("mailrunway.toml"));
    let short = format!("Ask on:   mailrunway -c {settings} history list");
    // A long command goes on below.
    let ask = match short.chars().count() <= text::WIDTH {
        true => short,
        false => format!("Ask on:   mailrunway -c \\\n  {settings} \\\n  history list"),
    };
    format!(
        "{}\n  \
         report.html    the weekly report, for a browser\n  \
         report.txt     the same, for a terminal\n  \
         runway.png     the chart; also runway@2x.png and runway.svg\n  \
         forecast.jsonl the forecast, for programs\n  \
         history/       the snapshots, which every Parquet reader takes\n  \
         store/         the mail itself\n\n\
         {ask}\n\
         For real: mailrunway scan /var/vmail && mailrunway forecast\n",
        output::folded(&format!("In {shown}:"))
    )
}

/// A path quoted for the shell.
fn shell_word(path: &Path) -> String {
    let text = escape::path(path);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-@%+,:".contains(c);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
