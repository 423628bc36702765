//! `mailrunway chart`: draws one figure of a series or of a store.

mod stores;

use std::collections::HashSet;
use std::path::Path;

use super::{Context, figures, input, output};
use crate::cli::ChartArgs;
use crate::forecast::Forecast;
use crate::model::error::{Error, Result};
use crate::model::{escape, series::Series};
use crate::output::chart::{Canvas, ChartKind, Format, RunwayFigure};
use crate::planning::verdict;

const OUTPUT_HINT: &str =
    "end the file in .png or .svg, add --format, or name an existing directory for one chart per series";

pub(super) fn run(context: &Context, args: &ChartArgs) -> Result<()> {
    let into_directory = args.output.is_dir();
    let format = match args.format {
        Some(format) => format,
        None if into_directory => Format::Png,
        None => figures::format_of(&args.output).map_err(|error| error.hint(OUTPUT_HINT))?,
    };
    if args.kind != ChartKind::Runway {
        return stores::run(context, args, format);
    }
    let series = input::series(context, args.input.as_deref(), &args.selection.names())?;
    let is_wanted = |series: &Series| args.resource.is_none_or(|resource| series.resource == resource);
    let series: Vec<Series> = series.into_iter().filter(is_wanted).collect();
    let forecasts = context.forecaster().forecast_all(&series);
    let mut pairs: Vec<(&Series, &Forecast)> = series.iter().zip(&forecasts).collect();
    pairs.sort_by_key(|(_, forecast)| verdict::urgency(forecast));
    let Some(&(first, forecast)) = pairs.first() else { return Err(no_such_resource()) };
    let options = context.view_options();
    let write = |path: &Path, series, forecast| {
        figures::write(context, path, &RunwayFigure::new(series, forecast, &options), format, canvas(args))
    };
    if into_directory {
        let mut taken = HashSet::new();
        return series.iter().zip(&forecasts).try_for_each(|(series, forecast)| {
            write(&args.output.join(free_file_name(series, format, &mut taken)), series, forecast)
        });
    }
    if pairs.len() > 1 && !context.quiet {
        let (name, resource, all) = (escape::printable(&first.name), first.resource, pairs.len());
        let advice = "name another, or give a directory for all";
        output::note(&format!("drew {name} ({resource}), the most urgent of {all}; {advice}"));
    }
    write(&args.output, first, forecast)
}

fn canvas(args: &ChartArgs) -> Canvas {
    let (width, height) = args.size;
    Canvas { width, height, scale: args.scale }
}

fn no_such_resource() -> Error {
    Error::usage("there is no series of that resource").hint("leave --resource out")
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
    use crate::model::series::Resource;

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
