//! The largest mailboxes, and their share of all mail.

use super::scene::{Anchor, Rect, Scene, Text, at};
use super::theme::{self, LABEL_GAP, MARGIN};
use super::{Canvas, Figure, fonts, numbers, text};
use crate::model::numbers::{count, percent};
use crate::model::{bytes::Units, escape};
use crate::planning::growth::mailboxes::{self, LargestMailbox, StoreChange};

/// The most mailboxes in a figure.
const MOST_MAILBOXES: usize = 15;

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

    /// An amount, and its share of all mail.
    fn amount_and_share(&self, bytes: f64, whole: f64) -> String {
        format!("{}, {}", self.units.show(bytes), numbers::share(bytes, whole))
    }

    /// The bytes of all mailboxes, never less than those of the shown ones.
    fn whole(&self, shown: &[LargestMailbox]) -> f64 {
        (self.whole as f64).max(sum(shown))
    }

    fn draw_bars(&self, scene: &mut Scene, shown: &[LargestMailbox], room: Rect) {
        let pitch = (room.height() / shown.len() as f64).min(ROW.1);
        let most = ADDRESSES * room.width();
        let address =
            |mailbox: &LargestMailbox| text::shortened(&escape::printable(&mailbox.address), theme::ROW_LABEL, most);
        let value = |mailbox: &LargestMailbox| self.amount_and_share(mailbox.bytes as f64, self.whole(shown));
        let addresses: Vec<String> = shown.iter().map(address).collect();
        let values: Vec<String> = shown.iter().map(value).collect();
        let base = room.left + fonts::widest(&addresses, theme::ROW_LABEL) + BESIDE;
        let longest = (room.right - base - fonts::widest(&values, theme::VALUE) - LABEL_GAP).max(1.0);
        let largest = shown.iter().map(|mailbox| mailbox.bytes).max().unwrap_or(0).max(1) as f64;
        for (i, ((mailbox, address), value)) in shown.iter().zip(addresses).zip(values).enumerate() {
            let (middle, half) = (room.top + pitch * (i as f64 + 0.5), pitch * BAR / 2.0);
            let end = base + (mailbox.bytes as f64 / largest * longest).max(if mailbox.bytes > 0 { 1.0 } else { 0.0 });
            if end > base {
                scene.rect(Rect::between(at(base, middle - half), at(end, middle + half)), theme::MEDIAN);
            }
            scene.text(Text::centered(at(base - BESIDE, middle), Anchor::End, theme::ROW_LABEL, address));
            scene.text(Text::centered(at(end + LABEL_GAP, middle), Anchor::Start, theme::VALUE, value));
        }
        let bottom = room.top + pitch * shown.len() as f64;
        scene.segment(at(base, room.top), at(base, bottom), theme::AXIS_LINE);
    }

    /// Draws all mail as a strip: the shown mailboxes, then the others.
    fn draw_strip(&self, scene: &mut Scene, shown: &[LargestMailbox], strip: Rect) {
        let (ours, whole) = (sum(shown), self.whole(shown));
        let part = if whole > 0.0 { ours / whole } else { 0.0 };
        let seam = strip.left + part * strip.width();
        scene.rect(strip, theme::BAND_80);
        if part > 0.0 {
            scene.rect(Rect { right: seam.max(strip.left + 1.0), ..strip }, theme::MEDIAN);
        }
        let these = match shown.len() {
            1 => "this one".to_owned(),
            n => format!("these {n}"),
        };
        let these = format!("{these}: {}", self.amount_and_share(ours, whole));
        let theirs = || self.amount_and_share(whole - ours, whole);
        let others = match self.count.saturating_sub(shown.len() as u64) {
            0 => "there are no others".to_owned(),
            1 => format!("the other one: {}", theirs()),
            n => format!("all {} others: {}", count(n as f64), theirs()),
        };
        for (x, anchor, style, words) in [
            (strip.left, Anchor::Start, theme::OURS_LABEL, these),
            (strip.right, Anchor::End, theme::PEER_LABEL, others),
        ] {
            let words = text::shortened(&words, style, strip.width() / 2.0 - LABEL_GAP);
            scene.text(Text::new(at(x, strip.top - 9.0), anchor, style, words));
        }
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
        let share = percent(shown as f64 / self.whole.max(1) as f64);
        format!("The {} largest hold {share} of all mail", self.mailboxes.len())
    }

    fn in_words(&self) -> String {
        let row = |mailbox: &LargestMailbox| format!("{}: {}", mailbox.address, self.units.show(mailbox.bytes as f64));
        let rows: Vec<String> = self.mailboxes.iter().map(row).collect();
        let (count, whole) = (self.count, self.units.show(self.whole as f64));
        format!("The largest of {count} mailboxes, which hold {whole}. {}.", rows.join("; "))
    }

    fn plot(&self, scene: &mut Scene, canvas: Canvas) {
        if self.mailboxes.is_empty() {
            return text::explain_empty(scene, canvas, "no mailbox is known");
        }
        let room = canvas.room(theme::PLOT_TOP, BELOW);
        let fitting = ((room.height() / ROW.0) as usize).clamp(1, self.mailboxes.len());
        let shown = &self.mailboxes[..fitting];
        self.draw_bars(scene, shown, room);
        let bottom = canvas.size().1 - MARGIN - 4.0;
        self.draw_strip(scene, shown, Rect { top: bottom - STRIP, bottom, ..room });
    }
}

fn sum(shown: &[LargestMailbox]) -> f64 {
    shown.iter().map(|mailbox| mailbox.bytes as f64).sum()
}
