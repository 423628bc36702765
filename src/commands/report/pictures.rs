//! The pictures of the report.

use crate::commands::chart::{self, kinds, refused};
use crate::commands::{Context, output};
use crate::history::issued::IssuedForecast;
use crate::history::series::HistorySeries;
use crate::history::{History, SnapshotEntry};
use crate::model::bytes::Units;
use crate::model::error::Result;
use crate::model::escape;
use crate::output::chart::{Canvas, Format};
use crate::output::mail;
use crate::output::picture::{Drawing, Picture, PictureKind};
use crate::planning::growth::load::past;
use crate::planning::growth::mailboxes::StoreChange;
use crate::planning::growth::timeline::StoreTimeline;
use crate::planning::report::Subject;

/// What the pictures are drawn from, and how.
pub(crate) struct Sources<'a> {
    pub context: &'a Context,
    pub history: &'a History,
    pub entries: &'a [SnapshotEntry],
    pub series: &'a [HistorySeries],
    pub issued: &'a [IssuedForecast],
    pub format: Format,
}

/// As wide as a letter's pictures are shown, and fine enough for every screen: on a phone they are half as wide.
const LETTER: Canvas = Canvas { width: 720, height: 450, scale: 2 };
/// A letter has few pictures: each is some hundred kilobytes.
const OF_A_LETTER: [PictureKind; 3] = [PictureKind::Runway, PictureKind::WhatIf, PictureKind::Flows];

impl Sources<'_> {
    /// Draws the pictures of each subject and of its stores.
    pub(in crate::commands) fn draw(
        &self,
        subjects: &[Subject],
        stores: &[Vec<StoreChange>],
    ) -> Result<Vec<Vec<Picture>>> {
        let (past, unread) = past::read(self.history, self.entries);
        unread.iter().for_each(output::warn_error);
        let mut drawn = Vec::new();
        for (number, (subject, stores)) in (1..).zip(subjects.iter().zip(stores)) {
            let mut album = Album { format: self.format, units: self.context.units, number, pictures: Vec::new() };
            self.add_lines(&mut album, subject)?;
            for store in stores {
                let is_its = |past: &&StoreTimeline| past.host == store.host && past.store == store.now.name;
                if let Some(past) = past.iter().find(is_its) {
                    add_store(&mut album, store, past)?;
                }
            }
            drawn.push(album.pictures);
        }
        Ok(drawn)
    }

    /// The pictures of what runs out: its runway, its scenarios, and its past forecasts.
    fn add_lines(&self, album: &mut Album, subject: &Subject) -> Result<()> {
        for line in &subject.lines {
            let (name, resource) = (&line.forecast.series, line.forecast.resource);
            let is_its = |held: &&HistorySeries| held.series.name == *name && held.series.resource == resource;
            let Some(HistorySeries { series, .. }) = self.series.iter().find(is_its) else { continue };
            let described = |what: &str| format!("{name}, {resource}: {what}");
            album.add(PictureKind::Runway, &described(&line.headline), |form| {
                chart::draw(self.context, series, &line.forecast, form.format, form.canvas)
            })?;
            if let Some(comparison) = subject.what_ifs.iter().find(|one| one.base.forecast.resource == resource) {
                album.add(PictureKind::WhatIf, &described("the scenarios on one runway"), |form| {
                    kinds::what_if(series, comparison, form).map_err(refused)
                })?;
            }
            if !line.resolved.is_empty() {
                album.add(PictureKind::Past, &described("past forecasts against what came"), |form| {
                    kinds::past(series, self.issued, form).map_err(refused)
                })?;
            }
        }
        Ok(())
    }
}

/// What draws a picture of a store.
type OfStore = fn(&StoreTimeline, kinds::Form) -> kinds::Drawn;

/// The pictures of a store.
fn add_store(album: &mut Album, store: &StoreChange, past: &StoreTimeline) -> Result<()> {
    let described = |what: &str| format!("{}: {what}", past.store);
    let drawings: [(PictureKind, &str, OfStore); 4] = [
        (PictureKind::Flows, "what came and what went, week by week", kinds::flows),
        (PictureKind::Domains, "growth by domain", kinds::domains),
        (PictureKind::Ages, "how old the stored mail is", kinds::ages),
        (PictureKind::Calendar, "arrivals by week", kinds::calendar),
    ];
    for (kind, what, draw) in drawings {
        album.add(kind, &described(what), |form| draw(past, form).map_err(refused))?;
    }
    album.add(PictureKind::Largest, &described("the largest mailboxes"), |form| {
        kinds::largest(store, form).map_err(refused)
    })
}

/// The pictures of one subject while they are drawn.
struct Album {
    format: Format,
    units: Units,
    /// The subject's number in the report.
    number: u32,
    pictures: Vec<Picture>,
}

impl Album {
    /// Draws a picture, if the form of the report shows it.
    fn add(
        &mut self,
        kind: PictureKind,
        description: &str,
        draw: impl Fn(kinds::Form) -> Result<Vec<u8>>,
    ) -> Result<()> {
        if self.format == Format::Png && !OF_A_LETTER.contains(&kind) {
            return Ok(());
        }
        let drawn = |canvas| draw(kinds::Form { format: self.format, canvas, units: self.units });
        let svg = |canvas| Ok(String::from_utf8_lossy(&drawn(canvas)?).into_owned());
        let description = escape::printable(description).into_owned();
        let name = format!("{}-{}-{}", kind.word(), self.number, self.pictures.len() + 1);
        let drawing = match self.format {
            Format::Svg => Drawing::Svg { wide: svg(Canvas::default())?, narrow: svg(Canvas::NARROW)? },
            Format::Png => Drawing::Png(mail::Picture::new(&name, &description, drawn(LETTER)?)),
        };
        self.pictures.push(Picture { kind, description, drawing });
        Ok(())
    }
}
