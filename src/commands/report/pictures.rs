//! The pictures of the report.

use crate::chart::{Canvas, ChartError, Format};
use crate::commands::chart::{self, kinds, refused};
use crate::commands::{Context, output};
use crate::error::Result;
use crate::growth::past::StorePast;
use crate::history::issued::Issued;
use crate::history::{Entry, History};
use crate::report::{Drawing, Picture, PictureKind, Subject};
use crate::series::Series;

/// What the pictures are drawn from, and how.
pub(super) struct Drawn<'a> {
    pub context: &'a Context,
    pub history: &'a History,
    pub entries: &'a [Entry],
    pub series: &'a [Series],
    pub issued: &'a [Issued],
    pub format: Format,
}

/// A letter has few pictures: each is some hundred kilobytes.
const OF_A_LETTER: [PictureKind; 3] = [PictureKind::Runway, PictureKind::WhatIf, PictureKind::Flows];

impl Drawn<'_> {
    /// Draws the pictures of each subject, which tells of some stores, each with its machine.
    ///
    /// # Errors
    /// If a chart cannot be drawn.
    pub fn draw(&self, subjects: &mut [Subject], stores: &[Vec<(String, String)>]) -> Result<()> {
        let (past, unread) = self.history.past(self.entries);
        unread.iter().for_each(output::warn_error);
        let mut scans = self.history.scans(self.entries);
        let changes = if self.format == Format::Svg { scans.stores(1.0) } else { Vec::new() };
        let form = kinds::Form { format: self.format, canvas: Canvas::default(), units: self.context.units };
        for (number, (subject, stores)) in (1..).zip(subjects.iter_mut().zip(stores)) {
            let mut pictures = self.of_lines(subject, number, form)?;
            for (host, store) in stores {
                let of_store = past.iter().find(|past| past.host == *host && past.store == *store);
                let Some(past) = of_store else { continue };
                let mut add = |kind, drawn: fn(&StorePast, kinds::Form) -> std::result::Result<Vec<u8>, ChartError>| {
                    if !self.shows(kind) {
                        return Ok(());
                    }
                    let bytes = drawn(past, form).map_err(refused)?;
                    pictures.push(self.picture(kind, number, &format!("{store}: {}", words(kind)), bytes));
                    Ok(())
                };
                add(PictureKind::Flows, kinds::flows)?;
                add(PictureKind::Domains, kinds::domains)?;
                add(PictureKind::Ages, kinds::ages)?;
                add(PictureKind::Calendar, kinds::calendar)?;
                if let Some(change) = changes.iter().find(|held| held.host == *host && held.now.name == *store) {
                    let bytes = kinds::largest(change, form).map_err(refused)?;
                    let kind = PictureKind::Largest;
                    pictures.push(self.picture(kind, number, &format!("{store}: {}", words(kind)), bytes));
                }
            }
            for (place, picture) in (1..).zip(&mut pictures) {
                picture.name = format!("{}-{place}", picture.name);
            }
            subject.pictures = pictures;
        }
        Ok(())
    }

    fn shows(&self, kind: PictureKind) -> bool {
        self.format == Format::Svg || OF_A_LETTER.contains(&kind)
    }

    /// The pictures of what runs out: its runway, its scenarios, and its past forecasts.
    fn of_lines(&self, subject: &Subject, number: u32, form: kinds::Form) -> Result<Vec<Picture>> {
        let mut pictures = Vec::new();
        for line in &subject.lines {
            let (name, resource) = (&line.forecast.series, line.forecast.resource);
            let of_line = self.series.iter().find(|series| series.name == *name && series.resource == resource);
            let Some(series) = of_line else { continue };
            let bytes = chart::draw(self.context, series, &line.forecast, form.format, form.canvas)?;
            pictures.push(self.picture(
                PictureKind::Runway,
                number,
                &format!("{name}, {resource}: {}", line.headline),
                bytes,
            ));
            let of_line = subject.what_ifs.iter().find(|one| one.base.forecast.resource == resource);
            if let Some(comparison) = of_line {
                let bytes = kinds::what_if(series, comparison, form).map_err(refused)?;
                let description = format!("{name}, {resource}: {}", words(PictureKind::WhatIf));
                pictures.push(self.picture(PictureKind::WhatIf, number, &description, bytes));
            }
            if self.shows(PictureKind::Past) && !line.resolved.is_empty() {
                let bytes = kinds::past(series, self.issued, form).map_err(refused)?;
                let description = format!("{name}, {resource}: {}", words(PictureKind::Past));
                pictures.push(self.picture(PictureKind::Past, number, &description, bytes));
            }
        }
        Ok(pictures)
    }

    fn picture(&self, kind: PictureKind, number: u32, description: &str, bytes: Vec<u8>) -> Picture {
        let drawing = match self.format {
            Format::Svg => Drawing::Svg(String::from_utf8_lossy(&bytes).into_owned()),
            Format::Png => Drawing::Png(bytes),
        };
        let description = crate::escape::printable(description).into_owned();
        Picture { kind, name: format!("{}-{number}", file_word(kind)), description, drawing }
    }
}

/// What a picture shows, in words.
fn words(kind: PictureKind) -> &'static str {
    match kind {
        PictureKind::Runway => "history, forecast and limit",
        PictureKind::WhatIf => "the scenarios on one runway",
        PictureKind::Past => "past forecasts against what came",
        PictureKind::Flows => "what came and what went, week by week",
        PictureKind::Domains => "growth by domain",
        PictureKind::Largest => "the largest mailboxes",
        PictureKind::Ages => "how old the stored mail is",
        PictureKind::Calendar => "arrivals by week",
    }
}

fn file_word(kind: PictureKind) -> &'static str {
    match kind {
        PictureKind::Runway => "runway",
        PictureKind::WhatIf => "what-if",
        PictureKind::Past => "past",
        PictureKind::Flows => "flows",
        PictureKind::Domains => "domains",
        PictureKind::Largest => "largest",
        PictureKind::Ages => "ages",
        PictureKind::Calendar => "calendar",
    }
}
