//! `mailrunway chart`: draws one figure of a series or of a store.

mod stores;

use std::collections::HashSet;
use std::path::Path;

use super::{Context, figures, input, output};
use crate::cli::ChartArgs;
use crate::forecast::Forecast;
use crate::model::atomic;
use crate::model::error::{Error, Result};
use crate::model::escape;
use crate::model::series::{Resource, Series};
use crate::output::chart::{Canvas, ChartKind, Format};
use crate::planning::verdict;

/// Runs the command.
pub(super) fn run(context: &Context, args: &ChartArgs) -> Result<()> {
    let into_directory = args.output.is_dir();
    let format = args.format.map(Format::from).or_else(|| Format::from_path(&args.output));
    if !into_directory && format.is_none() {
        return Err(Error::usage("a chart's file ends in .png or .svg")
            .at(&args.output)
            .hint("or say --format, or name a directory that exists, for one picture of each series"));
    }
    if args.kind != ChartKind::Runway {
        return stores::run(context, args, format.unwrap_or(Format::Png));
    }
    let series = input::series(context, args.input.as_deref(), &args.stores)?;
    let wanted = args.resource.map(Resource::from);
    let series: Vec<Series> = series.into_iter().filter(|s| wanted.is_none_or(|r| s.resource == r)).collect();
    let forecasts = context.forecaster(Vec::new()).forecast_all(&series);
    let mut pairs: Vec<(&Series, &Forecast)> = series.iter().zip(&forecasts).collect();
    if pairs.is_empty() {
        return Err(Error::new("there is no series of that kind").hint("leave --resource away"));
    }
    let (width, height) = args.size;
    let format = format.unwrap_or(Format::Png);
    let canvas = Canvas { width, height, scale: args.scale };
    if into_directory {
        let mut taken = HashSet::new();
        for (series, forecast) in pairs {
            let path = args.output.join(free_file_name(series, format, &mut taken));
            write(context, series, forecast, format, canvas, &path)?;
        }
        return Ok(());
    }
    pairs.sort_by_key(|(_, forecast)| verdict::urgency(forecast));
    let (series, forecast) = pairs[0];
    if pairs.len() > 1 && !context.quiet {
        output::note(&format!(
            "drew {} ({}), the most urgent of {}; name another, or give a directory for all",
            escape::printable(&series.name),
            series.resource,
            pairs.len()
        ));
    }
    write(context, series, forecast, format, canvas, &args.output)
}

/// Draws one series and writes the file.
fn write(
    context: &Context,
    series: &Series,
    forecast: &Forecast,
    format: Format,
    canvas: Canvas,
    path: &Path,
) -> Result<()> {
    let bytes = figures::draw(&figures::runway(context, series, forecast), format, canvas)?;
    atomic::write(path, &bytes)?;
    if context.verbose {
        output::note(&format!("wrote {}", escape::path(path)));
    }
    Ok(())
}

/// A file name for a series: unsafe characters become `-`, and equal names are numbered.
fn free_file_name(series: &Series, format: Format, taken: &mut HashSet<String>) -> String {
    let ending = match format {
        Format::Png => "png",
        Format::Svg => "svg",
    };
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.@".contains(c) { c } else { '-' };
    let name: String = series.name.trim_start_matches(['/', '.']).chars().take(100).map(plain).collect();
    let stem = format!("{}-{}", if name.is_empty() { "root" } else { &name }, series.resource);
    let mut name = format!("{stem}.{ending}");
    let mut number = 1;
    while !taken.insert(name.clone()) {
        number += 1;
        name = format!("{stem}-{number}.{ending}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_unique_and_have_no_path() {
        let mut taken = HashSet::new();
        let mut name = |series: &str| {
            let series = Series::new(series.into(), Resource::Bytes, Vec::new(), None);
            free_file_name(&series, Format::Png, &mut taken)
        };
        assert_eq!(name("/var/vmail"), "var-vmail-bytes.png");
        assert_eq!(name("../../etc/passwd"), "etc-passwd-bytes.png");
        assert_eq!(name("var vmail"), "var-vmail-bytes-2.png");
        assert_eq!(name("/"), "root-bytes.png");
        assert_eq!(name("a\n\u{1b}ü"), "a----bytes.png");
    }
}
