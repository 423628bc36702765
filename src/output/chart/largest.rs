//! The largest mailboxes, and what they hold of the whole.

use super::scene::{Anchor, Rect, Scene, Text, at};
use super::theme::{self, LABEL_GAP, MARGIN, TextStyle};
use super::{Canvas, figures, fonts, headings, quiet, text};
use crate::model::bytes::Units;
use crate::model::escape;
use crate::model::series::Resource;
use crate::model::series::count;

/// What a chart of the largest mailboxes shows.
#[derive(Clone, Copy, Debug)]
pub struct Largest<'a> {
    /// What the chart is of. What does not fit is cut off.
    pub title: &'a str,
    /// What it comes to, in one sentence, shown under the title.
    pub verdict: &'a str,
    /// The largest mailboxes, in order. Those that find no room count among all others.
    pub mailboxes: &'a [MailboxSize<'a>],
    /// How many mailboxes there are, these among them.
    pub count: u64,
    /// What all mailboxes hold, in units of the resource.
    pub whole: u64,
    /// What is counted.
    pub resource: Resource,
    /// How sizes are written.
    pub units: Units,
}

/// A mailbox and what it holds.
#[derive(Clone, Copy, Debug)]
pub struct MailboxSize<'a> {
    /// Its address or name.
    pub address: &'a str,
    /// What it holds, in units of the resource.
    pub size: u64,
}

/// Rows are at least and at most so high.
const ROW: (f64, f64) = (19.0, 46.0);
/// The part of a row that its bar fills.
const BAR: f64 = 0.72;
/// The column of addresses takes at most this part of the width.
const ADDRESSES: f64 = 0.38;
/// Between the addresses and the bars.
const BESIDE: f64 = 10.0;
/// The strip of the whole and the words on it.
const STRIP: f64 = 20.0;
const BELOW: f64 = MARGIN + STRIP + 52.0;

/// Composes the picture: a bar for each mailbox, and below them a strip that is the whole.
pub(crate) fn scene(chart: &Largest, canvas: Canvas) -> Scene {
    let (width, height) = (f64::from(canvas.width), f64::from(canvas.height));
    let mut scene = Scene::default();
    headings::headings(&mut scene, chart.title, chart.verdict, width);
    if chart.mailboxes.is_empty() {
        quiet::nothing_yet(&mut scene, canvas, "no mailbox is known");
        return scene;
    }
    let room = Rect { left: MARGIN, top: theme::PLOT_TOP, right: width - MARGIN, bottom: height - BELOW };
    let fitting = ((room.height() / ROW.0) as usize).clamp(1, chart.mailboxes.len());
    let shown = &chart.mailboxes[..fitting];
    bars(&mut scene, chart, shown, room);
    strip(&mut scene, chart, shown, Rect { top: height - MARGIN - STRIP - 4.0, bottom: height - MARGIN - 4.0, ..room });
    scene
}

/// The picture in words.
pub(crate) fn told(chart: &Largest) -> String {
    let show = |amount: u64| figures::amount(chart.resource, amount as f64, chart.units);
    let row = |mailbox: &MailboxSize| format!("{}: {}", mailbox.address, show(mailbox.size));
    let rows: Vec<String> = chart.mailboxes.iter().map(row).collect();
    format!("The largest of {} mailboxes, which hold {}. {}.", chart.count, show(chart.whole), rows.join("; "))
}

fn bars(scene: &mut Scene, chart: &Largest, shown: &[MailboxSize], room: Rect) {
    let pitch = (room.height() / shown.len() as f64).min(ROW.1);
    let most = ADDRESSES * room.width();
    let address = |mailbox: &MailboxSize| text::shortened(&escape::printable(mailbox.address), theme::ROW_LABEL, most);
    let value = |mailbox: &MailboxSize| {
        let size = figures::amount(chart.resource, mailbox.size as f64, chart.units);
        format!("{size}, {}", figures::share(mailbox.size as f64, whole(chart, shown)))
    };
    let addresses: Vec<String> = shown.iter().map(address).collect();
    let values: Vec<String> = shown.iter().map(value).collect();
    let widest = |texts: &[String], style| texts.iter().map(|text| fonts::width(text, style)).fold(0.0, f64::max);
    let base = room.left + widest(&addresses, theme::ROW_LABEL) + BESIDE;
    let longest = (room.right - base - widest(&values, theme::VALUE) - LABEL_GAP).max(1.0);
    let largest = shown.iter().map(|mailbox| mailbox.size).max().unwrap_or(0).max(1) as f64;
    for (i, ((mailbox, address), value)) in shown.iter().zip(addresses).zip(values).enumerate() {
        let middle = room.top + pitch * (i as f64 + 0.5);
        let end = base + (mailbox.size as f64 / largest * longest).max(if mailbox.size > 0 { 1.0 } else { 0.0 });
        let half = pitch * BAR / 2.0;
        if end > base {
            scene.area(
                Rect { left: base, right: end, top: middle - half, bottom: middle + half }.corners(),
                theme::MEDIAN,
            );
        }
        let word = |x: f64, anchor, style: TextStyle, text| Text {
            at: at(x, middle + theme::HALF_CAPITAL * style.size),
            anchor,
            style,
            text,
        };
        scene.text(word(base - BESIDE, Anchor::End, theme::ROW_LABEL, address));
        scene.text(word(end + LABEL_GAP, Anchor::Start, theme::VALUE, value));
    }
    let bottom = room.top + pitch * shown.len() as f64;
    scene.line(vec![at(base, room.top), at(base, bottom)], theme::AXIS, theme::AXIS_WIDTH);
}

/// What all mailboxes hold; never less than those that are shown.
fn whole(chart: &Largest, shown: &[MailboxSize]) -> f64 {
    (chart.whole as f64).max(held(shown))
}

fn held(shown: &[MailboxSize]) -> f64 {
    shown.iter().map(|mailbox| mailbox.size as f64).sum()
}

/// The whole as a strip, of which the mailboxes that are shown take their part, and all others the rest.
fn strip(scene: &mut Scene, chart: &Largest, shown: &[MailboxSize], strip: Rect) {
    let (held, whole) = (held(shown), whole(chart, shown));
    let part = if whole > 0.0 { held / whole } else { 0.0 };
    let seam = strip.left + part * strip.width();
    scene.area(strip.corners(), theme::BAND_80);
    if part > 0.0 {
        scene.area(Rect { right: seam.max(strip.left + 1.0), ..strip }.corners(), theme::MEDIAN);
    }
    let show = |amount: f64| figures::amount(chart.resource, amount, chart.units);
    let others = chart.count.saturating_sub(shown.len() as u64);
    let ours = match shown.len() {
        1 => format!("this one: {}, {}", show(held), figures::share(held, whole)),
        n => format!("these {n}: {}, {}", show(held), figures::share(held, whole)),
    };
    let theirs = match others {
        0 => "there are no others".to_owned(),
        1 => format!("the other one: {}, {}", show(whole - held), figures::share(whole - held, whole)),
        n => format!("all {} others: {}, {}", count(n as f64), show(whole - held), figures::share(whole - held, whole)),
    };
    let (ours_at, theirs_at) = (strip.left, strip.right);
    let baseline = strip.top - 9.0;
    let half = strip.width() / 2.0 - LABEL_GAP;
    let word = |x, anchor, style, words: &str| Text {
        at: at(x, baseline),
        anchor,
        style,
        text: text::shortened(words, style, half),
    };
    scene.text(word(ours_at, Anchor::Start, theme::OURS_LABEL, &ours));
    scene.text(word(theirs_at, Anchor::End, theme::PEER_LABEL, &theirs));
}
