//! The largest mailboxes, and their share of all mail.

use super::scene::{Anchor, Rect, Scene, Text, at};
use super::theme::{self, LABEL_GAP, MARGIN, TextStyle};
use super::{Canvas, Figure, empty_chart, fonts, numbers, text};
use crate::model::bytes::Units;
use crate::model::escape;
use crate::model::numbers::count;
use crate::model::series::Resource;
use crate::planning::growth::mailboxes::{self, LargestMailbox, StoreChange};

/// The mailboxes of a figure at most.
const MOST_MAILBOXES: usize = 15;

/// The largest mailboxes of a store.
#[derive(Clone, Debug)]
pub(crate) struct LargestFigure<'a> {
    pub store: &'a str,
    /// The largest first. Those that do not fit count among the others.
    pub mailboxes: Vec<LargestMailbox>,
    /// The number of all mailboxes.
    pub count: u64,
    /// The bytes of all mailboxes.
    pub whole: u64,
    pub units: Units,
}

impl<'a> LargestFigure<'a> {
    pub(crate) fn new(store: &'a StoreChange, units: Units) -> LargestFigure<'a> {
        let stores = std::slice::from_ref(store);
        LargestFigure {
            store: &store.now.name,
            mailboxes: mailboxes::largest(stores, MOST_MAILBOXES),
            count: mailboxes::mailbox_count(stores) as u64,
            whole: store.now.mailboxes.iter().fold(0, |sum: u64, mailbox| sum.saturating_add(mailbox.on_disk)),
            units,
        }
    }

    fn show(&self, bytes: f64) -> String {
        numbers::amount(Resource::Bytes, bytes, self.units)
    }

    /// The bytes of all mailboxes, never less than those of the shown ones.
    fn whole(&self, shown: &[LargestMailbox]) -> f64 {
        (self.whole as f64).max(sum(shown))
    }
}

/// The least and the greatest height of a row.
const ROW: (f64, f64) = (19.0, 46.0);
/// The share of a row that its bar fills.
const BAR: f64 = 0.72;
/// The greatest share of the width for the addresses.
const ADDRESSES: f64 = 0.38;
const BESIDE: f64 = 10.0;
/// The height of the strip and of its labels.
const STRIP: f64 = 20.0;
const BELOW: f64 = MARGIN + STRIP + 52.0;

impl Figure for LargestFigure<'_> {
    fn title(&self) -> String {
        format!("{}: largest mailboxes", self.store)
    }

    fn subtitle(&self) -> String {
        let shown = self.mailboxes.iter().fold(0, |sum: u64, mailbox| sum.saturating_add(mailbox.bytes));
        let share = 100.0 * shown as f64 / self.whole.max(1) as f64;
        format!("The {} largest hold {share:.0} % of what all hold", self.mailboxes.len())
    }

    fn description(&self) -> String {
        let row = |mailbox: &LargestMailbox| format!("{}: {}", mailbox.address, self.show(mailbox.bytes as f64));
        let rows: Vec<String> = self.mailboxes.iter().map(row).collect();
        format!(
            "{} The largest of {} mailboxes, which hold {}. {}.",
            self.subtitle(),
            self.count,
            self.show(self.whole as f64),
            rows.join("; ")
        )
    }

    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        let (width, height) = canvas.size();
        if self.mailboxes.is_empty() {
            return empty_chart::explain(scene, canvas, "no mailbox is known");
        }
        let room = Rect { left: MARGIN, top: theme::PLOT_TOP, right: width - MARGIN, bottom: height - BELOW };
        let fitting = ((room.height() / ROW.0) as usize).clamp(1, self.mailboxes.len());
        let shown = &self.mailboxes[..fitting];
        self.draw_bars(scene, shown, room);
        let (top, bottom) = (height - MARGIN - STRIP - 4.0, height - MARGIN - 4.0);
        self.draw_strip(scene, shown, Rect { top, bottom, ..room });
    }
}

impl LargestFigure<'_> {
    fn draw_bars(&self, scene: &mut Scene, shown: &[LargestMailbox], room: Rect) {
        let pitch = (room.height() / shown.len() as f64).min(ROW.1);
        let most = ADDRESSES * room.width();
        let address =
            |mailbox: &LargestMailbox| text::shortened(&escape::printable(&mailbox.address), theme::ROW_LABEL, most);
        let value = |mailbox: &LargestMailbox| {
            let bytes = mailbox.bytes as f64;
            format!("{}, {}", self.show(bytes), numbers::share(bytes, self.whole(shown)))
        };
        let addresses: Vec<String> = shown.iter().map(address).collect();
        let values: Vec<String> = shown.iter().map(value).collect();
        let widest = |texts: &[String], style| texts.iter().map(|text| fonts::width(text, style)).fold(0.0, f64::max);
        let base = room.left + widest(&addresses, theme::ROW_LABEL) + BESIDE;
        let longest = (room.right - base - widest(&values, theme::VALUE) - LABEL_GAP).max(1.0);
        let largest = shown.iter().map(|mailbox| mailbox.bytes).max().unwrap_or(0).max(1) as f64;
        for (i, ((mailbox, address), value)) in shown.iter().zip(addresses).zip(values).enumerate() {
            let middle = room.top + pitch * (i as f64 + 0.5);
            let end = base + (mailbox.bytes as f64 / largest * longest).max(if mailbox.bytes > 0 { 1.0 } else { 0.0 });
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

    /// Draws all mail as a strip: the shown mailboxes, then the others.
    fn draw_strip(&self, scene: &mut Scene, shown: &[LargestMailbox], strip: Rect) {
        let (held, whole) = (sum(shown), self.whole(shown));
        let part = if whole > 0.0 { held / whole } else { 0.0 };
        let seam = strip.left + part * strip.width();
        scene.area(strip.corners(), theme::BAND_80);
        if part > 0.0 {
            scene.area(Rect { right: seam.max(strip.left + 1.0), ..strip }.corners(), theme::MEDIAN);
        }
        let others = self.count.saturating_sub(shown.len() as u64);
        let ours = match shown.len() {
            1 => format!("this one: {}, {}", self.show(held), numbers::share(held, whole)),
            n => format!("these {n}: {}, {}", self.show(held), numbers::share(held, whole)),
        };
        let theirs = match others {
            0 => "there are no others".to_owned(),
            1 => format!("the other one: {}, {}", self.show(whole - held), numbers::share(whole - held, whole)),
            n => format!(
                "all {} others: {}, {}",
                count(n as f64),
                self.show(whole - held),
                numbers::share(whole - held, whole)
            ),
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
}

fn sum(shown: &[LargestMailbox]) -> f64 {
    shown.iter().map(|mailbox| mailbox.bytes as f64).sum()
}
