//! Growth by domain: what each holds over time, one layer on the other.

use jiff::civil::Date;

use super::axes::dates::{midnight, noon};
use super::axes::{Plane, edges};
use super::column::{self, Column, Label};
use super::legend::Sign;
use super::scene::{Point, Rect, Scene};
use super::theme::{self, MARGIN, Rgb};
use super::{Canvas, figures, headings, quiet};
use crate::model::bytes::Units;
use crate::model::dates;
use crate::model::series::Resource;

/// What a chart of domains shows: who holds how much, over time.
#[derive(Clone, Copy, Debug)]
pub struct Domains<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// The days on which amounts are known, in order.
    pub days: &'a [Date],
    /// The domains, in the order in which they lie on one another. What finds no room joins the other ones.
    pub domains: &'a [DomainAmounts<'a>],
    /// What is counted.
    pub resource: Resource,
    /// How sizes are written.
    pub units: Units,
}

/// What a domain held over time.
#[derive(Clone, Copy, Debug)]
pub struct DomainAmounts<'a> {
    /// The domain; `None` for all others together.
    pub name: Option<&'a str>,
    /// Its amount on each of the days, in units of the resource; a day without one counts as nothing.
    pub amounts: &'a [u64],
}

/// The names take at most this part of the width.
const NAMES: f64 = 0.36;
/// What stays free above the highest sum.
const AIR: f64 = 1.04;

/// A layer: whose it is, how thick it is on each day, and how it looks.
struct Layer {
    name: String,
    amounts: Vec<f64>,
    fill: Rgb,
}

/// Composes the picture.
pub(crate) fn scene(chart: &Domains, canvas: Canvas) -> Scene {
    let (width, height) = (f64::from(canvas.width), f64::from(canvas.height));
    let mut scene = Scene::default();
    headings::headings(&mut scene, chart.title, chart.verdict, width);
    let layers = layers(chart);
    let (Some(first), Some(last), false) = (chart.days.first(), chart.days.last(), layers.is_empty()) else {
        quiet::nothing_yet(&mut scene, canvas, "no scan told the domains");
        return scene;
    };
    let room = Rect { left: MARGIN, top: theme::PLOT_TOP, right: width - MARGIN, bottom: height - theme::BELOW_DATES };
    let column = Column::of(
        layers.iter().map(|layer| label(chart, layer)).collect(),
        column::BOXES,
        room.height(),
        NAMES * width,
    );
    let room = Rect { right: room.right - column.width(), ..room };
    let sums = (0..chart.days.len()).map(|i| layers.iter().map(|layer| layer.amounts[i]).sum::<f64>());
    let highest = sums.fold(0.0, f64::max).max(1.0) * AIR;
    let days = span(*first, *last);
    let (plane, ticks) = edges::plane(room, days, (0.0, highest), (chart.resource, chart.units));
    edges::amount_axis(&mut scene, &plane, &ticks);
    let ends = stack(&mut scene, &plane, chart.days, &layers);
    edges::date_axis(&mut scene, &plane);
    column.draw(&mut scene, plane.area, &ends);
    scene
}

/// The picture in words.
pub(crate) fn told(chart: &Domains) -> String {
    let label = |layer: &Layer| {
        let label = label(chart, layer);
        format!("{}: {}", label.name, label.figures[0])
    };
    let layers: Vec<String> = layers(chart).iter().map(label).collect();
    let (Some(first), Some(last)) = (chart.days.first(), chart.days.last()) else { return String::new() };
    format!(
        "By domain, from {}: what each holds now, and its growth. {}.",
        dates::days(*first, *last),
        layers.join("; ")
    )
}

/// The days of the plot; one day alone is as wide as itself.
fn span(first: Date, last: Date) -> (f64, f64) {
    if first < last { (noon(first), noon(last)) } else { (midnight(first), midnight(first) + 1.0) }
}

/// The first domains, each with a layer, and all that come after them in one.
fn layers(chart: &Domains) -> Vec<Layer> {
    let named: Vec<&DomainAmounts> = chart.domains.iter().filter(|domain| domain.name.is_some()).collect();
    let shown = named.len().min(theme::LAYERS.len());
    let on = |domain: &DomainAmounts, i: usize| domain.amounts.get(i).map_or(0.0, |&amount| amount as f64);
    let days = 0..chart.days.len();
    let layer = |(domain, &fill): (&&DomainAmounts, &Rgb)| Layer {
        name: domain.name.unwrap_or_default().to_owned(),
        amounts: days.clone().map(|i| on(domain, i)).collect(),
        fill,
    };
    let mut layers: Vec<Layer> = named[..shown].iter().zip(&theme::LAYERS).map(layer).collect();
    let unnamed = chart.domains.iter().filter(|domain| domain.name.is_none());
    let others: Vec<&DomainAmounts> = unnamed.chain(named[shown..].iter().copied()).collect();
    if !others.is_empty() {
        let amounts = days.map(|i| others.iter().map(|domain| on(domain, i)).sum()).collect();
        layers.push(Layer { name: "other".to_owned(), amounts, fill: theme::PEER });
    }
    layers
}

/// The name, what it holds, and by how much it grew.
fn label(chart: &Domains, layer: &Layer) -> Label {
    let (first, last) = (layer.amounts.first().copied().unwrap_or(0.0), layer.amounts.last().copied().unwrap_or(0.0));
    let now = figures::amount(chart.resource, last, chart.units);
    let figures = match chart.days.len() {
        0 | 1 => vec![now],
        _ => {
            let change = figures::change(chart.resource, last - first, chart.units);
            vec![format!("{now}, {change}"), change]
        }
    };
    Label { name: layer.name.clone(), figures }
}

/// Draws the layers from below; returns the middle of each at the right edge.
fn stack(scene: &mut Scene, plane: &Plane, days: &[Date], layers: &[Layer]) -> Vec<(f64, Sign)> {
    let mut ground = vec![0.0; days.len()];
    let mut ends = Vec::new();
    for layer in layers {
        let top: Vec<f64> = ground.iter().zip(&layer.amounts).map(|(ground, amount)| ground + amount).collect();
        let (upper, mut outline) = (edge(plane, days, &top), edge(plane, days, &ground));
        let middle = (upper[upper.len() - 1].y + outline[outline.len() - 1].y) / 2.0;
        ends.push((middle, Sign::Box { fill: layer.fill, edge: layer.fill }));
        outline.reverse();
        scene.area([upper, outline].concat(), layer.fill);
        // The seam lies within the layer above, so that a thin one does not vanish below it.
        if ground.iter().any(|&ground| ground > 0.0) {
            scene.line(edge(plane, days, &ground), theme::PAPER, theme::SEAM);
        }
        ground = top;
    }
    ends
}

fn edge(plane: &Plane, days: &[Date], amounts: &[f64]) -> Vec<Point> {
    match amounts {
        [one] => vec![plane.at(plane.days.0, *one), plane.at(plane.days.1, *one)],
        _ => days.iter().zip(amounts).map(|(day, amount)| plane.at(noon(*day), *amount)).collect(),
    }
}
