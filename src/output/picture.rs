//! The pictures of a report: what each shows, and what it is drawn as.

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::mail;

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the charts")]
pub enum PictureKind {
    Runway,
    WhatIf,
    Past,
    Flows,
    Domains,
    Largest,
    Ages,
    Calendar,
}

impl PictureKind {
    /// The kind in a word of plain characters, for names of files and for style sheets.
    pub fn word(self) -> &'static str {
        match self {
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
}

/// A picture of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What it shows.
    pub kind: PictureKind,
    /// What is to be seen, for those who do not see it; printable.
    pub description: String,
    /// It.
    pub drawing: Drawing,
}

/// A picture as it was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// For a page.
    Svg {
        /// For a screen.
        wide: String,
        /// For a phone and for half of a sheet.
        narrow: String,
    },
    /// For a message, of which it is a part.
    Png(mail::Picture),
}

impl Picture {
    /// It as a part of a message; `None` if it is for a page.
    pub fn png(&self) -> Option<&mail::Picture> {
        match &self.drawing {
            Drawing::Svg { .. } => None,
            Drawing::Png(picture) => Some(picture),
        }
    }
}

/// The pictures of one kind.
pub(crate) fn of_kind(pictures: &[Picture], kind: PictureKind) -> impl Iterator<Item = &Picture> {
    pictures.iter().filter(move |picture| picture.kind == kind)
}

impl Serialize for Picture {
    /// As the templates take it: `of`, `description`, and `wide` and `narrow` for a page, or its `source` for a message.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Picture", 4)?;
        fields.serialize_field("of", self.kind.word())?;
        fields.serialize_field("description", &self.description)?;
        match &self.drawing {
            Drawing::Svg { wide, narrow } => {
                fields.serialize_field("wide", wide)?;
                fields.serialize_field("narrow", narrow)?;
            }
            Drawing::Png(picture) => fields.serialize_field("source", &picture.source())?,
        }
        fields.end()
    }
}
