//! The pictures of the report.

use super::Session;
use crate::commands::{figures, output};
use crate::history::{names, series::HistorySeries};
use crate::model::{error::Result, escape};
use crate::output::chart::{Canvas, ChartKind, Figure, Format, LargestFigure, PastFigure, RunwayFigure, WhatIfFigure};
use crate::output::mail;
use crate::output::picture::{Drawing, Picture};
use crate::planning::growth::load::past;
use crate::planning::growth::mailboxes::StoreChange;
use crate::planning::growth::timeline::StoreTimeline;
use crate::planning::report::Subject;

/// The size of a mail's pictures, sharp on high-density screens.
const MAIL_CANVAS: Canvas = Canvas { width: 720, height: 450, scale: 2 };
/// The pictures of a mail: few, because each takes about 100 kB.
const MAIL_KINDS: [ChartKind; 3] = [ChartKind::Runway, ChartKind::WhatIf, ChartKind::Flows];

impl Session<'_> {
    /// Draws the pictures of each subject and of its stores.
    pub(super) fn draw(
        &self,
        format: Format,
        series: &[HistorySeries],
        subjects: &[Subject],
        stores: &[Vec<StoreChange>],
    ) -> Result<Vec<Vec<Picture>>> {
        let (timelines, unread) = past::read(&self.history, &self.entries);
        unread.iter().for_each(output::warn_error);
        let mut drawn = Vec::new();
        for (number, (subject, stores)) in (1..).zip(subjects.iter().zip(stores)) {
            let mut album = Album { format, number, pictures: Vec::new() };
            self.add_lines(&mut album, series, subject)?;
            for store in stores {
                let is_same = |past: &&StoreTimeline| past.host == store.host && past.store == store.now.name;
                if let Some(timeline) = timelines.iter().find(is_same) {
                    self.add_store(&mut album, store, timeline)?;
                }
            }
            drawn.push(album.pictures);
        }
        Ok(drawn)
    }

    /// The runways, scenarios and past forecasts of a subject.
    fn add_lines(&self, album: &mut Album, series: &[HistorySeries], subject: &Subject) -> Result<()> {
        for line in &subject.lines {
            let (name, resource) = (&line.forecast.series, line.forecast.resource);
            let is_same = |one: &&HistorySeries| one.series.name == *name && one.series.resource == resource;
            let Some(HistorySeries { series, .. }) = series.iter().find(is_same) else { continue };
            let described = |what: &str| format!("{name}, {resource}: {what}");
            let runway = RunwayFigure::new(series, &line.forecast, &self.context.view_options());
            album.add(ChartKind::Runway, &described(&line.headline), &runway)?;
            if let Some(comparison) = subject.what_ifs.iter().find(|one| one.base.forecast.resource == resource) {
                let figure = WhatIfFigure::new(series, comparison, self.context.units);
                album.add(ChartKind::WhatIf, &described("the scenarios on one runway"), &figure)?;
            }
            if !line.resolved.is_empty() {
                let figure = PastFigure::new(series, &line.resolved, self.context.units);
                album.add(ChartKind::Past, &described("past forecasts against the levels that followed"), &figure)?;
            }
        }
        Ok(())
    }

    /// The figures of a store.
    fn add_store(&self, album: &mut Album, store: &StoreChange, timeline: &StoreTimeline) -> Result<()> {
        let units = self.context.units;
        let described = |what: &str| format!("{}: {what}", timeline.store);
        let kinds = [
            (ChartKind::Flows, "arrivals and deletions, week by week"),
            (ChartKind::Domains, "growth by domain"),
            (ChartKind::Ages, "age of the stored mail"),
            (ChartKind::Calendar, "arrivals by week"),
        ];
        let lists_names = |kind| [ChartKind::Domains, ChartKind::Largest].contains(&kind) && names::are_left_out();
        for (kind, what) in kinds.into_iter().filter(|(kind, _)| !lists_names(*kind)) {
            if let Some(figure) = figures::timeline_figure(kind, timeline, units) {
                album.add(kind, &described(what), figure.as_ref())?;
            }
        }
        if lists_names(ChartKind::Largest) {
            return Ok(());
        }
        album.add(ChartKind::Largest, &described("the largest mailboxes"), &LargestFigure::new(store, units))
    }
}

struct Album {
    format: Format,
    number: u32,
    pictures: Vec<Picture>,
}

impl Album {
    /// Draws a figure, unless a mail leaves it out.
    fn add(&mut self, kind: ChartKind, description: &str, figure: &dyn Figure) -> Result<()> {
        if self.format == Format::Png && !MAIL_KINDS.contains(&kind) {
            return Ok(());
        }
        let drawn = |canvas| figures::draw(figure, self.format, canvas);
        let svg = |canvas| Ok(String::from_utf8_lossy(&drawn(canvas)?).into_owned());
        let description = escape::printable(description).into_owned();
        let name = format!("{}-{}-{}", kind.word(), self.number, self.pictures.len() + 1);
        let drawing = match self.format {
            Format::Svg => Drawing::Svg { wide: svg(Canvas::default())?, narrow: svg(Canvas::NARROW)? },
            Format::Png => Drawing::Png(mail::MailPicture::new(&name, &description, drawn(MAIL_CANVAS)?)),
        };
        self.pictures.push(Picture { kind, description, drawing });
        Ok(())
    }
}
