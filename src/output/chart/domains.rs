//! The growth of each domain, in stacked layers.

use jiff::civil::Date;

use super::axes::Plane;
use super::axes::dates::{midnight, noon};
use super::column::{self, ColumnLabel, LabelColumn};
use super::legend::Sign;
use super::plot::Plot;
use super::scene::{Point, Rect, Scene};
use super::theme::{self, Rgb};
use super::{Canvas, Figure, numbers, text};
use crate::model::{bytes::Units, dates, series::Resource};
use crate::planning::growth::domains::{self, DomainLine, DomainLines};
use crate::planning::growth::timeline::StoreTimeline;

/// The domains with a line of their own; those beyond [`theme::LAYERS`] share a layer.
const MOST_DOMAINS: usize = 7;

#[derive(Clone, Debug)]
pub(crate) struct DomainsFigure<'a> {
    pub store: &'a str,
    pub domains: DomainLines,
    pub units: Units,
}

impl<'a> DomainsFigure<'a> {
    pub(crate) fn new(timeline: &'a StoreTimeline, units: Units) -> DomainsFigure<'a> {
        DomainsFigure { store: &timeline.store, domains: domains::lines(timeline, MOST_DOMAINS), units }
    }

    /// The largest domains, and all others in one layer.
    fn layers(&self) -> Vec<Layer> {
        let (named, unnamed): (Vec<&DomainLine>, Vec<&DomainLine>) =
            self.domains.lines.iter().partition(|line| line.domain.is_some());
        let (shown, rest) = named.split_at(named.len().min(theme::LAYERS.len()));
        let on = |line: &DomainLine, i: usize| line.bytes.get(i).map_or(0.0, |&bytes| bytes as f64);
        let days = 0..self.domains.days.len();
        let layer = |(line, &fill): (&&DomainLine, &Rgb)| Layer {
            name: line.domain.clone().unwrap_or_default(),
            amounts: days.clone().map(|i| on(line, i)).collect(),
            fill,
        };
        let mut layers: Vec<Layer> = shown.iter().zip(&theme::LAYERS).map(layer).collect();
        let others = [unnamed.as_slice(), rest].concat();
        if !others.is_empty() {
            let amounts = days.map(|i| others.iter().map(|line| on(line, i)).sum()).collect();
            layers.push(Layer { name: "other".to_owned(), amounts, fill: theme::PEER });
        }
        layers
    }

    /// The name, the bytes now and the growth.
    fn label(&self, layer: &Layer) -> ColumnLabel {
        let last = layer.amounts.last().copied().unwrap_or(0.0);
        let now = self.units.show(last);
        let values = match layer.amounts[..] {
            [first, _, ..] => {
                let change = numbers::signed(last - first, |bytes| self.units.show(bytes));
                vec![format!("{now}, {change}"), change]
            }
            _ => vec![now],
        };
        ColumnLabel { name: layer.name.clone(), values }
    }
}

/// The greatest share of the width for the names.
const NAMES: f64 = 0.36;
/// The highest sum times this is the top of the axis.
const AIR: f64 = 1.04;

struct Layer {
    name: String,
    /// Bytes on each day.
    amounts: Vec<f64>,
    fill: Rgb,
}

impl Figure for DomainsFigure<'_> {
    fn title(&self) -> String {
        format!("{}: growth by domain", self.store)
    }

    fn subtitle(&self) -> String {
        "Bytes on disk of the mailboxes".to_owned()
    }

    fn in_words(&self) -> String {
        let days = &self.domains.days;
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return String::new() };
        let label = |layer: &Layer| {
            let label = self.label(layer);
            format!("{}: {}", label.name, label.values[0])
        };
        let layers: Vec<String> = self.layers().iter().map(label).collect();
        let days = dates::days(*first, *last);
        format!("By domain, from {days}: size now, and growth. {}.", layers.join("; "))
    }

    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        let (layers, days) = (self.layers(), &self.domains.days);
        let (Some(first), Some(last), false) = (days.first(), days.last(), layers.is_empty()) else {
            return text::explain_empty(scene, canvas, "no scan recorded the domains");
        };
        let room = canvas.room(theme::PLOT_TOP, theme::BELOW_DATES);
        let labels = layers.iter().map(|layer| self.label(layer)).collect();
        let column = LabelColumn::new(labels, column::BOXES, room.height(), NAMES * canvas.size().0);
        let area = Rect { right: room.right - column.width(), ..room };
        let sums = (0..days.len()).map(|i| layers.iter().map(|layer| layer.amounts[i]).sum::<f64>());
        let highest = sums.fold(0.0, f64::max).max(1.0) * AIR;
        let plane = Plane { area, days: span(*first, *last), amounts: (0.0, highest) };
        let (mut plot, ticks) = Plot::new(scene, plane, Resource::Bytes, self.units);
        plot.amount_axis(&ticks);
        let ends = stack(plot.scene, &plot.plane, days, &layers);
        plot.date_axis();
        column.draw(plot.scene, plot.plane.area, &ends);
    }
}

/// The days of the plot; a single day spans from midnight to midnight.
fn span(first: Date, last: Date) -> (f64, f64) {
    if first < last { (noon(first), noon(last)) } else { (midnight(first), midnight(first) + 1.0) }
}

/// Draws the layers from below; returns the middle of each at the right edge.
fn stack(scene: &mut Scene, plane: &Plane, days: &[Date], layers: &[Layer]) -> Vec<(f64, Sign)> {
    let mut base = vec![0.0; days.len()];
    let mut ends = Vec::new();
    for layer in layers {
        let top: Vec<f64> = base.iter().zip(&layer.amounts).map(|(base, amount)| base + amount).collect();
        let (upper, mut outline) = (edge(plane, days, &top), edge(plane, days, &base));
        let middle = (upper[upper.len() - 1].y + outline[outline.len() - 1].y) / 2.0;
        ends.push((middle, Sign::filled(layer.fill)));
        outline.reverse();
        scene.area([upper, outline].concat(), layer.fill);
        // Drawn before the next layer, so that the seam never covers a thin one.
        if base.iter().any(|&base| base > 0.0) {
            scene.line(edge(plane, days, &base), theme::SEAM_LINE);
        }
        base = top;
    }
    ends
}

fn edge(plane: &Plane, days: &[Date], amounts: &[f64]) -> Vec<Point> {
    match amounts {
        [one] => vec![plane.at(plane.days.0, *one), plane.at(plane.days.1, *one)],
        _ => days.iter().zip(amounts).map(|(day, amount)| plane.at(noon(*day), *amount)).collect(),
    }
}
