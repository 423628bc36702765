//! Arguments of `mailrunway chart`.

use std::path::PathBuf;

use clap::Args;

use super::values::parse_size;
use super::{Model, Selection};
use crate::model::series::Resource;
use crate::output::chart::{ChartKind, Format};

#[derive(Args, Debug)]
#[command(mut_arg("stores", |stores| stores.help("Stores or mount points [default: the one that is full first]")))]
pub(crate) struct ChartArgs {
    #[command(flatten)]
    pub selection: Selection,
    /// A file that ends in .png or .svg, a directory for one PNG per series, or `-` for SVG on standard output
    #[arg(short, long, value_name = "FILE or DIR")]
    pub output: PathBuf,
    /// Which chart to draw
    #[arg(long, value_name = "KIND", default_value = "runway")]
    pub kind: ChartKind,
    /// File format, whatever the ending of the file
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Draw only this resource
    #[arg(long, value_name = "RESOURCE")]
    pub resource: Option<Resource>,
    /// Draw a table instead of the history; see `forecast --input`
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Width and height in pixels
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "1200x675", value_parser = parse_size)]
    pub size: (u32, u32),
    /// Pixel density of the PNG: 2 for a high-resolution screen
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=4))]
    pub scale: u32,
    #[command(flatten)]
    pub model: Model,
}
