//! The pictures of a report.

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::chart::ChartKind;
use super::mail;

/// A picture of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The kind of figure.
    pub kind: ChartKind,
    /// The alternative text; printable.
    pub description: String,
    /// The drawn figure.
    pub drawing: Drawing,
}

/// A drawn figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// For an HTML page.
    Svg {
        /// For a screen.
        wide: String,
        /// For a phone and for half a sheet.
        narrow: String,
    },
    /// A part of a mail.
    Png(mail::MailPicture),
}

impl Picture {
    /// The part of a mail; `None` if the picture is for a page.
    pub fn png(&self) -> Option<&mail::MailPicture> {
        match &self.drawing {
            Drawing::Svg { .. } => None,
            Drawing::Png(picture) => Some(picture),
        }
    }
}

/// The pictures of one kind.
pub(crate) fn of_kind(pictures: &[Picture], kind: ChartKind) -> impl Iterator<Item = &Picture> {
    pictures.iter().filter(move |picture| picture.kind == kind)
}

impl Serialize for Picture {
    /// For the templates: `of`, `description`, and `wide` and `narrow` for a page or `source` for a mail.
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
